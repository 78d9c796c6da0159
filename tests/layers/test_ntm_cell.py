"""`NTMCell` against its equations in NumPy."""

import keras
import numpy as np
import pytest
from keras import ops

from nncourse.layers import NTMCell
from tests.checks import check_layer

X = np.random.default_rng(0).normal(size=(3, 6, 4)).astype("float32")
SLOTS, WIDTH, OUT = 9, 5, 2
CONTROLLERS = {
    "units": lambda: 6,
    "dense": lambda: keras.layers.Dense(6, activation="tanh"),
    "gru": lambda: keras.layers.GRUCell(6),
    "stacked": lambda: keras.layers.StackedRNNCells(
        [keras.layers.LSTMCell(7), keras.layers.GRUCell(6)]
    ),
}


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def made(name="units", **options):
    return NTMCell(
        **{
            "memory_slots": SLOTS,
            "memory_width": WIDTH,
            "controller": CONTROLLERS[name](),
            "output_dim": OUT,
        }
        | options
    )


def built(cell):
    """`cell` with weights so large that its heads move."""
    cell.build((None, X.shape[-1]))
    rng = np.random.default_rng(1)
    cell.set_weights([1.5 * rng.normal(size=w.shape) for w in cell.get_weights()])
    return cell


# --- the equations, one head at a time, in double precision --------------------------------------


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softplus(z):
    return np.log1p(np.exp(z))


def softmax(z):
    powers = np.exp(z - z.max())
    return powers / powers.sum()


def cosine(a, b):
    return a @ b / np.sqrt(a @ a + 1e-8) / np.sqrt(b @ b + 1e-8)


def address(memory, z, previous, farthest):
    key, (beta, gate) = np.tanh(z[:WIDTH]), z[WIDTH : WIDTH + 2]
    kernel, gamma = softmax(z[WIDTH + 2 : -1]), 1 + softplus(z[-1])
    w = softmax(np.array([softplus(beta) * cosine(key, row) for row in memory]))
    w = sigmoid(gate) * w + (1 - sigmoid(gate)) * previous
    w = sum(kernel[farthest + j] * np.roll(w, j) for j in range(-farthest, farthest + 1))
    w = (w + 1e-8) ** gamma
    return w / w.sum()


def by_hand(x, cell):
    """Outputs, memory and weightings of one sequence after each step; LSTM or dense controller."""
    readers, writers, s = cell.read_heads, cell.write_heads, cell.shift_range
    controller = [w.astype(float) for w in cell.controller.get_weights()]
    (kernel, bias), (out_kernel, out_bias) = (
        [w.astype(float) for w in layer.get_weights()]
        for layer in (cell.head_layer, cell.output_layer)
    )
    memory = np.full((SLOTS, WIDTH), 1e-6)
    read, write = (np.eye(SLOTS)[[0] * heads] for heads in (readers, writers))
    reads, h = np.zeros((readers, WIDTH)), np.zeros(6)
    c, steps = h, []
    for x_t in x.astype(float):
        given = np.concatenate([x_t, reads.ravel()])
        if len(controller) == 2:
            h = np.tanh(given @ controller[0] + controller[1])
        else:
            z = given @ controller[0] + h @ controller[1] + controller[2]
            i, f, g, o = np.split(z, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        z = h @ kernel + bias
        size = WIDTH + 2 + 2 * s + 1 + 1
        of_readers = z[: readers * size].reshape(readers, size)
        of_writers = z[readers * size :].reshape(writers, size + 2 * WIDTH)
        write = np.stack(
            [
                address(memory, head[2 * WIDTH :], w, s)
                for head, w in zip(of_writers, write, strict=True)
            ]
        )
        for head, w in zip(of_writers, write, strict=True):
            memory = memory * (1 - np.outer(w, sigmoid(head[:WIDTH])))
        for head, w in zip(of_writers, write, strict=True):
            memory = memory + np.outer(w, np.tanh(head[WIDTH : 2 * WIDTH]))
        read = np.stack(
            [address(memory, head, w, s) for head, w in zip(of_readers, read, strict=True)]
        )
        reads = read @ memory
        y = np.concatenate([h, reads.ravel()]) @ out_kernel + out_bias
        steps.append((y, memory, read, write, reads))
    return [np.stack(part) for part in zip(*steps, strict=True)]


@pytest.mark.parametrize(
    ("controller", "options"),
    [
        ("units", {}),
        ("units", {"read_heads": 3, "write_heads": 2, "shift_range": 3}),
        ("dense", {"write_heads": 2}),
    ],
)
def test_equals_the_equations(controller, options):
    cell = built(made(controller, **options))
    states = cell.get_initial_state(len(X))
    expected = [np.stack(part, axis=1) for part in zip(*(by_hand(x, cell) for x in X), strict=True)]
    for t in range(X.shape[1]):
        y, states = cell(X[:, t], states)
        after = cell.unpack(states)
        parts = (y, after.memory, after.read_weights, after.write_weights, after.reads)
        for part, whole in zip(parts, expected, strict=True):
            np.testing.assert_allclose(numpy(part), whole[t], atol=2e-4)
        np.testing.assert_array_equal(numpy(states[0]), numpy(y))  # what a masked step repeats
    # The heads went somewhere, or the test would hold for heads that can't.
    assert np.ptp(expected[3].argmax(axis=-1)) > 0
    assert np.abs(expected[0][-1] - expected[0][0]).max() > 0.1


# --- in Keras's loops ---------------------------------------------------------------------------


def test_keeps_the_promises_of_a_layer(tmp_path):
    check_layer(
        lambda: keras.layers.RNN(made(read_heads=2), return_sequences=True),
        X[:, :2],
        tmp_path,
        compiled=False,  # as the test of `NeuralTuringMachine` is, which takes longer than all else
    )


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_any_controller_is_driven_step_by_step_as_by_hand(controller):
    cell = built(made(controller, write_heads=2))
    layer = keras.layers.RNN(cell, return_sequences=True, return_state=True)
    y, *last = layer(X[:, :3])
    states = cell.get_initial_state(len(X))
    for t in range(3):
        y_t, states = cell(X[:, t], states)
        np.testing.assert_allclose(numpy(y[:, t]), numpy(y_t), atol=1e-5)
    for state, same, size in zip(last, states, cell.state_size, strict=True):
        assert tuple(state.shape) == (len(X), size)
        np.testing.assert_allclose(numpy(state), numpy(same), atol=1e-5)
    _, *shapes = layer.compute_output_shape(X.shape)
    assert shapes == [tuple(state.shape) for state in last]
    copy = NTMCell.from_config(cell.get_config())
    assert copy.get_config() == cell.get_config()


def test_a_masked_step_changes_nothing():
    """Steps that are masked might as well not be there, in the middle and at the end."""
    mask = np.array([[1, 0, 1, 0, 1, 0], [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]], bool)
    cell = built(made())
    results = keras.layers.RNN(cell, return_state=True)(X, mask=mask)
    short = np.stack([x[m] for x, m in zip(X, mask, strict=True)])
    expected = keras.layers.RNN(cell, return_state=True)(short)
    for result, other in zip(results, expected, strict=True):
        np.testing.assert_allclose(numpy(result), numpy(other), atol=1e-5)


def test_it_runs_both_ways():
    both = keras.layers.Bidirectional(keras.layers.RNN(made("dense")))
    y = numpy(both(X))
    for half, x, layer in (
        (y[:, :OUT], X, both.forward_layer),
        (y[:, OUT:], X[:, ::-1], both.backward_layer),
    ):
        expected = [by_hand(sequence, layer.cell)[0][-1] for sequence in x]
        np.testing.assert_allclose(half, expected, atol=1e-4)


def test_the_start():
    cell = built(made(read_heads=2))
    start = cell.unpack(cell.get_initial_state(2))
    np.testing.assert_allclose(numpy(start.memory), np.full((2, SLOTS, WIDTH), 1e-6))
    np.testing.assert_array_equal(numpy(start.read_weights), np.eye(SLOTS)[[[0, 0]] * 2])
    np.testing.assert_array_equal(numpy(start.write_weights), np.eye(SLOTS)[[[0]] * 2])
    assert not numpy(start.reads).any()
    assert not any(numpy(state).any() for state in start.controller)


def test_the_forget_gates_of_its_lstm_start_shut():
    cell = made()
    cell.build((None, X.shape[-1]))
    expected = np.zeros((4, 6))
    expected[1] = -1
    np.testing.assert_array_equal(cell.controller.get_weights()[-1].reshape(4, 6), expected)


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"memory_slots": 0}, "`memory_slots` must be a positive integer. Received"),
        ({"memory_width": -1}, "`memory_width` must be a positive integer. Received"),
        ({"read_heads": 0}, "`read_heads` must be a positive integer. Received: read_heads=0"),
        ({"write_heads": 1.5}, "`write_heads` must be a positive integer. Received"),
        ({"shift_range": 0}, "`shift_range` must be a positive integer. Received"),
        ({"shift_range": 5}, "Received: shift_range=5, memory_slots=9"),
        ({"output_dim": 0}, "`output_dim` must be a positive integer. Received"),
        ({"controller": 0}, r"`controller` must be a positive integer.*Received: controller=0"),
        ({"controller": True}, r"`controller` must be .* Received: controller=True"),
        ({"controller": "lstm"}, r"`controller` must be .* Received: controller='lstm'"),
        (
            {"controller": keras.layers.LSTM(3)},
            "`controller` must be .* Received: controller=<LSTM",
        ),
    ],
)
def test_bad_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        made(**options)


def test_as_many_shifts_as_slots_are_enough():
    assert made(shift_range=4).shift_range == 4
