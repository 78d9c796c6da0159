"""A kernel that slides over an image: what films and still pictures of it have in common."""

from dataclasses import dataclass, field

import numpy as np

from nncourse.scratch import correlate2d, stretch
from nncourse.visualizations._animation import freeze_layout, private_figure, thinned
from nncourse.visualizations._common import number, text_width
from nncourse.visualizations._grids import (
    Grid,
    element_colors,
    inch_axes,
    mixed,
    rgb,
    shades,
    width_of,
)
from nncourse.visualizations.convolution_matrix import MatrixGrid
from nncourse.visualizations.style import CARD, COLORS, GRID, INK, MUTED, UNIT

IMAGE, BORDER, INSERTED, EXTRA = range(4)  # what a cell of the input is
_FILLS = ("#FFFFFF", GRID, "#BFE3D6", "#EBC9DC")
_NAMES = ("image", "padding zeros", "inserted zeros", "extra zeros")
_MARK = COLORS[1]
_DASHES = (0, (2, 2))
_TINT = 0.35  # how much of a color the cells under the kernel take on
_MAX_PRODUCTS = 16  # that are written out
_MILLISECONDS = 1000 / 3  # a frame
_KERNEL = 0.25  # the part of the width that a small kernel takes beside a large image

# Lengths are in inches.
_WIDTH = 5.8  # at most: all letters are the larger on a phone
_CELL = 0.42  # at most
_HIGH = 4.5  # an image, at most
_MATRIX = (2.6, 0.26)  # the matrix, and a cell of it, at most
_GAP = 0.32
_LINE = 0.34  # a line of text
_SWATCH = 0.2
_CONTROLS = 0.5
_LETTERS = 12  # points


@dataclass
class Sliding:
    """An input, all that was put around and between its pixels, and the kernel on its way over it.

    Args:
        cells: The numbers of the input.
        kinds: What each of these cells is.
        kernel: As it slides.
        stride: `(down, right)`.
        dilation: `(down, right)`.
        matrix: That of this convolution, or None.
        name: What stands above the kernel.
    """

    cells: np.ndarray
    kinds: np.ndarray
    kernel: np.ndarray
    stride: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    matrix: MatrixGrid | None = None
    name: str = "kernel"
    reach: tuple[int, int] = field(init=False)
    output: np.ndarray = field(init=False)

    def __post_init__(self):
        spread = stretch(self.kernel, self.dilation)
        self.reach = spread.shape
        self.output = correlate2d(self.cells, spread, mode="valid", stride=self.stride)

    def cells_at(self, place):
        """The cells that the kernel meets at a place, as an index of the input."""
        axes = zip(place, self.stride, self.reach, self.dilation, strict=True)
        return np.ix_(*(range(p * s, p * s + r, d) for p, s, r, d in axes))

    def sum_at(self, place, room: float) -> str:
        """The sum that an output is, where it is short, or else which of them it is."""
        value = number(self.output[place])
        if self.kernel.size <= _MAX_PRODUCTS:
            pairs = zip(self.cells[self.cells_at(place)].flat, self.kernel.flat, strict=True)
            products = "".join(_product(*pair) for pair in pairs)
            # The sign of the first product: none, or one without spaces.
            text = ("−" if products[1] == "−" else "") + f"{products[3:]} = {value}"
            if text_width(text, _LETTERS) <= room:
                return text
        index = np.ravel_multi_index(place, self.output.shape)
        return f"place {index + 1} of {self.output.size}: {value}"


def _product(pixel: float, weight: float) -> str:
    """A product as it stands in a sum, the sign of its weight before it."""
    factor = f"({number(pixel)})" if pixel < 0 else number(pixel)
    return f" {'−' if weight < 0 else '+'} {factor}·{number(abs(weight))}"


def film(sliding: Sliding):
    """The film of all places, or of 60 of them that are spread evenly."""
    from matplotlib.animation import FuncAnimation

    places = list(np.ndindex(sliding.output.shape))
    shown = [places[index] for index in thinned(len(places))]
    picture = SlidingPicture(sliding, shown, make=private_figure)
    picture.show(shown[0])
    freeze_layout(picture.figure)

    def draw(place) -> list:
        picture.show(place)
        return []

    return FuncAnimation(picture.figure, draw, frames=shown, init_func=list, interval=_MILLISECONDS)


class SlidingPicture:
    """Draws what stays; `show` draws the kernel at a place.

    Args:
        sliding: What to draw.
        shown: The places that will be shown: a new figure is wide enough for their sums.
        ax: The axes to draw into; new ones if None.
        make: What makes a new figure and its axes from a size, if not pyplot.
    """

    def __init__(self, sliding: Sliding, shown, *, ax=None, make=None):
        self.sliding = sliding
        self.kinds = [kind for kind in range(4) if (sliding.kinds == kind).any()]
        matrices = (sliding.cells, sliding.kernel, sliding.output)
        room, matrix = min(width_of(ax), _WIDTH), sliding.matrix
        self.sums = {place: sliding.sum_at(place, room) for place in shown}
        units = _units(*(each.shape for each in matrices), room)
        widths = [each.shape[1] * unit for each, unit in zip(matrices, units, strict=True)]
        width = wide = sum(widths) + 2 * _GAP
        widest = max(text_width(text, _LETTERS) for text in self.sums.values()) + 0.1
        if ax is None:
            wide = max(width, widest, self._legend_width())
        top = (3 if len(self.kinds) > 1 else 2) * _LINE
        high = top + max(each.shape[0] * unit for each, unit in zip(matrices, units, strict=True))
        if matrix is not None:
            rows, columns = matrix.values.shape
            cell = matrix.cell(room, *_MATRIX)
            wide, below = max(wide, columns * cell), high + _LINE
            high = below + rows * cell
        if make is private_figure:  # the player's controls would hide the last rows of a film
            high += _CONTROLS
        self.figure, self.ax, inch = inch_axes(ax, wide, high, make)

        x = (wide - width) / 2
        self._sum = self._write(max(0, min(x, wide - widest)), 0.5 * _LINE, "")
        if len(self.kinds) > 1:
            self._draw_legend(max(0, (wide - self._legend_width()) / 2), 1.5 * _LINE)
        grids = []
        for each, unit, its_width in zip(matrices, units, widths, strict=True):
            grids.append(Grid(self.ax, each.shape, (x, top), unit, inch))
            x += its_width + _GAP
        self.input, self.kernel, self.output = grids
        self._draw_input()
        self._draw_kernel()
        self._draw_output()
        self._window, self._current = self.input.mark(_MARK), self.output.mark(_MARK)
        if matrix is not None:
            self.matrix = matrix.draw(self.ax, ((wide - columns * cell) / 2, below), cell, inch)
            self._row = self.matrix.mark(_MARK)

    def show(self, place) -> None:
        """Puts the kernel at a place, with the outputs so far."""
        sliding = self.sliding
        self._sum.set_text(self.sums[place])
        fills, under = self._fills.copy(), sliding.cells_at(place)
        fills[under] = mixed(fills[under], *self._tint)
        self.input.paint(fills)
        self.input.move(self._window, np.multiply(place, sliding.stride), sliding.reach)
        index = np.ravel_multi_index(place, sliding.output.shape)
        done = np.arange(sliding.output.size).reshape(sliding.output.shape) <= index
        self.output.paint(np.where(done[..., None], self._results, rgb(CARD)))
        for cell, text in self.output.texts.items():
            text.set_visible(bool(done[cell]))
        self.output.move(self._current, place)
        if sliding.matrix is not None:
            self.matrix.move(self._row, (index, 0), (1, self.matrix.shape[1]))

    def _draw_input(self) -> None:
        cells, kinds = self.sliding.cells, self.sliding.kinds
        # The zeros are left blank: their colors say that they are none of the image's numbers.
        is_written = self.input.write(np.where(kinds == IMAGE, cells, np.nan))
        self._fills = rgb(*_FILLS)[kinds]
        if not is_written:
            self._fills[kinds == IMAGE] = shades(cells[kinds == IMAGE])
        self.input.rule(linestyles=_DASHES)
        inside = np.argwhere((kinds == IMAGE) | (kinds == INSERTED))
        (top, left), (bottom, right) = inside.min(axis=0), inside.max(axis=0) + 1
        self.input.rule((top, left), (bottom - top, right - left))
        self.input.name("input")

    def _draw_kernel(self) -> None:
        kernel, matrix = self.sliding.kernel, self.sliding.matrix
        is_written = self.kernel.write(kernel)
        # The colors of the matrix, if it is there, or else one for all.
        self._tint = rgb(_MARK), _TINT
        if matrix is not None:
            self._tint = element_colors(kernel), 1.0 if self.input.texts else _TINT
            self.kernel.paint(element_colors(kernel))
        elif is_written:
            self.kernel.paint(mixed(np.ones((*kernel.shape, 3)), *self._tint))
        else:
            self.kernel.paint(shades(kernel / (np.abs(kernel).max() or 1)))
        self.kernel.rule()
        self.kernel.name(self.sliding.name)

    def _draw_output(self) -> None:
        output = self.sliding.output
        is_written = self.output.write(output)
        self._results = rgb(UNIT) if is_written else shades(output)
        self.output.rule()
        self.output.name("output")

    def _write(self, x: float, y: float, text: str):
        style = {"ha": "left", "va": "center_baseline", "size": _LETTERS, "color": INK}
        return self.ax.text(x, y, text, **style)

    def _legend_width(self) -> float:
        if len(self.kinds) == 1:
            return 0
        return sum(text_width(_NAMES[kind], _LETTERS) + 2.4 * _SWATCH for kind in self.kinds)

    def _draw_legend(self, x: float, y: float) -> None:
        from matplotlib.patches import Rectangle

        for kind in self.kinds:
            linestyle = _DASHES if kind in (BORDER, EXTRA) else "-"
            style = {"facecolor": _FILLS[kind], "edgecolor": MUTED, "linestyle": linestyle}
            self.ax.add_patch(Rectangle((x, y - _SWATCH / 2), _SWATCH, _SWATCH, **style))
            self._write(x + 1.4 * _SWATCH, y, _NAMES[kind])
            x += text_width(_NAMES[kind], _LETTERS) + 2.4 * _SWATCH


def _units(cells, kernel, output, room: float) -> tuple[float, float, float]:
    """The side of a cell of the input, the kernel and the output, from their shapes."""
    room -= 2 * _GAP
    most = min(_CELL, _HIGH / max(cells[0], output[0]))
    small = min(_CELL, _KERNEL * room / max(kernel))
    unit = min(most, (room - kernel[1] * small) / (cells[1] + output[1]))
    if unit > small:  # a large kernel: all cells alike
        unit = small = min(most, room / (cells[1] + kernel[1] + output[1]))
    return unit, small, unit
