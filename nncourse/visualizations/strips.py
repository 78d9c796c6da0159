"""What goes on in parallel over time: inputs, heads and outputs as strips of color."""

import numpy as np

from nncourse.visualizations._common import axes_or_new
from nncourse.visualizations.style import MUTED

# Lengths are in inches.
_WIDTH = 6.4
_ROW = 0.11  # a row of a strip
_LOWEST, _HIGHEST = 0.3, 1.7  # a strip
_GAP = 0.14
_ROOM = 0.75  # the label of time and its ticks
_FRAME = {"fill": False, "edgecolor": MUTED, "linewidth": 0.8, "clip_on": False}


def plot_strips(strips, *, ax=None):
    """Draws bits and weightings over one axis of time, each as a strip of colors.

    A strip with negative numbers goes from red over white at 0 to blue, as far as 1 or its largest
    number; another from white at 0 to dark blue at 1 or its largest.

    Args:
        strips: `{name: (time, rows) array}` of finite numbers, from top to bottom; all have as many
            steps. A row is a bit or a slot; row 0 of a strip is its top.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes. `axes.images` holds the strips in order.

    Raises:
        ValueError: If there is no strip, if one has another shape or other steps than the first, or
            holds what is not a finite number.

    Example:
        >>> import numpy as np
        >>> from nncourse.visualizations import plot_strips
        >>> bits = np.eye(6)
        >>> figure, axes = plot_strips({"target": bits, "error": bits - bits})
        >>> len(axes.images)
        2

    Used in the chapter *Neural Turing Machines*.
    """
    from matplotlib.patches import Rectangle

    strips = _checked_strips(strips)
    steps = len(next(iter(strips.values())))
    heights = [np.clip(_ROW * array.shape[1], _LOWEST, _HIGHEST) for array in strips.values()]
    total = sum(heights) + _GAP * (len(heights) - 1)
    figure, ax = axes_or_new(ax, size=(_WIDTH, total + _ROOM))
    top, centers = 0.0, []
    for array, height in zip(strips.values(), heights, strict=True):
        extent = (-0.5, steps - 0.5, top - height, top)
        ax.imshow(array.T, extent=extent, aspect="auto", interpolation="nearest", **_scale(array))
        ax.add_patch(Rectangle((-0.5, top - height), steps, height, **_FRAME))
        centers.append(top - height / 2)
        top -= height + _GAP
    ax.set(xlim=(-0.5, steps - 0.5), ylim=(-total, 0), xlabel="step", ylabel="bit or slot")
    ax.set_yticks(centers, list(strips))
    ax.tick_params(axis="y", length=0)
    ax.locator_params(axis="x", integer=True)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    return figure, ax


def _scale(array: np.ndarray) -> dict:
    largest = max(1, np.abs(array).max())
    if array.min() < 0:
        return {"cmap": "RdBu", "vmin": -largest, "vmax": largest}
    return {"cmap": "Blues", "vmin": 0, "vmax": largest}


def _checked_strips(strips) -> dict[str, np.ndarray]:
    if not strips:
        raise ValueError("`strips` must hold at least one array. Received: none")
    arrays = {name: np.asarray(array, dtype=float) for name, array in strips.items()}
    steps = len(np.atleast_1d(next(iter(arrays.values()))))
    for name, array in arrays.items():
        if array.ndim != 2 or array.shape[0] != steps or array.size == 0:
            raise ValueError(
                "`strips` must hold arrays (time, rows), all of them over as many steps. "
                f"Received: {name!r} of shape {array.shape}"
            )
        if not np.isfinite(array).all():
            raise ValueError(f"`strips` must hold finite numbers. Received: {name!r} does not")
    return arrays
