import keras
import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from nncourse.layers import ConnectionTableConv2D
from tests.checks import check_layer

TABLE = [[0], [1, 2], [2, 0], [0, 1, 2]]
IMAGES = np.random.default_rng(0).normal(size=(4, 6, 7, 3)).astype("float32")


def test_keeps_the_promises_of_a_layer(tmp_path):
    check_layer(
        lambda: ConnectionTableConv2D(TABLE, 3, activation="tanh", kernel_initializer="he_normal"),
        IMAGES,
        tmp_path,
    )


@st.composite
def tables(draw):
    channels = draw(st.integers(1, 4))
    row = st.lists(st.integers(0, channels - 1), min_size=1, max_size=channels, unique=True)
    return channels, draw(st.lists(row, min_size=1, max_size=5))


@settings(max_examples=10, deadline=None)
@given(
    table=tables(),
    size=st.integers(1, 3),
    extra=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    seed=st.integers(0, 2**32 - 1),
)
def test_law_equals_one_correlation_a_connection(table, size, extra, seed):
    channels, connections = table
    rng = np.random.default_rng(seed)
    images = rng.normal(size=(2, size + extra[0], size + extra[1], channels)).astype("float32")
    layer = ConnectionTableConv2D(connections, size)
    layer.build(images.shape)
    kernel = rng.normal(size=(size, size, sum(map(len, connections))))
    bias = rng.normal(size=len(connections))
    layer.set_weights([kernel, bias])
    expected = np.zeros((2, extra[0] + 1, extra[1] + 1, len(connections)))
    for n in range(2):
        kernels = iter(np.moveaxis(kernel, -1, 0))
        for f, row in enumerate(connections):
            expected[n, ..., f] = bias[f]
            for c in row:
                expected[n, ..., f] += scipy.signal.correlate2d(
                    images[n, ..., c], next(kernels), mode="valid"
                )
    np.testing.assert_allclose(ops.convert_to_numpy(layer(images)), expected, rtol=1e-4, atol=1e-4)


def test_equals_a_convolution_whose_other_kernels_are_zero():
    layer = ConnectionTableConv2D(TABLE, 3, activation="tanh")
    layer.build(IMAGES.shape)
    layer.bias.assign([0.1, -0.2, 0.3, 0.4])
    kernel, bias = layer.get_weights()
    dense = keras.layers.Conv2D(4, 3, activation="tanh")
    dense.build(IMAGES.shape)
    full, place = np.zeros((3, 3, 3, 4)), 0
    for f, row in enumerate(TABLE):
        for c in row:
            full[:, :, c, f] = kernel[:, :, place]
            place += 1
    dense.set_weights([full, bias])
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(IMAGES)), ops.convert_to_numpy(dense(IMAGES)), atol=1e-5
    )


def test_a_map_sees_nothing_of_the_maps_that_its_row_leaves_out():
    layer = ConnectionTableConv2D(TABLE, 3)
    before = ops.convert_to_numpy(layer(IMAGES))
    for c in range(3):
        changed = IMAGES.copy()
        changed[..., c] += 1
        moved = np.abs(ops.convert_to_numpy(layer(changed)) - before).max(axis=(0, 1, 2)) > 1e-3
        assert moved.tolist() == [c in row for row in TABLE]


def test_start_is_the_part_of_a_full_layers_start_that_the_table_keeps():
    start = keras.initializers.GlorotUniform(seed=3)
    layer = ConnectionTableConv2D(TABLE, 3, kernel_initializer=start)
    layer.build(IMAGES.shape)
    kernel, bias = layer.get_weights()
    full = ops.convert_to_numpy(keras.initializers.GlorotUniform(seed=3)((3, 3, 3, 4)))
    expected = [full[:, :, c, f] for f, row in enumerate(TABLE) for c in row]
    np.testing.assert_array_equal(kernel, np.stack(expected, axis=-1))
    assert (bias == 0).all()


def test_parameter_count():
    layer = ConnectionTableConv2D(TABLE, 3)
    layer.build((None, None, None, 3))
    assert layer.count_params() == (1 + 2 + 2 + 3) * 9 + 4


@pytest.mark.parametrize(
    "connections", [[], [[]], [[0], []], [[0, 0]], [[-1]], [[0.5]], [["0"]], [[True]], 3, None]
)
def test_bad_tables_are_refused(connections):
    with pytest.raises(ValueError, match="`connections` must have a row for each output map"):
        ConnectionTableConv2D(connections, 3)


@pytest.mark.parametrize("value", [0, -1, 2.5, "3", None, True])
def test_bad_kernel_sizes_are_named(value):
    message = f"`kernel_size` must be a positive integer. Received: kernel_size={value!r}"
    with pytest.raises(ValueError, match=message):
        ConnectionTableConv2D(TABLE, value)


def test_bad_inputs_are_refused():
    layer = ConnectionTableConv2D(TABLE, 3)
    with pytest.raises(ValueError, match="must have at least 3 channels"):
        layer.build((None, 6, 6, 2))
    with pytest.raises(ValueError, match="must have at least 3 channels"):
        layer.build((None, 6, 6, None))
    with pytest.raises(ValueError, match="at least as large as a kernel of 3x3"):
        layer.build((None, 2, 6, 3))
    with pytest.raises(ValueError, match="at least as large as a kernel of 3x3"):
        layer.compute_output_shape((None, 6, 2, 3))
    with pytest.raises(ValueError, match="expected ndim=4"):
        layer(np.ones((6, 6, 3), "float32"))
    layer(IMAGES)
    with pytest.raises(ValueError, match="expected axis -1 of input shape to have value 3"):
        layer(np.ones((1, 6, 6, 4), "float32"))
