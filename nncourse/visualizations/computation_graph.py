"""A computation as a graph: forward values and gradients on its edges."""

import numpy as np

from nncourse.scratch import Value
from nncourse.visualizations._common import axes_or_new, number, text_width
from nncourse.visualizations._graph_layout import lay_out, smooth
from nncourse.visualizations.style import CARD, COLORS, GRID, INK, UNIT

_MAX_VALUES = 60
_MAX_WIDE = 2  # a graph with more operations in a row runs from top to bottom
_SYMBOLS = {"*": "×", "-": "−", "/": "÷", "sigmoid": "σ", "relu": "ReLU"}

# Lengths are in inches.
_HALF_HEIGHT = 0.18  # of a node
_GAP = 0.06  # between an edge or a node and what is written beside it
_LINE = 0.19  # the height of what is written there
_STEP_DOWN = 0.64  # from layer to layer in a high graph
_NOTE = 11.5  # points


def draw_computation_graph(value, *, ax=None):
    """Draws a value and everything that it was computed from.

    A leaf is a box with its name; one without a name is a constant and shows its number. An
    operation is round and holds its symbol, with its `name`, if it was given one, beside it. On
    every edge that does not come from a constant stands the number that goes forward and, after
    `value.backward()`, slanted and marked ∂, the gradient that comes back: that of the operation's
    result times the operation's slope. Where several edges leave a value their gradients add up to
    its own, marked Σ∂.

    Up to two operations in a row run from left to right, more from top to bottom. A leaf stands
    right before its first use.

    Args:
        value: A `scratch.Value`, computed from less than 60 others.
        ax: The axes to draw into; a new figure, as large as the graph needs, if not given.

    Returns:
        The figure and its axes.

    Raises:
        ValueError: For anything but a `Value`, or one that was computed from too many.

    Example:
        >>> from nncourse.scratch import Value
        >>> from nncourse.visualizations import draw_computation_graph
        >>> x, w = Value(2.0, "x"), Value(3.0, "w")
        >>> y = w * x + x
        >>> y.backward()
        >>> figure, axes = draw_computation_graph(y)
        >>> sorted(text.get_text() for text in axes.texts if "∂" in text.get_text())
        ['Σ∂ 4', '∂ 1', '∂ 1', '∂ 1', '∂ 2', '∂ 3']

    Taught in the chapter *Backpropagation*.
    """
    values = _checked_values(value)
    edges = [
        (operand, user, slope * user.gradient)
        for user in values
        for operand, slope in zip(user.operands, user.slopes, strict=True)
    ]
    edges.append((value, None, value.gradient))  # the result leaves the graph
    index = {id(each): i for i, each in enumerate([*values, None])}
    pairs = [(index[id(operand)], index[id(user)]) for operand, user, _ in edges]
    # The first layout, of points, tells which way the graph runs and which sides its nodes leave
    # free; the second has room for what is written there.
    points, routes = lay_out(pairs, [(0, 0)] * len(index), [(0, 0)] * len(edges))
    is_wide = points[:, 0].max() <= _MAX_WIDE + 1
    edge_notes = _edge_notes(values, edges)
    node_notes = _node_notes(values, edges, _busy_sides(routes, pairs, len(values)))
    points, routes = lay_out(
        pairs,
        [*(_reach(n, is_wide, each) for n, each in zip(node_notes, values, strict=True)), (0, 0)],
        [_reach(notes, is_wide) for notes in edge_notes],
    )

    step = _step(values, node_notes, edge_notes) if is_wide else _STEP_DOWN
    points = _on_page(points, step, is_wide)
    curves = [_on_page(smooth(route), step, is_wide) for route in routes]
    figure, ax = _axes(ax, np.concatenate(curves), is_wide)
    for (_, user, _), notes, route, curve in zip(edges, edge_notes, routes, curves, strict=True):
        _draw_edge(ax, curve, user)
        _write_notes(ax, _on_page(route[1], step, is_wide), notes, is_wide)
    for each, notes, point in zip(values, node_notes, points[:-1], strict=True):
        _draw_node(ax, point, each)
        _write_notes(ax, point, notes, is_wide, _half_sizes(each))
    if value.operands:
        _write(ax, points[-1], value.name, (_GAP, 0) if is_wide else (0, -_GAP))
    return figure, ax


def _checked_values(value) -> list[Value]:
    """All values of the graph, the result first, the operands of an operation in their order."""
    if not isinstance(value, Value):
        raise ValueError(
            f"`value` must be a `scratch.Value`. Received: {value!r} of type {type(value).__name__}"
        )
    values = value.graph()
    if len(values) > _MAX_VALUES:
        raise ValueError(
            f"`value` must be computed from less than {_MAX_VALUES} others to be drawn. "
            f"Received: one of {len(values) - 1}"
        )
    return values[::-1]


def _is_constant(value: Value) -> bool:
    return not (value.operands or value.name)


def _edge_notes(values, edges) -> list[tuple[str, str]]:
    """What is written before and after each edge: to its left and right, or above and below."""
    has_gradients = _has_gradients(values)
    return [
        ("", "")
        if _is_constant(operand)
        else (number(operand.data), f"∂ {number(gradient)}" if has_gradients else "")
        for operand, _, gradient in edges
    ]


def _node_notes(values, edges, busy_sides) -> list[tuple[str, str]]:
    """What is written before and after each node: its name and its whole gradient, on one side."""
    notes = []
    for value, busy_side in zip(values, busy_sides, strict=True):
        is_inner = value.operands and value is not values[0]
        texts = [value.name] if is_inner and value.name else []
        uses = sum(operand is value for operand, _, _ in edges)
        if _has_gradients(values) and uses > 1 and not _is_constant(value):
            texts.append(f"Σ∂ {number(value.gradient)}")
        text = ": ".join(texts)
        notes.append((text, "") if busy_side >= 0 else ("", text))
    return notes


def _has_gradients(values) -> bool:
    return any(value.gradient for value in values)


def _busy_sides(routes, pairs, count: int) -> np.ndarray:
    """For each node above 0 where more edges come and go after it than before it."""
    sides = np.zeros(count + 1)
    for (start, end), route in zip(pairs, routes, strict=True):
        sides[start] += route[1, 1] - route[0, 1]
        sides[end] += route[-2, 1] - route[-1, 1]
    return sides[:count]


def _reach(notes, is_wide: bool, value: Value | None = None) -> list[float]:
    """How far a node, or else an edge, reaches to its two sides with what is written there."""
    half = 0.0 if value is None else _half_sizes(value)[1 if is_wide else 0]
    sizes = [_LINE if is_wide else text_width(note, _NOTE) for note in notes]
    return [half + (_GAP + size if note else 0) for note, size in zip(notes, sizes, strict=True)]


def _step(values, node_notes, edge_notes) -> float:
    """From layer to layer in a wide graph: room for the widest node and the widest number."""
    node = max(2 * _half_sizes(value)[0] for value in values)
    node, label = (
        max([least, *(text_width(note, _NOTE) for pair in notes for note in pair)])
        for least, notes in ((node, node_notes), (0.0, edge_notes))
    )
    return node + label + 0.2


def _on_page(points: np.ndarray, step: float, is_wide: bool) -> np.ndarray:
    """Points (layer, across) as (x, y): to the right and down, or down and to the right."""
    return points * (step, -1) if is_wide else points[..., ::-1] * (1, -step)


def _axes(ax, points: np.ndarray, is_wide: bool):
    """Axes whose unit is an inch, if they are new ones, with room around the points."""
    room = (0.4, 0.45) if is_wide else (0.8, 0.3)
    low, high = points.min(axis=0) - room, points.max(axis=0) + room
    figure, ax = axes_or_new(ax, size=high - low)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
    ax.set_axis_off()
    return figure, ax


def _content(value: Value) -> tuple[str, float]:
    """What a node shows, and the size of its letters."""
    if not value.operands:
        return value.name or number(value.data), 13
    if value.operation.startswith("^"):
        return rf"$(\cdot)^{{{value.operation[1:]}}}$", 12
    symbol = _SYMBOLS.get(value.operation, value.operation)
    return symbol, 15 if len(symbol) == 1 else 12


def _half_sizes(value: Value) -> np.ndarray:
    """Half of a node's width and height: as high as all, and wide enough for its content."""
    return np.array([max(_HALF_HEIGHT, text_width(*_content(value)) / 2 + 0.08), _HALF_HEIGHT])


def _draw_node(ax, point: np.ndarray, value: Value) -> None:
    from matplotlib.patches import Polygon, Rectangle

    half = _half_sizes(value)
    face = CARD if _is_constant(value) else UNIT if value.operands else GRID
    style = {"facecolor": face, "edgecolor": INK, "linewidth": 1.5, "zorder": 2}
    if value.operands:
        angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
        circle = _HALF_HEIGHT * np.column_stack([np.cos(angle), np.sin(angle)])
        ax.add_patch(Polygon(point + circle + np.sign(circle) * (half - _HALF_HEIGHT), **style))
    else:
        ax.add_patch(Rectangle(point - half, *(2 * half), **style))
    text, size = _content(value)
    _write(ax, point, text, size=size, va="center_baseline")


def _draw_edge(ax, curve: np.ndarray, user: Value | None) -> None:
    """An arrow along the curve, up to the outline of the operation at its end."""
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    if user is not None:
        # The outline is everywhere as far from a line through the middle of the node.
        beyond = np.maximum(np.abs(curve - curve[-1]) - _half_sizes(user) + _HALF_HEIGHT, 0)
        curve = curve[np.hypot(*beyond.T) > _HALF_HEIGHT + 0.01]
    style = {"arrowstyle": "-|>", "mutation_scale": 11, "color": INK, "linewidth": 1.2}
    ax.add_patch(FancyArrowPatch(path=Path(curve), zorder=1, **style))


def _write_notes(ax, point, notes, is_wide: bool, half_sizes=(0, 0)) -> None:
    before = (np.array(half_sizes) + _GAP) * ((0, 1) if is_wide else (-1, 0))
    for text, offset in zip(notes, (before, -before), strict=True):
        is_gradient = "∂" in text
        style = {"color": COLORS[1], "style": "italic"} if is_gradient else {}
        _write(ax, point, text, offset, size=_NOTE, **style)


def _write(ax, point, text: str, offset=(0, 0), **style) -> None:
    """Writes beside a point, on the side to which the offset leads, or onto it."""
    if text:
        ha = {-1: "right", 0: "center", 1: "left"}[int(np.sign(offset[0]))]
        va = {-1: "top", 0: "center", 1: "bottom"}[int(np.sign(offset[1]))]
        style = {"ha": ha, "va": va, "color": INK, "size": 13, **style}
        ax.text(*np.add(point, offset), text, **style)
