"""A convolution as a matrix."""

from typing import TYPE_CHECKING

import numpy as np

from nncourse.scratch._image_checks import checked_image, pair
from nncourse.scratch.arithmetic import conv_output_size

if TYPE_CHECKING:
    from scipy import sparse


def convolution_matrix(kernel, size, stride=1, padding=0, dilation=1) -> "sparse.csr_array":
    r"""The matrix C with which a convolution is $y = C x$, on images that are read row by row.

    A row of C holds the kernel's elements at the pixels that one output sees; all rows hold the
    same elements, shifted. Backwards the layer multiplies by $C^\top$, and forwards a transposed
    convolution does.

    Args:
        kernel: `(m, n)` numbers. It is not turned: C does what `correlate2d` and Keras's `Conv2D`
            do.
        size: That of the input, one number or `(height, width)`.
        stride: One number, or one for each axis, 1 or more.
        padding: Zeros on each side, one number or one for each axis, 0 or more.
        dilation: The distance of the kernel's elements, one number or one for each axis.

    Returns:
        A SciPy sparse array of shape `(outputs, inputs)`.

    Raises:
        ValueError: For a number out of range, or a kernel that is larger than the padded input.

    Example:
        >>> from nncourse.scratch import convolution_matrix
        >>> convolution_matrix([[1, 2]], (1, 4)).toarray()
        array([[1., 2., 0., 0.],
               [0., 1., 2., 0.],
               [0., 0., 1., 2.]])

    Reference:
        Dumoulin and Visin (2016), section 4.1. Taught in the chapter *Convolution arithmetic*.
    """
    from scipy import sparse

    kernel = checked_image(kernel, "kernel")
    size, stride = pair("size", size), pair("stride", stride)
    padding, dilation = pair("padding", padding, at_least=0), pair("dilation", dilation)
    down, right = map(conv_output_size, size, kernel.shape, stride, padding, dilation)
    rows, columns, values = [], [], []
    for (u, v), value in np.ndenumerate(kernel):
        # The pixel that this element of the kernel meets, for each place of the kernel.
        i = np.arange(down) * stride[0] - padding[0] + u * dilation[0]
        j = np.arange(right) * stride[1] - padding[1] + v * dilation[1]
        inside = np.outer((i >= 0) & (i < size[0]), (j >= 0) & (j < size[1])).ravel()
        rows.append(np.flatnonzero(inside))
        columns.append(np.add.outer(i * size[1], j).ravel()[inside])
        values.append(np.full(inside.sum(), value))
    places = np.concatenate(rows), np.concatenate(columns)
    shape = (down * right, size[0] * size[1])
    return sparse.csr_array((np.concatenate(values), places), shape=shape)
