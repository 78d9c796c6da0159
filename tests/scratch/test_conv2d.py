"""`Conv2D` against Keras, the matrix C, finite differences and itself as loops."""

import re

import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from keras import ops
from scipy.signal import convolve2d, correlate2d

from nncourse._autodiff import gradient
from nncourse.scratch import Conv2D, convolution_matrix
from tests.scratch.finite_differences import differences
from tests.scratch.image_layers import geometries


def drawn(geometry, filters, method="vectorized", dtype=float):
    """A layer with a bias, its input, its outputs and a gradient for them."""
    rng = np.random.default_rng(geometry.seed)
    x = rng.normal(size=geometry.shape).astype(dtype)
    layer = Conv2D(
        filters, geometry.window, geometry.stride, geometry.padding, method=method, seed=0
    )
    layer.forward(x)
    layer.bias = rng.normal(size=filters)
    y = layer.forward(x)
    return layer, x, y, rng.normal(size=y.shape).astype(dtype)


@settings(max_examples=12)  # JAX compiles every geometry anew
@given(geometries(), st.integers(1, 3))
def test_law_it_equals_keras_forward_and_backward(geometry, filters):
    layer, x, y, dy = drawn(geometry, filters, dtype="float32")
    # Keras hands PyTorch kernels whose axes lie in another order. For one image it can't always
    # differentiate by them; for more, oneDNN (which TensorFlow calls too, unless told not to)
    # reads wrong rows of a single channel if the output is one column wide. The laws below hold.
    assume(geometry.samples > 1)
    assume(y.shape[2] > 1 or geometry.stride[1] == 1)

    def convolution(x, kernel, bias):
        padded = ops.pad(x, geometry.border)
        y = ops.conv(padded, kernel, strides=geometry.stride, padding="valid")
        return ops.add(y, bias)

    parts = [part.astype("float32") for part in (x, layer.kernel, layer.bias)]
    np.testing.assert_allclose(y, ops.convert_to_numpy(convolution(*parts)), atol=1e-5)
    expected = gradient(lambda *parts: ops.sum(ops.multiply(convolution(*parts), dy)), parts)
    results = layer.backward(dy), *layer.gradients
    for result, tensor in zip(results, expected, strict=True):
        np.testing.assert_allclose(result, ops.convert_to_numpy(tensor), atol=1e-4)


@pytest.mark.parametrize(("padding", "name"), [(0, "valid"), ("half", "same")])
@pytest.mark.parametrize("kernel_size", [(3, 3), (5, 1)])
def test_it_equals_keras_layer(padding, name, kernel_size):
    theirs = keras.layers.Conv2D(4, kernel_size, padding=name, bias_initializer="glorot_uniform")
    x = np.random.default_rng(0).normal(size=(2, 9, 8, 3)).astype("float32")
    expected = ops.convert_to_numpy(theirs(x))
    ours = Conv2D(4, kernel_size, padding=padding)
    assert ours.forward(x).shape == expected.shape
    ours.kernel, ours.bias = theirs.get_weights()
    np.testing.assert_allclose(ours.forward(x), expected, atol=1e-5)


@settings(max_examples=60)
@given(geometries(), st.integers(1, 3))
def test_law_the_loops_compute_the_same(geometry, filters):
    layer, _, y, dy = drawn(geometry, filters)
    loops, _, y_of_loops, _ = drawn(geometry, filters, "loops")
    np.testing.assert_allclose(y, y_of_loops, atol=1e-12)
    for one, other in zip(
        (layer.backward(dy), *layer.gradients), (loops.backward(dy), *loops.gradients), strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-12)


@settings(max_examples=60)
@given(geometries(), st.integers(1, 3))
def test_law_each_pair_of_channels_is_a_matrix(geometry, filters):
    """Forward C of every pair, added up over the input's channels; backward C transposed."""
    layer, x, y, dy = drawn(geometry, filters)
    dx = layer.backward(dy)
    size, stride, padding = geometry.size, geometry.stride, geometry.padding
    C = [
        [
            convolution_matrix(layer.kernel[:, :, c, f], size, stride, padding)
            for f in range(filters)
        ]
        for c in range(geometry.channels)
    ]
    for n in range(geometry.samples):
        for f in range(filters):
            expected = sum(C[c][f] @ x[n, :, :, c].ravel() for c in range(geometry.channels))
            np.testing.assert_allclose(y[n, :, :, f].ravel(), expected + layer.bias[f], atol=1e-12)
        for c in range(geometry.channels):
            expected = sum(C[c][f].T @ dy[n, :, :, f].ravel() for f in range(filters))
            np.testing.assert_allclose(dx[n, :, :, c].ravel(), expected, atol=1e-12)


@settings(max_examples=15)
@given(geometries(largest=5), st.integers(1, 2))
def test_law_backward_equals_finite_differences(geometry, filters):
    layer, x, y, weight = drawn(geometry, filters)

    def loss():
        return (weight * np.sin(layer.forward(x))).sum()

    results = layer.backward(weight * np.cos(y)), *layer.gradients
    for result, array in zip(results, (x, layer.kernel, layer.bias), strict=True):
        np.testing.assert_allclose(result, differences(loss, array), atol=1e-7)


def test_the_kernels_gradient_is_a_correlation_and_the_inputs_a_full_convolution():
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(6, 7)), rng.normal(size=(4, 6))
    layer = Conv2D(1, (3, 2), seed=0)
    layer.forward(x[None, ..., None])
    dx = layer.backward(dy[None, ..., None])[0, :, :, 0]
    kernel = layer.kernel[:, :, 0, 0]
    np.testing.assert_allclose(layer.gradients[0][:, :, 0, 0], correlate2d(x, dy, mode="valid"))
    np.testing.assert_allclose(dx, convolve2d(dy, kernel, mode="full"))
    assert np.abs(dx - correlate2d(dy, kernel, mode="full")).max() > 0.1, "the kernel is turned"


X = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
K = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]


@pytest.mark.parametrize("method", ["vectorized", "loops"])
@pytest.mark.parametrize(
    ("stride", "padding", "expected"),
    [
        (1, 0, [[12, 12, 17], [10, 17, 19], [9, 6, 14]]),
        (2, 1, [[6, 17, 3], [8, 17, 13], [6, 4, 4]]),
        (
            1,
            "half",
            [
                [6, 14, 17, 11, 3],
                [14, 12, 12, 17, 11],
                [8, 10, 17, 19, 13],
                [11, 9, 6, 14, 12],
                [6, 4, 4, 6, 4],
            ],
        ),
    ],
)
def test_worked_tables(method, stride, padding, expected):
    layer = Conv2D(1, 3, stride, padding, method=method)
    x = np.reshape(X, (1, 5, 5, 1))
    layer.forward(x)
    layer.kernel = np.reshape(K, (3, 3, 1, 1)).astype(float)
    np.testing.assert_allclose(layer.forward(x)[0, :, :, 0], expected, atol=1e-12)


def test_full_padding_touches_each_pixel_with_each_element():
    layer = Conv2D(1, (2, 3), padding="full", seed=0)
    y = layer.forward(np.ones((1, 1, 1, 1)))
    np.testing.assert_array_equal(y[0, :, :, 0], layer.kernel[::-1, ::-1, 0, 0])


def test_one_pixel_kernels_are_a_dense_layer_at_every_pixel():
    x = np.random.default_rng(0).normal(size=(2, 4, 3, 5))
    layer = Conv2D(7, 1, seed=0)
    np.testing.assert_allclose(layer.forward(x), x @ layer.kernel[0, 0])


@pytest.mark.parametrize("method", ["vectorized", "loops"])
@pytest.mark.parametrize(
    ("given_as", "stays"),
    [("float64", "float64"), ("float32", "float32"), ("float16", "float32"), ("int64", "float64")],
)
def test_precision_is_kept(method, given_as, stays):
    layer = Conv2D(2, 3, padding=1, method=method, seed=0)
    y = layer.forward(np.ones((1, 4, 4, 1), given_as))
    assert {y.dtype, layer.backward(np.ones(y.shape)).dtype} == {np.dtype(stays)}
    assert {part.dtype for part in layer.gradients} == {np.dtype(stays)}


def test_the_start_is_he_s_and_of_the_seed():
    x = np.ones((1, 8, 8, 32))
    layers = [Conv2D(64, 5, seed=seed) for seed in (0, 0, 1)]
    for layer in layers:
        layer.forward(x)
    first, second, other = layers
    assert first.kernel.shape == (5, 5, 32, 64)
    assert (first.kernel == second.kernel).all()
    assert (first.kernel != other.kernel).any()
    np.testing.assert_allclose(first.kernel.std(), np.sqrt(2 / (5 * 5 * 32)), rtol=0.02)
    np.testing.assert_array_equal(first.bias, np.zeros(64))


def test_nothing_that_is_given_changes_and_gradients_do_not_add_up():
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(2, 5, 5, 2)), rng.normal(size=(2, 3, 3, 4))
    copies = x.copy(), dy.copy()
    for method in ("vectorized", "loops"):
        layer = Conv2D(4, 3, method=method, seed=0)
        layer.forward(x)
        first = layer.backward(dy), *layer.gradients
        second = layer.backward(dy), *layer.gradients
        for one, other in zip(first, second, strict=True):
            np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(x, copies[0])
    np.testing.assert_array_equal(dy, copies[1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"filters": 0}, "`filters` must be a positive integer. Received: filters=0"),
        ({"filters": 2.0}, "`filters` must be a positive integer. Received: filters=2.0"),
        ({"kernel_size": 0}, "`kernel_size` must be a positive integer"),
        ({"kernel_size": (3, 3, 3)}, "`kernel_size` must be one number, or two"),
        ({"stride": 0}, "`stride` must be a positive integer. Received: stride=0"),
        ({"stride": (1, -1)}, "`stride` must be a positive integer. Received: stride=-1"),
        ({"padding": -1}, "`padding` must be an integer of 0 or more. Received: padding=-1"),
        ({"padding": "same"}, "`padding` must be a number, 'half' or 'full'"),
        ({"padding": "half", "kernel_size": (3, 2)}, "an even one has no center"),
        ({"method": "fast"}, "`method` must be one of ('vectorized', 'loops')"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Conv2D(**{"filters": 2, "kernel_size": 3, **arguments})


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.ones((5, 5, 2)), "`x` must have the shape (samples, height, width, channels)"),
        (np.ones((0, 5, 5, 2)), "Received: x of shape (0, 5, 5, 2)"),
        (
            np.full((1, 5, 5, 2), np.nan),
            "`x` must hold finite numbers. Received: x[0, 0, 0, 0]=nan",
        ),
        (np.ones((1, 5, 2, 2)), "`kernel` must not be larger than the padded input"),
    ],
)
def test_bad_inputs_are_named(x, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Conv2D(2, 3).forward(x)


def test_inputs_of_other_channels_are_named():
    layer = Conv2D(2, 3)
    layer.forward(np.ones((1, 5, 5, 2)))
    with pytest.raises(ValueError, match=r"\(samples, height, width, 2\).*\(1, 5, 5, 3\)"):
        layer.forward(np.ones((1, 5, 5, 3)))


def test_bad_gradients_are_named():
    layer = Conv2D(2, 3)
    with pytest.raises(ValueError, match="`forward` must come first"):
        layer.backward(np.ones((1, 3, 3, 2)))
    layer.forward(np.ones((1, 5, 5, 1)))
    with pytest.raises(
        ValueError, match=r"outputs, \(1, 3, 3, 2\). Received: dy of shape \(3, 3\)"
    ):
        layer.backward(np.ones((3, 3)))
    with pytest.raises(ValueError, match="`dy` must hold finite numbers"):
        layer.backward(np.full((1, 3, 3, 2), np.inf))
