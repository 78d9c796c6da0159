"""How a head of a memory finds its place: the weighting after each step of the addressing."""

import numpy as np

from nncourse.visualizations._common import axes_or_new, number
from nncourse.visualizations.style import COLORS, INK, MUTED

_MAX_SLOTS = 40
_WRITTEN_SLOTS = 12  # of more slots the bars alone are drawn
_HIGH = 0.75  # a weight of 1, where rows are 1 apart
_LEAST = 0.005  # smaller weights would be written as 0


def plot_addressing(weightings, *, ax=None):
    """Draws weightings over the slots of a memory below each other: a row of bars for each.

    A bar of the full height is a weight of 1. With 12 slots or fewer each weight of 0.005 or more
    is written above its bar.

    Args:
        weightings: `{name: (slots,) weights}`, from top to bottom: each weight from 0 to 1. At most
            40 slots.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes. `axes.containers` holds the bars of each row, in order.

    Raises:
        ValueError: If there is no weighting, if they differ in their slots, or for a weight that
            is not from 0 to 1.

    Example:
        >>> from nncourse.visualizations import plot_addressing
        >>> figure, axes = plot_addressing({"before": [1, 0, 0], "shifted": [0, 1, 0]})
        >>> [float(bar.get_height()) for bar in axes.containers[1]]
        [0.0, 0.75, 0.0]

    Used in the chapter *Neural Turing Machines*.
    """
    rows = _checked_weightings(weightings)
    count, slots = rows.shape
    figure, ax = axes_or_new(ax, size=(6.4, 0.8 + 0.72 * count))
    for row, weights in enumerate(rows):
        # A weighting of float32 may exceed 1 by a rounding error.
        heights = _HIGH * np.minimum(weights, 1)
        ax.bar(range(slots), heights, bottom=-row, color=COLORS[0], width=0.8)
        ax.axhline(-row, color=MUTED, linewidth=1, zorder=0)
        if slots <= _WRITTEN_SLOTS:
            for slot in np.flatnonzero(weights >= _LEAST):
                place = (slot, heights[slot] - row + 0.02)
                text = number(weights[slot], 2)
                ax.text(*place, text, ha="center", va="bottom", size=10, color=INK)
    ax.set(xlim=(-0.6, slots - 0.4), ylim=(0.9 - count, 1.0), xlabel="slot", ylabel="weighting")
    ax.set_yticks(_HIGH / 2 - np.arange(count), list(weightings))
    ax.tick_params(axis="y", length=0)
    ax.locator_params(axis="x", integer=True)
    ax.grid(visible=False)
    ax.spines[["left", "bottom"]].set_visible(False)
    return figure, ax


def _checked_weightings(weightings) -> np.ndarray:
    if not weightings:
        raise ValueError("`weightings` must hold at least one weighting. Received: none")
    arrays = {name: np.asarray(weights, dtype=float) for name, weights in weightings.items()}
    shape = next(iter(arrays.values())).shape
    for name, weights in arrays.items():
        if len(shape) != 1 or not 1 <= shape[0] <= _MAX_SLOTS or weights.shape != shape:
            raise ValueError(
                f"`weightings` must be of one shape (slots,), with at most {_MAX_SLOTS} slots. "
                f"Received: {name!r} of shape {weights.shape}"
            )
        if not (weights >= 0).all() or not (weights <= 1 + 1e-5).all():
            raise ValueError(
                f"`weightings` must hold weights from 0 to 1. Received: {name!r} with "
                f"{weights.min()} to {weights.max()}"
            )
    return np.stack(list(arrays.values()))
