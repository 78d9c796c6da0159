"""How the numbers of a network are spread, layer by layer."""

import numpy as np

from nncourse.visualizations._common import axes_or_new, number
from nncourse.visualizations.style import COLORS, MUTED

_MOST_LAYERS = 12
_BINS = 60
_ROW = 0.85  # the height of a row's highest bar: rows are 1 apart


def plot_layer_histograms(layers, *, names=None, xlabel="activation", log=False, ax=None):
    r"""Draws a histogram for each layer, one row below the other, the first layer on top.

    The rows share the horizontal axis and its bins; the highest bar of every row is equally high.
    At the right stands each layer's standard deviation. Values of exactly 0 (half of what ReLU
    puts out) are in no bar, since theirs would dwarf the others: their share is written below it.

    Args:
        layers: One to twelve arrays of finite numbers, of any shape, inputs first: activations,
            weights or gradients. Of a deeper network give every k-th layer.
        names: A name for each layer; "layer 1", "layer 2", ... if not given.
        xlabel: What the numbers are.
        log: Whether to draw their absolute values on a logarithmic axis, as for gradients that
            differ by powers of ten from layer to layer.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes. `axes.patches` holds the histograms.

    Raises:
        ValueError: For no layer or more than twelve, one that is empty or holds NaN or infinity, or
            another number of names.

    Example:
        >>> import numpy as np
        >>> from nncourse.visualizations import plot_layer_histograms
        >>> rng = np.random.default_rng(0)
        >>> a = rng.normal(size=(100, 50))
        >>> figure, axes = plot_layer_histograms([a, np.maximum(a, 0)], names=["linear", "ReLU"])
        >>> [text.get_text() for text in axes.texts]
        ['std 0.995', 'std 0.582\n51.1 % zeros']
    """
    layers = _checked_layers(layers)
    if names is None:
        names = [f"layer {index}" for index in range(1, len(layers) + 1)]
    if len(names) != len(layers):
        raise ValueError(f"`names` must name each of the {len(layers)} layers. Received: {names=}")
    rows = [values[values != 0] for values in layers]
    if log:
        rows = [np.log10(np.abs(row)) for row in rows]
    edges = np.histogram_bin_edges(np.concatenate(rows), bins=_BINS)
    figure, ax = axes_or_new(ax, size=(6.4, 1.2 + 0.45 * len(layers)))
    for index, (values, row) in enumerate(zip(layers, rows, strict=True)):
        counts = np.histogram(row, edges)[0]
        ax.stairs(
            counts / max(1, counts.max()) * _ROW - index,
            10.0**edges if log else edges,
            baseline=-index,
            fill=True,
            color=COLORS[0],
        )
        ax.axhline(-index, color=MUTED, linestyle="-", linewidth=0.8)
        _write_summary(ax, values, -index + _ROW / 2)
    ax.set_yticks([-index + _ROW / 2 for index in range(len(layers))], names)
    ax.set(xlabel=f"|{xlabel}|" if log else xlabel, ylim=(0.9 - len(layers), 1))
    ax.set_ylabel("input → output", rotation=270, va="top")  # downwards, as the rows
    if log:
        ax.set_xscale("log")
    ax.grid(False, axis="y")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    return figure, ax


def _write_summary(ax, values: np.ndarray, height: float) -> None:
    text = f"std {number(values.std())}"
    zeros = np.mean(values == 0)
    if zeros > 0:
        text += f"\n{number(100 * zeros)} % zeros"
    ax.text(1.02, height, text, transform=ax.get_yaxis_transform(), va="center", fontsize=10.5)


def _checked_layers(layers) -> list[np.ndarray]:
    layers = [np.asarray(layer, dtype=float).ravel() for layer in layers]
    if not 1 <= len(layers) <= _MOST_LAYERS:
        raise ValueError(
            f"`layers` must hold 1 to {_MOST_LAYERS} arrays: of a deeper network give every k-th "
            f"layer. Received: {len(layers)}"
        )
    for index, layer in enumerate(layers):
        if layer.size == 0 or not np.isfinite(layer).all():
            came = "an empty array" if layer.size == 0 else layer[~np.isfinite(layer)][0]
            raise ValueError(
                f"Each of `layers` must hold finite numbers. Received: {came} in layers[{index}]"
            )
    return layers
