"""How the gradient of a recurrent network's state shrinks or grows with the time lag."""

import numpy as np

from nncourse.visualizations._common import axes_or_new, legend_below
from nncourse.visualizations.style import COLORS, INK, LINESTYLES


def plot_gradient_norms(lags, norms, *, bound=None, ax=None):
    """Draws norms of state gradients against the time lag, on a logarithmic axis.

    A norm that shrinks or grows by one factor a step is a straight line there. Where a curve has
    several samples, the line is their median and the band reaches from the least to the greatest.
    Norms of zero have no place on the axis and are left out.

    Args:
        lags: `(lags,)` increasing numbers of steps.
        norms: `{name: array}`, each array `(lags,)` or `(samples, lags)` with numbers of 0 or
            more, such as `scratch.gradient_norms_by_lag` returns.
        bound: The factor of a bound, which is drawn as `bound ** lag`.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes. `axes.lines[:len(norms)]` are the curves.

    Raises:
        ValueError: For lags that don't increase, norms that don't fit them, are negative or not
            finite, or a bound that is not a positive number.

    Example:
        >>> import numpy as np
        >>> from nncourse.visualizations import plot_gradient_norms
        >>> lags = np.arange(5)
        >>> figure, axes = plot_gradient_norms(lags, {"linear": 0.5**lags}, bound=0.6)
        >>> [line.get_label() for line in axes.lines]
        ['linear', 'bound']
    """
    from matplotlib.ticker import MaxNLocator

    lags = np.asarray(lags, dtype=float)
    if lags.ndim != 1 or len(lags) < 2 or not (np.diff(lags) > 0).all():
        raise ValueError(f"`lags` must hold two or more increasing numbers. Received: {lags=}")
    curves = {name: _checked(name, values, len(lags)) for name, values in norms.items()}
    if bound is not None and not (np.isfinite(bound) and bound > 0):
        raise ValueError(f"`bound` must be a positive number. Received: {bound=}")
    figure, ax = axes_or_new(ax)
    for index, (name, values) in enumerate(curves.items()):
        values = np.where(values > 0, values, np.nan)
        color = COLORS[index % len(COLORS)]
        # Of an even number the lower of the two in the middle: a norm that was measured.
        middle = np.quantile(values, 0.5, axis=0, method="lower")
        style = LINESTYLES[index % len(LINESTYLES)]
        ax.semilogy(lags, middle, color=color, linestyle=style, label=name)
        if len(values) > 1:
            least, greatest = values.min(axis=0), values.max(axis=0)
            ax.fill_between(lags, least, greatest, color=color, alpha=0.18, linewidth=0)
    if bound is not None:
        ax.semilogy(lags, bound**lags, color=INK, linestyle=":", linewidth=1.5, label="bound")
    ax.set(xlabel="time lag in steps", ylabel="norm of the gradient")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    entries = len(curves) + (bound is not None)
    legend_below(ax, columns=entries if entries <= 3 else 2)
    return figure, ax


def _checked(name: str, values, lags: int) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    if values.ndim == 1:
        values = values[None]
    if values.ndim != 2 or len(values) == 0 or values.shape[1] != lags:
        raise ValueError(
            f"`norms[{name!r}]` must have one norm for each of the {lags} lags, or several rows "
            f"of them. Received: an array of shape {values.shape}"
        )
    if not (np.isfinite(values) & (values >= 0)).all():
        raise ValueError(f"`norms[{name!r}]` must hold finite numbers of 0 or more.")
    return values
