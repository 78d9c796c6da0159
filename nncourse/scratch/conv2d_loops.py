r"""A convolutional layer as loops over everything, to be read beside its equations.

$$y_{nijf} = b_f + \sum_{u,v,c} k_{uvcf}\, x_{n,\, si+u-p,\, sj+v-p,\, c},$$

where a pixel outside the image is 0. `Conv2D` computes the same a hundred times faster. Taught in
the chapter *Convolutional networks*.
"""

import numpy as np


def forward(x, kernel, bias, stride, padding) -> np.ndarray:
    """The outputs of the layer.

    Args:
        x: `(samples, height, width, channels)`.
        kernel: `(kernel height, kernel width, channels, filters)`.
        bias: `(filters,)`.
        stride: `(down, right)`.
        padding: `(rows, columns)` of zeros on each side.

    Returns:
        `(samples, rows, columns, filters)`.
    """
    x, (samples, rows, columns) = _padded(x, kernel, stride, padding)
    height, width, _, filters = kernel.shape
    y = np.empty((samples, rows, columns, filters), x.dtype)
    for n in range(samples):
        for i in range(rows):
            for j in range(columns):
                top, left = i * stride[0], j * stride[1]
                window = x[n, top : top + height, left : left + width]
                for f in range(filters):
                    y[n, i, j, f] = (window * kernel[..., f]).sum() + bias[f]
    return y


def backward(dy, x, kernel, stride, padding):
    """The gradients of a loss from that of the outputs.

    Each product of the forward pass was `weight * pixel`: its weight gets the pixel times the
    gradient, its pixel the weight times the gradient, and what is used often sums what it gets.

    Args:
        dy: `(samples, rows, columns, filters)` derivatives with respect to the outputs.
        x: What `forward` got, as all that follow.
        kernel: `(kernel height, kernel width, channels, filters)`.
        stride: `(down, right)`.
        padding: `(rows, columns)`.

    Returns:
        The derivatives with respect to x, kernel and bias, in their shapes.
    """
    size = x.shape[1:3]
    x, (samples, rows, columns) = _padded(x, kernel, stride, padding)
    height, width, _, filters = kernel.shape
    dx, dkernel, dbias = np.zeros_like(x), np.zeros_like(kernel), np.zeros(filters, x.dtype)
    for n in range(samples):
        for i in range(rows):
            for j in range(columns):
                top, left = i * stride[0], j * stride[1]
                window = (n, slice(top, top + height), slice(left, left + width))
                for f in range(filters):
                    dkernel[..., f] += x[window] * dy[n, i, j, f]
                    dx[window] += kernel[..., f] * dy[n, i, j, f]
                    dbias[f] += dy[n, i, j, f]
    top, left = padding
    return dx[:, top : top + size[0], left : left + size[1]], dkernel, dbias


def _padded(x, kernel, stride, padding):
    """The batch in its border of zeros, and how many samples, rows and columns will come out."""
    vertical, horizontal = ((p, p) for p in padding)
    x = np.pad(x, ((0, 0), vertical, horizontal, (0, 0)))
    rows = (x.shape[1] - kernel.shape[0]) // stride[0] + 1
    columns = (x.shape[2] - kernel.shape[1]) // stride[1] + 1
    return x, (len(x), rows, columns)
