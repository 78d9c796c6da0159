"""Activation functions and their derivatives."""

import math

import numpy as np

from nncourse.scratch import activations
from nncourse.visualizations._common import axes_or_new
from nncourse.visualizations.style import COLORS, MUTED


def plot_activation(activation, *, derivative=None, ax=None, label=None, limits=(-4.0, 4.0)):
    """Draws an activation function (solid) and its derivative (dashed).

    Args:
        activation: The name of a function in `nncourse.scratch.activations`, or any function from
            an array to one of the same shape.
        derivative: The derivative as a function; that of a named activation is known. None is drawn
            of another function without one.
        ax: The axes to draw into; a new figure if not given.
        label: The title; a named activation's name if not given.
        limits: The smallest and the largest input to show.

    Returns:
        The figure and its axes.

    Raises:
        ValueError: For an unknown name, limits that are not increasing, or a function that changes
            the shape.

    Example:
        >>> from nncourse.visualizations import plot_activation
        >>> figure, axes = plot_activation("tanh")
        >>> [line.get_label() for line in axes.lines[-2:]]
        ['$h(z)$', "$h'(z)$"]
    """
    if isinstance(activation, str):
        label = label or activation.replace("_", " ")
        activation, known = activations.get(activation)
        derivative = derivative or known
    low, high = limits
    if not (np.isfinite([low, high]).all() and low < high):
        raise ValueError(f"`limits` must be two finite numbers, low < high. Received: {limits=}")
    figure, ax = axes_or_new(ax)
    ax.axhline(0, color=MUTED, linewidth=1, linestyle="-", zorder=1)
    ax.axvline(0, color=MUTED, linewidth=1, linestyle="-", zorder=1)
    z = np.linspace(low, high, 4001)
    _draw_curve(ax, z, activation, "$h(z)$", color=COLORS[0], linestyle="-")
    if derivative is not None:
        _draw_curve(ax, z, derivative, "$h'(z)$", color=COLORS[1], linestyle="--")
    ax.set(xlabel="$z$", xlim=limits, title=label)
    ax.legend(loc="upper left")
    return figure, ax


def plot_activations(names, *, limits=(-4.0, 4.0)):
    """Draws several activation functions with their derivatives, two panels a row.

    Args:
        names: Names of functions in `nncourse.scratch.activations`, at least one.
        limits: The smallest and the largest input to show.

    Returns:
        The figure and a `(rows, 2)` array of axes.

    Raises:
        ValueError: If there is no name, or an unknown one.

    Example:
        >>> from nncourse.visualizations import plot_activations
        >>> figure, axes = plot_activations(["relu", "elu", "swish"])
        >>> axes.shape
        (2, 2)
    """
    import matplotlib.pyplot as plt

    names = list(names)
    if not names:
        raise ValueError("`names` must name at least one activation. Received: names=[]")
    for name in names:
        activations.get(name)
    rows = math.ceil(len(names) / 2)
    figure, axes = plt.subplots(
        rows, 2, figsize=(6.4, 2.3 * rows + 0.4), squeeze=False, layout="constrained"
    )
    for ax, name in zip(axes.flat, names, strict=False):
        plot_activation(name, ax=ax, limits=limits)
        ax.get_legend().remove()
    for ax in axes.flat[: max(0, len(names) - 2)]:  # every panel with another one below it
        ax.set(xlabel="")
        ax.tick_params(labelbottom=False)
    for ax in axes.flat[len(names) :]:
        ax.set_axis_off()
    figure.legend(*axes.flat[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure, axes


def _draw_curve(ax, z: np.ndarray, function, label: str, **style) -> None:
    values = np.array(function(z), dtype=float)
    if values.shape != z.shape:
        raise ValueError(
            f"`activation` and `derivative` must keep the shape of their input, {z.shape}. "
            f"Received: an array of shape {values.shape}"
        )
    # A jump is no steep slope, so it is left open. Between neighbors of a curve without one even
    # the logistic function of 100 z changes by a twentieth of its range.
    jumps = np.flatnonzero(np.abs(np.diff(values)) > 0.1 * np.ptp(values))
    ax.plot(
        np.insert(z, jumps + 1, np.nan), np.insert(values, jumps + 1, np.nan), label=label, **style
    )
