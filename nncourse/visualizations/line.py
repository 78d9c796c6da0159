"""The line on which a unit with two inputs changes its mind, and its normal vector."""

import numpy as np

from nncourse.visualizations._common import axes_or_new, checked_line, legend_below
from nncourse.visualizations.style import CARD, INK


def plot_line(weights, *, ax=None, color=INK, linestyle="-", label=None, arrow=True):
    r"""Draws the line $w_0 + w_1 x_1 + w_2 x_2 = 0$ and the normal vector $(w_1, w_2)$.

    The arrow shows the normal's direction: it points to the side on which the unit fires. The line
    runs from edge to edge of what the axes show now, so draw it after the points. Where it lies
    outside, or $w_1 = w_2 = 0$ and there is none, a note in the corner says so.

    Args:
        weights: `(w0, w1, w2)`, the bias first.
        ax: The axes to draw into; a new figure, from -1 to 1 on either axis, if not given.
        color: The color of line and arrow.
        linestyle: The line's style.
        label: The line's name in the legend.
        arrow: Whether the normal vector is drawn.

    Returns:
        The figure and its axes.

    Raises:
        ValueError: If `weights` is not three finite numbers.

    Example:
        >>> from nncourse.visualizations import plot_line
        >>> figure, axes = plot_line([-0.5, 1.0, 1.0])  # the unit fires where x1 + x2 > 1/2
        >>> axes.lines[0].get_xydata()
        array([[-0.5,  1. ],
               [ 1. , -0.5]])
    """
    weights = checked_line(weights)
    is_new = ax is None
    figure, ax = axes_or_new(ax)
    if is_new:
        ax.set(xlim=(-1, 1), ylim=(-1, 1), xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    draw_line(ax, weights, color=color, linestyle=linestyle, label=label, arrow=arrow)
    if label is not None:
        legend_below(ax)
    return figure, ax


def draw_line(ax, weights, *, color=INK, linestyle="-", label=None, arrow=True) -> list:
    """Draws the line as `plot_line` does and returns the artists, to be removed by an animation."""
    x_limits, y_limits = ax.get_xlim(), ax.get_ylim()
    ends = line_segment(weights, x_limits, y_limits)
    artists = []
    if ends is None:
        why = "the line lies outside" if np.any(weights[1:]) else "$w_1 = w_2 = 0$: no line"
        artists.append(ax.text(0.02, 0.02, why, transform=ax.transAxes, color=color))
    else:
        artists += ax.plot(*ends.T, color=color, linestyle=linestyle, label=label, zorder=3)
        if arrow:
            artists += _draw_normal(ax, weights[1:], ends, color)
    ax.set(xlim=x_limits, ylim=y_limits)
    return artists


def line_segment(weights, x_limits, y_limits) -> np.ndarray | None:
    """The `(2, 2)` end points of the line's part inside a rectangle, or None if there is none."""
    bias, *normal = weights
    corners = [(x, y) for x in x_limits for y in y_limits]
    tolerance = 1e-9 * np.ptp(corners, axis=0)
    low, high = np.min(corners, axis=0) - tolerance, np.max(corners, axis=0) + tolerance
    ends = []
    for axis, limits in enumerate((x_limits, y_limits)):
        if normal[1 - axis] != 0:
            for limit in limits:
                point = np.empty(2)
                point[axis] = limit
                point[1 - axis] = -(bias + normal[axis] * limit) / normal[1 - axis]
                if (low <= point).all() and (point <= high).all():
                    ends.append(point)
    # A line through a corner meets two edges there; the two points furthest apart span it.
    ends = sorted(ends, key=tuple)
    if not ends or (np.abs(ends[-1] - ends[0]) <= 4 * tolerance).all():
        return None
    return np.array([ends[0], ends[-1]])


def _draw_normal(ax, normal: np.ndarray, ends: np.ndarray, color) -> list:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.patheffects import withStroke

    low, high = np.sort([ax.get_xlim(), ax.get_ylim()], axis=1).T
    direction = normal / np.hypot(*normal)
    reach = 0.16 * min(high - low)
    # From the middle of the line, or from where the arrow's tip and its name stay in the picture.
    for part in (0.5, 0.35, 0.65, 0.2, 0.8):
        foot = ends[0] + part * (ends[1] - ends[0])
        name = foot + 1.35 * reach * direction
        if (low < name).all() and (name < high).all():
            break
    arrow = FancyArrowPatch(
        foot, foot + reach * direction, arrowstyle="-|>", mutation_scale=16, shrinkA=0, shrinkB=0
    )
    arrow.set(color=color, linewidth=2, zorder=3)
    ax.add_patch(arrow)
    text = ax.text(*name, r"$\mathbf{w}$", color=color, ha="center", va="center", zorder=3)
    text.set_path_effects([withStroke(linewidth=3, foreground=CARD)])
    return [arrow, text]
