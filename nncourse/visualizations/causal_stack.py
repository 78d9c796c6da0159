"""What the last output of a stack of causal convolutions sees of the past."""

from nncourse.scratch import receptive_field
from nncourse.scratch._image_checks import whole
from nncourse.visualizations._grids import inch_axes, width_of
from nncourse.visualizations.style import COLORS, GRID, INK, MUTED

# Lengths are in inches.
_LABELS = 1.75  # the width of what stands on the right
_STEP = 0.8  # from layer to layer
_SPACING = 0.36  # from step to step, at most
_BELOW = 0.45  # the words below the input
_SEEN, _CHOSEN = COLORS[0], COLORS[1]


def draw_causal_stack(kernel, dilations, *, steps=None, ax=None):
    """Draws a stack of causal convolutions over a series and all that the last output sees.

    Time runs to the right, the series stands at the bottom. Lines lead from the last output down to
    the values that it is computed from, which are filled; none leads to the right.

    Args:
        kernel: The size of every kernel, a positive integer.
        dilations: The dilation of each layer, first layer first: positive integers.
        steps: How many values of the series are shown, a positive integer; if not given, four more
            than the last output sees.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes.

    Raises:
        ValueError: For no layer or a number that is not a positive integer.

    Example:
        >>> from nncourse.visualizations import draw_causal_stack
        >>> figure, axes = draw_causal_stack(2, [1, 2, 4])
        >>> axes.texts[-2].get_text()
        'dilation 4, sees 8'

    Used in the chapter *Time series*.
    """
    dilations = list(dilations)
    fields = receptive_field([{"kernel": kernel, "dilation": d} for d in dilations])
    steps = fields[-1].size + 4 if steps is None else whole("steps", steps)
    spacing = min(_SPACING, (width_of(ax) - _LABELS) / steps)
    bottom = _STEP * len(dilations) + 0.2
    figure, ax, _ = inch_axes(ax, spacing * steps + _LABELS, bottom + _BELOW)

    def place(layer: int, step: int) -> tuple[float, float]:
        return (step + 0.5) * spacing, bottom - _STEP * layer

    lines, seen = [], {(len(dilations), steps - 1)}
    for layer in range(len(dilations), 0, -1):
        above = sorted(step for depth, step in seen if depth == layer)
        for step in above:
            for back in range(kernel):
                below = step - back * dilations[layer - 1]
                if below >= 0:  # earlier is padding
                    lines.append([place(layer, step), place(layer - 1, below)])
                    seen.add((layer - 1, below))
    _draw_lines(ax, lines)
    for layer in range(len(dilations) + 1):
        for step in range(steps):
            fill = _SEEN if (layer, step) in seen else GRID
            if (layer, step) == (len(dilations), steps - 1):
                fill = _CHOSEN
            ax.plot(*place(layer, step), "o", color=fill, markeredgecolor=MUTED, zorder=2)
    for layer, (dilation, field) in enumerate(zip(dilations, fields, strict=True), start=1):
        text = f"dilation {dilation}, sees {field.size}"
        _write(ax, spacing * steps + 0.1, place(layer, 0)[1], text)
    _write(ax, spacing * steps + 0.1, place(0, 0)[1], "series")
    return figure, ax


def _draw_lines(ax, lines) -> None:
    from matplotlib.collections import LineCollection

    style = {"colors": _SEEN, "linewidths": 1.2, "alpha": 0.7, "zorder": 1}
    ax.add_collection(LineCollection(lines, **style), autolim=False)


def _write(ax, x: float, y: float, text: str) -> None:
    ax.text(x, y, text, ha="left", va="center", size=11.5, color=INK)
