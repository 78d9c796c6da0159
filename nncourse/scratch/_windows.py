"""The windows that a layer slides over a batch of images, and back."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def windows_of(x, window, stride, padding, fill: float = 0.0) -> np.ndarray:
    """All windows of a batch.

    Args:
        x: `(samples, height, width, channels)` numbers.
        window: `(height, width)` of a window.
        stride: `(down, right)` steps from window to window.
        padding: `(rows, columns)` on each side.
        fill: What the padding holds.

    Returns:
        A view of shape `(samples, rows, columns, window height, window width, channels)`.
    """
    vertical, horizontal = ((p, p) for p in padding)
    padded = np.pad(x, ((0, 0), vertical, horizontal, (0, 0)), constant_values=fill)
    windows = sliding_window_view(padded, window, axis=(1, 2))[:, :: stride[0], :: stride[1]]
    return np.moveaxis(windows, 3, -1)  # the channels, which NumPy puts before the window


def add_windows(windows, shape, stride, padding) -> np.ndarray:
    """The transpose of `windows_of`: adds every window to the pixels that it was taken from.

    Args:
        windows: Numbers in the shape that `windows_of` returns.
        shape: That of the batch, `(samples, height, width, channels)`.
        stride: As in `windows_of`.
        padding: As in `windows_of`; what falls on the padding is lost.
    """
    samples, height, width, channels = shape
    _, rows, columns, window_height, window_width, _ = windows.shape
    padded = np.zeros(
        (samples, height + 2 * padding[0], width + 2 * padding[1], channels), windows.dtype
    )
    for u in range(window_height):
        for v in range(window_width):
            down = slice(u, u + stride[0] * rows, stride[0])
            right = slice(v, v + stride[1] * columns, stride[1])
            padded[:, down, right] += windows[:, :, :, u, v]
    return padded[:, padding[0] : padding[0] + height, padding[1] : padding[1] + width]
