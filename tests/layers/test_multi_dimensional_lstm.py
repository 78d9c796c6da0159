import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from nncourse._autodiff import gradient
from nncourse.layers import MultiDimensionalLSTM
from tests.checks import check_layer

RNG = np.random.default_rng(0)
CORNERS = ((1, 1), (1, -1), (-1, 1), (-1, -1))  # how each scan reads rows and columns


def cell_by_cell(x, layer):
    """The equations, a cell and a scan at a time, in double precision."""
    kernel, recurrent, bias = (w.astype(float) for w in layer.get_weights())
    units = layer.units

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    scans = []
    for scan, (rows, columns) in enumerate(CORNERS):
        image = x.astype(float)[:, ::rows, ::columns]
        samples, height, width, _ = x.shape
        h = np.zeros((samples, height + 1, width + 1, units))  # row and column 0 lie outside
        c = np.zeros_like(h)
        for i, j in np.ndindex(height, width):
            z = image[:, i, j] @ kernel[scan] + bias[scan]
            z = z + h[:, i, j + 1] @ recurrent[scan, :units]
            z = z + h[:, i + 1, j] @ recurrent[scan, units:]
            z_i, z_above, z_left, z_g, z_o = np.split(z, 5, axis=-1)
            c[:, i + 1, j + 1] = (
                sigmoid(z_above) * c[:, i, j + 1]
                + sigmoid(z_left) * c[:, i + 1, j]
                + sigmoid(z_i) * np.tanh(z_g)
            )
            h[:, i + 1, j + 1] = sigmoid(z_o) * np.tanh(c[:, i + 1, j + 1])
        scans.append(h[:, 1:, 1:][:, ::rows, ::columns])
    return np.concatenate(scans, axis=-1)


def drawn(layer, x, seed=0):
    """The layer, built, with larger weights than at the start, and biases."""
    rng = np.random.default_rng(seed)
    layer.build(x.shape)
    layer.set_weights([rng.normal(0, 0.7, w.shape) for w in layer.get_weights()])
    return layer


def test_keeps_the_promises_of_a_layer(tmp_path):
    x = RNG.normal(size=(2, 3, 4, 2)).astype("float32")
    # PyTorch compiles diagonal by diagonal: it works, and takes minutes.
    compiled = keras.backend.backend() != "torch"
    check_layer(lambda: MultiDimensionalLSTM(3), x, tmp_path, compiled=compiled)


@settings(max_examples=6, deadline=None)
@given(
    samples=st.integers(1, 3),
    height=st.integers(1, 5),
    width=st.integers(1, 5),
    features=st.integers(1, 3),
    units=st.integers(1, 3),
    seed=st.integers(0, 999),
)
def test_law_equals_cell_by_cell(samples, height, width, features, units, seed):
    x = np.random.default_rng(seed).normal(size=(samples, height, width, features))
    layer = drawn(MultiDimensionalLSTM(units), x, seed)
    y = ops.convert_to_numpy(layer(x.astype("float32")))
    np.testing.assert_allclose(y, cell_by_cell(x, layer), atol=1e-5)


def test_a_single_row_is_keras_lstm():
    """Without a row above, the left neighbor and its gate are all that is left."""
    x = RNG.normal(size=(3, 1, 6, 2)).astype("float32")
    layer = drawn(MultiDimensionalLSTM(4), x)
    kernel, recurrent, bias = layer.get_weights()

    def gates(w):  # i, left, g, o: Keras's i, f, c, o
        i, _, left, g, o = np.split(w, 5, axis=-1)
        return np.concatenate([i, left, g, o], axis=-1)

    lstm = keras.layers.LSTM(4, return_sequences=True)
    lstm.build((None, 6, 2))
    lstm.set_weights([gates(kernel[0]), gates(recurrent[0, 4:]), gates(bias[0])])
    expected = ops.convert_to_numpy(lstm(x[:, 0]))
    np.testing.assert_allclose(ops.convert_to_numpy(layer(x))[:, 0, :, :4], expected, atol=1e-6)


@pytest.mark.parametrize("scan", range(4))
def test_a_cell_depends_on_what_its_scan_has_seen_and_on_nothing_else(scan):
    x = RNG.normal(size=(1, 5, 6, 1)).astype("float32")
    layer = drawn(MultiDimensionalLSTM(2), x)
    row, column = 2, 3

    def cell(x):
        return ops.sum(layer(x)[:, row, column, 2 * scan : 2 * scan + 2])

    (slopes,) = gradient(cell, [x])
    rows, columns = CORNERS[scan]
    seen = np.zeros((5, 6), bool)
    above = slice(0, row + 1) if rows == 1 else slice(row, None)
    left = slice(0, column + 1) if columns == 1 else slice(column, None)
    seen[above, left] = True
    np.testing.assert_array_equal(ops.convert_to_numpy(slopes)[0, :, :, 0] != 0, seen)


def test_the_scans_start_with_different_weights():
    keras.utils.set_random_seed(0)
    layer = MultiDimensionalLSTM(6)
    layer.build((None, 4, 4, 5))
    for weights, rows in zip(layer.get_weights()[:2], (5, 12), strict=True):
        limit = np.sqrt(3 / rows)  # LeCun's start looks at what goes in only
        assert 0.95 * limit < np.abs(weights).max() <= limit
        assert np.abs(np.corrcoef(weights.reshape(4, -1)) - np.eye(4)).max() < 0.2


def test_the_memory_does_not_grow_along_the_diagonals():
    """At the start each adds what a cell does; with a quarter of a sequence's bias it explodes."""
    keras.utils.set_random_seed(0)
    layer = MultiDimensionalLSTM(4)
    x = np.ones((1, 24, 24, 3), "float32")
    layer(x)
    kernel, recurrent, bias = layer.get_weights()

    def last_memory(forget):  # with the same input at each cell
        b = np.zeros_like(bias).reshape(4, 5, 4)
        b[:, 1:3], b[:, 3], b[:, 4] = forget, 1e-4, 100
        layer.set_weights([0 * kernel, 0 * recurrent, b.reshape(4, 20)])
        return np.arctanh(ops.convert_to_numpy(layer(x))[0, -1, -1, 0].astype(float))

    fresh = np.tanh(1e-4) / 2  # what a cell adds
    assert last_memory(0) < (24 + 24 - 1) * fresh
    assert last_memory(0.25) > 1000 * fresh


@pytest.mark.parametrize("units", [0, -1, 2.5, None, True])
def test_bad_units_are_named(units):
    with pytest.raises(ValueError, match="`units` must be a positive integer"):
        MultiDimensionalLSTM(units)


@pytest.mark.parametrize("shape", [(None, None, 4, 2), (None, 4, None, 2), (None, 4, 4, None)])
def test_unknown_sizes_are_refused(shape):
    with pytest.raises(ValueError, match="known height, width and number of features"):
        MultiDimensionalLSTM(2).build(shape)


def test_inputs_of_another_kind_are_refused():
    layer = MultiDimensionalLSTM(2)
    with pytest.raises(ValueError, match="expected ndim=4"):
        layer(np.ones((2, 5, 3), "float32"))
    layer(np.ones((2, 5, 4, 3), "float32"))
    with pytest.raises(ValueError, match="expected axis -1 of input shape to have value 3"):
        layer(np.ones((2, 5, 4, 2), "float32"))
