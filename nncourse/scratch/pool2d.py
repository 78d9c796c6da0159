"""A pooling layer with its backward pass."""

import numpy as np

from nncourse.scratch import _pooling, pool2d_loops
from nncourse.scratch._image_checks import checked_batch, checked_gradient, pair
from nncourse.scratch._windows import add_windows, windows_of
from nncourse.scratch.arithmetic import pool_output_size

_METHODS = ("vectorized", "loops")


class Pool2D:
    r"""Makes one number of each window of each channel.

    The maximum passes its gradient to the first of the largest pixels; the mean gives each of the
    n pixels $1/n$ of it; the norm

    $$y = \Bigl(\sum_k \lvert x_k \rvert^p\Bigr)^{1/p}, \qquad
    \frac{\partial y}{\partial x_i}
    = \Bigl(\frac{\lvert x_i \rvert}{y}\Bigr)^{p-1} \operatorname{sign} x_i,$$

    gives each pixel the more, the larger it is, and nothing where all are 0. Channels are pooled
    each by itself, and there is nothing to learn. Padding never counts: a maximum and a mean are
    those of the pixels within the image.

    Args:
        window: One number, or `(height, width)`, 1 or more.
        stride: The step from window to window, one number or one for each axis, 1 or more; that
            of the window if not given.
        padding: Rows and columns on each side, one number or one for each axis, 0 or more and
            less than the window.
        kind: `"max"`, `"mean"` or `"lp"`.
        p: The order of the norm, a finite number of 1 or more. 1 sums the magnitudes; the larger
            it is, the nearer to their maximum.
        method: `"vectorized"` or `"loops"`, to be read.

    Raises:
        ValueError: For a number out of range, an unknown kind or method; in `forward`, for an
            input of another shape, a window larger than the padded input, or NaN.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import Pool2D
        >>> x = np.array([[3.0, 0, 5, 1], [1, 4, 2, 3]]).reshape(1, 2, 4, 1)
        >>> layer = Pool2D(2)
        >>> layer.forward(x).ravel()
        array([4., 5.])
        >>> layer.backward(np.ones((1, 1, 2, 1)))[0, :, :, 0]
        array([[0., 0., 1., 0.],
               [0., 1., 0., 0.]])

    Reference:
        Sermanet, Chintala and LeCun (2012), "Convolutional neural networks applied to house
        numbers digit classification", section 2.2, for Lp pooling. Taught in the chapter
        *Convolutional networks*.
    """

    def __init__(
        self,
        window,
        stride=None,
        padding=0,
        kind: str = "max",
        p: float = 2.0,
        *,
        method: str = "vectorized",
    ):
        self.window = pair("window", window)
        self.stride = self.window if stride is None else pair("stride", stride)
        self.padding = pair("padding", padding, at_least=0)
        for size, border in zip(self.window, self.padding, strict=True):
            pool_output_size(size, size, padding=border)  # refuses padding as large as the window
        if kind not in _pooling.FILLS:
            raise ValueError(f"`kind` must be one of {(*_pooling.FILLS,)}. Received: {kind=}")
        if not (np.isfinite(p) and p >= 1):
            raise ValueError(f"`p` must be a finite number of 1 or more. Received: {p=}")
        if method not in _METHODS:
            raise ValueError(f"`method` must be one of {_METHODS}. Received: {method=}")
        self.kind, self.p, self.method = kind, p, method
        self.x = self.output_shape = None

    def forward(self, x) -> np.ndarray:
        """The outputs, `(samples, rows, columns, channels)`, which are floats of x's precision.

        Args:
            x: `(samples, height, width, channels)` finite numbers.
        """
        x = checked_batch(x)
        for axis in (0, 1):  # refuses a window that does not fit
            pool_output_size(
                x.shape[axis + 1], self.window[axis], self.stride[axis], self.padding[axis]
            )
        self.x = x
        if self.method == "loops":
            y = pool2d_loops.forward(
                x, *self._geometry(), lambda pixels: self._pool(pixels.ravel())
            )
        else:
            y = self._pool(self._windows())
        self.output_shape = y.shape
        return y

    def backward(self, dy) -> np.ndarray:
        """The gradient with respect to the last input of `forward`, in its shape.

        Args:
            dy: `(samples, rows, columns, channels)` derivatives with respect to the outputs.
        """
        dy = checked_gradient(dy, self.output_shape).astype(self.x.dtype)
        if self.method == "loops":
            return pool2d_loops.backward(
                dy,
                self.x,
                *self._geometry(),
                lambda pixels: self._slopes(pixels.ravel()).reshape(pixels.shape),
            )
        dwindows = self._slopes(self._windows()) * dy[..., None]
        samples, rows, columns, channels, _ = dwindows.shape
        dwindows = dwindows.reshape(samples, rows, columns, channels, *self.window)
        return add_windows(np.moveaxis(dwindows, 3, -1), self.x.shape, self.stride, self.padding)

    def _windows(self) -> np.ndarray:
        """All windows, `(samples, rows, columns, channels, pixels)`."""
        windows = np.moveaxis(windows_of(self.x, *self._geometry()), -1, 3)
        return windows.reshape(*windows.shape[:4], -1)

    def _geometry(self):
        return self.window, self.stride, self.padding, _pooling.FILLS[self.kind]

    def _pool(self, windows) -> np.ndarray:
        return _pooling.pool(windows, self.kind, self.p)

    def _slopes(self, windows) -> np.ndarray:
        return _pooling.slopes(windows, self.kind, self.p)
