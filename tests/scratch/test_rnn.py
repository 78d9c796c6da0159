import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from keras import ops

from nncourse._autodiff import value_and_gradient
from nncourse.scratch import (
    RNN,
    activations,
    clip_by_global_norm,
    gradient_check,
    gradient_norms_by_lag,
    losses,
    state_jacobians,
)
from tests.scratch.finite_differences import differences
from tests.scratch.network_examples import LOSSES
from tests.scratch.recurrent_examples import (
    NETWORKS,
    keras_layer,
    network_of,
    random_mask,
    sequence_targets,
)

SMALL = st.integers(1, 4)
every_network = pytest.mark.parametrize("kind", NETWORKS)


def assert_gradients(network, gradients, loss, atol=1e-7):
    """Holds gradients to the central differences of a loss that reads the network's weights."""
    for layer, changes in zip(network.weights, gradients, strict=True):
        for part, gradient in zip(layer, changes, strict=True):
            np.testing.assert_allclose(gradient, differences(loss, part), rtol=1e-5, atol=atol)


@pytest.mark.parametrize("loss", LOSSES)
@every_network
@settings(max_examples=6)
@given(SMALL, SMALL, SMALL, st.integers(1, 3), SMALL, st.integers(0, 2), st.integers(0, 10**6))
def test_law_gradient_equals_finite_differences(
    kind, loss, inputs, hidden, outputs, samples, steps, form, seed
):
    rng = np.random.default_rng(seed)
    network = network_of(kind, inputs, hidden, outputs, rng, loss=loss)
    x = rng.normal(size=(samples, steps, inputs))
    t = sequence_targets(loss, samples, steps, outputs, rng)
    if loss in ("hinge", "perceptron"):
        assume((np.abs(t * network(x) - (loss == "hinge")) > 1e-3).all())
    mask = random_mask(samples, steps, rng) if form == 1 else None
    t = t[:, -1] if form == 2 else t
    value, gradients = network.loss_and_gradients(x, t, mask)
    assert value == network.loss(x, t, mask)
    assert_gradients(network, gradients, lambda: network.loss(x, t, mask))


@pytest.mark.parametrize("activation", ["step", "linear", "sigmoid", "tanh", "relu", "elu"])
def test_gradient_of_every_activation(activation):
    rng = np.random.default_rng(0)
    network = network_of(RNN, 2, 5, 2, rng, activation=activation)
    x, t = rng.normal(size=(3, 6, 2)), rng.normal(size=(3, 6, 2))
    assert min(np.abs(z).min() for z in network.forward(x).memory) > 1e-3  # far from the kinks
    assert gradient_check(network, x, t) < 1e-7


@every_network
def test_gradient_check_takes_the_mask_and_sees_a_wrong_gradient(kind):
    rng = np.random.default_rng(0)
    network = network_of(kind, 2, 3, 2, rng)
    x, t, mask = rng.normal(size=(4, 5, 2)), rng.normal(size=(4, 5, 2)), random_mask(4, 5, rng)
    assert gradient_check(network, x, t, mask) < 1e-7
    right = network.step_backward
    network.step_backward = lambda *arguments: (0.99 * right(*arguments)[0], right(*arguments)[1])
    cell, output = gradient_check(network, x, t, mask, by_layer=True)
    assert cell > 1e-4
    assert output < 1e-7


def test_forward_equals_the_equations():
    rng = np.random.default_rng(0)
    network = network_of(RNN, 3, 4, 2, rng, activation="sigmoid")
    (W_x, W_h, b), (W_y, c) = network.weights
    x, h = rng.normal(size=(5, 6, 3)), np.zeros((5, 4))
    passed = network.forward(x)
    np.testing.assert_array_equal(passed.states[:, 0], h)
    for t in range(6):
        h = 1 / (1 + np.exp(-(x[:, t] @ W_x + h @ W_h + b)))
        np.testing.assert_allclose(passed.states[:, t + 1], h)
        np.testing.assert_allclose(passed.output[:, t], h @ W_y + c)
    np.testing.assert_array_equal(network(x), passed.output)


@pytest.mark.parametrize("truncate", [None, 3])
@every_network
def test_equals_keras(kind, truncate):
    """Outputs, states, loss and gradients; truncated where Keras stops the state's gradient."""
    rng = np.random.default_rng(1)
    network = network_of(kind, 3, 4, 2, rng)
    x, t = rng.normal(size=(5, 7, 3)), rng.normal(size=(5, 7, 2))
    layer = keras_layer(network)
    x_tensor, t_tensor = (ops.convert_to_tensor(array, "float32") for array in (x, t))

    def unrolled(weights):
        state, parts = None, []
        for start in range(0, 7, truncate or 7):
            part = x_tensor[:, start : start + (truncate or 7)]
            if state is not None:
                state = [ops.stop_gradient(part) for part in state]
            (h, *state), _ = layer.stateless_call(
                list(weights[:3]),
                [variable.value for variable in layer.non_trainable_variables],
                part,
                initial_state=state,
            )
            parts.append(ops.matmul(h, weights[-2]) + weights[-1])
        return ops.concatenate(parts, axis=1), ops.concatenate(state, axis=1)

    weights = [ops.convert_to_tensor(w, "float32") for some in network.weights for w in some]
    passed = network.forward(x)
    outputs, state = (ops.convert_to_numpy(tensor) for tensor in unrolled(weights))
    np.testing.assert_allclose(passed.output, outputs, atol=1e-5)
    np.testing.assert_allclose(passed.states[:, -1], state, atol=1e-5)
    expected, slopes = value_and_gradient(
        lambda *weights: ops.mean((unrolled(weights)[0] - t_tensor) ** 2), weights
    )
    value, gradients = network.loss_and_gradients(x, t, truncate=truncate)
    assert value == pytest.approx(float(expected), abs=1e-5)
    flat = [part for layer in gradients for part in layer]
    for gradient, slope in zip(flat, slopes, strict=True):
        np.testing.assert_allclose(gradient, ops.convert_to_numpy(slope), atol=1e-5)
    full = network.loss_and_gradients(x, t)[1]
    for one, other in zip(full[0], gradients[0], strict=True):
        assert (np.abs(one - other).max() > 1e-3) == (truncate is not None)


@every_network
@settings(max_examples=15)
@given(SMALL, st.integers(1, 8), st.integers(1, 9), st.booleans(), st.integers(0, 10**6))
def test_law_truncation_takes_the_states_between_stretches_for_constants(
    kind, hidden, steps, truncate, last_only, seed
):
    rng = np.random.default_rng(seed)
    network = network_of(kind, 2, hidden, 2, rng)
    x, t = rng.normal(size=(3, steps, 2)), rng.normal(size=(3, steps, 2))
    t = t[:, -1] if last_only else t
    states = network.forward(x).states  # as they are with the weights before they are moved

    def loss():
        outputs = [
            network.forward(x[:, start : start + truncate], states[:, start]).output
            for start in range(0, steps, truncate)
        ]
        y = np.concatenate(outputs, axis=1)
        return losses.mean_squared_error(y[:, -1] if last_only else y, t)

    value, gradients = network.loss_and_gradients(x, t, truncate=truncate)
    assert value == network.loss(x, t)
    assert_gradients(network, gradients, loss)
    if truncate >= steps:
        _, full = network.loss_and_gradients(x, t)
        for one, other in zip(full, gradients, strict=True):
            for part, same in zip(one, other, strict=True):
                np.testing.assert_array_equal(part, same)


@every_network
def test_the_gradient_is_the_sum_of_those_of_the_copies(kind):
    """Copies of the weights, each moved by itself."""
    rng = np.random.default_rng(0)
    network = network_of(kind, 2, 3, 2, rng)
    x, dy = rng.normal(size=(4, 5, 2)), rng.normal(size=(4, 5, 2))
    tied = network.weights
    copies = [[tuple(part.copy() for part in layer) for layer in tied] for _ in range(5)]

    def weighted_outputs():
        state, total = None, 0.0
        for step, weights in enumerate(copies):
            network.weights = weights
            passed = network.forward(x[:, step : step + 1], state)
            state = passed.states[:, -1]
            total += (dy[:, step] * passed.output[:, 0]).sum()
        network.weights = tied
        return total

    passed = network.forward(x)
    by_step = list(network.backward_by_step(passed, dy))
    assert len(by_step) == 5
    for weights, gradients in zip(copies, reversed(by_step), strict=True):
        for layer, changes in zip(weights, gradients, strict=True):
            for part, gradient in zip(layer, changes, strict=True):
                np.testing.assert_allclose(
                    gradient, differences(weighted_outputs, part), rtol=1e-5, atol=1e-7
                )
    for position, layer in enumerate(network.backward(passed, dy)):
        for number, part in enumerate(layer):
            copies_of_it = [gradients[position][number] for gradients in by_step]
            np.testing.assert_allclose(part, np.sum(copies_of_it, axis=0))


@every_network
def test_targets_at_the_last_step_are_a_mask(kind):
    rng = np.random.default_rng(0)
    network = network_of(kind, 2, 3, 2, rng, loss="categorical_crossentropy")
    x, t = rng.normal(size=(4, 5, 2)), np.zeros((4, 5, 2))  # zeros are no targets of this loss
    t[:, -1] = np.eye(2)[[0, 1, 1, 0]]
    mask = np.zeros((4, 5), dtype=bool)
    mask[:, -1] = True
    one, other = network.loss_and_gradients(x, t[:, -1]), network.loss_and_gradients(x, t, mask)
    np.testing.assert_equal(one, other)
    assert one[0] == losses.categorical_crossentropy(network(x)[:, -1], t[:, -1])


@every_network
def test_what_fills_up_a_sequence_at_its_end_does_not_count(kind):
    rng = np.random.default_rng(0)
    network = network_of(kind, 2, 3, 2, rng)
    x, t = rng.normal(size=(2, 7, 2)), rng.normal(size=(2, 7, 2))
    lengths = (4, 7)
    mask = np.arange(7) < np.array(lengths)[:, None]
    value, gradients = network.loss_and_gradients(x, t, mask)
    alone = [
        network.loss_and_gradients(x[n : n + 1, :length], t[n : n + 1, :length])
        for n, length in enumerate(lengths)
    ]
    assert value == pytest.approx(np.average([v for v, _ in alone], weights=lengths))
    for position, layer in enumerate(gradients):
        for number, part in enumerate(layer):
            parts = [gradient[position][number] for _, gradient in alone]
            np.testing.assert_allclose(part, np.average(parts, axis=0, weights=lengths))


@every_network
def test_a_pass_goes_on_where_one_ended(kind):
    rng = np.random.default_rng(0)
    network = network_of(kind, 2, 3, 2, rng)
    x = rng.normal(size=(4, 7, 2))
    whole, first = network.forward(x), network.forward(x[:, :3])
    rest = network.forward(x[:, 3:], first.states[:, -1])
    np.testing.assert_array_equal(rest.output, whole.output[:, 3:])
    np.testing.assert_array_equal(rest.states, whole.states[:, 3:])


@every_network
def test_state_jacobians_equal_finite_differences(kind):
    rng = np.random.default_rng(0)
    network = network_of(kind, 2, 3, 1, rng)
    x = rng.normal(size=(2, 5, 2))
    jacobians, states = state_jacobians(network, x), network.forward(x).states.copy()
    width = states.shape[-1]
    assert jacobians.shape == (2, 5, width, width)
    for n, step, i in np.ndindex(2, 5, width):
        state = states[n : n + 1, step].copy()
        row = differences(
            lambda: network.step(x[n : n + 1, step], state)[0][0, i],  # noqa: B023
            state,
        )
        np.testing.assert_allclose(jacobians[n, step, i], row[0], atol=1e-8)


@every_network
def test_gradient_norms_equal_those_of_the_rest_of_the_sequence(kind):
    rng = np.random.default_rng(0)
    network = network_of(kind, 2, 3, 1, rng)
    x = rng.normal(size=(2, 5, 2))
    norms, states = gradient_norms_by_lag(network, x), network.forward(x).states
    assert norms.shape == (2, 6)
    np.testing.assert_array_equal(norms[:, 0], 1)
    width = states.shape[-1]
    for n, lag in np.ndindex(2, 6):
        if lag == 0:
            continue
        state = states[n : n + 1, 5 - lag].copy()
        rows = [
            differences(
                lambda: network.forward(x[n : n + 1, 5 - lag :], state).states[0, -1, i],  # noqa: B023
                state,
            )[0]
            for i in range(width)
        ]
        assert norms[n, lag] == pytest.approx(np.linalg.svd(rows)[1][0], abs=1e-7)


@settings(max_examples=30)
@given(
    activation=st.sampled_from([("tanh", 1), ("sigmoid", 0.25), ("relu", 1), ("linear", 1)]),
    scale=st.floats(0.1, 3),
    seed=st.integers(0, 10**6),
)
def test_law_the_norms_stay_below_the_bound(activation, scale, seed):
    name, steepest = activation
    rng = np.random.default_rng(seed)
    network = network_of(RNN, 2, 4, 1, rng, activation=name)
    (W_x, W_h, b), output = network.weights
    network.weights = [(W_x, scale * W_h, b), output]
    bound = (np.linalg.norm(scale * W_h, 2) * steepest) ** np.arange(9)
    norms = gradient_norms_by_lag(network, rng.normal(size=(3, 8, 2)))
    assert (norms <= bound * (1 + 1e-9)).all()
    if name == "linear":  # the powers of one matrix
        powers = [np.linalg.norm(np.linalg.matrix_power(scale * W_h, k), 2) for k in range(9)]
        np.testing.assert_allclose(norms, [powers] * 3)


def test_starts_from_the_initializers():
    network = RNN(
        200, 100, 3, recurrent_initializer=lambda rng, rows, columns: np.eye(rows), seed=0
    )
    (W_x, W_h, b), (W_y, c) = network.weights
    np.testing.assert_array_equal(W_h, np.eye(100))
    assert W_x.std() == pytest.approx(np.sqrt(2 / 300), rel=0.03)
    assert W_y.shape == (100, 3)
    assert not b.any()
    assert not c.any()
    (W_x_same, W_h_glorot, _), _ = RNN(200, 100, 3, seed=0).weights
    np.testing.assert_array_equal(W_x_same, W_x)
    assert W_h_glorot.std() == pytest.approx(np.sqrt(1 / 100), rel=0.03)
    assert (RNN(200, 100, 3, seed=1).weights[0][0] != W_x).all()


def test_every_function_of_activations_can_be_the_network_s():
    network = RNN(1, 1, 1, "swish")
    assert (network.f, network.f_derivative) == activations.get("swish")


@given(
    scale=st.floats(1e-3, 1e3),
    clip_norm=st.floats(1e-2, 1e2),
    seed=st.integers(0, 10**6),
)
def test_law_clipping_shortens_and_keeps_the_direction(scale, clip_norm, seed):
    rng = np.random.default_rng(seed)
    gradients = [(scale * rng.normal(size=(2, 3)), rng.normal(size=3)), (rng.normal(size=4),)]
    clipped = clip_by_global_norm(gradients, clip_norm)
    flat, after = (
        np.concatenate([part.ravel() for layer in some for part in layer])
        for some in (gradients, clipped)
    )
    assert [len(layer) for layer in clipped] == [2, 1]
    norm = np.linalg.norm(flat)
    assert np.linalg.norm(after) == pytest.approx(min(norm, clip_norm))
    np.testing.assert_allclose(after / np.linalg.norm(after), flat / norm)
    if norm <= clip_norm:
        np.testing.assert_array_equal(after, flat)


@pytest.mark.parametrize("clip_norm", [0.5, 50.0])
def test_clipping_equals_that_of_keras(clip_norm):
    parts = [np.arange(6.0).reshape(2, 3), np.array([-3.0, 4.0])]
    variables = [keras.Variable(np.zeros(part.shape), dtype="float32") for part in parts]
    rule = keras.optimizers.SGD(1.0, global_clipnorm=clip_norm)
    rule.apply([ops.convert_to_tensor(part, "float32") for part in parts], variables)
    (clipped,) = clip_by_global_norm([tuple(parts)], clip_norm)
    for part, variable in zip(clipped, variables, strict=True):
        np.testing.assert_allclose(part, -ops.convert_to_numpy(variable), rtol=1e-5)


def test_a_gradient_of_zero_stays():
    np.testing.assert_array_equal(clip_by_global_norm([(np.zeros(3),)], 1.0), [(np.zeros(3),)])
