"""Matrices as grids of cells, with their numbers in them where these are few and short."""

import numpy as np

from nncourse.visualizations._common import axes_or_new, number, text_width
from nncourse.visualizations.style import CARD, INK, MUTED

_SIZES = (13, 12, 11, 10)  # points, of the numbers in cells; less can't be read on a phone
_MAX_WRITTEN = 121  # cells
_EDGE = 0.04  # inches: half of a thick line is outside
_LINED = 0.09  # inches: lines would hide smaller cells


class Grid:
    """A matrix in axes whose y-axis points down, of square cells.

    Args:
        ax: The axes.
        shape: `(rows, columns)`.
        corner: `(x, y)` of the top left corner.
        cell: The side of a cell, in the unit of the axes.
        inch: How many inches this unit is on the page.
    """

    def __init__(self, ax, shape, corner, cell, inch=1.0):
        self.ax, self.shape, self.corner, self.cell = ax, shape, np.array(corner), cell
        self._inches = cell * inch
        right, bottom = self.corner + np.array(shape[::-1]) * cell
        extent = (self.corner[0], right, bottom, self.corner[1])
        blank = np.ones((*shape, 3))
        self.image = ax.imshow(blank, extent=extent, interpolation="nearest", zorder=1)
        self.texts = {}

    def paint(self, colors) -> None:
        """Fills the cells with colors, (rows, columns, 3) in all, and turns the numbers on them."""
        self.image.set_data(colors)
        for place, text in self.texts.items():
            text.set_color(_ink_on(colors[place]))

    def rule(self, start=(0, 0), shape=None, *, steps=(1, 1), color=MUTED, **style) -> None:
        """Draws the lines between the cells, or those of a part, or every so many."""
        from matplotlib.collections import LineCollection

        if self._inches * min(steps) < _LINED:
            steps = shape or self.shape  # only its outline
        rows, columns = shape or self.shape
        (top, left), (bottom, right) = start, np.add(start, (rows, columns))
        lines = [[(left, i), (right, i)] for i in range(top, bottom + 1, steps[0])]
        lines += [[(j, top), (j, bottom)] for j in range(left, right + 1, steps[1])]
        lines = self.corner + np.array(lines) * self.cell
        style = {"linewidths": 0.8, "zorder": 2, **style}
        self.ax.add_collection(LineCollection(lines, colors=color, **style), autolim=False)

    def mark(self, color, linewidth=2.5):
        """A frame that `move` puts around cells."""
        from matplotlib.patches import Rectangle

        style = {"facecolor": "none", "edgecolor": color, "linewidth": linewidth, "zorder": 4}
        return self.ax.add_patch(Rectangle((0, 0), 0, 0, **style))

    def move(self, mark, start, shape=(1, 1)) -> None:
        """Puts a frame around the cells of this shape from `start`, a row and a column."""
        mark.set_xy(self.corner + np.array(start[::-1]) * self.cell)
        mark.set_width(shape[1] * self.cell)
        mark.set_height(shape[0] * self.cell)

    def write(self, values) -> bool:
        """Writes numbers into the cells that hold no NaN, if all fit; returns whether they do."""
        places = [tuple(place) for place in np.argwhere(~np.isnan(values))]
        found = self._fitting([values[place] for place in places])
        if found is None:
            return False
        size, texts = found
        style = {"ha": "center", "va": "center_baseline", "size": size, "zorder": 3, "color": INK}
        for place, text in zip(places, texts, strict=True):
            middle = self.corner + (np.array(place[::-1]) + 0.5) * self.cell
            self.texts[place] = self.ax.text(*middle, text, **style)
        return True

    def name(self, text: str, **style) -> None:
        """Writes above the grid."""
        x = self.corner[0] + self.shape[1] * self.cell / 2
        style = {"ha": "center", "va": "bottom", "size": 12, **style}
        self.ax.text(x, self.corner[1] - 0.07, text, **style)

    def _fitting(self, values) -> tuple[int, list[str]] | None:
        """The numbers and the size of their letters, if they fit: in three digits, or in two."""
        if len(values) > _MAX_WRITTEN:
            return None
        for digits in (3, 2):
            texts = [number(value, digits) for value in values]
            for size in _SIZES:
                widest = max((text_width(text, size) for text in texts), default=0)
                if widest + 0.08 <= self._inches and 1.25 * size / 72 <= self._inches:
                    return size, texts
        return None


def width_of(ax) -> float:
    """How many inches there are from left to right: those of the axes, or of a page."""
    return 6.2 if ax is None else ax.bbox.width / ax.figure.dpi


def inch_axes(ax, width: float, height: float, make=None):
    """Empty axes whose unit is an inch, or less if `ax` is not high enough, y pointing down.

    Args:
        ax: The axes to use; new ones if None.
        width: In inches.
        height: In inches.
        make: What makes a new figure and its axes from a size, if not pyplot.

    Returns:
        The figure, the axes, and how many inches the unit is.
    """
    size = (width + 2 * _EDGE + 0.09, height + 2 * _EDGE + 0.09)  # with the layout's pads
    figure, ax = make(size) if make and ax is None else axes_or_new(ax, size=size)
    box = ax.bbox.size / figure.dpi
    ax.set(xlim=(-_EDGE, width + _EDGE), ylim=(height + _EDGE, -_EDGE), aspect="equal")
    ax.set_axis_off()
    is_new = np.allclose(figure.get_size_inches(), size)
    return figure, ax, 1.0 if is_new else min(1.0, box[0] / width, box[1] / height)


def rgb(*colors) -> np.ndarray:
    """Named colors as numbers."""
    from matplotlib.colors import to_rgb

    return np.array([to_rgb(color) for color in colors])


def mixed(color, other, part: float) -> np.ndarray:
    """A color with a part of another one in it; also for an array of colors."""
    return (1 - part) * np.asarray(color) + part * np.asarray(other)


def _ink_on(color) -> str:
    """The color of letters on a color: dark on light, light on dark."""
    return INK if np.dot(color, (0.299, 0.587, 0.114)) > 0.5 else CARD


def shades(values) -> np.ndarray:
    """Numbers as shades: black to white, or red over white at 0 to blue where some are negative."""
    from matplotlib import colormaps

    values = np.asarray(values)
    if values.min() < 0:
        return colormaps["RdBu"](0.5 + 0.5 * values / np.abs(values).max())[..., :3]
    low, high = (0, 1) if values.max() <= 1 else (values.min(), values.max())
    return colormaps["gray"]((values - low) / ((high - low) or 1))[..., :3]


def element_colors(kernel) -> np.ndarray:
    """A color for each element of a kernel, which differ in lightness too."""
    from matplotlib import colormaps

    places = np.linspace(0.12, 1, kernel.size).reshape(kernel.shape)
    return colormaps["viridis"](places)[..., :3]
