"""What a unit of a convolutional network sees, as lines down to the pixels."""

from nncourse.scratch import conv_output_size, receptive_field
from nncourse.scratch._image_checks import whole
from nncourse.scratch.arithmetic import padding_of
from nncourse.visualizations._grids import inch_axes, width_of
from nncourse.visualizations.style import COLORS, GRID, INK, MUTED

# Lengths are in inches.
_LABELS = 1.6  # the width of what stands on the right
_STEP = 0.9  # from layer to layer
_SPACING = 0.36  # from pixel to pixel, at most
_BELOW = 0.7  # the bracket and its text
_SEEN, _CHOSEN = COLORS[0], COLORS[1]


def draw_receptive_fields(layers, size, *, unit=None, ax=None):
    """Draws a stack of convolutions along one axis, and what a unit of the last layer sees.

    The pixels stand at the bottom and each unit over the center of its own field. Lines lead from
    the unit down to all that it is computed from; what they meet is filled, and the zeros of a
    padding are dashed. A bracket marks the receptive field, the padding in it included.

    Args:
        layers: A dict for each layer, first layer first, as for `scratch.receptive_field`.
        size: The number of pixels, a positive integer.
        unit: Which unit of the last layer, from 0; the middle one if not given.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes.

    Raises:
        ValueError: For anything that `scratch.receptive_field` refuses, a kernel that is larger
            than its padded input, or a unit that the last layer does not have.

    Example:
        >>> from nncourse.visualizations import draw_receptive_fields
        >>> figure, axes = draw_receptive_fields([{"kernel": 3}] * 3, 11)
        >>> [text.get_text() for text in axes.texts if "sees" in text.get_text()]
        ['unit 2 sees 7 pixels']

    Used in the chapter *Convolution arithmetic*.
    """
    stack = _Stack(layers, whole("size", size))
    depth, units = len(layers), stack.sizes[-1]
    unit = (units - 1) // 2 if unit is None else unit
    if unit not in range(units):
        raise ValueError(
            f"`unit` must be one of the last layer's units, from 0 to {units - 1}. "
            f"Received: {unit=}"
        )
    first, last = stack.fields[-1].pixels(unit)
    rows = [range(-p, n + p) for n, p in zip(stack.sizes, [*stack.paddings, 0], strict=True)]
    rows[0] = range(min(first, rows[0][0]), max(last, rows[0][-1]) + 1)
    ends = [stack.center(d, row[k]) for d, row in enumerate(rows) for k in (0, -1)]
    pixels = max(ends) - min(ends) + 1
    spacing = min(_SPACING, (width_of(ax) - _LABELS) / pixels)
    width, bottom = spacing * pixels + _LABELS, _STEP * depth + 0.2
    figure, ax, _ = inch_axes(ax, width, bottom + _BELOW)

    def place(layer: int, index: int) -> tuple[float, float]:
        x = (stack.center(layer, index) - min(ends) + 0.5) * spacing
        return x, bottom - _STEP * layer

    links = stack.links(unit)
    _draw_lines(ax, [(place(d, u), place(d - 1, v)) for d, u, v in links])
    seen = {(d - 1, v) for d, _, v in links}
    for layer, row in enumerate(rows):
        for index in row:
            is_padding = not 0 <= index < stack.sizes[layer]
            fill = GRID if is_padding else "#FFFFFF"
            if (layer, index) in seen:
                fill = MUTED if is_padding else _SEEN
            if (layer, index) == (depth, unit):
                fill = _CHOSEN
            _draw_unit(ax, place(layer, index), 0.7 * spacing, fill, is_padding)
    for layer in range(depth + 1):
        y = bottom - _STEP * layer
        _write(ax, width - _LABELS + 0.1, y, stack.label(layer))
        if layer:
            _write(ax, width - _LABELS + 0.1, y + _STEP / 2, stack.step(layer), size=10.5)
    _draw_bracket(ax, place(0, first), place(0, last), spacing)
    text = f"unit {unit} sees {last - first + 1} pixels"
    outside = sum(not 0 <= pixel < size for pixel in range(first, last + 1))
    if outside:
        text += f", {outside} of them padding"
    _write(ax, 0, bottom + _BELOW - 0.12, text)
    return figure, ax


class _Stack:
    """Layers with their sizes; layer 0 is the input."""

    def __init__(self, layers, size: int):
        self.fields, self.layers = receptive_field(layers), layers
        self.sizes, self.paddings = [size], []
        for layer in layers:
            self.sizes.append(conv_output_size(self.sizes[-1], **layer))
            reach = (layer["kernel"] - 1) * layer.get("dilation", 1) + 1
            self.paddings.append(padding_of(layer.get("padding", 0), reach))

    def center(self, layer: int, index: int) -> float:
        """The center of a unit's field, in pixels."""
        if layer == 0:
            return index
        field = self.fields[layer - 1]
        return field.start + index * field.jump

    def links(self, unit: int) -> list[tuple[int, int, int]]:
        """(layer, unit, unit of the layer below) for all that a unit of the last layer sees."""
        links, units = [], {unit}
        for depth in range(len(self.layers), 0, -1):
            layer, padding = self.layers[depth - 1], self.paddings[depth - 1]
            stride, dilation = layer.get("stride", 1), layer.get("dilation", 1)
            below = [
                (depth, u, u * stride + v * dilation - padding)
                for u in sorted(units)
                for v in range(layer["kernel"])
            ]
            links += below
            # A zero of the padding is not computed from anything.
            units = {v for _, _, v in below if 0 <= v < self.sizes[depth - 1]}
        return links

    def label(self, layer: int) -> str:
        if layer == 0:
            return f"{self.sizes[0]} pixels"
        return f"{_counted(self.sizes[layer], 'unit')}, field {self.fields[layer - 1].size}"

    def step(self, layer: int) -> str:
        """What leads to a layer, two properties a line."""
        items = [f"{key} {value}" for key, value in self.layers[layer - 1].items()]
        return ",\n".join(", ".join(items[k : k + 2]) for k in range(0, len(items), 2))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _draw_lines(ax, lines) -> None:
    from matplotlib.collections import LineCollection

    style = {"colors": _SEEN, "linewidths": 1.0, "alpha": 0.6, "zorder": 1}
    ax.add_collection(LineCollection(lines, **style), autolim=False)


def _draw_unit(ax, middle, side: float, fill: str, is_padding: bool) -> None:
    from matplotlib.patches import Rectangle

    style = {"linestyle": (0, (2, 1.5)) if is_padding else "-", "linewidth": 1, "zorder": 2}
    corner = middle[0] - side / 2, middle[1] - side / 2
    ax.add_patch(Rectangle(corner, side, side, facecolor=fill, edgecolor=MUTED, **style))


def _draw_bracket(ax, first, last, spacing: float) -> None:
    left, right, y = first[0] - spacing / 2, last[0] + spacing / 2, first[1] + spacing / 2 + 0.06
    ax.plot([left, left, right, right], [y, y + 0.08, y + 0.08, y], "-", color=_CHOSEN, linewidth=2)


def _write(ax, x: float, y: float, text: str, size: float = 12) -> None:
    color = INK if size == 12 else MUTED
    ax.text(x, y, text, ha="left", va="center", size=size, color=color)
