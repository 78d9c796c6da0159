"""Where early stopping ends a training, and what it takes back."""

from numbers import Integral

import numpy as np

from nncourse.visualizations._common import axes_or_new, number
from nncourse.visualizations.style import CARD, COLORS, INK, MUTED
from nncourse.visualizations.training import draw_curves


def plot_early_stopping(history, *, metric="loss", patience=None, ax=None):
    """Draws a metric over the epochs, with the best validation epoch and the epochs after it.

    The best epoch is where the validation curve is lowest (highest, for a metric whose name ends in
    "accuracy" or "acc"), the first of several. The epochs that followed in vain are shaded.
    With `patience` training ends by the rule of Keras's `EarlyStopping`: after so many epochs in
    which the metric has not become better than its best value. What the curves show beyond that
    epoch is faint: it may hold the better epoch that too little patience would have missed.

    Args:
        history: What Keras's `fit` returns, or a dict of lists with a number for each epoch, such
            as `{"loss": [...], "val_loss": [...]}`.
        metric: A name in the history that is there with `val_` before it too.
        patience: A positive integer; without it the best epoch of the whole curve is marked.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes.

    Raises:
        ValueError: For a metric without a training or validation curve, curves without a number or
            with NaN or infinity, or a patience that is no positive integer.

    Example:
        >>> from nncourse.visualizations import plot_early_stopping
        >>> history = {"loss": [5, 4, 3, 2, 1], "val_loss": [5.0, 4.5, 4.6, 4.7, 4.2]}
        >>> figure, axes = plot_early_stopping(history, patience=2)
        >>> axes.get_legend_handles_labels()[1]
        ['training', 'validation', 'best epoch 2: 4.5', '2 epochs in vain']
    """
    if patience is not None and not (isinstance(patience, Integral) and patience >= 1):
        raise ValueError(f"`patience` must be a positive integer. Received: {patience=}")
    curves = getattr(history, "history", history)
    values = _checked_curve(curves, metric)
    higher_is_better = metric.endswith(("accuracy", "acc"))
    best, last = _stop(-values if higher_is_better else values, patience)
    figure, ax = axes_or_new(ax)
    draw_curves(ax, curves, metric)
    if last + 1 < len(values):  # a veil over what was not trained any more
        ax.axvspan(last + 1, ax.get_xlim()[1], color=CARD, alpha=0.7, linewidth=0, zorder=3)
    ax.axvline(best + 1, color=INK, linestyle=":", linewidth=1.2)
    ax.plot(
        best + 1,
        values[best],
        color=COLORS[2],
        linestyle="none",
        marker="*",
        markersize=15,
        markeredgecolor=CARD,
        zorder=4,
        label=f"best epoch {best + 1}: {number(values[best])}",
    )
    if last > best:
        epochs = "1 epoch" if last == best + 1 else f"{last - best} epochs"
        ax.axvspan(
            best + 1, last + 1, color=MUTED, alpha=0.18, linewidth=0, label=f"{epochs} in vain"
        )
    ax.legend()
    return figure, ax


def _stop(values: np.ndarray, patience: int | None) -> tuple[int, int]:
    """The indices of the best epoch, where the value is lowest, and of the last one trained."""
    if patience is None:
        return int(values.argmin()), len(values) - 1
    best = 0
    for epoch, value in enumerate(values):
        if value < values[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best, epoch


def _checked_curve(curves, metric: str) -> np.ndarray:
    """The validation curve, once both curves are found to be there and finite."""
    names = (metric, f"val_{metric}")
    for name in names:
        if name not in curves:
            raise ValueError(
                f"`metric` must be in the history, which has {sorted(curves)}, for training and "
                f"validation data. Received: {metric!r}, so {name!r} is missing"
            )
    training, validation = (np.asarray(curves[name], dtype=float) for name in names)
    if len(validation) == 0 or len(training) != len(validation):
        raise ValueError(
            "`history` must have a number for each epoch, of one epoch or more. "
            f"Received: {len(training)} of {names[0]} and {len(validation)} of {names[1]}"
        )
    for name, values in zip(names, (training, validation), strict=True):
        if not np.isfinite(values).all():
            epoch = np.flatnonzero(~np.isfinite(values))[0]
            raise ValueError(
                "`history` must hold finite numbers. "
                f"Received: {name}={values[epoch]} in epoch {epoch + 1}"
            )
    return validation
