"""How many updates a perceptron needs, against the bound of the convergence theorem."""

import numpy as np

from nncourse.visualizations._common import MANY_POINTS, axes_or_new, class_style
from nncourse.visualizations.style import CARD, INK


def plot_updates_against_bound(margins, updates, bounds, *, groups=None, ax=None):
    r"""Draws the updates of many runs against 1/margin, and the bound as a line above them.

    Both axes are logarithmic, so $R^2 / \text{margin}^2$ is a straight line of slope 2 where $R$ is
    the same in all runs.

    Args:
        margins: `(runs,)` positive margins.
        updates: `(runs,)` updates that were made, 1 or more.
        bounds: `(runs,)` positive bounds, one for each run.
        groups: `(runs,)` names, if the runs are of several kinds: each gets a color and a marker.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes.

    Raises:
        ValueError: If the lengths differ, there is no run, or a number is not positive and finite.

    Example:
        >>> from nncourse.visualizations import plot_updates_against_bound
        >>> figure, axes = plot_updates_against_bound([0.5, 0.1], [2, 19], [4, 100])
        >>> axes.get_xscale(), axes.get_yscale()
        ('log', 'log')
    """
    margins, updates, bounds = (
        _checked(name, values)
        for name, values in (("margins", margins), ("updates", updates), ("bounds", bounds))
    )
    if not len(margins) == len(updates) == len(bounds):
        raise ValueError(
            "`margins`, `updates` and `bounds` must have the same length. "
            f"Received: {len(margins)}, {len(updates)} and {len(bounds)}"
        )
    groups = np.array(["updates made"] * len(margins) if groups is None else groups, dtype=str)
    if groups.shape != margins.shape:
        raise ValueError(
            f"`groups` must name a group for each of the {len(margins)} runs. "
            f"Received: groups of shape {groups.shape}"
        )
    figure, ax = axes_or_new(ax)
    order = np.argsort(1 / margins, kind="stable")
    ax.plot(
        1 / margins[order],
        bounds[order],
        color=INK,
        linestyle="-",
        label=r"bound $R^2 / \mathrm{margin}^2$",
    )
    for index, group in enumerate(dict.fromkeys(groups)):  # in the order they come
        color, marker = class_style(index)
        ax.scatter(
            1 / margins[groups == group],
            updates[groups == group],
            s=30,
            color=color,
            marker=marker,
            edgecolors=CARD,
            linewidths=0.5,
            label=group,
            rasterized=len(updates) > MANY_POINTS,
        )
    ax.set(xscale="log", yscale="log", xlabel="1 / margin", ylabel="updates")
    ax.legend(loc="upper left")
    return figure, ax


def _checked(name: str, values) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or len(values) == 0:
        raise ValueError(
            f"`{name}` must be a vector with a number for each run. "
            f"Received: {name} of shape {values.shape}"
        )
    wrong = values[~(np.isfinite(values) & (values > 0))]
    if len(wrong):
        raise ValueError(f"`{name}` must hold positive, finite numbers. Received: {wrong[0]}")
    return values
