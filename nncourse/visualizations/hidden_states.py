"""What a hidden Markov model makes of its symbols."""

import numpy as np

from nncourse.visualizations._common import axes_or_new
from nncourse.visualizations.style import CARD, COLORS, INK

# Color never stands alone: the k-th state has the k-th hatch.
_HATCHES = ("", "//", "||", "\\\\", "--")
_STRIP = 0.22  # the height of a strip of states, where the probabilities have the height 1
_GAP = 0.1


def plot_states(posterior, symbols=None, *, paths=None, names=None, ax=None):
    """Draws the probabilities of hidden states over time, with symbols above and paths below.

    The probabilities of a step are stacked, so their heights sum to 1. Each path is a strip below
    in the same colors and hatches. Each symbol is a dot above, the higher the larger its number.

    Args:
        posterior: `(steps, states)` probabilities: what `HiddenMarkovModel.posterior` returns. Five
            states at most.
        symbols: `(steps,)` integers, from 0 on.
        paths: A dict of names and `(steps,)` states, such as the true ones and Viterbi's.
        names: A name for each state; their numbers if not given.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes.

    Raises:
        ValueError: For rows that are not probabilities, more than five states, or symbols, paths or
            names that don't fit them.

    Example:
        >>> from nncourse.visualizations import plot_states
        >>> figure, axes = plot_states([[0.9, 0.1], [0.4, 0.6]], [0, 1], paths={"best": [0, 1]})
        >>> [label.get_text() for label in axes.get_yticklabels()]
        ['best', '0', '½', '1', 'symbol']

    Used in the chapter *Time series*.
    """
    posterior = _checked_posterior(posterior)
    steps, states = posterior.shape
    paths = {
        name: _checked_integers(path, f"paths['{name}']", steps, states)
        for name, path in (paths or {}).items()
    }
    if symbols is not None:
        symbols = _checked_integers(symbols, "symbols", steps)
    names = [f"state {k}" for k in range(states)] if names is None else list(names)
    if len(names) != states:
        raise ValueError(f"`names` must name each of the {states} states. Received: {names}")
    figure, ax = axes_or_new(ax, size=(6.4, 3.0 + 0.35 * len(paths)))
    ticks, labels = [], []
    edges = np.arange(steps + 1)
    for row, (name, path) in enumerate(reversed(paths.items())):
        bottom = (row - len(paths)) * (_STRIP + _GAP)
        for k in np.unique(path):
            _draw_runs(ax, path == k, bottom, k)
        ticks.append(bottom + _STRIP / 2)
        labels.append(name)
    tops = np.cumsum(posterior, axis=1)
    for k in range(states):
        _fill(ax, edges, tops[:, k] - posterior[:, k], tops[:, k], k, label=names[k])
    ticks += [0, 0.5, 1]
    labels += ["0", "½", "1"]
    if symbols is not None:
        heights = 1.12 + 0.3 * symbols / max(1, symbols.max())
        ax.plot(edges[:-1] + 0.5, heights, "o", color=INK, markersize=3)
        ticks.append(1.27)
        labels.append("symbol")
    ax.set(xlim=(0, steps), xlabel="time", yticks=ticks)
    ax.set_yticklabels(labels)
    ax.grid(visible=False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=min(states, 3), frameon=False)
    return figure, ax


def _draw_runs(ax, is_here: np.ndarray, bottom: float, k: int) -> None:
    """A bar for every stretch of steps in a state."""
    ends = np.flatnonzero(np.diff(np.concatenate([[False], is_here, [False]]))).reshape(-1, 2)
    bars = [(first, end - first) for first, end in ends]
    ax.broken_barh(bars, (bottom, _STRIP), **_look(k))


def _look(k: int) -> dict:
    return {"facecolor": COLORS[k], "edgecolor": CARD, "hatch": _HATCHES[k], "linewidth": 0}


def _fill(ax, edges: np.ndarray, low, high, k: int, label: str) -> None:
    """Fills a stair of a state between its low and high end in each step."""
    ends = np.broadcast_arrays(np.asarray(low, dtype=float), np.asarray(high, dtype=float))
    low, high = (np.append(end, end[-1]) for end in ends)
    ax.fill_between(edges, low, high, step="post", label=label, **_look(k))


def _checked_posterior(posterior) -> np.ndarray:
    posterior = np.asarray(posterior, dtype=float)
    if posterior.ndim != 2 or 0 in posterior.shape or posterior.shape[1] > len(_HATCHES):
        raise ValueError(
            f"`posterior` must have the shape (steps, states), with {len(_HATCHES)} states at "
            f"most. Received: posterior of shape {posterior.shape}"
        )
    # NaN is no probability either: the comparison is false for it.
    if not ((posterior >= 0).all() and np.allclose(posterior.sum(axis=1), 1)):
        raise ValueError(
            "Each row of `posterior` must hold probabilities of the sum 1. "
            f"Received: rows with the sums {np.unique(posterior.sum(axis=1).round(6))[:5]}"
        )
    return posterior


def _checked_integers(values, name: str, steps: int, count: int | None = None) -> np.ndarray:
    values = np.asarray(values)
    if values.shape != (steps,) or values.dtype.kind not in "iu":
        raise ValueError(
            f"`{name}` must hold an integer for each of the {steps} steps. "
            f"Received: {name} of shape {values.shape} and type {values.dtype}"
        )
    if values.min() < 0 or (count is not None and values.max() >= count):
        most = "on" if count is None else f"to {count - 1}"
        raise ValueError(
            f"`{name}` must hold integers from 0 {most}. "
            f"Received: from {values.min()} to {values.max()}"
        )
    return values
