import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from keras import ops

from nncourse.scratch import MLP, activations, gradient_check, initializers, losses
from tests.scratch.network_examples import CROSS_ENTROPIES, LOSSES, keras_loss, targets

ACTIVATIONS = ("step", "linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "swish")
KINKED = ("step", "relu", "leaky_relu", "elu")  # elu: the slope of its slope jumps


def network_of(sizes, activation, loss, rng, **options) -> MLP:
    """A network whose biases are not zero."""
    network = MLP(sizes, activation, loss, seed=0, **options)
    network.weights = [
        (rng.normal(size=W.shape) / np.sqrt(len(W)), rng.normal(size=b.shape))
        for W, b in network.weights
    ]
    return network


def is_far_from_kinks(network, passed, t, distance=1e-3) -> bool:
    """Whether no difference quotient jumps over a kink of an activation or of the loss."""
    at_kinks = [
        z
        for z, name in zip(passed.preactivations, network.activations, strict=True)
        if name in KINKED
    ]
    for name, margin in (("hinge", 1), ("perceptron", 0)):
        if network.loss_function is losses.get(name):
            at_kinks.append(t * passed.output - margin)
    return all((np.abs(z) > distance).all() for z in at_kinks)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@settings(max_examples=8)
@given(
    sizes=st.lists(st.integers(1, 5), min_size=2, max_size=5),  # one to four layers
    samples=st.integers(1, 6),
    l2=st.sampled_from([0.0, 0.3]),
    dropout=st.sampled_from([0.0, 0.4]),
    bends_output=st.booleans(),
    seed=st.integers(0, 10**6),
)
def test_law_gradient_equals_finite_differences(
    activation, loss, sizes, samples, l2, dropout, bends_output, seed
):
    rng = np.random.default_rng(seed)
    names = [activation] * (len(sizes) - 1)
    if loss in CROSS_ENTROPIES or not bends_output:
        names[-1] = "linear"
    network = network_of(sizes, names, loss, rng, l2=l2, dropout=dropout)
    x, t = rng.normal(size=(samples, sizes[0])), targets(loss, samples, sizes[-1], rng)
    masks = network.dropout_masks(samples)
    assume(is_far_from_kinks(network, network.forward(x, masks), t))
    value, gradients = network.loss_and_gradients(x, t, masks)
    errors = gradient_check(network, x, t, masks, by_layer=True)
    for (W, b), (dW, db), error in zip(network.weights, gradients, errors, strict=True):
        assert (dW.shape, db.shape) == (W.shape, b.shape)
        # A loss that is off by a few units in its last digit puts the quotients off by 1e-10 of it,
        # which is much for a layer whose derivatives are small.
        largest = max(np.abs(dW).max(), np.abs(db).max())
        assert error < (min(1e-4, max(1e-7, 1e-9 * value / largest)) if largest else 1e-7)


def keras_model(network: MLP) -> keras.Model:
    """The same network with the same weights."""
    decay = keras.regularizers.L2(network.l2)
    model = keras.Sequential([keras.Input((network.sizes[0],))])
    for units, name in zip(network.sizes[1:], network.activations, strict=True):
        model.add(keras.layers.Dense(units, name, kernel_regularizer=decay))
    model.set_weights([part for layer in network.weights for part in layer])
    return model


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "step"])
def test_loss_and_gradient_equal_those_of_keras(activation, loss):
    rng = np.random.default_rng(ACTIVATIONS.index(activation))
    bends_output = loss not in CROSS_ENTROPIES
    names = [activation] * 2 + [activation if bends_output else "linear"]
    network = network_of([5, 7, 6, 3], names, loss, rng, l2=0.01)
    x, t = rng.normal(size=(12, 5)), targets(loss, 12, 3, rng)
    model = keras_model(network)
    np.testing.assert_allclose(ops.convert_to_numpy(model(x)), network(x), atol=1e-5)
    # One step of rate 1 subtracts the gradient from the weights.
    model.compile(keras.optimizers.SGD(1.0), keras_loss(loss), run_eagerly=True)
    value = model.train_on_batch(x.astype("float32"), t.astype("float32"))
    expected, gradients = network.loss_and_gradients(x, t)
    assert float(value) == pytest.approx(expected, abs=1e-5)
    parts = zip(network.weights, gradients, strict=True)
    pairs = [pair for layer, changes in parts for pair in zip(layer, changes, strict=True)]
    for (before, gradient), after in zip(pairs, model.get_weights(), strict=True):
        np.testing.assert_allclose(before - after, gradient, atol=1e-5)


def test_forward_equals_the_equations_and_keeps_what_backward_needs():
    rng = np.random.default_rng(0)
    network = network_of([3, 4, 2], ["tanh", "sigmoid"], "mean_squared_error", rng)
    (W1, b1), (W2, b2) = network.weights
    x, mask = rng.normal(size=(5, 3)), rng.choice([0, 2], (5, 4))
    passed = network.forward(x, [mask])
    z1 = x @ W1 + b1
    z2 = (mask * np.tanh(z1)) @ W2 + b2
    np.testing.assert_allclose(passed.output, 1 / (1 + np.exp(-z2)))
    np.testing.assert_allclose(passed.preactivations[0], z1)
    np.testing.assert_allclose(passed.inputs[1], mask * np.tanh(z1))
    np.testing.assert_array_equal(network(x), network.forward(x).output)


def test_weight_decay_adds_the_squares_of_the_weights_and_not_of_the_biases():
    rng = np.random.default_rng(0)
    plain = network_of([3, 4, 2], "tanh", "mean_squared_error", rng)
    decayed = MLP([3, 4, 2], "tanh", l2=0.1)
    decayed.weights = plain.weights
    x, t = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    squares = sum((W**2).sum() for W, _ in plain.weights)
    assert decayed.loss(x, t) - plain.loss(x, t) == pytest.approx(0.1 * squares)
    gradients, gradients_plain = (
        network.loss_and_gradients(x, t)[1] for network in (decayed, plain)
    )
    for (dW, db), (dW_plain, db_plain), (W, _) in zip(
        gradients, gradients_plain, plain.weights, strict=True
    ):
        np.testing.assert_allclose(dW - dW_plain, 0.2 * W)
        np.testing.assert_array_equal(db, db_plain)


def test_one_name_is_for_the_hidden_layers_and_a_list_for_all():
    assert MLP([2, 3, 4, 1], "relu").activations == ["relu", "relu", "linear"]
    assert MLP([2, 3, 1], ["tanh", "sigmoid"]).activations == ["tanh", "sigmoid"]
    assert MLP([2, 1], "relu").activations == ["linear"]


@pytest.mark.parametrize("initializer", [initializers.glorot_normal, initializers.he_normal])
def test_starts_from_the_initializer_with_zero_biases(initializer):
    network = MLP([300, 200, 5], initializer=initializer, seed=3)
    spread = np.sqrt(2 / (300 + (200 if initializer is initializers.glorot_normal else 0)))
    W, b = network.weights[0]
    assert W.shape == (300, 200)
    assert W.std() == pytest.approx(spread, rel=0.02)
    assert abs(W.mean()) < 4 * spread / np.sqrt(W.size)
    assert not b.any()
    same, other = (MLP([300, 200, 5], initializer=initializer, seed=seed) for seed in (3, 4))
    np.testing.assert_array_equal(W, same.weights[0][0])
    assert (other.weights[0][0] != W).all()


def test_every_activation_and_loss_is_tested():
    with pytest.raises(ValueError, match=rf"must be one of {', '.join(ACTIVATIONS)}\. Received"):
        activations.get("softmax")
    with pytest.raises(ValueError, match=rf"must be one of {', '.join(LOSSES)}\. Received"):
        losses.get("")
