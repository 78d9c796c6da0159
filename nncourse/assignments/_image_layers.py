"""The exercises on the layers' arrays: windows as rows, gradients of kernel and maximum."""

import numpy as np

from nncourse.assignments._exercise import Exercise, draw
from nncourse.scratch import Pool2D, convolve2d, correlate2d

# --- windows as rows -------------------------------------------------------------------------


def _window_rows(x, k):
    return _rows(np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(0, 1)), "ijuvc")


def _rows(windows, order: str) -> np.ndarray:
    """Windows of axes `ijcuv` as rows, after their axes were put into another order."""
    return np.einsum(f"ijcuv->{order}", windows).reshape(-1, windows[0, 0].size)


def _row_inputs(rng: np.random.Generator):
    yield np.arange(12.0).reshape(3, 4, 1), 2
    yield draw(rng, 3, 3, 2), 3
    for _ in range(8):
        k = int(rng.integers(2, 4))
        height, width = k + rng.integers(0, 3), k + rng.integers(1, 3)
        yield draw(rng, height, width, 2), k


WINDOW_ROWS = Exercise(
    "convolutional_networks.window_rows",
    solution=_window_rows,
    cases=_row_inputs,
    hint="For i from 0 to h - k and, within, j from 0 to w - k: a row x[i : i + k, j : j + k], all "
    "channels, read by ravel().",
    mistakes=(
        (
            lambda x, k: _window_rows(x, k).T,
            "The windows stand in columns. Each should be a row.",
        ),
        (
            lambda x, k: _rows(
                np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(0, 1)), "ijcuv"
            ),
            "Within a row the channel must run fastest: x[i : i + k, j : j + k].ravel() does that.",
        ),
        (
            lambda x, k: _window_rows(np.swapaxes(x, 0, 1), k),
            "Rows and columns of the image are exchanged.",
        ),
        (
            lambda x, k: _rows(
                np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(0, 1)), "jiuvc"
            ),
            "The places go down first. They should go from left to right, then down.",
        ),
        (
            lambda x, k: _window_rows(x[:-1, :-1], k) if min(x.shape[:2]) > k else np.empty(0),
            "The last place of each axis is missing: there are h - k + 1 places down.",
        ),
        (
            lambda x, k: _rows(
                np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(0, 1))[::k, ::k], "ijuvc"
            ),
            "The windows don't overlap. At stride 1 one starts at every pixel.",
        ),
    ),
)

# --- the gradient of the kernel --------------------------------------------------------------


def _spread(delta, s: int) -> np.ndarray:
    """The gradient with s - 1 zeros between its elements."""
    stretched = np.zeros([s * (size - 1) + 1 for size in delta.shape])
    stretched[::s, ::s] = delta
    return stretched


def _kernel_gradient(x, delta, k_shape, s):
    full = correlate2d(x, _spread(delta, s), mode="valid")
    return full[: k_shape[0], : k_shape[1]]  # the rest belongs to pixels that no window reached


def _kernel_inputs(rng: np.random.Generator):
    yield np.arange(9.0).reshape(3, 3), np.array([[1.0, 0.0], [0.0, 0.0]]), (2, 2), 1
    yield draw(rng, 3, 4), draw(rng, 1, 1), (3, 4), 1
    for s in (1, 2, 2, 3) * 2:
        k, places = rng.integers(2, 4, 2), rng.integers(2, 4, 2)
        left_out = rng.integers(0, s, 2)
        size = s * (places - 1) + k + left_out
        yield draw(rng, *size), draw(rng, *places), (int(k[0]), int(k[1])), s


def _with_stride_1(x, delta, k_shape, s):
    return correlate2d(x, delta, mode="valid")[: k_shape[0], : k_shape[1]]


KERNEL_GRADIENT = Exercise(
    "convolutional_networks.kernel_gradient",
    solution=_kernel_gradient,
    cases=_kernel_inputs,
    hint="Each output (i, j) saw the window of x that starts at (s i, s j). Add up these windows, "
    "each times delta[i, j].",
    mistakes=(
        (
            _with_stride_1,
            "The stride is missing: the window of output (i, j) starts at (s i, s j).",
        ),
        (
            lambda x, delta, k_shape, s: convolve2d(x, _spread(delta, s), mode="valid")[
                : k_shape[0], : k_shape[1]
            ],
            "delta is turned by 180 degrees. The kernel's gradient is a correlation.",
        ),
        (
            lambda x, delta, k_shape, s: _kernel_gradient(x, delta, k_shape, s)[::-1, ::-1],
            "The result is turned by 180 degrees: element (u, v) gets the pixels (s i + u, "
            "s j + v).",
        ),
        (
            lambda x, delta, k_shape, s: _kernel_gradient(x, delta, k_shape, s) / delta.size,
            "This is a mean over the outputs. Their contributions add up.",
        ),
        (
            lambda x, delta, k_shape, s: correlate2d(x, _spread(delta, s), mode="valid"),
            "The shape is not the kernel's: pixels that no window reached don't count.",
        ),
        (
            lambda x, delta, k_shape, s: -_kernel_gradient(x, delta, k_shape, s),
            "The sign is wrong: the gradient is asked for, not a step down.",
        ),
    ),
)

# --- back through the maximum ----------------------------------------------------------------


def _pooled_back(x, dy, kind: str = "max"):
    layer = Pool2D(2, kind=kind)
    layer.forward(x[None, :, :, None])
    return layer.backward(dy[None, :, :, None])[0, :, :, 0]


def _max_pool_backward(x, dy):
    return _pooled_back(x, dy)


def _grown(y) -> np.ndarray:
    """Each element as a window of 2 x 2."""
    return np.repeat(np.repeat(y, 2, axis=0), 2, axis=1)


def _is_largest(x) -> np.ndarray:
    height, width = x.shape
    return x == _grown(x.reshape(height // 2, 2, width // 2, 2).max(axis=(1, 3)))


def _last_of_equals(x, dy):
    return _pooled_back(x[::-1, ::-1], dy[::-1, ::-1])[::-1, ::-1]


def _pool_inputs(rng: np.random.Generator):
    yield np.array([[3.0, 0, 5, 1], [1, 4, 2, 3]]), np.array([[1.0, 1.0]])
    yield np.zeros((2, 2)), np.array([[2.0]])
    yield np.array([[1.0, 4], [4, 4]]), np.array([[3.0]])
    yield np.array([[-3.0, -1], [-2, -4]]), np.array([[-2.0]])
    for _ in range(8):
        rows, columns = rng.integers(1, 4, 2)
        x = rng.integers(-2, 3, (2 * rows, 2 * columns)).astype(float)
        yield x, draw(rng, rows, columns)


MAX_POOL_BACKWARD = Exercise(
    "convolutional_networks.max_pool_backward",
    solution=_max_pool_backward,
    cases=_pool_inputs,
    hint="dx is zero but for one pixel of each window, the first of its largest, which gets the "
    "window's dy. argmax of a flattened window finds it.",
    mistakes=(
        (
            lambda x, dy: _grown(dy) * _is_largest(x),
            "Each of the equal maxima gets the whole gradient, which multiplies it. The first gets "
            "it, the others nothing.",
        ),
        (
            _last_of_equals,
            "Of equal maxima the last gets the gradient. The first should.",
        ),
        (
            lambda x, dy: _pooled_back(x, dy, "mean"),
            "This is the gradient of the mean: every pixel gets a quarter.",
        ),
        (
            lambda x, dy: _grown(dy),
            "Every pixel of a window gets the gradient. Only its maximum should.",
        ),
        (
            lambda x, dy: (_pooled_back(x, np.ones_like(dy)) != 0).astype(float),
            "This says where the gradient goes, but not how much: dy is missing.",
        ),
        (
            lambda x, dy: _pooled_back(np.abs(x), dy),
            "This takes the largest magnitude. The maximum of -3 and -1 is -1.",
        ),
        (
            lambda x, dy: x * _pooled_back(x, dy),
            "The derivative with respect to the maximum is 1, not its value.",
        ),
    ),
)
