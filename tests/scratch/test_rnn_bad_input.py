import numpy as np
import pytest

from nncourse.scratch import LSTM, RNN, clip_by_global_norm, optimizers, state_jacobians
from tests.scratch.recurrent_examples import NETWORKS

X, T = np.ones((3, 4, 2)), np.ones((3, 4, 1))
RAGGED = [[[1.0, 2.0]], [[1.0, 2.0], [3.0, 4.0]]]
every_network = pytest.mark.parametrize("kind", NETWORKS)


def changed(array, at, value) -> np.ndarray:
    array = array.copy()
    array[at] = value
    return array


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ((0, 3, 1), "`inputs` must be a positive integer. Received: inputs=0"),
        ((2, 2.5, 1), "`hidden` must be a positive integer. Received: hidden=2.5"),
        ((2, 3, -1), "`outputs` must be a positive integer. Received: outputs=-1"),
    ],
)
@every_network
def test_sizes_are_refused(kind, sizes, message):
    with pytest.raises(ValueError, match=message):
        kind(*sizes)


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match=r"`activation` must be one of step, .*Received: 'gelu'"):
        RNN(1, 1, 1, "gelu")
    with pytest.raises(ValueError, match=r"`loss` must be one of mean_squared_error.*'mse'"):
        RNN(1, 1, 1, loss="mse")
    with pytest.raises(ValueError, match=r"`loss` must be one of mean_squared_error.*'mse'"):
        LSTM(1, 1, 1, "mse")


@every_network
def test_weights_that_do_not_fit_are_refused(kind):
    network = kind(2, 3, 1, seed=0)
    before = network(X)
    (W_x, W_h, b), output = network.weights
    message = r"`weights` must be a list of \(W_x, W_h, b\), \(W_y, c\) of the shapes .*Received: "
    for weights in (
        [(W_x.T, W_h, b), output],
        [(W_x, W_h[:, :2], b), output],
        [(W_x, W_h), output],
        [(W_x, W_h, b)],
    ):
        with pytest.raises(ValueError, match=message):
            network.weights = weights
    np.testing.assert_array_equal(network(X), before)


BAD_X = [
    (RAGGED, r"`x` must hold numbers in the shape \(samples, steps, 2\)"),
    (X[0], r"`x` must have the shape \(samples, steps, 2\). Received: x of shape \(4, 2\)"),
    (X[:, :0], r"`x` must have the shape \(samples, steps, 2\). Received: x of shape \(3, 0, 2\)"),
    (X[:0], r"`x` must have the shape \(samples, steps, 2\). Received: x of shape \(0, 4, 2\)"),
    (T, r"`x` must have the shape \(samples, steps, 2\). Received: x of shape \(3, 4, 1\)"),
    (changed(X, (2, 3, 1), np.nan), r"`x` must hold finite numbers. Received: x\[2, 3, 1\]=nan"),
    (changed(X, (2, 3, 1), np.inf), r"`x` must hold finite numbers. Received: x\[2, 3, 1\]=inf"),
]
WANTED = r"`t` must have the shape \(3, 4, 1\), targets .*, or \(3, 1\), for the last .*Received: "
BAD_T = [
    (RAGGED, r"`t` must hold numbers in the shape \(3, 4, 1\)"),
    (T[:2], WANTED + r"t of shape \(2, 4, 1\)"),
    (T[:, :3], WANTED + r"t of shape \(3, 3, 1\)"),
    (X, WANTED + r"t of shape \(3, 4, 2\)"),
    (X[:, 0], WANTED + r"t of shape \(3, 2\)"),
    (T[:, 0, 0], WANTED + r"t of shape \(3,\)"),
    (T[..., 0], WANTED + r"t of shape \(3, 4\)"),
    (1.0, WANTED + r"t of shape \(\)"),
    (changed(T, (2, 3, 0), np.nan), r"`t` must hold finite .* Received: t\[2, 3, 0\]=nan"),
    (changed(T[:, 0], (2, 0), np.nan), r"`t` must hold finite .* Received: t\[2, 0\]=nan"),
]
MASK = np.ones((3, 4), dtype=bool)
BAD_MASKS = [
    (T, MASK[:2], r"`mask` must have the shape \(3, 4\). Received: mask of shape \(2, 4\)"),
    (T, 2 * MASK, "`mask` must hold True and False, or 1 and 0, one for every step"),
    (T, changed(MASK, 1, False), r"`mask` must be True for one step or more .* mask\[1\] without"),
    (T[:, 0], MASK, r"`mask` .* needs targets of the shape \(3, 4, 1\). .*t of shape \(3, 1\)"),
]
BAD_EXAMPLES = [
    *((x, T, None, message) for x, message in BAD_X),
    *((X, t, None, message) for t, message in BAD_T),
    *((X, t, mask, message) for t, mask, message in BAD_MASKS),
]


@pytest.mark.parametrize(("x", "t", "mask", "message"), BAD_EXAMPLES)
def test_examples_are_refused_wherever_they_go(x, t, mask, message):
    network, rule = RNN(2, 3, 1, seed=0), optimizers.SGD(0.1)
    for take in (
        network.loss,
        network.loss_and_gradients,
        lambda x, t, mask: network.fit(x, t, rule, mask=mask),
        lambda x, t, mask: network.fit(X, T, rule, validation_data=(x, t, mask)),
    ):
        with pytest.raises(ValueError, match=message):
            take(x, t, mask)


@pytest.mark.parametrize(("x", "message"), BAD_X)
@every_network
def test_inputs_are_refused_without_targets_too(kind, x, message):
    network = kind(2, 3, 1, seed=0)
    for take in (network, network.forward, lambda x: state_jacobians(network, x)):
        with pytest.raises(ValueError, match=message):
            take(x)


@pytest.mark.parametrize(
    ("loss", "value", "message"),
    [
        ("binary_crossentropy", [0, 2], r"hold 0 and 1 .* t\[2, 1\]=\[0.0, 2.0\]"),
        ("categorical_crossentropy", [1, 1], r"one-hot rows.* t\[2, 1\]=\[1.0, 1.0\]"),
        ("hinge", [1, 0], r"hold -1 and \+1 .* t\[2, 1\]=\[1.0, 0.0\]"),
    ],
)
def test_targets_are_of_the_kind_that_the_loss_wants_where_they_count(loss, value, message):
    good = [1, -1] if loss == "hinge" else [1, 0]
    t = changed(np.tile(good, (3, 4, 1)), (2, 1), value)
    network = RNN(2, 3, 2, loss=loss, seed=0)
    with pytest.raises(ValueError, match=message):
        network.loss_and_gradients(X, t)
    network.loss_and_gradients(X, t, changed(MASK, (2, 1), False))


@pytest.mark.parametrize("truncate", [0, -1, 2.5])
def test_truncation_is_refused(truncate):
    network = RNN(2, 3, 1, seed=0)
    message = f"`truncate` must be a positive integer. Received: truncate={truncate}"
    with pytest.raises(ValueError, match=message):
        network.loss_and_gradients(X, T, truncate=truncate)
    with pytest.raises(ValueError, match=message):
        network.fit(X, T, optimizers.SGD(0.1), truncate=truncate)


@pytest.mark.parametrize("clip_norm", [0, -1.0, np.nan, np.inf])
def test_a_norm_to_clip_at_is_refused(clip_norm):
    message = f"`clip_norm` must be a positive number. Received: clip_norm={clip_norm}"
    with pytest.raises(ValueError, match=message):
        clip_by_global_norm([(np.ones(2),)], clip_norm)
    with pytest.raises(ValueError, match=message):
        RNN(2, 3, 1, seed=0).fit(X, T, optimizers.SGD(0.1), clip_norm=clip_norm)


@every_network
def test_states_and_gradients_of_another_shape_are_refused(kind):
    network = kind(2, 3, 1, seed=0)
    width = network.forward(X).states.shape[-1]
    message = rf"`initial_state` must have the shape \(3, {width}\). .* of shape \(3, 2\)"
    with pytest.raises(ValueError, match=message):
        network.forward(X, np.zeros((3, 2)))
    with pytest.raises(ValueError, match=r"`initial_state` must hold finite numbers"):
        network.forward(X, np.full((3, width), np.nan))
    with pytest.raises(ValueError, match=r"`dy` must have the shape of the outputs, \(3, 4, 1\)"):
        network.backward(network.forward(X), X)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 4}, "`batch_size` must be an integer from 1 to the 3 .*batch_size=4"),
        ({"epochs": 0}, "`epochs` must be a positive integer. Received: epochs=0"),
        ({"patience": 2}, "`patience` .* give `validation_data` too"),
    ],
)
def test_fit_refuses(options, message):
    with pytest.raises(ValueError, match=message):
        RNN(2, 3, 1, seed=0).fit(X, T, optimizers.SGD(0.1), **options)


@every_network
def test_a_loss_that_is_no_number_any_more_stops_the_training(kind):
    class Breaking:
        """An update rule that breaks the weights at its third step."""

        steps = 0

        def step(self, parameters, gradients):
            self.steps += 1
            return [np.full_like(w, np.nan) if self.steps == 3 else w for w in parameters]

    message = "The loss became nan at step 2 of epoch 2: .*smaller learning rate"
    with pytest.raises(ValueError, match=message):
        kind(2, 3, 1, seed=0).fit(X, T, Breaking(), batch_size=2, epochs=9)


def test_an_explosion_is_told_without_a_warning_and_clipping_prevents_it():
    x = np.random.default_rng(0).normal(size=(3, 40, 2))
    t = np.zeros((3, 40, 1))
    network, clipped = RNN(2, 8, 1, "linear", seed=0), RNN(2, 8, 1, "linear", seed=0)
    with pytest.raises(ValueError, match=r"The loss became (inf|nan) at step 1 of epoch \d+"):
        network.fit(x, t, optimizers.SGD(0.1), epochs=50)
    history = clipped.fit(x, t, optimizers.SGD(0.01), epochs=50, clip_norm=1.0)
    assert history["loss"][-1] < history["loss"][0] / 2
