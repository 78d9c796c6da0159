"""A recurrent network unrolled over time."""

from nncourse.visualizations._common import axes_or_new
from nncourse.visualizations.style import CARD, COLORS, INK, MUTED, UNIT

_RADIUS = 0.36  # of a circle
_STEP, _ROW = 1.5, 1.35  # from one step to the next, and from a row to the row above
_MOST = 10  # steps; with more of them the names no longer fit into the circles
_SHAPES = ("one to one", "one to many", "many to one", "many to many", "many then many")


def draw_unrolled(
    steps, shape="many to many", *, rolled=False, truncate=None, feedback=False, ax=None
):
    """Draws a recurrent network as it is at each step, with the states in the middle row.

    Args:
        steps: How many steps, 1 to 10.
        shape: Which steps have an input and an output. `"one to one"` (of one step), `"one to
            many"` (an input at the first step), `"many to one"` (an output at the last), `"many to
            many"` (both at every step) or `"many then many"` (inputs in the first half of the
            steps, outputs in the rest).
        rolled: Whether to draw the network as a loop to the left, and to name the weights.
        truncate: Draws the way of the gradient from state to state, cut after every `truncate`
            steps. With `steps` or more there is no cut.
        feedback: Whether each output enters the next state too.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes. The circles are `axes.patches`; the names in them and the
        arrows, as annotations without text, are `axes.texts`.

    Raises:
        ValueError: For steps out of range, an unknown shape or one that needs more or fewer
            steps, or a truncation that is not a positive integer.

    Example:
        >>> from nncourse.visualizations import draw_unrolled
        >>> figure, axes = draw_unrolled(3, "many to one")
        >>> [text.get_text() for text in axes.texts if text.get_text()]
        ['$h_{1}$', '$x_{1}$', '$h_{2}$', '$x_{2}$', '$h_{3}$', '$x_{3}$', '$y_{3}$']
    """
    inputs, outputs = _ends(steps, shape)
    if truncate is not None and (not isinstance(truncate, int) or truncate < 1):
        raise ValueError(f"`truncate` must be a positive integer. Received: {truncate=}")
    left = -2.2 * _STEP if rolled else 0.0  # of the first column
    right, lowest = (steps - 1) * _STEP, 0.0 if inputs else _ROW
    width = right - left + 3 * _RADIUS
    inches = min(7.2, 0.64 * width + 0.2)
    figure, ax = axes_or_new(ax, size=(inches, inches * (2 * _ROW + 4 * _RADIUS) / width + 0.1))
    if rolled:
        _draw_rolled(ax, left)
    for step in range(1, steps + 1):
        x = (step - 1) * _STEP
        _draw_circle(ax, x, _ROW, f"$h_{{{step}}}$", UNIT)
        if step in inputs:
            _draw_circle(ax, x, 0, f"$x_{{{step}}}$", CARD)
            _draw_arrow(ax, (x, 0), (x, _ROW), "$W_x$" if rolled else None)
        if step in outputs:
            _draw_circle(ax, x, 2 * _ROW, f"$y_{{{step}}}$", CARD)
            _draw_arrow(ax, (x, _ROW), (x, 2 * _ROW), "$W_y$" if rolled else None)
        if step < steps:
            _draw_arrow(ax, (x, _ROW), (x + _STEP, _ROW), "$W_h$" if rolled else None)
            if feedback and step in outputs:
                _draw_arrow(ax, (x, 2 * _ROW), (x + _STEP, _ROW), linestyle="--")
            if truncate is not None:
                _draw_gradient(ax, x, is_cut=step % truncate == 0)
    if truncate is not None and steps > 1:
        ax.plot([], [], "--", color=COLORS[1], label="way of the gradient")
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0.02), frameon=False)
    margin = 1.5 * _RADIUS
    ax.set(xlim=(left - margin, right + margin), ylim=(lowest - margin, 2 * _ROW + margin))
    ax.set_aspect("equal")
    ax.set_axis_off()
    return figure, ax


def _ends(steps, shape: str) -> tuple[range, range]:
    """The steps with an input and those with an output."""
    if not isinstance(steps, int) or not 1 <= steps <= _MOST:
        raise ValueError(f"`steps` must be an integer from 1 to {_MOST}. Received: {steps=}")
    if shape not in _SHAPES:
        raise ValueError(f"`shape` must be one of {_SHAPES}. Received: {shape=}")
    if shape == "one to one" and steps != 1:
        raise ValueError(f"`steps` must be 1 for 'one to one'. Received: {steps=}")
    if shape == "many then many" and steps == 1:
        raise ValueError(f"`steps` must be 2 or more for 'many then many'. Received: {steps=}")
    every, half = range(1, steps + 1), (steps + 1) // 2
    return {
        "one to one": (every, every),
        "one to many": (range(1, 2), every),
        "many to one": (every, range(steps, steps + 1)),
        "many to many": (every, every),
        "many then many": (range(1, half + 1), range(half + 1, steps + 1)),
    }[shape]


def _draw_rolled(ax, x: float) -> None:
    for row, (name, face) in enumerate((("x", CARD), ("h", UNIT), ("y", CARD))):
        _draw_circle(ax, x, row * _ROW, f"${name}_t$", face)
    _draw_arrow(ax, (x, 0), (x, _ROW), "$W_x$")
    _draw_arrow(ax, (x, _ROW), (x, 2 * _ROW), "$W_y$")
    side, half = x + 0.85 * _RADIUS, 0.5 * _RADIUS  # where the loop leaves and comes back
    _draw_curve(ax, (side, _ROW + half), (side, _ROW - half), "arc3,rad=-2.2", color=INK, lw=1.5)
    _write(ax, x + 2.3 * _RADIUS, _ROW, "$W_h$", ha="left")
    _write(ax, x + 1.5 * _STEP, _ROW, "=", size=18)


def _draw_gradient(ax, x: float, *, is_cut: bool) -> None:
    """The gradient's way from the state after the one at x to the one at x, or the cut in it."""
    if is_cut:
        place = [x + _STEP / 2] * 2
        ax.plot(place, [0.3 * _ROW, 1.7 * _ROW], color=MUTED, linewidth=1.5, linestyle=":")
        return
    style = {"color": COLORS[1], "lw": 1.8, "linestyle": "--"}
    _draw_curve(ax, (x + _STEP, _ROW), (x, _ROW), "arc3,rad=-0.55", gap=13, **style)


def _draw_curve(ax, start, end, curve: str, gap: float = 0, **style) -> None:
    arrow = {"arrowstyle": "-|>", "connectionstyle": curve, "shrinkA": gap, "shrinkB": gap, **style}
    ax.annotate("", xy=end, xytext=start, arrowprops=arrow)


def _draw_circle(ax, x: float, y: float, name: str, face: str) -> None:
    from matplotlib.patches import Circle

    ax.add_patch(Circle((x, y), _RADIUS, facecolor=face, edgecolor=INK, linewidth=1.5, zorder=2))
    _write(ax, x, y, name)


def _draw_arrow(ax, start, end, name: str | None = None, linestyle: str = "-") -> None:
    """An arrow from the edge of the circle at `start` to that of the circle at `end`."""
    (x_0, y_0), (x_1, y_1) = start, end
    length = ((x_1 - x_0) ** 2 + (y_1 - y_0) ** 2) ** 0.5
    dx, dy = _RADIUS * (x_1 - x_0) / length, _RADIUS * (y_1 - y_0) / length
    ends = (x_0 + dx, y_0 + dy), (x_1 - dx, y_1 - dy)
    _draw_curve(ax, *ends, "arc3", color=INK, lw=1.5, linestyle=linestyle)
    if name is not None and x_0 == x_1:
        _write(ax, x_0 + 0.1, (y_0 + y_1) / 2, name, ha="left")
    elif name is not None:
        _write(ax, (x_0 + x_1) / 2, y_0 + 0.1, name, va="bottom")


def _write(ax, x: float, y: float, text: str, **style) -> None:
    ax.text(x, y, text, **{"ha": "center", "va": "center", "color": INK, "size": 12, **style})
