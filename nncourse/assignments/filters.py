"""The exercises of the chapter *Images and filters*."""

import numpy as np

from nncourse.assignments._exercise import Exercise, WrongForm, draw
from nncourse.assignments._templates import NEAREST_CLASS, SIMILARITY
from nncourse.scratch import convolve2d, correlate2d

# --- correlation with loops ------------------------------------------------------------------


def _correlate(x, k):
    return correlate2d(x, k, mode="valid")


def _images(rng: np.random.Generator):
    """An image and a kernel, neither of them square, then more of any size."""
    yield draw(rng, 4, 6), draw(rng, 2, 3)
    yield draw(rng, 3, 3), draw(rng, 3, 3)
    for _ in range(9):
        m, n = rng.integers(1, 4, 2)
        more = rng.integers(1, 5, 2)
        yield draw(rng, m + more[0], n + more[1]), draw(rng, m, n)


_CORRELATE = Exercise(
    "filters.correlate",
    solution=_correlate,
    cases=_images,
    hint="y[i, j] is the sum of x[i : i + m, j : j + n] * k, for i from 0 to h - m and j from 0 "
    "to w - n.",
    mistakes=(
        (
            lambda x, k: convolve2d(x, k, mode="valid"),
            "This turns the kernel by 180 degrees: the convolution. Correlation leaves it as it "
            "is.",
        ),
        (
            lambda x, k: correlate2d(x, k, mode="full"),
            "This lets the kernel stick out over the border. It must lie wholly within the image.",
        ),
        (
            lambda x, k: correlate2d(x, k, mode="same"),
            "This keeps the size of the image, with zeros beyond its border. The kernel must lie "
            "wholly within.",
        ),
        (
            lambda x, k: _correlate(x, k)[:-1, :-1],
            "The last row and column are missing: there are h - m + 1 places down, not h - m.",
        ),
        (
            lambda x, k: _correlate(x, k) / k.size,
            "This is the mean of the products. Take their sum.",
        ),
    ),
)

# --- the turn --------------------------------------------------------------------------------

_CONVOLUTION_KERNEL = Exercise(
    "filters.convolution_kernel",
    solution=lambda k: k[::-1, ::-1],
    cases=lambda rng: [
        (np.array([[1.0, 2.0, 3.0]]),),
        (np.array([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]),),
        *((draw(rng, *rng.integers(2, 5, 2)),) for _ in range(9)),
    ],
    hint="In the convolution, k[0, 0] meets the last pixel of the window, in both directions.",
    mistakes=(
        (lambda k: k, "This is k itself: the correlation stays a correlation."),
        (
            lambda k: k.T,
            "The transpose mirrors the kernel along its diagonal. Turn it by 180 degrees.",
        ),
        (
            lambda k: k[::-1],
            "This mirrors the rows only. The columns change their order too.",
        ),
        (
            lambda k: k[:, ::-1],
            "This mirrors the columns only. The rows change their order too.",
        ),
        (lambda k: np.rot90(k), "That is a quarter of a turn. Half a turn is wanted."),
        (lambda k: -k, "No number changes its sign, only its place."),
    ),
)

# --- two short kernels -----------------------------------------------------------------------


def _separate(k):
    u, s, v = np.linalg.svd(k)
    return s[0] * u[:, 0], v[0]


def _outer(result, k) -> np.ndarray:
    """What the two make together; a column and a row of matrices' shapes are fine as well."""
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise WrongForm("The answer is a pair: (column, row).")
    column, row = (np.ravel(part) for part in result)
    if (len(column), len(row)) != k.shape:
        raise WrongForm(
            f"For a kernel of shape {k.shape} the column has {k.shape[0]} numbers and the row "
            f"{k.shape[1]}. Yours have {len(column)} and {len(row)}."
        )
    return np.outer(column, row)


def _factors(rng: np.random.Generator):
    """Outer products; of the first ones the first number, row or column is 0."""
    yield (np.array([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]) / 16,)
    yield (np.outer([1.0, 2.0, 1.0], [-1.0, 0.0, 1.0]),)
    yield (np.outer([0.0, 1.0, -3.0], [2.0, 0.0]),)
    yield (np.outer([-1.0, 2.0], [0.0, 0.0, 1.0, 5.0]),)
    for _ in range(8):
        m, n = rng.integers(2, 6, 2)
        yield (np.outer(draw(rng, m), draw(rng, n)).round(4),)


_SEPARATE = Exercise(
    "filters.separate",
    solution=_separate,
    cases=_factors,
    read=_outer,
    hint="Every row of k is a multiple of one row. np.linalg.svd(k) finds it: k is s[0] times the "
    "outer product of u[:, 0] and v[0].",
    mistakes=(
        (
            lambda k: (k[:, 0], k[0]),
            "Each of the two holds the factor k[0, 0], so their product has it twice.",
        ),
        (
            lambda k: (k[:, 0], k[0] / k[0, 0]),
            "k[0, 0] may be 0. Divide by a number that is not, or take np.linalg.svd.",
        ),
        (
            lambda k: (np.linalg.svd(k)[0][:, 0], np.linalg.svd(k)[2][0]),
            "Both have length 1: the singular value s[0] is missing.",
        ),
        (
            lambda k: (_separate(k)[0], np.linalg.svd(k)[1][0] * _separate(k)[1]),
            "The singular value s[0] is in both factors. It belongs into one, or its root in each.",
        ),
        (
            lambda k: (_separate(k)[0], np.linalg.svd(k)[2][:, 0]),
            "np.linalg.svd returns the second factor with its vectors in rows: v[0], not v[:, 0].",
        ),
        (
            lambda k: (k.mean(axis=1), k.mean(axis=0)),
            "The means point the right way, unless they are 0, but their product is not k.",
        ),
    ),
)

EXERCISES = (
    _CORRELATE,
    _CONVOLUTION_KERNEL,
    _SEPARATE,
    SIMILARITY,
    NEAREST_CLASS,
)
