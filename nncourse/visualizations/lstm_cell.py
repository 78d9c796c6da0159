"""One step of an LSTM, drawn from the old memory to the new."""

from nncourse.visualizations._grids import inch_axes
from nncourse.visualizations.style import CARD, COLORS, GRID, INK, MUTED, UNIT

# Where things stand, in inches; y points down.
_WIDTH, _HEIGHT = 6.2, 3.7
_LANE, _PRODUCT, _BOX, _BUS = 0.55, 1.45, 2.35, 3.3
_FORGET, _INPUT, _CANDIDATE, _OUTPUT = 1.35, 2.3, 3.3, 4.4
_ADD, _READ = 2.8, 5.2  # where the memory is written, and read
_SIDE, _RADIUS = 0.56, 0.15
_PEEPHOLE = COLORS[1]


def draw_lstm_cell(*, peepholes=False, ax=None):
    r"""Draws a step of an LSTM: its memory along the top, the gates below, and what they act on.

    Circles are operations, number by number; boxes are layers with weights, fed by $h_{t-1}$ and
    $x_t$. The line from $c_{t-1}$ to $c_t$ meets a product with f and a sum, and nothing else.

    Args:
        peepholes: Whether to draw the connections from the memory to the gates: $c_{t-1}$ to f and
            i, $c_t$ to o, as dashed lines.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes.

    Example:
        >>> from nncourse.visualizations import draw_lstm_cell
        >>> figure, axes = draw_lstm_cell(peepholes=True)
        >>> sum(line.get_linestyle() == "--" for line in axes.lines)
        3

    Used in the chapter *Gated memory*.
    """
    figure, ax, _ = inch_axes(ax, _WIDTH, _HEIGHT)
    # The memory.
    _arrow(ax, (0.5, _LANE), (_FORGET - _RADIUS, _LANE), width=3)
    _arrow(ax, (_FORGET + _RADIUS, _LANE), (_ADD - _RADIUS, _LANE), width=3)
    _arrow(ax, (_ADD + _RADIUS, _LANE), (_WIDTH - 0.42, _LANE), width=3)
    _write(ax, 0.22, _LANE, "$c_{t-1}$")
    _write(ax, _WIDTH - 0.2, _LANE, "$c_t$")
    # What enters.
    ax.plot([0.75, _OUTPUT], [_BUS, _BUS], "-", color=INK, linewidth=1.5, zorder=1)
    _write(ax, 0.05, _BUS, "$h_{t-1}, x_t$", ha="left")
    boxes = {_FORGET: "$f_t$", _INPUT: "$i_t$", _CANDIDATE: "$g_t$", _OUTPUT: "$o_t$"}
    for x, name in boxes.items():
        _arrow(ax, (x, _BUS), (x, _BOX + _SIDE / 2))
        function = "tanh" if x == _CANDIDATE else r"$\sigma$"
        _box(ax, x, _BOX, f"{name}\n{function}", GRID if x == _CANDIDATE else UNIT)
    for x, name in zip(boxes, ("forget", "input", "candidate", "output"), strict=True):
        _write(ax, x + 0.05, _BUS - 0.35, name, ha="left", size=10.5, color=MUTED)
    # What the gates act on.
    _arrow(ax, (_FORGET, _BOX - _SIDE / 2), (_FORGET, _LANE + _RADIUS))
    for x in (_INPUT, _CANDIDATE):
        ax.plot([x, x], [_BOX - _SIDE / 2, _PRODUCT], "-", color=INK, linewidth=1.5, zorder=1)
        side = _RADIUS if x > _ADD else -_RADIUS
        _arrow(ax, (x, _PRODUCT), (_ADD + side, _PRODUCT))
    _arrow(ax, (_ADD, _PRODUCT - _RADIUS), (_ADD, _LANE + _RADIUS))
    ax.plot([_OUTPUT] * 2, [_BOX - _SIDE / 2, 1.75], "-", color=INK, linewidth=1.5, zorder=1)
    _arrow(ax, (_OUTPUT, 1.75), (_READ - _RADIUS, 1.75))
    _arrow(ax, (_READ, _LANE), (_READ, 0.9))
    _arrow(ax, (_READ, 1.2), (_READ, 1.75 - _RADIUS))
    _box(ax, _READ, 1.08, "tanh", CARD, height=0.3)
    _arrow(ax, (_READ + _RADIUS, 1.75), (_WIDTH - 0.42, 1.75))
    _write(ax, _WIDTH - 0.2, 1.75, "$h_t$")
    places = ((_FORGET, _LANE, "×"), (_ADD, _LANE, "+"), (_ADD, _PRODUCT, "×"), (_READ, 1.75, "×"))
    for x, y, sign in places:
        _circle(ax, x, y, sign)
    if peepholes:
        _draw_peepholes(ax)
    return figure, ax


def _draw_peepholes(ax) -> None:
    top = _BOX - _SIDE / 2
    left = _FORGET - 0.5
    paths = (
        ([left, left, _FORGET - 0.15, _FORGET - 0.15], [_LANE, 1.85, 1.85, top]),
        ([left, left, _INPUT - 0.15, _INPUT - 0.15], [_LANE, 1.85, 1.85, top]),
        ([_OUTPUT - 0.2, _OUTPUT - 0.2], [_LANE, top]),
    )
    for x, y in paths:
        ax.plot(x, y, "--", color=_PEEPHOLE, linewidth=1.8, zorder=1)
        _arrow(ax, (x[-1], top - 0.1), (x[-1], top), color=_PEEPHOLE)
    for x, name in ((left - 0.08, "$c_{t-1}$"), (_OUTPUT - 0.28, "$c_t$")):
        _write(ax, x, 1.2, name, ha="right", color=_PEEPHOLE)


def _arrow(ax, start, end, width: float = 1.5, color: str = INK) -> None:
    style = {"arrowstyle": "-|>", "color": color, "linewidth": width, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops={**style, "mutation_scale": 13}, zorder=2)


def _box(ax, x: float, y: float, text: str, fill: str, height: float = _SIDE) -> None:
    from matplotlib.patches import Rectangle

    corner = x - _SIDE / 2, y - height / 2
    style = {"facecolor": fill, "edgecolor": MUTED, "linewidth": 1.2, "zorder": 3}
    ax.add_patch(Rectangle(corner, _SIDE, height, **style))
    _write(ax, x, y, text)


def _circle(ax, x: float, y: float, sign: str) -> None:
    from matplotlib.patches import Circle

    style = {"facecolor": CARD, "edgecolor": INK, "linewidth": 1.5, "zorder": 3}
    ax.add_patch(Circle((x, y), _RADIUS, **style))
    _write(ax, x, y, sign, va="center_baseline")


def _write(ax, x: float, y: float, text: str, **style) -> None:
    style = {"ha": "center", "va": "center", "size": 12, "color": INK, "zorder": 4, **style}
    ax.text(x, y, text, **style)
