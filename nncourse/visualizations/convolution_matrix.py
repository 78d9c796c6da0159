"""A convolution's matrix."""

import numpy as np

from nncourse.scratch import convolution_matrix
from nncourse.scratch._image_checks import checked_image, pair
from nncourse.visualizations._grids import Grid, element_colors, inch_axes, width_of
from nncourse.visualizations.style import GRID, INK

# Lengths are in inches.
_CELL = 0.4  # at most
_HIGH = 4.5  # the matrix, at most
_KERNEL = 0.36  # a cell of the kernel
_LINE = 0.34  # a name


class MatrixGrid:
    """The matrix of a convolution as a grid, each element in the color of the kernel's.

    Args:
        kernel: `(m, n)` numbers.
        size: `(height, width)` of the image.
        arguments: The stride, the padding and the dilation.
    """

    def __init__(self, kernel, size, **arguments):
        self.kernel, self.width = kernel, size[1]
        self.values = convolution_matrix(kernel, size, **arguments).toarray()
        # Which element of the kernel it is, from 1; 0 is none.
        numbers = np.arange(1, kernel.size + 1).reshape(kernel.shape)
        self.elements = convolution_matrix(numbers, size, **arguments).toarray().astype(int)

    def cell(self, width: float, high: float = _HIGH, largest: float = _CELL) -> float:
        """How large a cell is where there is so much room."""
        rows, columns = self.values.shape
        return min(largest, width / columns, high / rows)

    def draw(self, ax, corner, cell: float, inch: float) -> Grid:
        """Draws the grid; zeros are white, and lines set off the rows of the image."""
        grid = Grid(ax, self.values.shape, corner, cell, inch)
        colors = np.concatenate([np.ones((1, 3)), element_colors(self.kernel).reshape(-1, 3)])
        grid.write(np.where(self.elements > 0, self.values, np.nan))
        grid.paint(colors[self.elements])
        grid.rule(color=GRID)
        grid.rule(steps=(len(self.values), self.width), color=INK, linewidths=1.2)
        grid.name("C, {} × {}".format(*self.values.shape))
        return grid


def draw_convolution_matrix(kernel, size, *, stride=1, padding=0, ax=None):
    """Draws the matrix C with which a convolution is y = C x, below its kernel.

    Each element of C has the color of the kernel's element that it is, and its number where there
    is room; zeros are white. Lines set off the rows of the image, which stand one after the other
    in x.

    Args:
        kernel: `(m, n)` numbers.
        size: That of the input, one number or `(height, width)`.
        stride: One number, or one for each axis, 1 or more.
        padding: Zeros on each side, one number or one for each axis, 0 or more.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes. `axes.images` holds the kernel and C.

    Raises:
        ValueError: For anything that `scratch.convolution_matrix` refuses.

    Example:
        >>> from nncourse.visualizations import draw_convolution_matrix
        >>> figure, axes = draw_convolution_matrix([[1, 2, 3]] * 3, 4)
        >>> axes.images[1].get_array().shape  # rows, columns, colors
        (4, 16, 3)

    Used in the chapter *Convolution arithmetic*.
    """
    kernel = checked_image(kernel, "kernel")
    matrix = MatrixGrid(kernel, pair("size", size), stride=stride, padding=padding)
    rows, columns = matrix.values.shape
    cell = matrix.cell(width_of(ax))
    small = min(_KERNEL, 1.5 / max(kernel.shape))
    top = 2 * _LINE + kernel.shape[0] * small
    width = max(columns * cell, kernel.shape[1] * small, 1.2)
    figure, ax, inch = inch_axes(ax, width, top + rows * cell)
    grid = Grid(ax, kernel.shape, ((width - kernel.shape[1] * small) / 2, _LINE), small, inch)
    grid.write(kernel)
    grid.paint(element_colors(kernel))
    grid.rule()
    grid.name("kernel")
    matrix.draw(ax, ((width - columns * cell) / 2, top), cell, inch)
    return figure, ax
