"""What a filter or a forecast knows of a state over time."""

import numpy as np

from nncourse.visualizations._common import axes_or_new, legend_below
from nncourse.visualizations.style import COLORS, INK, MUTED

_REACH = 1.96  # standard deviations: 95 % of a Gaussian


def plot_filtered(
    times, means, deviations, *, observations=None, truth=None, label="estimate", ax=None
):
    """Draws estimates over time with a band of 95 %, and what was seen and what was true.

    The band reaches 1.96 standard deviations to either side, which holds 95 % of a Gaussian. Where
    observations are given and some are missing, these stretches are shaded.

    Args:
        times: `(steps,)` finite numbers that grow.
        means: `(steps,)` finite numbers.
        deviations: `(steps,)` standard deviations, 0 or more.
        observations: `(steps,)` numbers; NaN is one that is missing.
        truth: `(steps,)` finite numbers.
        label: What the means are called in the legend.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes.

    Raises:
        ValueError: For series of other lengths, values that are not finite, times that don't grow,
            or a negative deviation.

    Example:
        >>> from nncourse.visualizations import plot_filtered
        >>> figure, axes = plot_filtered([0, 1, 2], [5, 6, 7], [1, 1, 2], observations=[5, 7, None])
        >>> axes.get_legend_handles_labels()[1]
        ['95 % band', 'observation', 'not seen', 'estimate']

    Used in the chapter *Time series*.
    """
    times = _checked_series(times, "times")
    steps = len(times)
    if (np.diff(times) <= 0).any():
        raise ValueError("`times` must grow. Received: times that stay or fall")
    means = _checked_series(means, "means", steps)
    deviations = _checked_series(deviations, "deviations", steps)
    if (deviations < 0).any():
        raise ValueError(f"`deviations` must be 0 or more. Received: {deviations.min():.3g}")
    if truth is not None:
        truth = _checked_series(truth, "truth", steps)
    if observations is not None:
        observations = _checked_series(observations, "observations", steps, nan_is_missing=True)

    figure, ax = axes_or_new(ax)
    low, high = means - _REACH * deviations, means + _REACH * deviations
    ax.fill_between(times, low, high, color=COLORS[0], alpha=0.2, linewidth=0, label="95 % band")
    if observations is not None:
        style = {"linestyle": "none", "marker": "o", "markersize": 4, "color": MUTED}
        ax.plot(times, observations, label="observation", **style)
        _shade_gaps(ax, times, np.isnan(observations))
    if truth is not None:
        ax.plot(times, truth, color=INK, linestyle=":", label="truth")
    ax.plot(times, means, color=COLORS[0], linestyle="-", label=label)
    ax.set(xlabel="time", ylabel="value")
    legend_below(ax, columns=3)
    return figure, ax


def _shade_gaps(ax, times: np.ndarray, missing: np.ndarray) -> None:
    """Shades every stretch that has no observation, half of the way to its neighbors."""
    edges = np.concatenate([times[:1], (times[:-1] + times[1:]) / 2, times[-1:]])
    changes = np.flatnonzero(np.diff(np.concatenate([[False], missing, [False]])))
    for n, (first, end) in enumerate(changes.reshape(-1, 2)):
        label = "not seen" if n == 0 else None
        ax.axvspan(edges[first], edges[end], color=MUTED, alpha=0.18, linewidth=0, label=label)


def _checked_series(values, name: str, steps: int | None = None, nan_is_missing: bool = False):
    """`values` as finite numbers, one for each step, or a `ValueError`."""
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or len(values) == 0 or len(values) != (steps or len(values)):
        wanted = "one number or more" if steps is None else f"a number for each of {steps} times"
        raise ValueError(
            f"`{name}` must be a series of {wanted}. Received: {name} of shape {values.shape}"
        )
    bad = np.isinf(values) if nan_is_missing else ~np.isfinite(values)
    if bad.any():
        place = np.flatnonzero(bad)[0]
        raise ValueError(
            f"`{name}` must hold finite numbers. Received: {name}[{place}]={values[place]}"
        )
    return values
