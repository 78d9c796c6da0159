"""A transposed convolution as a convolution over inserted zeros."""

import numpy as np

from nncourse.scratch import stretch, transposed_output_size
from nncourse.scratch._image_checks import checked_image, pair
from nncourse.visualizations._sliding import BORDER, EXTRA, IMAGE, INSERTED, Sliding, film


def animate_transposed_convolution(image, kernel, *, stride=1, padding=0, extra=0):
    """Animates a transposed convolution, computed as a convolution at stride 1.

    The image has stride - 1 zeros inserted between its pixels, a border of k - p - 1 zeros, and as
    many more rows below and columns on the right as `extra` says, each in a color of its own. The
    kernel, turned by 180 degrees, goes from place to place, and the output fills: three frames a
    second, and of more than 60 places 60 that are spread evenly.

    Args:
        image: `(h, w)` numbers.
        kernel: `(m, n)` numbers, those of the *direct* convolution.
        stride: That of the direct convolution, one number or one for each axis.
        padding: That of the direct convolution, less than the kernel.
        extra: Less than the stride, one number or one for each axis.

    Returns:
        A `matplotlib.animation.FuncAnimation`, to be given to `show_video`.

    Raises:
        ValueError: For anything that `scratch.transposed_conv2d` refuses.

    Example:
        >>> from nncourse.visualizations import animate_transposed_convolution, show_video
        >>> film = animate_transposed_convolution([[1, 2]], [[1, 2, 3]], stride=2)
        >>> show_video(film, alt="A kernel slides over two pixels with a zero between them.")
        <Video: A kernel slides over two pixels with a zero between them.>

    Used in the chapter *Convolution arithmetic*.
    """
    image, kernel = checked_image(image), checked_image(kernel, "kernel")
    stride, padding = pair("stride", stride), pair("padding", padding, at_least=0)
    extra = pair("extra", extra, at_least=0)
    for axis in zip(image.shape, kernel.shape, stride, padding, extra, strict=True):
        transposed_output_size(*axis)  # refuses what does not fit
    border = [(k - p - 1, k - p - 1) for k, p in zip(kernel.shape, padding, strict=True)]
    more = [(0, rows) for rows in extra]
    kinds = np.where(stretch(np.ones(image.shape), stride) > 0, IMAGE, INSERTED)
    kinds = np.pad(np.pad(kinds, border, constant_values=BORDER), more, constant_values=EXTRA)
    cells = np.pad(np.pad(stretch(image, stride), border), more)
    return film(Sliding(cells, kinds, kernel[::-1, ::-1], name="kernel, turned"))
