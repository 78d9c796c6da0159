"""The cell; what an LSTM shares with an RNN is tested there, for both."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from nncourse.scratch import LSTM, RNN, gradient_norms_by_lag, state_jacobians
from tests.scratch.recurrent_examples import network_of

SMALL = st.integers(1, 5)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@settings(max_examples=20)
@given(SMALL, SMALL, st.integers(1, 6), st.integers(0, 10**6))
def test_law_every_cell_follows_its_equations(inputs, hidden, steps, seed):
    """Number by number, with the weights of each gate picked from their columns."""
    rng = np.random.default_rng(seed)
    network = network_of(LSTM, inputs, hidden, 2, rng)
    (W_x, W_h, b), (W_y, c_y) = network.weights
    x = rng.normal(size=(1, steps, inputs))
    passed = network.forward(x)
    gates = network.gates(passed)
    h, c = np.zeros(hidden), np.zeros(hidden)
    for t in range(steps):
        z = [
            x[0, t] @ W_x[:, k] + sum(h[j] * W_h[j, k] for j in range(hidden)) + b[k]
            for k in range(4 * hidden)
        ]
        h = h.copy()
        for unit in range(hidden):
            i, f, o = (sigmoid(z[block * hidden + unit]) for block in (0, 1, 3))
            g = np.tanh(z[2 * hidden + unit])
            c[unit] = f * c[unit] + i * g
            h[unit] = o * np.tanh(c[unit])
            seen = [gates[name][0, t, unit] for name in ("input", "forget", "candidate", "output")]
            np.testing.assert_allclose(seen, [i, f, g, o])
        np.testing.assert_allclose(passed.states[0, t + 1], [*h, *c], atol=1e-12)
        np.testing.assert_allclose(passed.output[0, t], h @ W_y + c_y, atol=1e-12)


def test_takes_the_weights_of_keras_and_gives_them_back():
    layer, dense = keras.layers.LSTM(4, return_sequences=True), keras.layers.Dense(2)
    x = np.random.default_rng(0).normal(size=(5, 6, 3)).astype("float32")
    expected = ops.convert_to_numpy(dense(layer(x)))
    network = LSTM(3, 4, 2)
    network.weights = [layer.get_weights(), dense.get_weights()]
    np.testing.assert_allclose(network(x), expected, atol=1e-5)
    layer.set_weights(LSTM(3, 4, 2, seed=0).weights[0])
    assert np.abs(ops.convert_to_numpy(dense(layer(x))) - expected).max() > 0.01
    layer.set_weights(network.weights[0])
    np.testing.assert_allclose(ops.convert_to_numpy(dense(layer(x))), expected, atol=1e-6)


def test_starts_with_a_forget_gate_that_is_open():
    network = LSTM(2, 3, 1, seed=0)
    np.testing.assert_array_equal(network.weights[0][2], [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    np.testing.assert_array_equal(
        network.weights[0][2], keras_biases(units=3), "Keras's unit_forget_bias"
    )
    gates = network.gates(network.forward(np.zeros((1, 1, 2))))
    np.testing.assert_allclose(gates["forget"], sigmoid(1.0) * np.ones((1, 1, 3)))
    np.testing.assert_allclose(gates["input"], 0.5)


def keras_biases(units):
    layer = keras.layers.LSTM(units)
    layer.build((None, None, 2))
    return layer.get_weights()[2]


def test_each_block_of_columns_starts_as_that_of_an_rnn():
    (W_x, W_h, _), _ = LSTM(300, 200, 1, seed=0).weights
    for matrix, variance in ((W_x, 2 / 500), (W_h, 1 / 200)):
        blocks = np.split(matrix, 4, axis=1)
        for block in blocks:
            assert block.std() == pytest.approx(np.sqrt(variance), rel=0.02)
        assert not np.isclose(blocks[0], blocks[1]).all()


def test_the_memory_s_own_derivative_is_the_forget_gate():
    """Without recurrent weights nothing else leads from c to the next c."""
    rng = np.random.default_rng(0)
    network = network_of(LSTM, 2, 3, 1, rng)
    (W_x, W_h, b), output = network.weights
    network.weights = [(W_x, 0 * W_h, b), output]
    x = rng.normal(size=(1, 4, 2))
    forget = network.gates(network.forward(x))["forget"]
    for jacobian, f in zip(state_jacobians(network, x)[0], forget[0], strict=True):
        np.testing.assert_allclose(jacobian[3:, 3:], np.diag(f), atol=1e-15)
        assert f.min() < 0.9  # not 1


@pytest.mark.parametrize("bias", [-2.0, 0.0, 1.0, 6.0])
def test_the_gradient_fades_by_the_forget_gate_at_each_step(bias):
    network = LSTM(1, 4, 1, seed=0)
    (W_x, W_h, b), output = network.weights
    b[4:8] = bias
    network.weights = [(0 * W_x, 0 * W_h, b), output]
    norms = gradient_norms_by_lag(network, np.zeros((1, 30, 1)))[0]
    # The other rows, from c to h, are smaller than these by the same factor at each lag.
    np.testing.assert_allclose(norms[2:] / norms[1:-1], sigmoid(bias))


def test_shapes():
    network = LSTM(3, 4, 2, loss="categorical_crossentropy")
    assert isinstance(network, RNN)
    assert [[part.shape for part in layer] for layer in network.weights] == [
        [(3, 16), (4, 16), (16,)],
        [(4, 2), (2,)],
    ]
    passed = network.forward(np.zeros((5, 6, 3)))
    assert passed.states.shape == (5, 7, 8)
    assert passed.output.shape == (5, 6, 2)
    assert {name: gate.shape for name, gate in network.gates(passed).items()} == dict.fromkeys(
        ("input", "forget", "candidate", "output"), (5, 6, 4)
    )
