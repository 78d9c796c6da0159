r"""A pooling layer as loops over everything, to be read beside its equations.

Every window of every channel becomes one number, and backwards that number's gradient goes to
the window's pixels, each times its derivative. `Pool2D` computes the same much faster. Taught in
the chapter *Convolutional networks*.
"""

import numpy as np


def forward(x, window, stride, padding, fill, pool) -> np.ndarray:
    """The outputs of the layer.

    Args:
        x: `(samples, height, width, channels)`.
        window: `(height, width)`.
        stride: `(down, right)`.
        padding: `(rows, columns)` on each side.
        fill: What the padding holds.
        pool: Maps the pixels of a window to a number.

    Returns:
        `(samples, rows, columns, channels)`.
    """
    padded = _padded(x, padding, fill)
    rows = (padded.shape[1] - window[0]) // stride[0] + 1
    columns = (padded.shape[2] - window[1]) // stride[1] + 1
    y = np.empty((len(x), rows, columns, x.shape[-1]), x.dtype)
    for index in np.ndindex(y.shape):
        y[index] = pool(padded[_pixels(index, window, stride)])
    return y


def backward(dy, x, window, stride, padding, fill, slopes) -> np.ndarray:
    """The gradient with respect to the inputs.

    Args:
        dy: `(samples, rows, columns, channels)` derivatives with respect to the outputs.
        x: What `forward` got, as the four that follow.
        window: `(height, width)`.
        stride: `(down, right)`.
        padding: `(rows, columns)`.
        fill: A number.
        slopes: Maps the pixels of a window to the derivatives of its output by them.

    Returns:
        Derivatives in the shape of x.
    """
    padded = _padded(x, padding, fill)
    dx = np.zeros_like(padded)
    for index in np.ndindex(dy.shape):
        pixels = _pixels(index, window, stride)
        dx[pixels] += slopes(padded[pixels]) * dy[index]
    top, left = padding
    return dx[:, top : top + x.shape[1], left : left + x.shape[2]]


def _pixels(index, window, stride):
    """Where the window of an output lies."""
    n, i, j, channel = index
    top, left = i * stride[0], j * stride[1]
    return n, slice(top, top + window[0]), slice(left, left + window[1]), channel


def _padded(x, padding, fill) -> np.ndarray:
    vertical, horizontal = ((p, p) for p in padding)
    return np.pad(x, ((0, 0), vertical, horizontal, (0, 0)), constant_values=fill)
