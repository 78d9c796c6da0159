import itertools

import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from keras import ops
from scipy import signal

from nncourse.scratch import (
    conv_output_size,
    convolution_matrix,
    stretch,
    transposed_conv,
    transposed_conv2d,
    transposed_output_size,
)

few = settings(max_examples=15, deadline=None)  # a layer of Keras is slow to make


@st.composite
def axes(draw):
    """i', k, s, p and a of an axis that has an output."""
    i, k, s = draw(st.integers(1, 6)), draw(st.integers(1, 5)), draw(st.integers(1, 4))
    p, a = draw(st.integers(0, k - 1)), draw(st.integers(0, s - 1))
    assume(s * (i - 1) + a + k > 2 * p)
    return i, k, s, p, a


def drawn(vertical, horizontal, seed):
    """An image, a kernel and the options, those of one axis beside those of the other."""
    shape, kernel_shape, stride, padding, extra = zip(vertical, horizontal, strict=True)
    rng = np.random.default_rng(seed)
    image, kernel = rng.normal(size=shape), rng.normal(size=kernel_shape)
    return image, kernel, {"stride": stride, "padding": padding, "extra": extra}


def direct(image, kernel, stride, padding, extra):
    """The size of the direct convolution's input, and its matrix."""
    size = tuple(map(transposed_output_size, image.shape, kernel.shape, stride, padding, extra))
    return size, convolution_matrix(kernel, size, stride, padding)


@given(axes(), axes(), st.integers(0, 999))
@settings(max_examples=150, deadline=None)
def test_it_multiplies_by_the_transpose(vertical, horizontal, seed):
    image, kernel, options = drawn(vertical, horizontal, seed)
    for axis in (vertical, horizontal):  # the kernel may be larger than the direct input
        assume(axis[1] <= transposed_output_size(*axis) + 2 * axis[3])
    size, C = direct(image, kernel, **options)
    expected = (C.T @ image.ravel()).reshape(size)
    np.testing.assert_allclose(transposed_conv2d(image, kernel, **options), expected, atol=1e-12)


def test_it_multiplies_by_the_transpose_for_every_extra():
    rng = np.random.default_rng(0)
    for k, s in itertools.product(range(1, 5), range(1, 5)):
        for p, a in itertools.product(range(k), range(s)):
            image, kernel = rng.normal(size=(4, 4)), rng.normal(size=(k, k))
            size = transposed_output_size(4, k, s, p, a)
            C = convolution_matrix(kernel, size, s, p)
            expected = (C.T @ image.ravel()).reshape(size, size)
            y = transposed_conv2d(image, kernel, s, p, a)
            np.testing.assert_allclose(y, expected, atol=1e-12)


@given(axes(), axes(), st.integers(0, 999))
@few
def test_it_equals_keras(vertical, horizontal, seed):
    """Keras has no number for the padding: p rows of its `valid` output are cut off all around."""
    image, kernel, options = drawn(vertical, horizontal, seed)
    layer = keras.layers.Conv2DTranspose(
        1,
        kernel.shape,
        strides=options["stride"],
        padding="valid",
        output_padding=options["extra"],
        use_bias=False,
    )
    layer.build((1, *image.shape, 1))
    layer.set_weights([kernel[..., None, None].astype("float32")])
    y = ops.convert_to_numpy(layer(image[None, ..., None].astype("float32")))[0, :, :, 0]
    p, q = options["padding"]
    y = y[p : y.shape[0] - p, q : y.shape[1] - q]
    ours = transposed_conv2d(image, kernel, **options)
    np.testing.assert_allclose(ours, y, rtol=1e-5, atol=1e-5)


@pytest.mark.skipif(keras.backend.backend() != "torch", reason="PyTorch need not be there")
@given(axes(), axes(), st.integers(0, 999))
@settings(max_examples=100, deadline=None)
def test_it_equals_pytorch(vertical, horizontal, seed):
    import torch

    image, kernel, options = drawn(vertical, horizontal, seed)
    y = torch.nn.functional.conv_transpose2d(
        torch.from_numpy(image)[None, None],
        torch.from_numpy(kernel)[None, None],
        stride=options["stride"],
        padding=options["padding"],
        output_padding=options["extra"],
    )
    ours = transposed_conv2d(image, kernel, **options)
    np.testing.assert_allclose(ours, y[0, 0].numpy(), atol=1e-12)


@given(axes(), axes(), st.integers(0, 999))
@settings(max_examples=100, deadline=None)
def test_it_stamps_the_kernel_once_for_every_pixel(vertical, horizontal, seed):
    image, kernel, options = drawn(vertical, horizontal, seed)
    (s, t), (p, q), (a, b) = options.values()
    (h, w), (m, n) = image.shape, kernel.shape
    canvas = np.zeros((s * (h - 1) + m + a, t * (w - 1) + n + b))
    for (i, j), pixel in np.ndenumerate(image):
        canvas[s * i : s * i + m, t * j : t * j + n] += pixel * kernel
    expected = canvas[p : canvas.shape[0] - p, q : canvas.shape[1] - q]
    np.testing.assert_allclose(transposed_conv2d(image, kernel, **options), expected, atol=1e-12)


def by_scipy(image, kernel, geometry, above=0, below=0):
    """The direct convolution that a `TransposedConv` describes."""
    s = (geometry.stretched_size - 1) // max(geometry.input_size - 1, 1) or 1
    stretched = np.zeros((geometry.stretched_size, geometry.stretched_size))
    stretched[::s, ::s] = image
    p = geometry.padding
    padded = np.pad(stretched, ((p + above, p + below), (p, p + geometry.extra)))
    return signal.correlate2d(padded, kernel, mode="valid")


@given(st.integers(1, 12), st.integers(1, 5), st.integers(1, 4), st.integers(0, 4))
@settings(max_examples=150, deadline=None)
def test_the_geometry_is_that_of_the_transpose(size, k, stride, padding):
    assume(padding < k <= size + 2 * padding)
    geometry = transposed_conv(size, k, stride, padding)
    rng = np.random.default_rng(size)
    image = rng.normal(size=(geometry.input_size, geometry.input_size))
    kernel = rng.normal(size=(k, k))
    C = convolution_matrix(kernel, size, stride, padding)
    expected = (C.T @ image.ravel()).reshape(size, size)
    y = by_scipy(image, kernel[::-1, ::-1], geometry, below=geometry.extra)
    np.testing.assert_allclose(y, expected, atol=1e-12)


def test_neither_the_unturned_kernel_nor_extra_rows_on_top_are_the_transpose():
    rng = np.random.default_rng(0)
    image, kernel = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    C = convolution_matrix(kernel, 6, stride=2, padding=1)
    right = (C.T @ image.ravel()).reshape(6, 6)
    np.testing.assert_allclose(transposed_conv2d(image, kernel, 2, 1, 1), right)
    geometry, turned = transposed_conv(6, 3, 2, 1), kernel[::-1, ::-1]
    np.testing.assert_allclose(by_scipy(image, turned, geometry, below=1), right)
    assert np.abs(by_scipy(image, turned, geometry, above=1) - right).max() > 0.5
    assert np.abs(by_scipy(image, kernel, geometry, below=1) - right).max() > 0.5


def test_a_convolution_goes_back_to_its_own_size():
    rng = np.random.default_rng(0)
    for size, k, s, p in itertools.product(range(3, 9), (2, 3), (1, 2, 3), (0, 1)):
        geometry, o = transposed_conv(size, k, s, p), conv_output_size(size, k, s, p)
        y = transposed_conv2d(rng.normal(size=(o, o)), np.ones((k, k)), s, p, geometry.extra)
        assert y.shape == (size, size)


def test_stretch_puts_zeros_between():
    image = np.arange(1, 7).reshape(2, 3)
    expected = [[1, 0, 2, 0, 3], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [4, 0, 5, 0, 6]]
    np.testing.assert_array_equal(stretch(image, (3, 2)), expected)
    np.testing.assert_array_equal(stretch(image, 1), image)
    np.testing.assert_array_equal(stretch([[7]], 5), [[7]])
    assert stretch(image.astype("float32"), 2).dtype == np.float32


ONE = [[1.0]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: stretch([1, 2], 2), r"`image` must have the shape \(height, width\)"),
        (lambda: stretch([[np.inf]], 2), "`image` must hold finite numbers"),
        (lambda: stretch(ONE, 0), "`stride` must be a positive integer"),
        (lambda: stretch(ONE, (1, 2, 3)), "`stride` must be one number, or two"),
        (lambda: transposed_conv2d(np.ones((2, 2, 1)), ONE), "Take one channel at a time"),
        (lambda: transposed_conv2d(ONE, [1.0]), "`kernel` must have the shape"),
        (lambda: transposed_conv2d(ONE, [[np.nan]]), "`kernel` must hold finite numbers"),
        (lambda: transposed_conv2d(ONE, np.ones((3, 3)), stride=0), "`stride` must be a positive"),
        (lambda: transposed_conv2d(ONE, np.ones((3, 3)), padding=-1), "`padding` must be an int"),
        (lambda: transposed_conv2d(ONE, np.ones((3, 3)), padding=3), "less than the kernel"),
        (lambda: transposed_conv2d(ONE, np.ones((3, 3)), padding=2), "would give -1"),
        (lambda: transposed_conv2d(ONE, np.ones((3, 3)), 2, extra=2), "less than the stride"),
        (lambda: transposed_conv2d(ONE, np.ones((3, 3)), 2, extra=-1), "`extra` must be an int"),
        (lambda: transposed_conv2d(ONE, np.ones((3, 2)), padding=(0, 2)), "less than the kernel"),
        (lambda: transposed_conv2d(ONE, ONE, (1, 2), extra=(1, 0)), "less than the stride"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
