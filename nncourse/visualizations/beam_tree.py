"""A beam search as a tree: what was kept, what was dropped, and what won."""

from collections.abc import Callable

import numpy as np

from nncourse.decoding import beam_search
from nncourse.decoding._steps import checked_start, next_log_probabilities
from nncourse.scratch._network_checks import is_positive_integer
from nncourse.visualizations._common import axes_or_new
from nncourse.visualizations.style import CARD, COLORS, INK, MUTED, UNIT

_MAX_LENGTH = 6  # more columns leave no room for a number of ten points
_MAX_ROWS = 8
_UP = 0.12  # a symbol stands above the middle of its row, its number below


def draw_beam_tree(
    step: Callable, start, length: int, beam: int, names, *, dropped: int = 2, ax=None
):
    """Draws a beam search from left to right, a column for each step and the best on top.

    A node is an appended symbol, with the log-probability of everything from the start up to it
    below. Full boxes were kept; below the dashed line stand the best of those that were dropped.
    The heavy path is the result.

    Args:
        step: The model, as in `decoding.beam_search`.
        start: The prefix to begin with: a symbol or a vector of symbols.
        length: How many symbols to append, 1 to 6.
        beam: How many sequences are kept at each step, a positive integer.
        names: What is written for each symbol of the vocabulary: a string, or several.
        dropped: How many dropped ones to show in each step, 0 or more; 8 rows at most in all.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes.

    Raises:
        ValueError: For an argument outside its range, too few names, a batch of prefixes, or what
            `beam_search` refuses.

    Example:
        >>> import numpy as np
        >>> from nncourse.visualizations import draw_beam_tree
        >>> log_p = np.log([[0.6, 0.4], [0.2, 0.8]])  # a row for each last symbol
        >>> def step(prefixes):
        ...     return log_p[prefixes[:, -1]]
        >>> figure, axes = draw_beam_tree(step, start=0, length=3, beam=2, names="ab")
        >>> [text.get_text() for text in axes.texts[:4]]
        ['a', '−0.51', 'b', '−0.92']

    Taught in the chapter *Language models*.
    """
    _check(length, beam, dropped)
    prefixes, is_batch = checked_start(start)
    if is_batch:
        raise ValueError(f"`start` must be one prefix, not a batch. Received: {start!r}")
    start = tuple(prefixes[0].tolist())
    columns = [_column(step, start, t, beam, dropped) for t in range(1, length + 1)]
    largest = max(prefix[-1] for column in columns for prefix, _, _ in column)
    if largest >= len(names):
        raise ValueError(
            f"`names` must have a name for each symbol. Received: {len(names)} names, "
            f"but the search met symbol {largest}"
        )
    rows = max(map(len, columns))
    figure, ax = axes_or_new(ax, size=(6.4, 0.7 + 0.66 * rows))
    winner = columns[-1][0][0]
    places = {start: (0, 0)}
    for x, column in enumerate(columns, 1):
        for y, (prefix, score, is_kept) in enumerate(column):
            if is_kept:
                places[prefix] = (x, -y)
            is_best = winner[: len(prefix)] == prefix
            _draw_edge(ax, places[prefix[:-1]], (x, -y), is_kept, is_best)
            _draw_node(ax, (x, -y), names[prefix[-1]], score, is_kept, is_best)
    ax.plot(0, _UP, "o", color=INK, markersize=9, zorder=3)
    if any(not is_kept for column in columns for _, _, is_kept in column):
        ax.axhline(0.52 - beam, color=MUTED, linewidth=1, linestyle=(0, (2, 3)), zorder=0)
    ax.set(xlim=(-0.2, length + 0.5), ylim=(0.4 - rows, 0.5))
    ax.axis("off")
    return figure, ax


def _check(length, beam, dropped) -> None:
    if not is_positive_integer(length) or length > _MAX_LENGTH:
        raise ValueError(
            f"`length` must be an integer from 1 to {_MAX_LENGTH}. Received: {length=}"
        )
    if not is_positive_integer(beam):
        raise ValueError(f"`beam` must be a positive integer. Received: {beam=}")
    if dropped != 0 and not is_positive_integer(dropped):
        raise ValueError(f"`dropped` must be an integer of 0 or more. Received: {dropped=}")
    if beam + dropped > _MAX_ROWS:
        raise ValueError(
            f"`beam` and `dropped` must be {_MAX_ROWS} or less together. "
            f"Received: {beam=}, {dropped=}"
        )


def _column(step, start: tuple, length: int, beam: int, dropped: int) -> list:
    """Of one step (prefix, score, is it kept?): the kept ones, then the best dropped ones."""
    kept = _kept(step, start, length, beam)
    before = _kept(step, start, length - 1, beam)
    prefixes = np.array([prefix for prefix, _, _ in before])
    log_p = next_log_probabilities(step, prefixes, None, np.zeros(len(prefixes), dtype=bool))
    totals = log_p + np.array([score for _, score, _ in before])[:, None]
    known, others = {prefix for prefix, _, _ in kept}, []
    for index in np.argsort(-totals, axis=None, kind="stable"):
        parent, symbol = divmod(int(index), log_p.shape[1])
        prefix = (*before[parent][0], symbol)
        if len(others) == dropped or np.isneginf(totals[parent, symbol]):
            break
        if prefix not in known:
            others.append((prefix, totals[parent, symbol], False))
    return kept + others


def _kept(step, start: tuple, length: int, beam: int) -> list:
    if length == 0:
        return [(start, 0.0, True)]
    sequences, scores = beam_search(step, np.array(start), length, beam)
    return [
        ((*start, *sequence.tolist()), score, True)
        for sequence, score in zip(sequences, scores, strict=True)
        if np.isfinite(score)
    ]


def _draw_edge(ax, parent, node, is_kept: bool, is_best: bool) -> None:
    color, width = (COLORS[1], 3.0) if is_best else (MUTED, 1.2 if is_kept else 0.6)
    (x, y), (next_x, next_y) = parent, node
    line = "-" if is_kept else "--"
    ends = [x, next_x], [y + _UP, next_y + _UP]
    ax.plot(*ends, color=color, linewidth=width, linestyle=line, zorder=1)


def _draw_node(ax, place, name: str, score: float, is_kept: bool, is_best: bool) -> None:
    box = {
        "boxstyle": "round,pad=0.25",
        "facecolor": UNIT if is_kept else CARD,
        "edgecolor": COLORS[1] if is_best else MUTED,
        "linewidth": 2.0 if is_best else 1.0,
        "linestyle": "-" if is_kept else "--",
    }
    style = {"ha": "center", "va": "center", "color": INK if is_kept else MUTED, "zorder": 3}
    x, y = place
    ax.text(x, y + _UP, name, fontsize=12, family="DejaVu Sans Mono", bbox=box, **style)
    note = f"{score:.2f}".replace("-", "−")
    # The number stands on the card's color, so that an edge below does not run through it.
    under = {"boxstyle": "square,pad=0.05", "facecolor": CARD, "edgecolor": "none"}
    ax.text(x, y - 0.27, note, fontsize=10, bbox=under, **style)
