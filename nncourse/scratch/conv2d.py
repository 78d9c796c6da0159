"""A convolutional layer with its backward pass."""

import numpy as np

from nncourse.scratch import conv2d_loops
from nncourse.scratch._image_checks import checked_batch, checked_gradient, pair, whole
from nncourse.scratch._windows import add_windows, windows_of
from nncourse.scratch.arithmetic import conv_output_size, padding_of
from nncourse.scratch.initializers import he_normal

_METHODS = ("vectorized", "loops")


class Conv2D:
    r"""Correlates every image of a batch with a set of kernels that go through all channels.

    $$y_{nijf} = b_f + \sum_{u,v,c} k_{uvcf}\, x_{n,\, si+u-p,\, sj+v-p,\, c}$$

    With $\delta = \partial E / \partial y$ the backward pass is

    $$\frac{\partial E}{\partial k_{uvcf}}
    = \sum_{n,i,j} \delta_{nijf}\, x_{n,\,si+u-p,\,sj+v-p,\,c},
    \quad \frac{\partial E}{\partial b_f} = \sum_{n,i,j} \delta_{nijf}, \quad
    \frac{\partial E}{\partial x} = C^\top \delta .$$

    The kernels are drawn when the first batch comes, whose channels decide their depth.

    Args:
        filters: f, how many kernels there are, and channels that come out, 1 or more.
        kernel_size: One number, or `(height, width)`, 1 or more.
        stride: s, one number or one for each axis, 1 or more.
        padding: p, the zeros on each side, one number or one for each axis, 0 or more; or
            `"half"`, which keeps the size at stride 1 and wants odd kernels; or `"full"`.
        method: `"vectorized"`, a matrix product over all windows; or `"loops"`, to be read.
        seed: Seeds the kernels, which are normal with variance 2 / (inputs of a unit).

    Raises:
        ValueError: For a number out of range or an unknown method; in `forward`, for an input of
            other channels than before, a kernel larger than the padded input, or NaN.

    Attributes:
        kernel: `(height, width, channels, filters)`, as in Keras.
        bias: `(filters,)`.
        gradients: The derivatives with respect to kernel and bias, after `backward`.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import Conv2D
        >>> layer = Conv2D(filters=4, kernel_size=3, padding="half", seed=0)
        >>> y = layer.forward(np.ones((2, 7, 7, 3)))
        >>> y.shape, layer.backward(np.ones_like(y)).shape
        ((2, 7, 7, 4), (2, 7, 7, 3))

    Reference:
        LeCun et al. (1989), "Backpropagation applied to handwritten zip code recognition". Taught
        in the chapter *Convolutional networks*.
    """

    def __init__(
        self,
        filters: int,
        kernel_size,
        stride=1,
        padding=0,
        *,
        method: str = "vectorized",
        seed: int | None = None,
    ):
        self.filters = whole("filters", filters)
        self.kernel_size, self.stride = pair("kernel_size", kernel_size), pair("stride", stride)
        if isinstance(padding, str):
            self.padding = tuple(padding_of(padding, size) for size in self.kernel_size)
        else:
            self.padding = pair("padding", padding, at_least=0)
        if method not in _METHODS:
            raise ValueError(f"`method` must be one of {_METHODS}. Received: {method=}")
        self.method, self.rng = method, np.random.default_rng(seed)
        self.kernel = self.bias = self.gradients = self.x = self.output_shape = None

    def forward(self, x) -> np.ndarray:
        """The outputs, `(samples, rows, columns, filters)`, which are floats of x's precision.

        Args:
            x: `(samples, height, width, channels)` finite numbers.
        """
        x = checked_batch(x, None if self.kernel is None else self.kernel.shape[2])
        for size, kernel, padding in zip(x.shape[1:3], self.kernel_size, self.padding, strict=True):
            conv_output_size(size, kernel, padding=padding)  # refuses a kernel that does not fit
        if self.kernel is None:
            self._draw_kernels(x.shape[-1])
        self.x = x
        kernel, bias = self.kernel.astype(x.dtype), self.bias.astype(x.dtype)
        if self.method == "loops":
            y = conv2d_loops.forward(x, kernel, bias, self.stride, self.padding)
        else:
            windows = windows_of(x, self.kernel_size, self.stride, self.padding)
            y = np.tensordot(windows, kernel, axes=3) + bias
        self.output_shape = y.shape
        return y

    def backward(self, dy) -> np.ndarray:
        """The gradient with respect to the last input of `forward`, in its shape.

        That of the kernel and the bias is put into `gradients`.

        Args:
            dy: `(samples, rows, columns, filters)` derivatives with respect to the outputs.
        """
        dy = checked_gradient(dy, self.output_shape).astype(self.x.dtype)
        x, kernel = self.x, self.kernel.astype(self.x.dtype)
        if self.method == "loops":
            dx, dkernel, dbias = conv2d_loops.backward(dy, x, kernel, self.stride, self.padding)
        else:
            windows = windows_of(x, self.kernel_size, self.stride, self.padding)
            dkernel = np.tensordot(windows, dy, axes=((0, 1, 2), (0, 1, 2)))
            dbias = dy.sum(axis=(0, 1, 2))
            dwindows = np.tensordot(dy, kernel, axes=((3,), (3,)))
            dx = add_windows(dwindows, x.shape, self.stride, self.padding)
        self.gradients = dkernel, dbias
        return dx

    def _draw_kernels(self, channels: int) -> None:
        height, width = self.kernel_size
        inputs = height * width * channels
        self.kernel = he_normal(self.rng, inputs, self.filters).reshape(
            height, width, channels, self.filters
        )
        self.bias = np.zeros(self.filters)
