import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from keras import ops
from scipy import linalg, sparse

from nncourse._autodiff import gradient
from nncourse.scratch import convolution_matrix, correlate2d

few = settings(max_examples=15, deadline=None)  # a layer of Keras is slow to make
both = st.tuples
geometries = st.fixed_dictionaries(
    {
        "size": both(st.integers(1, 9), st.integers(1, 9)),
        "kernel": both(st.integers(1, 4), st.integers(1, 4)),
        "stride": both(st.integers(1, 3), st.integers(1, 3)),
        "padding": both(st.integers(0, 4), st.integers(0, 4)),
        "dilation": both(st.integers(1, 3), st.integers(1, 3)),
        "seed": st.integers(0, 999),
    }
)


def drawn(g):
    """An image, a kernel, and the options of a geometry in which the kernel fits."""
    for i, k, p, d in zip(g["size"], g["kernel"], g["padding"], g["dilation"], strict=True):
        assume(d * (k - 1) + 1 <= i + 2 * p)
    rng = np.random.default_rng(g["seed"])
    image, kernel = rng.normal(size=g["size"]), rng.normal(size=g["kernel"])
    return image, kernel, {name: g[name] for name in ("stride", "padding", "dilation")}


def by_loops(image, kernel, stride, padding, dilation):
    """Sums the products output by output, one pixel at a time."""
    (p, q), (s, t), (d, e) = padding, stride, dilation
    padded = np.pad(image, ((p, p), (q, q)))
    m, n = kernel.shape
    rows = []
    for top in range(0, padded.shape[0] - d * (m - 1), s):
        row = []
        for left in range(0, padded.shape[1] - e * (n - 1), t):
            pairs = ((u, v) for u in range(m) for v in range(n))
            row.append(sum(kernel[u, v] * padded[top + d * u, left + e * v] for u, v in pairs))
        rows.append(row)
    return np.array(rows)


@given(geometries)
@settings(max_examples=150, deadline=None)
def test_it_is_the_convolution(geometry):
    image, kernel, options = drawn(geometry)
    expected = by_loops(image, kernel, **options)
    C = convolution_matrix(kernel, image.shape, **options)
    assert isinstance(C, sparse.csr_array)
    assert C.shape == (expected.size, image.size)
    np.testing.assert_allclose(C @ image.ravel(), expected.ravel(), atol=1e-12)


def keras_layer(kernel, **options):
    layer = keras.layers.Conv2D(1, kernel.shape, use_bias=False, **options)
    layer.build((1, None, None, 1))
    layer.set_weights([kernel[..., None, None].astype("float32")])
    return layer


def padded_batch(image, padding):
    image = ops.convert_to_tensor(image[None, ..., None].astype("float32"))
    return keras.layers.ZeroPadding2D(padding)(image)


@given(geometries)
@few
def test_it_equals_keras(geometry):
    image, kernel, options = drawn({**geometry, "dilation": (1, 1)})
    y = keras_layer(kernel, strides=options["stride"])(padded_batch(image, options["padding"]))
    C = convolution_matrix(kernel, image.shape, **options)
    np.testing.assert_allclose(
        C @ image.ravel(), ops.convert_to_numpy(y).ravel(), rtol=1e-5, atol=1e-5
    )


@given(geometries)
@few
def test_dilation_equals_keras(geometry):
    image, kernel, options = drawn({**geometry, "stride": (1, 1)})  # Keras has not both
    layer = keras_layer(kernel, dilation_rate=options["dilation"])
    y = ops.convert_to_numpy(layer(padded_batch(image, options["padding"])))
    C = convolution_matrix(kernel, image.shape, **options)
    np.testing.assert_allclose(C @ image.ravel(), y.ravel(), rtol=1e-5, atol=1e-5)


@given(geometries)
@few
def test_its_transpose_is_the_backward_pass(geometry):
    """The gradient of sum(y * g) with respect to the image, where g is any gradient of y."""
    image, kernel, options = drawn({**geometry, "dilation": (1, 1)})
    layer = keras_layer(kernel, strides=options["stride"])
    C = convolution_matrix(kernel, image.shape, **options)
    g = np.random.default_rng(geometry["seed"] + 1).normal(size=len(C @ image.ravel()))

    def inner_product(x):
        y = layer(keras.layers.ZeroPadding2D(options["padding"])(x))
        return ops.sum(ops.reshape(y, (-1,)) * ops.convert_to_tensor(g.astype("float32")))

    slope = gradient(inner_product, image[None, ..., None].astype("float32"))
    np.testing.assert_allclose(C.T @ g, ops.convert_to_numpy(slope).ravel(), rtol=1e-5, atol=1e-5)


@given(st.integers(1, 12), st.integers(1, 6), st.integers(0, 999))
def test_one_axis_equals_scipy(size, length, seed):
    """SciPy's matrix is that of the convolution that turns the kernel."""
    assume(length <= size)
    kernel = np.random.default_rng(seed).normal(size=length)
    for mode, padding in (("valid", 0), ("full", length - 1)):
        expected = linalg.convolution_matrix(kernel[::-1], size, mode)
        C = convolution_matrix(kernel[None], (1, size), padding=(0, padding))
        np.testing.assert_array_equal(C.toarray(), expected)


def test_the_matrix_of_the_paper():
    kernel = np.arange(1, 10).reshape(3, 3)
    expected = [
        [1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0],
        [0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0],
        [0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0],
        [0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9],
    ]
    C = convolution_matrix(kernel, 4)
    assert C.nnz == 36
    np.testing.assert_array_equal(C.toarray(), expected)


def test_the_known_answer_with_padding_and_stride():
    image = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
    kernel = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]
    x = np.ravel(image)
    assert (convolution_matrix(kernel, 5) @ x).tolist() == [12, 12, 17, 10, 17, 19, 9, 6, 14]
    strided = convolution_matrix(kernel, 5, stride=2, padding=1) @ x
    assert strided.tolist() == [6, 17, 3, 8, 17, 13, 6, 4, 4]


def test_pixels_that_no_kernel_reaches_have_empty_columns():
    C = convolution_matrix(np.ones((3, 3)), 6, stride=2)
    unread = C.sum(axis=0).reshape(6, 6) == 0
    assert unread.sum() == 11
    assert unread[5].all()
    assert unread[:, 5].all()


def test_stride_takes_some_of_the_rows():
    kernel = np.random.default_rng(0).normal(size=(2, 3))
    every = convolution_matrix(kernel, (7, 8), padding=1).toarray().reshape(8, 8, 56)
    some = convolution_matrix(kernel, (7, 8), stride=(2, 3), padding=1).toarray()
    np.testing.assert_array_equal(some, every[::2, ::3].reshape(-1, 56))


def test_it_is_what_correlate2d_does():
    rng = np.random.default_rng(0)
    image, kernel = rng.normal(size=(6, 7)), rng.normal(size=(3, 2))
    C = convolution_matrix(kernel, image.shape)
    expected = correlate2d(image, kernel, mode="valid")
    np.testing.assert_allclose((C @ image.ravel()).reshape(4, 6), expected)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: convolution_matrix([1, 2], 4), r"`kernel` must have the shape \(height, width\)"),
        (lambda: convolution_matrix(np.ones((3, 3, 1)), 4), "Take one channel at a time"),
        (lambda: convolution_matrix([[np.nan]], 4), "`kernel` must hold finite numbers"),
        (lambda: convolution_matrix(np.ones((3, 3)), 2), "larger than the padded input"),
        (lambda: convolution_matrix(np.ones((3, 3)), (4, 2)), "reach of 3, a padded input of 2"),
        (lambda: convolution_matrix(np.ones((3, 3)), 4, dilation=2), "reach of 5"),
        (lambda: convolution_matrix([[1]], 0), "`size` must be a positive integer"),
        (lambda: convolution_matrix([[1]], (1, 2, 3)), "`size` must be one number, or two"),
        (lambda: convolution_matrix([[1]], 4, stride=0), "`stride` must be a positive integer"),
        (lambda: convolution_matrix([[1]], 4, padding=-1), "`padding` must be an integer of 0"),
        (lambda: convolution_matrix([[1]], 4, dilation=0), "`dilation` must be a positive"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
