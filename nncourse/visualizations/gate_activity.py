"""What gates or cells do while a text is read, letter by letter."""

import math

import numpy as np

from nncourse.visualizations._common import axes_or_new
from nncourse.visualizations.style import INK

# Lengths are in inches.
_ROW, _LETTER, _GAP = 0.2, 0.2, 0.12  # a row of colors, the letters below, and to the next line
_WIDTH = 6.2
_NAME = 0.085  # a letter of a row's name
_SHOWN = {"\n": "↵", "\t": "⇥"}


def plot_gate_activity(text, activity, *, names=None, columns=48, limits=None, ax=None):
    """Draws a text with a strip of colors over it for each gate or cell, and breaks it into lines.

    Numbers of both signs are drawn from red to blue, white at 0; numbers of 0 and above from white
    to dark blue. A bar on the right tells the scale. Line ends of the text are drawn as ↵.

    Args:
        text: The text, a letter for each step.
        activity: `(steps,)` or `(rows, steps)` finite numbers, such as gates or memories.
        names: A short name for each row, at most 12 letters; none if not given.
        columns: How many letters stand in a line, 10 to 60.
        limits: The numbers of the scale's two ends. If not given, 0 and 1 if all numbers lie
            between them, else as far as the largest, on both sides of 0 if there are signs.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes. `axes.images` holds the strips, one for each line of letters.

    Raises:
        ValueError: For an activity that does not fit the text or is not finite, another number of
            names than of rows, columns out of range, or limits that do not rise.

    Example:
        >>> import numpy as np
        >>> from nncourse.visualizations import plot_gate_activity
        >>> figure, axes = plot_gate_activity("gated memory", np.linspace(0, 1, 12), columns=10)
        >>> len(axes.images)
        2

    Used in the chapter *Gated memory*.
    """
    activity = _checked_activity(text, activity)
    rows = len(activity)
    names = [""] * rows if names is None else list(names)
    if len(names) != rows or max(map(len, names)) > 12:
        raise ValueError(
            f"`names` must hold a name of at most 12 letters for each of the {rows} rows. "
            f"Received: {names=}"
        )
    if columns not in range(10, 61):
        raise ValueError(f"`columns` must be an integer from 10 to 60. Received: {columns=}")
    scale = _scale(activity, limits)
    margin = _NAME * max(map(len, names)) + 0.1 * any(names)
    lines = math.ceil(len(text) / columns)
    step = rows * _ROW + _LETTER + _GAP
    height = lines * step - _GAP
    figure, ax = axes_or_new(ax, size=(_WIDTH + 0.8, height + 0.2))
    cell = (_WIDTH - margin) / columns
    for line in range(lines):
        part = slice(line * columns, (line + 1) * columns)
        strip, letters = activity[:, part], text[part]
        bottom = -line * step - rows * _ROW
        extent = (margin, margin + cell * len(letters), bottom, bottom + rows * _ROW)
        drawn = ax.imshow(strip, extent=extent, aspect="auto", interpolation="nearest", **scale)
        for row, name in enumerate(names):
            y = -line * step - (row + 0.5) * _ROW
            _write(ax, margin - 0.08, y, name, ha="right")
        for column, letter in enumerate(letters):
            x = margin + (column + 0.5) * cell
            _write(ax, x, bottom - _LETTER / 2, _SHOWN.get(letter, letter), family="monospace")
    ax.set(xlim=(0, _WIDTH), ylim=(-height, 0))
    ax.set_axis_off()
    bar = figure.colorbar(drawn, ax=ax, fraction=0.03, pad=0.015, aspect=14, shrink=0.9)
    bar.ax.tick_params(labelsize=10)
    bar.locator = _three_ticks()
    bar.update_ticks()
    return figure, ax


def _checked_activity(text, activity) -> np.ndarray:
    if not isinstance(text, str) or not text:
        raise ValueError(f"`text` must be a string of one letter or more. Received: {text=}")
    activity = np.asarray(activity, dtype=float)
    activity = activity[np.newaxis] if activity.ndim == 1 else activity
    if activity.ndim != 2 or activity.shape[1] != len(text) or len(activity) == 0:
        raise ValueError(
            f"`activity` must have a number for each of the {len(text)} letters, in one row or "
            f"more. Received: activity of shape {activity.shape}"
        )
    if not np.isfinite(activity).all():
        raise ValueError("`activity` must hold finite numbers. Received: some that are not")
    return activity


def _scale(activity: np.ndarray, limits) -> dict:
    if limits is None:
        largest = np.abs(activity).max()
        has_signs = activity.min() < 0
        limits = (-largest, largest) if has_signs else (0, max(largest, 1))
    low, high = limits
    if not low < high:
        raise ValueError(f"`limits` must be two rising numbers. Received: {limits=}")
    return {"cmap": "RdBu" if low < 0 else "Blues", "vmin": low, "vmax": high}


def _three_ticks():
    from matplotlib.ticker import LinearLocator

    return LinearLocator(3)


def _write(ax, x: float, y: float, text: str, **style) -> None:
    if text.strip():
        ax.text(x, y, text, **{"ha": "center", "va": "center", "size": 10, "color": INK, **style})
