"""A network of layers, drawn as circles and lines."""

import itertools

import numpy as np

from nncourse.visualizations._common import axes_or_new, number
from nncourse.visualizations.style import CARD, COLORS, GRID, INK, MUTED, UNIT

_RADIUS = 0.3  # of a unit; neighbors in a layer are 1 apart, or 1.5 where numbers are written
_BOX = {"facecolor": CARD, "edgecolor": "none", "pad": 1.5}  # keeps lines out of numbers
_WRITTEN = 12  # the most connections between two layers that get their weights written on them


def draw_network(
    sizes, *, ax=None, labels=None, units=None, weights=None, biases=None, max_units=10
):
    """Draws a fully connected network: a column of circles for each layer, a line for each weight.

    A layer of more than `max_units` is cut short with three dots, and its size is written below.
    With weights, a positive one is a solid blue line and a negative one a dashed red line, the
    wider the larger; where no two layers have more than 12 connections the numbers are written on
    them.

    Args:
        sizes: Units in each layer, from the inputs to the outputs: two or more positive integers.
        ax: The axes to draw into; a new figure if not given.
        labels: A name for each layer, written below it.
        units: For each layer a list of names, one for each of its units, or None.
        weights: For each pair of neighboring layers an array `(units before, units after)`, as
            Keras's kernels.
        biases: For each layer after the first an array with a number for each unit, written below
            the units; only where the layers are not cut short.
        max_units: The most circles in a column, three or more.

    Returns:
        The figure and its axes. `axes.collections` holds the lines between each two layers.

    Raises:
        ValueError: For sizes that are not positive integers or fewer than two, or labels, names,
            weights or biases that don't fit them.

    Example:
        >>> from nncourse.visualizations import draw_network
        >>> figure, axes = draw_network([4, 5, 3], labels=["inputs", "hidden", "outputs"])
        >>> [len(lines.get_segments()) for lines in axes.collections]
        [20, 15]
    """
    sizes = _checked_sizes(sizes, max_units)
    labels = _checked_list("labels", labels, len(sizes))
    units = _checked_list("units", units, len(sizes))
    for layer, names in enumerate(units):
        if names is not None and len(names) != sizes[layer]:
            raise ValueError(
                f"`units[{layer}]` must name {sizes[layer]} units. Received: {len(names)} names"
            )
    kernels = _checked_arrays("weights", weights, list(itertools.pairwise(sizes)))
    offsets = _checked_arrays("biases", biases, [(size,) for size in sizes[1:]])

    edges = max(a * b for a, b in itertools.pairwise(sizes))
    is_written = weights is not None and edges <= _WRITTEN
    spacing = 1.0 if biases is None and not is_written else 1.5
    columns = [_heights(size, max_units, spacing) for size in sizes]
    top = max(heights[0] for heights, _ in columns) + 0.6
    # About a third wider than high, and no line so short that it gets steep.
    step = min((2.6 * top - 1.6) / (len(sizes) - 1), 1.4 * top)
    step = max(step, 3.0 if is_written else 2.2)
    captions = [
        "\n".join(filter(None, [label, f"{size} units" if len(shown) < size else None]))
        for label, size, (_, shown) in zip(labels, sizes, columns, strict=True)
    ]
    bottom = -top - 0.2 * (biases is not None)
    below = 0.1 + 0.4 * max(len(caption.splitlines()) for caption in captions)
    width, height = (len(sizes) - 1) * step + 1.6, top - bottom + below
    inch = min(6.4 / width, 5.0 / height, 0.85)
    figure, ax = axes_or_new(ax, size=(inch * width, inch * height))
    for layer, kernel in enumerate(kernels):
        ends = [(layer * step, columns[layer]), ((layer + 1) * step, columns[layer + 1])]
        _draw_connections(ax, *ends, kernel, is_written)
    for layer, (heights, shown) in enumerate(columns):
        offset = None if layer == 0 else offsets[layer - 1]
        for y, unit in zip(heights, shown, strict=True):
            name = None if units[layer] is None else units[layer][unit]
            _draw_unit(ax, layer * step, y, name, GRID if layer == 0 else UNIT)
            if offset is not None:
                text = f"bias {number(offset[unit])}"
                _write(ax, layer * step, y - _RADIUS - 0.1, text, va="top", size=11, bbox=_BOX)
        if len(shown) < sizes[layer]:
            gap = np.argmin(np.diff(heights))
            dots = heights[gap : gap + 2].mean() + np.array([-0.2, 0, 0.2])
            ax.plot([layer * step] * 3, dots, ".", color=INK, markersize=4)
        if captions[layer]:
            _write(ax, layer * step, bottom, captions[layer], va="top")
    ax.set(xlim=(-0.8, (len(sizes) - 1) * step + 0.8), ylim=(bottom - below, top), aspect="equal")
    ax.set_axis_off()
    return figure, ax


def _heights(size: int, max_units: int, spacing: float) -> tuple[np.ndarray, list[int]]:
    """Where a layer's circles stand, from the top, and the numbers of the units they show."""
    if size <= max_units:
        slots, shown = np.arange(size), list(range(size))
    else:
        upper, lower = max_units // 2, (max_units - 1) // 2  # one slot is left for the dots
        shown = [*range(upper), *range(size - lower, size)]
        slots = np.delete(np.arange(max_units), upper)
    return spacing * ((slots[0] + slots[-1]) / 2 - slots), shown


def _draw_connections(ax, before, after, kernel, is_written: bool) -> None:
    from matplotlib.collections import LineCollection

    (x_0, (heights_0, shown_0)), (x_1, (heights_1, shown_1)) = before, after
    segments = [((x_0, y_0), (x_1, y_1)) for y_0 in heights_0 for y_1 in heights_1]
    if kernel is None:
        ax.add_collection(LineCollection(segments, colors="#A9A9A4", linewidths=1.0, zorder=1))
        return
    values = kernel[np.ix_(shown_0, shown_1)].ravel()
    largest = np.abs(kernel).max() or 1.0
    styles = {1: (COLORS[0], "-"), -1: (COLORS[1], "--"), 0: (MUTED, ":")}
    colors, dashes = zip(*(styles[int(np.sign(value))] for value in values), strict=True)
    widths = 0.8 + 1.7 * np.abs(values) / largest
    ax.add_collection(
        LineCollection(
            segments, colors=colors, linestyles=list(dashes), linewidths=widths, zorder=1
        )
    )
    if is_written:
        places = []
        for (start, end), value, color in zip(segments, values, colors, strict=True):
            x, y = _free_place(np.array(start), np.array(end), places)
            places.append((x, y))
            _write(ax, x, y, number(value), va="center", color=color, size=12, bbox=_BOX)


def _free_place(start: np.ndarray, end: np.ndarray, taken: list) -> np.ndarray:
    """A place for a number on a line: near its start, unless other numbers are in the way."""
    candidates = [start + part * (end - start) for part in (0.3, 0.42, 0.22, 0.55, 0.65, 0.75)]

    def room(place: np.ndarray) -> float:  # in text heights; 1 is enough, more is no better
        gaps = np.abs(place - np.reshape(taken, (-1, 2))) / (0.7, 0.35)
        return min(1.0, gaps.max(axis=1).min(initial=1.0))

    return max(candidates, key=room)


def _draw_unit(ax, x: float, y: float, name: str | None, face: str) -> None:
    from matplotlib.patches import Circle

    ax.add_patch(Circle((x, y), _RADIUS, facecolor=face, edgecolor=INK, linewidth=1.5, zorder=2))
    if name is not None:
        _write(ax, x, y, name, va="center")


def _write(ax, x: float, y: float, text: str, **style) -> None:
    ax.text(x, y, text, **{"ha": "center", "color": INK, "size": 13, "zorder": 3, **style})


def _checked_sizes(sizes, max_units: int) -> list[int]:
    sizes = list(sizes)
    if len(sizes) < 2 or any(size != int(size) or size < 1 for size in sizes):
        raise ValueError(
            f"`sizes` must hold two or more positive integers, one for each layer. "
            f"Received: {sizes=}"
        )
    if max_units != int(max_units) or max_units < 3:
        raise ValueError(f"`max_units` must be an integer of 3 or more. Received: {max_units=}")
    return [int(size) for size in sizes]


def _checked_list(name: str, values, layers: int) -> list:
    if values is None:
        return [None] * layers
    if len(values) != layers:
        raise ValueError(
            f"`{name}` must have an entry for each of the {layers} layers. Received: {len(values)}"
        )
    return list(values)


def _checked_arrays(name: str, values, shapes: list[tuple]) -> list:
    if values is None:
        return [None] * len(shapes)
    arrays = [np.asarray(value, dtype=float) for value in values]
    received = [array.shape for array in arrays]
    if received != shapes:
        raise ValueError(f"`{name}` must hold arrays of the shapes {shapes}. Received: {received}")
    return arrays
