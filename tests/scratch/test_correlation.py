import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from nncourse.scratch import convolve2d, correlate2d

MODES = ("full", "same", "valid")
SIZES = st.tuples(st.integers(1, 9), st.integers(1, 9))
KERNELS = st.tuples(st.integers(1, 5), st.integers(1, 5))

# Worked by hand in the documents that the course is based on.
X = [[4, 1, 0, 2, 5], [1, -1, 6, -2, 4], [-3, 4, 1, 3, 2], [0, -3, 0, 5, -1]]
K = [[6, 2, 1], [0, -2, 3], [2, -1, -4]]
FULL_CORRELATION = [
    [-16, -8, 7, -6, -22, -1, 10],
    [8, -2, -23, 6, 9, -18, 8],
    [19, -9, 32, -15, 16, 18, 34],
    [-8, 31, 8, -15, 35, 3, 22],
    [-3, -11, -3, 44, 1, 24, 12],
    [0, -3, -6, -13, 9, 28, -6],
]
FULL_CONVOLUTION = [
    [24, 14, 6, 13, 34, 12, 5],
    [6, -12, 45, 2, 22, 2, 19],
    [-10, 14, -1, 9, 49, -20, -6],
    [2, -15, -14, 31, -13, 12, -11],
    [-6, 11, 16, -20, -13, 3, -11],
    [0, -6, 3, 22, -7, -19, 4],
]
X_GUIDE = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
K_GUIDE = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]
SAME_GUIDE = [
    [6, 14, 17, 11, 3],
    [14, 12, 12, 17, 11],
    [8, 10, 17, 19, 13],
    [11, 9, 6, 14, 12],
    [6, 4, 4, 6, 4],
]


def arrays(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.integers(-9, 10, shape) for shape in shapes]


@pytest.mark.parametrize(
    ("slide", "x", "k", "mode", "expected"),
    [
        (convolve2d, [[4, -1, 0, 2, 3]], [[6, -4, 1]], "full", [[24, -22, 8, 11, 10, -10, 3]]),
        (correlate2d, [[4, -1, 0, 2, 3]], [[6, -4, 1]], "full", [[4, -17, 28, -4, -5, 0, 18]]),
        (correlate2d, X, K, "full", FULL_CORRELATION),
        (correlate2d, X, K, "valid", [[32, -15, 16], [8, -15, 35]]),
        (correlate2d, X, K, "same", [row[1:-1] for row in FULL_CORRELATION[1:-1]]),
        (convolve2d, X, K, "full", FULL_CONVOLUTION),
        (convolve2d, X, K, "valid", [[-1, 9, 49], [-14, 31, -13]]),
        (
            convolve2d,
            X,
            K,
            "same",
            [
                [-12, 45, 2, 22, 2],
                [14, -1, 9, 49, -20],
                [-15, -14, 31, -13, 12],
                [11, 16, -20, -13, 3],
            ],
        ),
        (correlate2d, X_GUIDE, K_GUIDE, "valid", [[12, 12, 17], [10, 17, 19], [9, 6, 14]]),
        (correlate2d, X_GUIDE, K_GUIDE, "same", SAME_GUIDE),
        (convolve2d, X_GUIDE, K_GUIDE, "valid", [[18, 20, 19], [10, 9, 17], [11, 8, 14]]),
    ],
)
def test_worked_tables(slide, x, k, mode, expected):
    np.testing.assert_array_equal(slide(x, k, mode=mode), expected)


@pytest.mark.parametrize(
    ("x", "k", "expected"),
    [
        (X_GUIDE, K_GUIDE, [[6, 17, 3], [8, 17, 13], [6, 4, 4]]),
        ([*X, [5, 2, -2, 1, 0]], K, [[-2, 6, -18], [31, -15, 3], [-7, -6, 28]]),
    ],
)
def test_worked_tables_with_stride_2(x, k, expected):
    np.testing.assert_array_equal(correlate2d(x, k, "same", stride=2), expected)


def test_kernels_on_one_gray_value():
    """Their sums: sharpening keeps brightness, edges are blind to it, the blur is a mean."""
    sharpen = [[0, -2, 0], [-2, 9, -2], [0, -2, 0]]
    edges = [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]
    blur = np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1])
    gray = np.full((7, 8), 3)
    for kernel, total in ((sharpen, 1), (edges, 0), (blur, 256)):
        np.testing.assert_array_equal(correlate2d(gray, kernel, "valid"), 3 * total)


def test_pixels_under_a_kernel_at_the_border():
    inside = correlate2d(np.ones((5, 5)), np.ones((3, 3)), "same")
    assert (inside[0, 4], inside[0, 2], inside[2, 2]) == (4, 6, 9)


@settings(max_examples=150, deadline=None)
@given(SIZES, KERNELS, st.sampled_from(MODES), st.integers(1, 4), st.integers(1, 4), st.integers(0))
def test_law_equal_to_scipy(size, window, mode, down, right, seed):
    if mode != "full":  # SciPy's other modes would exchange the two where the kernel is larger
        size = tuple(np.maximum(size, window))
    x, k = arrays(seed, size, window)
    for ours, theirs in ((correlate2d, signal.correlate2d), (convolve2d, signal.convolve2d)):
        whole = theirs(x, k, mode=mode)
        np.testing.assert_array_equal(ours(x, k, mode), whole)
        np.testing.assert_array_equal(ours(x, k, mode, (down, right)), whole[::down, ::right])
        np.testing.assert_array_equal(ours(x, k, mode, down), whole[::down, ::down])


@settings(max_examples=50, deadline=None)
@given(SIZES, KERNELS, st.sampled_from(MODES), st.integers(1, 3), st.integers(0))
def test_law_equal_to_loops(size, window, mode, stride, seed):
    """Pixel by pixel, from the formula: it knows nothing of SciPy, nor of even kernels there."""
    x, k = arrays(seed, tuple(np.maximum(size, window)), window)
    (h, w), (m, n) = x.shape, k.shape
    above, left = {"full": (m - 1, n - 1), "same": ((m - 1) // 2, (n - 1) // 2), "valid": (0, 0)}[
        mode
    ]
    rows = {"full": h + m - 1, "same": h, "valid": h - m + 1}[mode]
    columns = {"full": w + n - 1, "same": w, "valid": w - n + 1}[mode]
    expected = np.zeros((-(-rows // stride), -(-columns // stride)))
    for i, j in np.ndindex(expected.shape):
        for u, v in np.ndindex(k.shape):
            row, column = stride * i + u - above, stride * j + v - left
            if 0 <= row < h and 0 <= column < w:
                expected[i, j] += k[u, v] * x[row, column]
    np.testing.assert_array_equal(correlate2d(x, k, mode, stride), expected)


@settings(max_examples=40, deadline=None)
@given(SIZES, KERNELS, KERNELS, st.integers(0))
def test_law_convolution_commutes_and_associates(size, window, other, seed):
    x, k, m = arrays(seed, size, window, other)
    np.testing.assert_array_equal(convolve2d(x, k), convolve2d(k, x))
    np.testing.assert_array_equal(convolve2d(convolve2d(x, k), m), convolve2d(x, convolve2d(k, m)))
    np.testing.assert_array_equal(correlate2d(x, k), correlate2d(k, x)[::-1, ::-1])


@settings(max_examples=40, deadline=None)
@given(SIZES, KERNELS, st.integers(0))
def test_law_they_agree_for_kernels_that_a_turn_leaves_alone_and_for_no_others(size, window, seed):
    x, k = arrays(seed, size, window)
    symmetric = k + k[::-1, ::-1]
    np.testing.assert_array_equal(correlate2d(x, symmetric), convolve2d(x, symmetric))
    dot = np.pad([[1]], 5)  # "full" has no center to round, so even kernels obey too
    agree = np.array_equal(correlate2d(dot, k), convolve2d(dot, k))
    assert agree == np.array_equal(k, k[::-1, ::-1])


@settings(max_examples=30, deadline=None)
@given(KERNELS, st.integers(0, 3), st.integers(0, 3), st.integers(0))
def test_law_a_shifted_image_gives_a_shifted_output(window, down, right, seed):
    image, k = arrays(seed, (4, 5), window)
    x = np.pad(image, ((0, 3), (0, 3)))
    for slide in (correlate2d, convolve2d):
        shifted = slide(np.roll(x, (down, right), (0, 1)), k)
        np.testing.assert_array_equal(shifted, np.roll(slide(x, k), (down, right), (0, 1)))


@settings(max_examples=30, deadline=None)
@given(SIZES, st.integers(1, 5), st.integers(1, 5), st.integers(0))
def test_law_a_separable_kernel_in_two_passes(size, m, n, seed):
    x, column, row = arrays(seed, size, (m, 1), (1, n))
    for slide in (correlate2d, convolve2d):
        for mode in ("full", "same"):
            once = slide(x, column @ row, mode)
            np.testing.assert_array_equal(slide(slide(x, column, mode), row, mode), once)


def test_outputs_are_floats_in_the_precision_of_the_inputs():
    ones = np.ones((3, 3), "float32")
    assert correlate2d(ones, ones).dtype == np.float32
    assert correlate2d(ones, np.ones((3, 3))).dtype == np.float64
    assert correlate2d(np.full((2, 2), 200, np.uint8), [[2, 2]], "valid").tolist() == [[800], [800]]


def test_arguments_stay_what_they_are():
    x, k = arrays(0, (5, 6), (2, 3))
    before = x.copy(), k.copy()
    for mode in MODES:
        correlate2d(x, k, mode)[:] = 7
        convolve2d(x, k, mode)[:] = 7
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(k, before[1])


@pytest.mark.parametrize("slide", [correlate2d, convolve2d])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.ones(3), [[1]]), r"`image` must have the shape \(height, width\).*shape \(3,\)"),
        ((np.ones((3, 3, 3)), [[1]]), r"shape \(3, 3, 3\).* Take one channel at a time"),
        ((np.ones((0, 3)), [[1]]), r"`image` must have .*shape \(0, 3\)"),
        (([[1]], 2.0), r"`kernel` must have the shape \(height, width\).*shape \(\)"),
        (([[1]], np.ones((2, 0))), r"`kernel` must have .*shape \(2, 0\)"),
        (([[1, np.nan]], [[1]]), r"`image` must hold finite numbers. Received: image\[0, 1\]=nan"),
        (([[1]], [[np.inf]]), r"`kernel` must hold finite numbers. Received: kernel\[0, 0\]=inf"),
        (([[1]], [[1]], "reflect"), r"`mode` must be one of .*Received: mode='reflect'"),
        (([[1, 2]], [[1], [2]], "valid"), r"larger than the image in mode 'valid'.*\(2, 1\)"),
        (([[1], [2]], [[1, 2]], "valid"), r"larger than the image in mode 'valid'.*\(1, 2\)"),
        (([[1]], [[1]], "full", 0), "`stride` must be a positive integer. Received: stride=0"),
        (([[1]], [[1]], "full", 1.5), "`stride` must be a positive integer. Received: stride=1.5"),
        (([[1]], [[1]], "full", (1, -1)), "`stride` must be a positive integer. .*stride=-1"),
        (([[1]], [[1]], "full", (1, 2, 3)), "`stride` must be one number, or two"),
    ],
)
def test_bad_arguments_are_named(slide, arguments, message):
    with pytest.raises(ValueError, match=message):
        slide(*arguments)
