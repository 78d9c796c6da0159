"""`Pool2D` against Keras, PyTorch, finite differences and itself as loops."""

import re

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops
from scipy.signal import correlate2d

from nncourse._autodiff import gradient
from nncourse.scratch import Pool2D
from tests.scratch.finite_differences import differences
from tests.scratch.image_layers import geometries

KINDS = [("max", 2.0), ("mean", 2.0), ("lp", 1.0), ("lp", 2.0), ("lp", 3.5)]
POOLINGS = st.sampled_from(KINDS)


def drawn(geometry, pooling, method="vectorized", dtype=float):
    """A layer, its input, its outputs and a gradient for them."""
    rng = np.random.default_rng(geometry.seed)
    # No two pixels are equal or near 0, where the maximum and the norms have kinks.
    x = rng.permutation(np.arange(1, 1 + np.prod(geometry.shape))) / 8
    x = (x * rng.choice([-1, 1], x.shape)).reshape(geometry.shape).astype(dtype)
    kind, p = pooling
    layer = Pool2D(geometry.window, geometry.stride, geometry.padding, kind, p, method=method)
    y = layer.forward(x)
    return layer, x, y, rng.normal(size=y.shape).astype(dtype)


def of_keras(kind, geometry):
    """The same pooling in Keras, which pads an average with zeros that count: here they do not."""
    window, stride = geometry.window, geometry.stride

    def maximum(x):
        padded = ops.pad(x, geometry.border, constant_values=-1e9)
        return ops.max_pool(padded, window, stride, padding="valid")

    def mean(x):
        total, count = (
            ops.average_pool(ops.pad(part, geometry.border), window, stride, padding="valid")
            for part in (x, ops.ones_like(x))
        )
        return total / count

    return {"max": maximum, "mean": mean}[kind]


@pytest.mark.parametrize("kind", ["max", "mean"])
@settings(max_examples=10)  # JAX compiles every geometry anew
@given(geometry=geometries())
def test_law_it_equals_keras_forward_and_backward(kind, geometry):
    layer, x, y, dy = drawn(geometry, (kind, 2.0), dtype="float32")
    pooled = of_keras(kind, geometry)
    np.testing.assert_allclose(y, ops.convert_to_numpy(pooled(x)), rtol=1e-5)
    expected = gradient(lambda x: ops.sum(ops.multiply(pooled(x), dy)), x)
    np.testing.assert_allclose(layer.backward(dy), ops.convert_to_numpy(expected), atol=1e-5)


@pytest.mark.parametrize(
    ("kind", "theirs"),
    [("max", keras.layers.MaxPooling2D), ("mean", keras.layers.AveragePooling2D)],
)
def test_it_equals_keras_layers(kind, theirs):
    x = np.random.default_rng(0).normal(size=(2, 7, 9, 3)).astype("float32")
    expected = ops.convert_to_numpy(theirs((2, 3))(x))
    np.testing.assert_allclose(Pool2D((2, 3), kind=kind).forward(x), expected, atol=1e-6)


@pytest.mark.skipif(keras.backend.backend() != "torch", reason="PyTorch alone has Lp pooling")
@pytest.mark.parametrize("p", [2.0, 4.0])
@pytest.mark.parametrize("stride", [1, 2])
def test_lp_pooling_equals_pytorch(p, stride):
    import torch

    x = np.random.default_rng(0).normal(size=(2, 6, 7, 3))
    tensor = torch.tensor(np.moveaxis(x, -1, 1), requires_grad=True)
    pooled = torch.nn.functional.lp_pool2d(tensor, p, 3, stride)
    layer = Pool2D(3, stride, kind="lp", p=p)
    y = layer.forward(x)
    np.testing.assert_allclose(np.moveaxis(y, -1, 1), pooled.detach().numpy(), rtol=1e-9)
    pooled.sin().sum().backward()
    dx = layer.backward(np.cos(y))
    np.testing.assert_allclose(np.moveaxis(dx, -1, 1), tensor.grad.numpy(), atol=1e-9)


@settings(max_examples=60)
@given(geometries(), POOLINGS)
def test_law_the_loops_compute_the_same(geometry, pooling):
    layer, _, y, dy = drawn(geometry, pooling)
    loops, _, y_of_loops, _ = drawn(geometry, pooling, "loops")
    np.testing.assert_allclose(y, y_of_loops, rtol=1e-12)
    np.testing.assert_allclose(layer.backward(dy), loops.backward(dy), atol=1e-12)


@settings(max_examples=25)
@given(geometries(largest=5), POOLINGS)
def test_law_backward_equals_finite_differences(geometry, pooling):
    layer, x, _, weight = drawn(geometry, pooling)
    result = layer.backward(weight)
    expected = differences(lambda: (weight * layer.forward(x)).sum(), x)
    np.testing.assert_allclose(result, expected, atol=1e-6)


@settings(max_examples=40)
@given(geometries(), POOLINGS)
def test_law_padding_never_counts(geometry, pooling):
    """Each output is that of its window without the border, computed one by one."""
    layer, x, y, _ = drawn(geometry, pooling)
    norm = {
        "max": np.max,
        "mean": np.mean,
        "lp": lambda pixels: np.linalg.norm(pixels.ravel(), layer.p),
    }[layer.kind]
    for n, i, j, c in np.ndindex(y.shape):
        (top, bottom), (left, right) = (
            (max(0, at * s - p), at * s - p + size)
            for at, s, p, size in zip(
                (i, j), layer.stride, layer.padding, layer.window, strict=True
            )
        )
        assert np.isclose(y[n, i, j, c], norm(x[n, top:bottom, left:right, c]))


def test_worked_maxima_and_means():
    image = [[4, 1, 0, 2, 5], [1, -1, 6, -2, 4], [-3, 4, 1, 3, 2], [0, -3, 0, 5, -1]]
    kernel = [[6, 2, 1], [0, -2, 3], [2, -1, -4]]
    x = correlate2d(image, kernel, mode="same").reshape(1, 4, 5, 1)

    def pooled(*arguments, **options):
        return Pool2D(*arguments, **options).forward(x)[0, :, :, 0]

    assert pooled(2).tolist() == [[32, 16], [31, 44]]
    assert pooled(2, 1).tolist() == [[32, 32, 16, 18], [32, 32, 35, 35], [31, 44, 44, 35]]
    np.testing.assert_allclose(
        pooled(3, 1, kind="mean"),
        [[1.4444, 5.8889, 4.3333], [6.8889, 11.4444, 12.3333]],
        atol=5e-5,
    )


def test_worked_means_and_maxima_of_the_thesis():
    x = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
    x = np.reshape(x, (1, 5, 5, 1))
    mean = Pool2D(3, 1, kind="mean").forward(x)[0, :, :, 0]
    np.testing.assert_allclose(9 * mean, [[15, 15, 15], [9, 11, 16], [10, 7, 12]])
    largest = Pool2D(3, 1).forward(x)[0, :, :, 0]
    assert largest.tolist() == [[3, 3, 3], [3, 3, 3], [3, 2, 3]]


def one_window(x, **options):
    """The output of a window that is the whole input, and the gradient by it."""
    x = np.reshape(x, (1, 1, -1, 1))
    layer = Pool2D((1, x.shape[2]), **options)
    y = layer.forward(x)
    return y.item(), layer.backward(np.ones_like(y)).ravel()


def test_the_gradient_of_the_norm_has_the_sign_of_the_pixel():
    _, slopes = one_window([-1.5, 0.5, 2], kind="lp", p=3)
    np.testing.assert_allclose(slopes, [-0.44162, 0.04907, 0.78511], atol=5e-6)


def test_high_orders_come_near_the_maximum_and_do_not_overflow():
    y, slopes = one_window([3e5, -1e5, 2e5], kind="lp", p=300)
    np.testing.assert_allclose(y, 3e5)
    np.testing.assert_allclose(slopes, [1, 0, 0], atol=1e-12)


@pytest.mark.parametrize("p", [1, 2, 3.5])
def test_the_norm_of_zeros_passes_nothing_back(p):
    y, slopes = one_window([0.0, 0, 0], kind="lp", p=p)
    assert y == 0
    np.testing.assert_array_equal(slopes, 0)


@pytest.mark.parametrize("method", ["vectorized", "loops"])
def test_of_equal_maxima_the_first_gets_all(method):
    y, slopes = one_window([1.0, 4, 4, 4], method=method)
    assert y == 4
    assert slopes.tolist() == [0, 1, 0, 0]
    layer = Pool2D(2, method=method)
    layer.forward(np.zeros((2, 4, 4, 3)))  # as behind a ReLU that is off
    dx = layer.backward(np.ones((2, 2, 2, 3)))
    assert dx.sum() == 24
    assert set(dx.ravel()) == {0, 1}
    assert (dx[:, ::2, ::2] == 1).all()


def test_windows_that_overlap_add_up():
    layer = Pool2D((1, 2), 1)
    layer.forward(np.reshape([1.0, 5, 2], (1, 1, 3, 1)))
    assert layer.backward(np.reshape([10.0, 1], (1, 1, 2, 1))).ravel().tolist() == [0, 11, 0]


def test_negative_pixels_at_the_border_win_over_padding():
    for kind in ("max", "mean"):
        y = Pool2D(2, padding=1, kind=kind).forward(np.full((1, 2, 2, 1), -3.0))
        np.testing.assert_array_equal(y, -3.0)


@pytest.mark.parametrize("method", ["vectorized", "loops"])
@pytest.mark.parametrize(("kind", "p"), KINDS)
@pytest.mark.parametrize(
    ("given_as", "stays"),
    [("float64", "float64"), ("float32", "float32"), ("float16", "float32"), ("int64", "float64")],
)
def test_precision_is_kept(method, kind, p, given_as, stays):
    layer = Pool2D(3, 2, 1, kind, p, method=method)
    y = layer.forward(np.ones((1, 5, 5, 2), given_as))
    assert {y.dtype, layer.backward(np.ones(y.shape)).dtype} == {np.dtype(stays)}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"window": 0}, "`window` must be a positive integer. Received: window=0"),
        ({"stride": 0}, "`stride` must be a positive integer. Received: stride=0"),
        ({"padding": -1}, "`padding` must be an integer of 0 or more. Received: padding=-1"),
        ({"padding": 2}, "`padding` must be less than the window. Received: padding=2, window=2"),
        ({"window": (3, 2), "padding": 2}, "Received: padding=2, window=2"),
        ({"kind": "sum"}, "`kind` must be one of ('max', 'mean', 'lp'). Received: kind='sum'"),
        ({"p": 0.5}, "`p` must be a finite number of 1 or more. Received: p=0.5"),
        ({"p": float("inf")}, "`p` must be a finite number of 1 or more. Received: p=inf"),
        ({"p": float("nan")}, "`p` must be a finite number of 1 or more. Received: p=nan"),
        ({"method": "fast"}, "`method` must be one of ('vectorized', 'loops')"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Pool2D(**{"window": 2, **arguments})


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.ones((5, 5)), "`x` must have the shape (samples, height, width, channels)"),
        (np.full((1, 5, 5, 2), np.inf), "`x` must hold finite numbers"),
        (np.ones((1, 5, 1, 2)), "`window` must not be larger than the padded input"),
    ],
)
def test_bad_inputs_are_named(x, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Pool2D(2).forward(x)


def test_bad_gradients_are_named():
    layer = Pool2D(2)
    with pytest.raises(ValueError, match="`forward` must come first"):
        layer.backward(np.ones((1, 2, 2, 1)))
    layer.forward(np.ones((1, 4, 4, 1)))
    with pytest.raises(
        ValueError, match=r"outputs, \(1, 2, 2, 1\). Received: dy of shape \(2, 2\)"
    ):
        layer.backward(np.ones((2, 2)))
    with pytest.raises(ValueError, match="`dy` must hold finite numbers"):
        layer.backward(np.full((1, 2, 2, 1), np.nan))
