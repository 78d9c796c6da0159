"""Softmax at several temperatures."""

import numpy as np

from nncourse.scratch.activations import softmax
from nncourse.visualizations._common import axes_or_new, number
from nncourse.visualizations.style import CARD, COLORS

_HATCHES = ("", "//", "..", "xx", "\\\\")


def plot_softmax_temperature(scores, temperatures, *, ax=None, labels=None):
    """Draws softmax(scores / T) as bars, side by side for each temperature T.

    Args:
        scores: `(K,)` scores, at least two.
        temperatures: One to five positive numbers.
        ax: The axes to draw into; a new figure if not given.
        labels: A name for each of the K classes; their scores if not given.

    Returns:
        The figure and its axes. `axes.containers` holds the bars of each temperature.

    Raises:
        ValueError: For scores that are not a vector of two or more finite numbers, no or too many
            temperatures, one that is not positive, or the wrong number of labels.

    Example:
        >>> from nncourse.visualizations import plot_softmax_temperature
        >>> figure, axes = plot_softmax_temperature([2.0, 1.0, 0.0], [0.5, 1.0, 5.0])
        >>> print(f"{axes.containers[1][0].get_height():.3f}")
        0.665
    """
    scores = np.asarray(scores, dtype=float)
    if scores.ndim != 1 or len(scores) < 2 or not np.isfinite(scores).all():
        raise ValueError(
            f"`scores` must be a vector of two or more finite numbers. Received: {scores}"
        )
    temperatures = list(temperatures)
    if not 1 <= len(temperatures) <= len(_HATCHES):
        raise ValueError(
            f"`temperatures` must hold 1 to {len(_HATCHES)} numbers. Received: {temperatures=}"
        )
    if labels is None:
        labels = [f"score {number(score)}" for score in scores]
    if len(labels) != len(scores):
        raise ValueError(
            f"`labels` must name each of the {len(scores)} classes. Received: {labels=}"
        )
    heights = [softmax(scores, temperature) for temperature in temperatures]
    figure, ax = axes_or_new(ax)
    width = 0.8 / len(temperatures)
    for index, (temperature, probabilities) in enumerate(zip(temperatures, heights, strict=True)):
        ax.bar(
            np.arange(len(scores)) + (index - (len(temperatures) - 1) / 2) * width,
            probabilities,
            width=width,
            color=COLORS[index],
            hatch=_HATCHES[index],
            edgecolor=CARD,
            label=f"$T = {temperature:g}$",
        )
    ax.set_xticks(range(len(scores)), labels)
    ax.set(xlabel="class", ylabel="probability", ylim=(0, 1))
    ax.grid(False, axis="x")
    ax.legend()
    return figure, ax
