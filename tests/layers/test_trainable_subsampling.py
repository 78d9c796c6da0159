import keras
import numpy as np
import pytest
import skimage.measure
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from nncourse.layers import TrainableSubsampling
from tests.checks import check_layer

IMAGES = np.random.default_rng(0).normal(size=(4, 7, 6, 3)).astype("float32")


def test_keeps_the_promises_of_a_layer(tmp_path):
    check_layer(lambda: TrainableSubsampling(pool_size=3, activation="tanh"), IMAGES, tmp_path)


@settings(max_examples=10, deadline=None)
@given(
    windows=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    left=st.tuples(st.integers(0, 2), st.integers(0, 2)),
    size=st.integers(1, 4),
    maps=st.integers(1, 3),
    seed=st.integers(0, 2**32 - 1),
)
def test_law_equals_block_sums(windows, left, size, maps, seed):
    rng = np.random.default_rng(seed)
    whole = [n * size for n in windows]
    sides = [side + min(rest, size - 1) for side, rest in zip(whole, left, strict=True)]
    images = rng.normal(size=(2, *sides, maps)).astype("float32")
    layer = TrainableSubsampling(pool_size=size, activation="tanh")
    layer.build(images.shape)
    coefficient, bias = rng.normal(size=(2, maps))
    layer.set_weights([coefficient, bias])
    sums = skimage.measure.block_reduce(
        images[:, : whole[0], : whole[1]].astype("float64"), (1, size, size, 1), np.sum
    )
    expected = np.tanh(coefficient * sums + bias)
    np.testing.assert_allclose(ops.convert_to_numpy(layer(images)), expected, atol=1e-5)


def test_is_average_pooling_at_the_start():
    result = ops.convert_to_numpy(TrainableSubsampling(pool_size=2)(IMAGES))
    expected = ops.convert_to_numpy(keras.layers.AveragePooling2D(2)(IMAGES))
    np.testing.assert_allclose(result, expected, atol=1e-6)


def test_parameter_count():
    for maps, count in ((6, 12), (16, 32)):  # S2 and S4 of LeNet-5
        layer = TrainableSubsampling()
        layer.build((None, None, None, maps))
        assert layer.count_params() == count


@pytest.mark.parametrize("value", [0, -1, 2.5, "3", None, True])
def test_bad_pool_sizes_are_named(value):
    message = f"`pool_size` must be a positive integer. Received: pool_size={value!r}"
    with pytest.raises(ValueError, match=message):
        TrainableSubsampling(pool_size=value)


def test_bad_inputs_are_refused():
    layer = TrainableSubsampling(pool_size=3)
    with pytest.raises(ValueError, match="must have a known size"):
        layer.build((None, 6, 6, None))
    with pytest.raises(ValueError, match="at least as large as a window of 3x3"):
        layer.build((None, 2, 6, 3))
    with pytest.raises(ValueError, match="at least as large as a window of 3x3"):
        layer.compute_output_shape((None, 6, 2, 3))
    with pytest.raises(ValueError, match="expected ndim=4"):
        layer(np.ones((6, 6, 3), "float32"))
    layer(IMAGES)
    with pytest.raises(ValueError, match="expected axis -1 of input shape to have value 3"):
        layer(np.ones((1, 6, 6, 4), "float32"))
