"""The transpose of a convolution, computed as a convolution."""

import numpy as np

from nncourse.scratch._image_checks import checked_image, pair
from nncourse.scratch.arithmetic import transposed_output_size
from nncourse.scratch.correlation import correlate2d


def stretch(image, stride) -> np.ndarray:
    """Puts stride - 1 zeros between any two neighbors of an image.

    Args:
        image: `(h, w)` numbers.
        stride: s, one number or one for each axis, 1 or more.

    Returns:
        An image of `s (h - 1) + 1` by `s (w - 1) + 1`.

    Raises:
        ValueError: If the image is not a matrix of finite numbers, or the stride below 1.

    Example:
        >>> from nncourse.scratch import stretch
        >>> stretch([[1, 2, 3]], 2)
        array([[1., 0., 2., 0., 3.]])

    Taught in the chapter *Convolution arithmetic*.
    """
    image, (down, right) = checked_image(image), pair("stride", stride)
    height, width = image.shape
    stretched = np.zeros((down * (height - 1) + 1, right * (width - 1) + 1), dtype=image.dtype)
    stretched[::down, ::right] = image
    return stretched


def transposed_conv2d(image, kernel, stride=1, padding=0, extra=0) -> np.ndarray:
    r"""A transposed convolution by inserted zeros: $C^\top x$ without the matrix.

    The image is stretched, gets a border of k - p - 1 zeros (and a more below and on the right),
    and is correlated with the kernel turned by 180 degrees, at stride 1.

    Args:
        image: `(h, w)` numbers.
        kernel: `(m, n)` numbers, those of the *direct* convolution.
        stride: That of the direct convolution, one number or one for each axis.
        padding: That of the direct convolution, less than the kernel.
        extra: a, less than the stride, one number or one for each axis.

    Returns:
        An image of the sizes that `transposed_output_size` says.

    Raises:
        ValueError: For a number out of range, or an output of size 0 or less.

    Example:
        >>> from nncourse.scratch import transposed_conv2d
        >>> transposed_conv2d([[1, 10]], [[1, 2, 3]], stride=2)  # two kernels, which overlap by one
        array([[ 1.,  2., 13., 20., 30.]])

    Reference:
        Dumoulin and Visin (2016), chapter 4. Taught in the chapter *Convolution arithmetic*.
    """
    image, kernel = checked_image(image), checked_image(kernel, "kernel")
    stride, padding = pair("stride", stride), pair("padding", padding, at_least=0)
    extra = pair("extra", extra, at_least=0)
    for axis in (0, 1):  # refuses what does not fit
        transposed_output_size(
            image.shape[axis], kernel.shape[axis], stride[axis], padding[axis], extra[axis]
        )
    border = [
        (k - p - 1, k - p - 1 + a) for k, p, a in zip(kernel.shape, padding, extra, strict=True)
    ]
    return correlate2d(np.pad(stretch(image, stride), border), kernel[::-1, ::-1], mode="valid")
