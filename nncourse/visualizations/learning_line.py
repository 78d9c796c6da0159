"""The perceptron's line turning as it learns."""

import numpy as np

from nncourse.visualizations._animation import freeze_layout, private_figure, thinned
from nncourse.visualizations._common import axes_or_new, checked_classes, checked_points
from nncourse.visualizations.line import draw_line, line_segment
from nncourse.visualizations.points import plot_points
from nncourse.visualizations.style import INK, MUTED


def animate_learning_line(history, x, t, *, seconds=8.0, ax=None):
    """Animates a perceptron's line, one frame for every update of its weights.

    Each frame shows the line after an update, the line before it (dashed), and, ringed, the example
    that was wrong and caused it. A history of more than 60 rows is thinned to 60 frames, the first
    and the last among them, and the title says so.

    Args:
        history: `(updates + 1, 3)` weights, the bias first: a perceptron's `history_`.
        x: `(n, 2)` points.
        t: `(n,)` targets, each -1 or +1.
        seconds: How long the animation takes, a positive number.
        ax: The axes to draw into; a new figure, known to the animation alone, if not given.

    Returns:
        A `matplotlib.animation.FuncAnimation`, to be given to `show_video`.

    Raises:
        ValueError: If the history has no rows or not three columns, the data don't fit, or the time
            is not positive.

    Example:
        >>> from nncourse.scratch import Perceptron
        >>> from nncourse.visualizations import animate_learning_line, show_video
        >>> x, t = [[0, 0], [0, 1], [1, 0], [1, 1]], [-1, 1, 1, 1]
        >>> unit = Perceptron().fit(x, t)
        >>> animation = animate_learning_line(unit.history_, x, t, seconds=3)
        >>> show_video(animation, alt="A line turns until it separates (0, 0) from the rest.")
        <Video: A line turns until it separates (0, 0) from the rest.>
    """
    from matplotlib.animation import FuncAnimation

    history = _checked_history(history)
    x = checked_points(x)
    t = checked_classes(t, len(x))
    if not np.isin(t, (-1, 1)).all():
        raise ValueError(
            f"`t` must hold targets -1 and +1. Received: t with the values {np.unique(t)[:5]}"
        )
    if not (np.isfinite(seconds) and seconds > 0):
        raise ValueError(f"`seconds` must be a positive number. Received: {seconds=}")

    is_new = ax is None
    figure, ax = private_figure() if is_new else axes_or_new(ax)
    plot_points(x, t, ax=ax)
    ax.set(xlim=_limits(x[:, 0]), ylim=_limits(x[:, 1]), title="update")
    if is_new:
        freeze_layout(figure)
    ring = ax.scatter([], [], s=230, facecolors="none", edgecolors=INK, linewidths=2, zorder=4)
    rows = np.column_stack([np.ones(len(x)), x])
    drawn = []

    def draw(update: int) -> list:
        while drawn:
            drawn.pop().remove()
        weights = history[update]
        limits = ax.get_xlim(), ax.get_ylim()
        if update > 0 and line_segment(history[update - 1], *limits) is not None:
            before = history[update - 1]
            drawn.extend(draw_line(ax, before, color=MUTED, linestyle="--", arrow=False))
        drawn.extend(draw_line(ax, weights))
        cause = _example_behind(history, update, x, t)
        ring.set_offsets(np.empty((0, 2)) if cause is None else x[cause])
        wrong = np.count_nonzero(t * (rows @ weights) <= 0)
        ax.set_title(f"update {update} of {len(history) - 1}{hidden}: {wrong} of {len(x)} wrong")
        return [ring, *drawn]

    shown = thinned(len(history))
    hidden = "" if len(shown) == len(history) else f" ({len(shown)} shown)"
    return FuncAnimation(
        figure, draw, frames=shown, init_func=list, interval=1000 * seconds / len(shown)
    )


def _checked_history(history) -> np.ndarray:
    history = np.asarray(history, dtype=float)
    if history.ndim != 2 or history.shape[1] != 3 or len(history) == 0:
        raise ValueError(
            "`history` must hold a row (w0, w1, w2) for the start and one for every update, shape "
            f"(updates + 1, 3). Received: history of shape {history.shape}"
        )
    if not np.isfinite(history).all():
        raise ValueError("`history` must hold finite numbers. Received: some that are not")
    return history


def _limits(column: np.ndarray) -> tuple[float, float]:
    room = 0.15 * np.ptp(column) or 1.0
    return column.min() - room, column.max() + room


def _example_behind(history, update: int, x, t) -> int | None:
    """The example that caused an update, or None for the start and for another learning rule.

    An update adds c t (1, x) with c > 0, so the example is read from the change of the weights.
    """
    if update == 0:
        return None
    change = history[update] - history[update - 1]
    if change[0] == 0:
        return None
    distance = np.abs(x - change[1:] / change[0]).max(axis=1)
    distance[t != np.sign(change[0])] = np.inf
    nearest = int(distance.argmin())
    return nearest if distance[nearest] <= 1e-6 * (1 + np.abs(x).max()) else None
