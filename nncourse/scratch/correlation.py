"""Correlation and convolution of an image with a kernel."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nncourse.scratch._image_checks import checked_image, pair

_MODES = ("full", "same", "valid")


def correlate2d(image, kernel, mode: str = "full", stride=1) -> np.ndarray:
    r"""Slides a kernel over an image and sums the products.

    $$y_{ij} = \sum_{u=0}^{m-1} \sum_{v=0}^{n-1} k_{uv}\, x_{si + u,\, sj + v},$$

    where x is the image in a border of zeros that the mode decides. With `"valid"` the kernel
    stands wholly within the image, at $h - m + 1$ by $w - n + 1$ places; with `"same"` it is
    centered on each of the $h$ by $w$ pixels; with `"full"` it stands wherever it touches a
    pixel, at $h + m - 1$ by $w + n - 1$ places.

    Args:
        image: `(h, w)` numbers.
        kernel: `(m, n)` numbers.
        mode: `"full"`, `"same"` or `"valid"`. An even kernel has no center; as in SciPy,
            `"same"` then has one zero more below and on the right.
        stride: The step s from window to window, one number or one for each axis: the outputs of
            step 1, of which only every s-th is kept.

    Returns:
        The outputs, of the size above over the stride, rounded up.

    Raises:
        ValueError: If an argument is not a matrix of finite numbers, if a kernel of mode
            `"valid"` is larger than the image, for an unknown mode or a stride below 1.

    Example:
        >>> from nncourse.scratch import correlate2d
        >>> correlate2d([[1, 2, 3, 4]], [[-1, 1]], mode="valid")  # from pixel to pixel
        array([[1., 1., 1.]])

    Taught in the chapter *Images and filters*.
    """
    kernel = checked_image(kernel, "kernel")
    before = [(size - 1) // 2 for size in kernel.shape]
    return _slide(checked_image(image), kernel, mode, stride, before)


def convolve2d(image, kernel, mode: str = "full", stride=1) -> np.ndarray:
    r"""Slides a kernel that was turned by 180 degrees over an image and sums the products.

    $$y_{ij} = \sum_{u} \sum_{v} k_{uv}\, x_{i - u,\, j - v}$$

    This is the convolution of mathematics: it commutes, $x * k = k * x$ (in mode `"full"`), and
    associates, which `correlate2d` does not. The two agree where the kernel stays what it is when
    turned. What a deep-learning library calls a convolution is `correlate2d`.

    Args:
        image: `(h, w)` numbers.
        kernel: `(m, n)` numbers.
        mode: As for `correlate2d`. For an even kernel `"same"` has one zero more above and on the
            left, since the kernel is turned.
        stride: As for `correlate2d`.

    Returns:
        The outputs, of the sizes that `correlate2d` has.

    Raises:
        ValueError: As `correlate2d`.

    Example:
        >>> from nncourse.scratch import convolve2d
        >>> convolve2d([[0, 1, 0]], [[1, 2, 3]], mode="same")  # a single dot shows the kernel
        array([[1., 2., 3.]])

    Taught in the chapter *Images and filters*.
    """
    kernel = checked_image(kernel, "kernel")
    before = [size // 2 for size in kernel.shape]
    return _slide(checked_image(image), kernel[::-1, ::-1], mode, stride, before)


def _slide(image, kernel, mode: str, stride, before) -> np.ndarray:
    if mode == "full":
        border = [(size - 1, size - 1) for size in kernel.shape]
    elif mode == "same":
        border = [(b, size - 1 - b) for b, size in zip(before, kernel.shape, strict=True)]
    elif mode == "valid":
        border = [(0, 0), (0, 0)]
        if kernel.shape[0] > image.shape[0] or kernel.shape[1] > image.shape[1]:
            raise ValueError(
                "`kernel` must not be larger than the image in mode 'valid'. "
                f"Received: a kernel of shape {kernel.shape}, an image of shape {image.shape}"
            )
    else:
        raise ValueError(f"`mode` must be one of {_MODES}. Received: {mode=}")
    down, right = pair("stride", stride)
    windows = sliding_window_view(np.pad(image, border), kernel.shape)[::down, ::right]
    return np.einsum("ijuv,uv->ij", windows, kernel)
