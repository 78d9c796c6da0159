"""A convolution: the kernel on its way over an image."""

import numpy as np

from nncourse.scratch import conv_output_size
from nncourse.scratch._image_checks import checked_image, pair
from nncourse.visualizations._sliding import BORDER, IMAGE, Sliding, SlidingPicture, film
from nncourse.visualizations.convolution_matrix import MatrixGrid


def draw_convolution(image, kernel, *, stride=1, padding=0, dilation=1, place=(0, 0), ax=None):
    """Draws one step of a convolution: the image, the kernel and the outputs so far.

    The kernel's window is framed on the image in its border of zeros, and so is the output that
    comes of it, with the sum above where it is short. Short and few numbers are written into their
    cells, in three digits or two; others are shades, from black to white, or from red over white at
    0 to blue where some are negative. The kernel is not turned, as in `correlate2d`.

    Args:
        image: `(h, w)` numbers.
        kernel: `(m, n)` numbers.
        stride: The step from window to window, one number or one for each axis, 1 or more.
        padding: Zeros on each side, one number or one for each axis, 0 or more.
        dilation: The distance of the kernel's elements, one number or one for each axis.
        place: `(row, column)` of the output to mark.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes. `axes.images` ends with the input, the kernel and the output.

    Raises:
        ValueError: For a number out of range, a kernel that is larger than the padded image, or a
            place that the output does not have.

    Example:
        >>> import numpy as np
        >>> from nncourse.visualizations import draw_convolution
        >>> figure, axes = draw_convolution(np.eye(3), [[1, 2], [3, 4]], place=(1, 0))
        >>> [text.get_text() for text in axes.texts][0]
        '0·1 + 1·2 + 0·3 + 0·4 = 2'

    Used in the chapters *Images and filters* and *Convolution arithmetic*.
    """
    sliding = _sliding(image, kernel, stride, padding, dilation)
    place, shape = pair("place", place, at_least=0), sliding.output.shape
    if place[0] >= shape[0] or place[1] >= shape[1]:
        raise ValueError(
            f"`place` must lie in the output, of shape {shape}. Received: place={place}"
        )
    picture = SlidingPicture(sliding, [place], ax=ax)
    picture.show(place)
    return picture.figure, picture.ax


def animate_convolution(image, kernel, *, stride=1, padding=0, dilation=1, matrix=False):
    """Animates a convolution: the kernel goes from place to place, and the output fills.

    Each frame is one of `draw_convolution`, three of them a second. Of more than 60 places 60 are
    shown, spread evenly, the first and the last among them.

    Args:
        image: `(h, w)` numbers.
        kernel: `(m, n)` numbers.
        stride: As for `draw_convolution`.
        padding: As for `draw_convolution`.
        dilation: As for `draw_convolution`.
        matrix: Whether the convolution's matrix stands below, with the row framed that makes the
            output, and each element of the kernel in its own color.

    Returns:
        A `matplotlib.animation.FuncAnimation`, to be given to `show_video`.

    Raises:
        ValueError: For a number out of range, or a kernel that is larger than the padded image.

    Example:
        >>> import numpy as np
        >>> from nncourse.visualizations import animate_convolution, show_video
        >>> film = animate_convolution(np.eye(3), [[1, 2], [3, 4]])
        >>> show_video(film, alt="A kernel stops at four places of an image.")
        <Video: A kernel stops at four places of an image.>

    Used in the chapters *Images and filters* and *Convolution arithmetic*.
    """
    return film(_sliding(image, kernel, stride, padding, dilation, matrix))


def _sliding(image, kernel, stride, padding, dilation, matrix=False) -> Sliding:
    image, kernel = checked_image(image), checked_image(kernel, "kernel")
    stride, dilation = pair("stride", stride), pair("dilation", dilation)
    padding = pair("padding", padding, at_least=0)
    for axis in zip(image.shape, kernel.shape, stride, padding, dilation, strict=True):
        conv_output_size(*axis)  # refuses a kernel that does not fit
    border = [(rows, rows) for rows in padding]
    kinds = np.pad(np.full(image.shape, IMAGE), border, constant_values=BORDER)
    arguments = {"stride": stride, "dilation": dilation}
    if matrix:
        grid = MatrixGrid(kernel, image.shape, padding=padding, **arguments)
        arguments["matrix"] = grid
    return Sliding(np.pad(image, border), kinds, kernel, **arguments)
