"""Viterbi's search for the most probable path, step by step."""

import numpy as np

from nncourse.visualizations._animation import freeze_layout, private_figure
from nncourse.visualizations._common import axes_or_new
from nncourse.visualizations.style import CARD, COLORS, GRID, INK, MUTED, UNIT

_MAX_STEPS = 12  # more columns leave no room for the numbers


def animate_viterbi(scores, before, *, symbols=None, names=None, seconds=10.0, ax=None):
    """Animates Viterbi's recursion over a trellis, a column for each step and a row for each state.

    First the columns appear one by one: each state with the log-probability of the best path that
    ends in it, the line to where this path comes from, and pale the lines that lost. Then the best
    path is read off from the end to the start.

    Args:
        scores: `(steps, states)` log-probabilities; minus infinity is impossible. From 2 to 12
            steps.
        before: `(steps, states)` integers: from which state the best path comes. The first row has
            no meaning.
        symbols: What was seen at each step, to be written below; the number of the step if not
            given.
        names: A name for each state; their numbers if not given.
        seconds: How long the animation takes, a positive number.
        ax: The axes to draw into; a new figure, known to the animation alone, if not given.

    Returns:
        A `matplotlib.animation.FuncAnimation`, to be given to `show_video`.

    Raises:
        ValueError: For arrays whose shapes don't match, states that do not exist, as many symbols
            or names as there is no place for, or a time that is not positive.

    Example:
        >>> from nncourse.visualizations import animate_viterbi, show_video
        >>> animation = animate_viterbi([[-1, -2], [-3, -2.5]], [[0, 0], [0, 0]], seconds=2)
        >>> show_video(animation, alt="Two columns of two states; the path goes from 0 to 1.")
        <Video: Two columns of two states; the path goes from 0 to 1.>

    Used in the chapter *Time series*.
    """
    from matplotlib.animation import FuncAnimation

    scores, before = _checked_trellis(scores, before)
    steps, states = scores.shape
    symbols = _checked_words(symbols, "symbols", steps, range(1, steps + 1))
    names = _checked_words(names, "names", states, [f"state {k}" for k in range(states)])
    if not (np.isfinite(seconds) and seconds > 0):
        raise ValueError(f"`seconds` must be a positive number. Received: {seconds=}")
    is_new = ax is None
    figure, ax = private_figure((6.4, 1.3 + 0.85 * states)) if is_new else axes_or_new(ax)
    ax.set(xlim=(-0.6, steps - 0.4), ylim=(states - 0.5, -0.5), title="step")
    ax.set_xticks(range(steps), symbols)
    ax.set_yticks(range(states), names)
    ax.set_xlabel("seen")
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    if is_new:
        freeze_layout(figure)
    path = [int(scores[-1].argmax())]
    for t in range(steps - 1, 0, -1):
        path.insert(0, int(before[t, path[0]]))
    size = 12 if steps <= 8 else 10
    frames = [*range(2 * steps), *[2 * steps - 1] * 2]
    drawn = []

    def draw(frame: int) -> list:
        while drawn:
            drawn.pop().remove()
        last = min(frame, steps - 1)
        first = 2 * steps - 1 - frame  # of the part of the path that is read off
        is_reading = frame >= steps
        for t in range(1, last + 1):
            for state in range(states):
                drawn.extend(_draw_arrivals(ax, scores, before, t, state, is_reading))
        if is_reading and first < steps - 1:
            line = path[first:]
            style = {"color": COLORS[1], "linewidth": 4, "zorder": 3}
            drawn.extend(ax.plot(range(first, steps), line, linestyle="-", **style))
        for t in range(last + 1):
            for state in range(states):
                chosen = is_reading and t >= first and path[t] == state
                drawn.append(_draw_node(ax, t, state, scores[t, state], chosen, size))
        ax.set_title("reading back the best path" if is_reading else f"step {frame + 1}")
        return drawn

    return FuncAnimation(
        figure, draw, frames=frames, init_func=list, interval=1000 * seconds / len(frames)
    )


def _draw_arrivals(ax, scores, before, t: int, state: int, is_pale: bool) -> list:
    """The lines into a state: the one of its best path, and those that lost."""
    lines = []
    for source in range(scores.shape[1]):
        if np.isneginf(scores[t - 1, source]):
            continue
        won = before[t, state] == source and np.isfinite(scores[t, state])
        color = GRID if not won else MUTED if is_pale else COLORS[0]
        lines += ax.plot(
            [t - 1, t],
            [source, state],
            color=color,
            linestyle="-",
            linewidth=2.5 if won else 1,
            zorder=2 if won else 1,
        )
    return lines


def _draw_node(ax, t: int, state: int, score: float, chosen: bool, size: int):
    text = "−∞" if np.isneginf(score) else f"{score:.1f}".replace("-", "−")
    box = {"boxstyle": "round,pad=0.3", "edgecolor": COLORS[1] if chosen else MUTED}
    box |= {"facecolor": CARD if chosen else UNIT, "linewidth": 2.5 if chosen else 1}
    return ax.text(
        t, state, text, ha="center", va="center", size=size, color=INK, bbox=box, zorder=4
    )


def _checked_trellis(scores, before) -> tuple[np.ndarray, np.ndarray]:
    scores, before = np.asarray(scores, dtype=float), np.asarray(before)
    if scores.ndim != 2 or not 2 <= len(scores) <= _MAX_STEPS or scores.shape[1] == 0:
        raise ValueError(
            f"`scores` must have the shape (steps, states), from 2 to {_MAX_STEPS} steps. "
            f"Received: scores of shape {scores.shape}"
        )
    if np.isnan(scores).any() or np.isposinf(scores).any() or np.isneginf(scores[-1]).all():
        raise ValueError(
            "`scores` must hold log-probabilities, not all impossible at the end. "
            f"Received: {scores[-1].tolist()} at the end"
        )
    if before.shape != scores.shape or before.dtype.kind not in "iu":
        raise ValueError(
            f"`before` must hold integers in the shape of scores, {scores.shape}. "
            f"Received: before of shape {before.shape} and type {before.dtype}"
        )
    if not np.isin(before[1:], np.arange(scores.shape[1])).all():
        raise ValueError(
            f"`before` must hold states from 0 to {scores.shape[1] - 1}. "
            f"Received: from {before[1:].min()} to {before[1:].max()}"
        )
    return scores, before


def _checked_words(words, name: str, count: int, default) -> list[str]:
    words = [str(word) for word in (default if words is None else words)]
    if len(words) != count:
        raise ValueError(f"`{name}` must hold {count} of them. Received: {len(words)}")
    return words
