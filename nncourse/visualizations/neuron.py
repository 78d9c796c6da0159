"""One unit, drawn from its inputs to its output."""

import numpy as np

from nncourse.scratch import activations
from nncourse.visualizations._common import axes_or_new, number
from nncourse.visualizations.style import CARD, COLORS, GRID, INK, MUTED, UNIT

_RADIUS = 0.34
_SUM, _BOX, _OUTPUT = 2.9, 4.9, 6.5  # where they stand; the inputs stand at 0


def draw_neuron(inputs=2, *, weights=None, bias=None, activation="step", ax=None):
    """Draws one unit: inputs, weights, their sum, the activation function and the output.

    The bias is the weight of an input that is always 1.

    Args:
        inputs: How many inputs, a positive integer, or a list of their names.
        weights: A number for each input, written on its line; $w_1, w_2, ...$ if not given.
        bias: The number on the line from the constant 1; $w_0$ if not given.
        activation: The name of a function in `nncourse.scratch.activations`, whose curve stands in
            the box.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes.

    Raises:
        ValueError: If there is no input, the weights don't fit the inputs, or the activation is
            unknown.

    Example:
        >>> from nncourse.visualizations import draw_neuron
        >>> figure, axes = draw_neuron(2, weights=[1.0, 1.0], bias=-0.5)
        >>> [text.get_text() for text in axes.texts][:4]
        ['1', '−0.5', '$x_{1}$', '1']
    """
    names = _checked_inputs(inputs)
    if weights is not None and len(weights) != len(names):
        raise ValueError(
            f"`weights` must hold a number for each of the {len(names)} inputs. "
            f"Received: {weights=}"
        )
    function, _ = activations.get(activation)
    values = [bias, *([None] * len(names) if weights is None else weights)]
    heights = (len(names) / 2 - np.arange(len(names) + 1)) * 1.1
    top, bottom = heights[0] + 0.6, heights[-1] - 1.0
    inch = 6.4 / (_OUTPUT + 1.4)
    figure, ax = axes_or_new(ax, size=(6.4, inch * (top - bottom)))
    for index, (name, value, y) in enumerate(zip(["1", *names], values, heights, strict=True)):
        _draw_circle(ax, 0, y, name, face=CARD if index == 0 else GRID)
        _draw_arrow(ax, _toward(0, y), _toward(0, y, from_sum=True))
        x, y = 0.42 * _SUM, 0.58 * y
        text = rf"$w_{{{index}}}$" if value is None else number(value)
        _write(ax, x, y, text, bbox={"facecolor": CARD, "edgecolor": "none", "pad": 1.5})
    _draw_circle(ax, _SUM, 0, r"$\Sigma$", face=UNIT)
    _draw_arrow(ax, (_SUM + _RADIUS, 0), (_BOX - 0.5, 0))
    _draw_activation(ax, function)
    _draw_arrow(ax, (_BOX + 0.5, 0), (_OUTPUT - 0.25, 0))
    _write(ax, _OUTPUT, 0, "$y$", size=15)
    captions = ((0, "inputs"), (0.42 * _SUM, "weights"), (_SUM, "sum"), (_BOX, activation))
    for x, caption in (*captions, (_OUTPUT, "output")):
        _write(ax, x, bottom + 0.25, caption.replace("_", " "), size=12)
    ax.set(xlim=(-0.7, _OUTPUT + 0.7), ylim=(bottom, top), aspect="equal")
    ax.set_axis_off()
    return figure, ax


def _checked_inputs(inputs) -> list[str]:
    if isinstance(inputs, (int, np.integer)):
        names = [rf"$x_{{{index}}}$" for index in range(1, inputs + 1)]
    else:
        names = [str(name) for name in inputs]
    if not names:
        raise ValueError(
            "`inputs` must be a positive integer or a list of names, not empty. "
            f"Received: {inputs=}"
        )
    return names


def _toward(x: float, y: float, from_sum: bool = False) -> tuple[float, float]:
    """Where the line from an input to the sum leaves the one circle or meets the other."""
    length = np.hypot(_SUM - x, y)
    part = 1 - _RADIUS / length if from_sum else _RADIUS / length
    return x + part * (_SUM - x), y * (1 - part)


def _draw_circle(ax, x: float, y: float, name: str, face: str) -> None:
    from matplotlib.patches import Circle

    ax.add_patch(Circle((x, y), _RADIUS, facecolor=face, edgecolor=INK, linewidth=1.5, zorder=2))
    _write(ax, x, y, name, size=14)


def _draw_arrow(ax, start, end) -> None:
    from matplotlib.patches import FancyArrowPatch

    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=14,
            shrinkA=0,
            shrinkB=0,
            color=INK,
            linewidth=1.5,
        )
    )


def _draw_activation(ax, function) -> None:
    """The function's curve between -3 and 3, scaled into a box."""
    from matplotlib.patches import Rectangle

    ax.add_patch(
        Rectangle((_BOX - 0.5, -0.5), 1, 1, facecolor=UNIT, edgecolor=INK, linewidth=1.5, zorder=2)
    )
    z = np.linspace(-3, 3, 301)
    values = np.asarray(function(z), dtype=float)
    values = 0.6 * (values - values.min()) / np.ptp(values) - 0.3
    ax.plot([_BOX] * 2, [-0.4, 0.4], color=MUTED, linewidth=1, linestyle="-", zorder=2)
    ax.plot(_BOX + 0.4 * z / 3, values, color=COLORS[0], linewidth=2, linestyle="-", zorder=3)


def _write(ax, x: float, y: float, text: str, **style) -> None:
    ax.text(x, y, text, **{"ha": "center", "va": "center", "color": INK, "size": 13, **style})
