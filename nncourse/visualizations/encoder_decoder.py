"""An encoder and a decoder, step by step, with the words that they read and write."""

from nncourse.visualizations._common import axes_or_new, text_width
from nncourse.visualizations.style import CARD, COLORS, INK, MUTED, UNIT

_HALF = 0.3  # of a box's side
_ROW = 1.15  # from the words that are read to the boxes, and on to those that are written
_MOST = 10  # steps
_SIZE = 11  # of a word, in points
_INCH = 0.72  # of a step, at least


def draw_encoder_decoder(source, target, *, reverse=False, feedback=False, ax=None):
    """Draws a translator over time: an encoder that reads, a decoder that writes.

    The encoder's boxes stand to the left, with the words of the source below. The state goes from
    box to box and on into the decoder, which reads GO and the words of the target and writes those
    words and EOS, each a step later than it would read it.

    Args:
        source: The words of the source, a list of one string or more.
        target: The words of the target, likewise; 10 steps at most in all, GO included.
        reverse: Whether the encoder reads the last word first.
        feedback: Whether the words that the decoder reads are those it has just written, which
            arrows then show: writing freely. Without them it reads the true words, whatever it
            writes: teacher forcing.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes. The boxes are `axes.patches`; the words, and the arrows as
        annotations without text, are `axes.texts`.

    Raises:
        ValueError: If `source` or `target` is no list of strings, or both are too long together.

    Example:
        >>> from nncourse.visualizations import draw_encoder_decoder
        >>> figure, axes = draw_encoder_decoder("21", ["ein", "und", "zwanzig"], reverse=True)
        >>> [text.get_text() for text in axes.texts if text.get_text()]
        ['1', '2', 'GO', 'ein', 'ein', 'und', 'und', 'zwanzig', 'zwanzig', 'EOS']

    Used in the chapter *Sequence to sequence*.
    """
    source, target = _words("source", source), _words("target", target)
    steps = len(source) + len(target) + 1
    if steps > _MOST:
        raise ValueError(
            f"`source` and `target` must have {_MOST - 1} words or less together. "
            f"Received: {steps - 1}"
        )
    read = [*(source[::-1] if reverse else source), "GO", *target]
    written = [None] * len(source) + [*target, "EOS"]
    # The widest word has room, as most others then do on their own.
    step = max(_INCH, max(text_width(word, _SIZE) for word in (*read, "EOS")) + 0.15)
    figure, ax = axes_or_new(ax, size=(min(7.2, (steps + 0.2) * step), 2.7))
    for place, (below, above) in enumerate(zip(read, written, strict=True)):
        _draw_box(ax, place, COLORS[0] if above is None else COLORS[1], above is not None)
        _write(ax, place, -_ROW, below, is_sign=below == "GO" and above is not None)
        _draw_arrow(ax, (place, 0.22 - _ROW), (place, -_HALF))
        if above is not None:
            _write(ax, place, _ROW, above, is_sign=place == steps - 1)
            _draw_arrow(ax, (place, _HALF), (place, _ROW - 0.22))
        if place + 1 < steps:
            _draw_arrow(ax, (place + _HALF, 0), (place + 1 - _HALF, 0))
            if feedback and above is not None:
                ends = (place + 0.2, _ROW - 0.2), (place + 0.88, 0.22 - _ROW)
                _draw_arrow(ax, *ends, color=MUTED, linestyle="--")
    ax.set(xlim=(-0.6, steps - 0.4), ylim=(-_ROW - 0.3, _ROW + 0.3))
    ax.set_axis_off()
    return figure, ax


def _words(name: str, words) -> list[str]:
    listed = list(words) if hasattr(words, "__iter__") else []
    if not listed or not all(isinstance(word, str) for word in listed):
        raise ValueError(f"`{name}` must be a list of one string or more. Received: {words!r}")
    return listed


def _draw_box(ax, place: int, edge: str, is_decoder: bool) -> None:
    from matplotlib.patches import FancyBboxPatch

    side = 2 * _HALF - 0.1
    box = FancyBboxPatch(
        (place - side / 2, -side / 2),
        side,
        side,
        boxstyle="round,pad=0.05",
        facecolor=CARD if is_decoder else UNIT,
        edgecolor=edge,
        linewidth=2,
    )
    ax.add_patch(box)


def _write(ax, x: float, y: float, text: str, is_sign: bool) -> None:
    style = {"color": MUTED if is_sign else INK, "size": _SIZE}
    ax.text(x, y, text, ha="center", va="center", **style)


def _draw_arrow(ax, start, end, color: str = INK, linestyle: str = "-") -> None:
    arrow = {"arrowstyle": "-|>", "color": color, "lw": 1.4, "linestyle": linestyle}
    ax.annotate("", xy=end, xytext=start, arrowprops={**arrow, "shrinkA": 0, "shrinkB": 0})
