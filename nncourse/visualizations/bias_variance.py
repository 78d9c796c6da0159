"""Bias and variance of a model that is fitted again and again."""

import numpy as np

from nncourse.visualizations._common import axes_or_new, legend_below, number
from nncourse.visualizations.style import COLORS, INK

_MOST_LINES = 20  # more make a heavy page and no clearer picture
_MANY_VERTICES = 5000  # more are drawn as an image within the figure


def plot_bias_variance(x, fits, truth, *, data=None, ax=None):
    r"""Draws what a model learned from several samples, the mean of that, and the truth.

    The title gives, as means over `x`, how far the mean fit $\bar f$ of the R runs is from the
    truth $f$, and how far the fits are from their mean:

    $$\text{bias}^2 = \operatorname{mean}_x \bigl(\bar f(x) - f(x)\bigr)^2, \qquad
    \text{variance} = \operatorname{mean}_x \frac1R \sum_r \bigl(f_r(x) - \bar f(x)\bigr)^2.$$

    Their sum is the mean of $(f_r(x) - f(x))^2$ over x and the runs. Against fresh targets of noise
    $\sigma$ the expected squared error is $\text{bias}^2 + \text{variance} + \sigma^2$. The band
    is one standard deviation of the runs wide on either side.

    Args:
        x: `(n,)` inputs.
        fits: `(runs, n)` outputs at `x`, a row for each sample that the model was fitted to. All
            count, and the first 20 are drawn.
        truth: `(n,)` values of the function behind the samples.
        data: A pair `(x, t)` of vectors: the points of one sample.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes. They reach beyond the truth and the data by half the range of
        these at most, so that a wild fit does not flatten everything else.

    Raises:
        ValueError: If the shapes don't fit together or a number is not finite.

    Example:
        >>> from nncourse.visualizations import plot_bias_variance
        >>> figure, axes = plot_bias_variance([0, 1, 2], [[1, 1, 1], [3, 3, 3]], truth=[0, 1, 2])
        >>> axes.get_title()  # the mean fit 2 is off by 2, 1 and 0; each fit is off by 1 from it
        'bias² 1.67, variance 1'
    """
    x, fits, truth = _checked_curves(x, fits, truth)
    points = None if data is None else _checked_points(data)
    mean, deviation = fits.mean(axis=0), fits.std(axis=0)
    is_panel = ax is not None
    figure, ax = axes_or_new(ax)
    drawn = fits[:_MOST_LINES]
    lines = ax.plot(x, drawn.T, color=COLORS[0], linestyle="-", linewidth=0.7, alpha=0.4, zorder=1)
    lines[0].set_label(f"{len(drawn)} fits")
    band = ax.fill_between(
        x, mean - deviation, mean + deviation, color=COLORS[0], alpha=0.2, linewidth=0
    )
    band.set_label("± std")
    for artist in (*lines, band):
        artist.set_rasterized(drawn.size > _MANY_VERTICES)
    ax.plot(x, mean, color=COLORS[0], linestyle="-", linewidth=3, label="mean")
    ax.plot(x, truth, color=COLORS[1], linestyle="--", label="truth")
    if points:
        ax.plot(*points, color=INK, linestyle="none", marker="o", markersize=4, label="data")
    ax.set(xlabel="$x$", ylabel="$y$", ylim=_limits(drawn, [truth, *(points or [])[1:]]))
    bias, variance = np.mean((mean - truth) ** 2), np.mean(deviation**2)
    ax.set_title(f"bias² {number(bias)}, variance {number(variance)}", fontsize=12)
    legend_below(ax, columns=3 if is_panel else None)
    return figure, ax


def _limits(fits: np.ndarray, shown_in_full) -> tuple[float, float]:
    """Wide enough for the truth and the data, and for the fits if they are not wild."""
    shown = np.concatenate(shown_in_full)
    span = np.ptp(shown) or np.ptp(fits) or 1.0
    low = max(min(shown.min(), fits.min()), shown.min() - span / 2)
    high = min(max(shown.max(), fits.max()), shown.max() + span / 2)
    return low - 0.05 * span, high + 0.05 * span


def _checked_curves(x, fits, truth) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The arguments as arrays, in the order of rising x."""
    x, fits, truth = _finite("x", x), _finite("fits", fits), _finite("truth", truth)
    if x.ndim != 1 or fits.ndim != 2 or not (fits.shape[1:] == truth.shape == x.shape):
        raise ValueError(
            "`x`, `fits` and `truth` must have the shapes (n,), (runs, n) and (n,). "
            f"Received: {x.shape}, {fits.shape} and {truth.shape}"
        )
    order = np.argsort(x, kind="stable")
    return x[order], fits[:, order], truth[order]


def _checked_points(data) -> tuple[np.ndarray, np.ndarray]:
    x, t = (_finite("data", values) for values in data)
    if x.ndim != 1 or x.shape != t.shape:
        raise ValueError(
            "`data` must be a pair of vectors of the same length. "
            f"Received: shapes {x.shape} and {t.shape}"
        )
    return x, t


def _finite(name: str, values) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    if values.size == 0 or not np.isfinite(values).all():
        came = "none" if values.size == 0 else values[~np.isfinite(values)][0]
        raise ValueError(f"`{name}` must hold finite numbers. Received: {came}")
    return values
