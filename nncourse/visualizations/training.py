"""Learning curves."""

import numpy as np

from nncourse.visualizations.style import COLORS


def plot_training(history, *, metrics=("loss",), ax=None):
    """Draws metrics over the epochs: on training data (solid) and validation data (dashed).

    Args:
        history: What Keras's `fit` returns, or a dict of lists with a number for each epoch, such
            as `{"loss": [...], "val_loss": [...]}`.
        metrics: Names in the history, each of which gets a panel. `val_` and a name is drawn with
            it where it is there.
        ax: The axes to draw into, for several metrics a sequence of as many; a new figure with the
            panels side by side if not given.

    Returns:
        The figure and its axes, for several metrics an array of them.

    Raises:
        ValueError: For no metric, one that the history does not have, curves without a number, or
            another number of axes than of metrics.

    Example:
        >>> from nncourse.visualizations import plot_training
        >>> history = {"loss": [0.9, 0.5, 0.4], "val_loss": [0.8, 0.6, 0.6]}
        >>> figure, axes = plot_training(history)
        >>> [line.get_label() for line in axes.lines]
        ['training', 'validation']
    """
    curves = getattr(history, "history", history)
    metrics = [metrics] if isinstance(metrics, str) else list(metrics)
    if not metrics:
        raise ValueError("`metrics` must name at least one metric. Received: metrics=()")
    for metric in metrics:
        if metric not in curves:
            raise ValueError(
                f"`metrics` must be out of those in the history, {sorted(curves)}. "
                f"Received: {metric!r}"
            )
        if len(curves[metric]) == 0:
            raise ValueError(f"`history` must have at least one epoch. Received: {metric}=[]")
    figure, axes = _axes(ax, len(metrics))
    for panel, metric in zip(np.atleast_1d(axes), metrics, strict=True):
        draw_curves(panel, curves, metric)
        panel.legend()
    return figure, axes


def _axes(ax, count: int):
    if ax is None:
        import matplotlib.pyplot as plt

        return plt.subplots(
            1, count, figsize=(6.4, 4.0 if count == 1 else 3.4), layout="constrained"
        )
    axes = np.atleast_1d(ax)
    if len(axes) != count:
        raise ValueError(
            f"`ax` must hold one axes for each of the {count} metrics. Received: {len(axes)}"
        )
    return axes[0].figure, ax


def draw_curves(ax, curves, metric: str) -> None:
    """Draws a metric's training curve and, where there is one, its validation curve."""
    from matplotlib.ticker import MaxNLocator

    styles = (("", "training", "-", "o"), ("val_", "validation", "--", "s"))
    for index, (prefix, label, linestyle, marker) in enumerate(styles):
        values = curves.get(prefix + metric)
        if values is not None:
            epochs = np.arange(1, len(values) + 1)
            # A marker an epoch where there are few; otherwise ten along the curve.
            every = max(1, len(values) // 10)
            ax.plot(
                epochs,
                values,
                color=COLORS[index],
                linestyle=linestyle,
                marker=marker,
                markevery=every,
                label=label,
            )
    room = min(0.8, 0.05 * len(curves[metric]))  # less than 1: there is no epoch 0
    ax.set(
        xlabel="epoch",
        ylabel=metric.replace("_", " "),
        xlim=(1 - room, len(curves[metric]) + room),
    )
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, min_n_ticks=1))
