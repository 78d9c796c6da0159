"""Which tokens of a source each token of a target looks at."""

import numpy as np

from nncourse.visualizations._common import axes_or_new
from nncourse.visualizations.style import COLORS

_CELL = 0.36  # inches
_NAME = 0.11  # inches to a letter of a label
_WIDEST, _HIGHEST = 6.4, 6.4


def plot_alignment(weights, source, target, truth=None, ax=None):
    """Draws attention's weights as a matrix, the source from left to right, the target downward.

    White is 0 and dark blue 1. Frames show the cells that should be dark, where that is known.

    Args:
        weights: `(targets, sources)` numbers from 0 to 1.
        source: A label for each column, such as a word or a number.
        target: A label for each row.
        truth: For each row the columns that should be looked at, such as
            `datasets.number_word_digits` gives them; no frames if not given.
        ax: The axes to draw into, such as one of several for the heads of a Transformer; a new
            figure, with a bar that tells the scale, if not given.

    Returns:
        The figure and its axes. `axes.images[0]` holds the weights, `axes.patches` are the frames.

    Raises:
        ValueError: For weights that are not from 0 to 1 or do not fit the labels, or a truth that
            does not fit the weights.

    Example:
        >>> from nncourse.visualizations import plot_alignment
        >>> weights = [[0.1, 0.9], [0.2, 0.8], [0.7, 0.3]]
        >>> truth = [(1,), (), (0,)]
        >>> figure, axes = plot_alignment(weights, "21", ["ein", "und", "zwanzig"], truth)
        >>> len(axes.patches)
        2

    Used in the chapter *Attention*.
    """
    from matplotlib.patches import Rectangle

    source, target = [str(label) for label in source], [str(label) for label in target]
    weights = _checked_weights(weights, source, target)
    truth = [()] * len(target) if truth is None else _checked_truth(truth, source, target)
    width = _NAME * max(map(len, target)) + _CELL * len(source) + 1.6
    size = (min(max(width, 3.4), _WIDEST), min(_CELL * len(target) + 0.8, _HIGHEST))
    figure, axes = axes_or_new(ax, size=size)
    drawn = axes.imshow(weights, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(source)), source)
    axes.set_yticks(range(len(target)), target)
    axes.tick_params(length=0, labelbottom=False, labeltop=True)
    axes.xaxis.set_label_position("top")
    axes.set(xlabel="source", ylabel="target")
    axes.grid(False)
    for row, looked_at in enumerate(truth):
        for column in looked_at:
            frame = Rectangle((column - 0.44, row - 0.44), 0.88, 0.88, fill=False)
            frame.set(edgecolor=COLORS[1], linewidth=2)
            axes.add_patch(frame)
    if ax is None:
        bar = figure.colorbar(drawn, ax=axes, fraction=0.05, pad=0.03, ticks=(0, 0.5, 1))
        bar.ax.tick_params(labelsize=10)
    return figure, axes


def _checked_weights(weights, source, target) -> np.ndarray:
    weights = np.asarray(weights, dtype=float)
    if weights.shape != (len(target), len(source)) or weights.size == 0:
        raise ValueError(
            f"`weights` must have a row for each of the {len(target)} labels of the target and a "
            f"column for each of the {len(source)} of the source. Received: weights of shape "
            f"{weights.shape}"
        )
    if not ((weights > -1e-5) & (weights < 1 + 1e-5)).all():
        raise ValueError("`weights` must be numbers from 0 to 1. Received: some that are not")
    return weights


def _checked_truth(truth, source, target) -> list:
    truth = [tuple(columns) for columns in truth]
    known = range(len(source))
    if len(truth) != len(target) or any(c not in known for columns in truth for c in columns):
        raise ValueError(
            f"`truth` must have columns from 0 to {len(source) - 1} for each of the "
            f"{len(target)} rows. Received: {truth=}"
        )
    return truth
