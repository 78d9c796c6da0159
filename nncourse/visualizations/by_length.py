"""How much of what a network does is right, by the length of what it was given."""

from numbers import Real

import numpy as np

from nncourse.visualizations._common import axes_or_new, class_style, legend_below
from nncourse.visualizations.style import LINESTYLES, MUTED


def accuracy_by_length(shares, trained_to=None, ax=None):
    """Draws shares of right answers against the length of the sequence.

    Where a length has several shares, one for each start of a network, the line goes through their
    mean and the band reaches from the least to the greatest.

    Args:
        shares: `{name: {length: share}}`, one share from 0 to 1 for each length, or a list with one
            for each start. The lengths need not be in order.
        trained_to: The greatest length in training. What is longer is shaded.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes. `axes.lines[:len(shares)]` are the curves, in percent.

    Raises:
        ValueError: For no curve, a curve without a length, a length or `trained_to` that is not a
            number, or a share that is not from 0 to 1.

    Example:
        >>> from nncourse.visualizations import accuracy_by_length
        >>> shares = {"LSTM": {5: [1.0, 0.9], 10: [0.4, 0.6]}, "GRU": {5: 0.8, 10: 0.7}}
        >>> figure, axes = accuracy_by_length(shares, trained_to=8)
        >>> [line.get_ydata().tolist() for line in axes.lines[:2]]
        [[95.0, 50.0], [80.0, 70.0]]

    Used in the chapters *Sequence to sequence* and *Attention*.
    """
    from matplotlib.ticker import MaxNLocator

    curves = {name: _checked(name, by_length) for name, by_length in shares.items()}
    if not curves:
        raise ValueError("`shares` must have one curve or more. Received: shares={}")
    if trained_to is not None:
        _check_number("trained_to", trained_to)
    figure, ax = axes_or_new(ax)
    for index, (name, (lengths, percent)) in enumerate(curves.items()):
        color, marker = class_style(index)
        style = LINESTYLES[index % len(LINESTYLES)]
        mean = [np.mean(starts) for starts in percent]
        ax.plot(lengths, mean, color=color, marker=marker, linestyle=style, label=name)
        if any(len(starts) > 1 for starts in percent):
            ends = [min(starts) for starts in percent], [max(starts) for starts in percent]
            ax.fill_between(lengths, *ends, color=color, alpha=0.18, linewidth=0)
    entries = len(curves)
    longest = max(lengths[-1] for lengths, _ in curves.values())
    if trained_to is not None and trained_to < longest:
        right = ax.get_xlim()[1]
        span = (trained_to, right)
        ax.axvspan(*span, color=MUTED, alpha=0.13, linewidth=0, zorder=0, label="not in training")
        ax.set_xlim(right=right)
        entries += 1
    ax.set(xlabel="length", ylabel="right, %", ylim=(-4, 104))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    legend_below(ax, columns=min(entries, 2) if entries > 3 else entries)
    return figure, ax


def _checked(name: str, by_length) -> tuple[list, list]:
    """The lengths in order, and for each the percentages of all starts."""
    if not by_length:
        raise ValueError(f"`shares[{name!r}]` must have one length or more. Received: {by_length}")
    for length, share in by_length.items():
        _check_number("length", length)
        starts = np.asarray(share, dtype=float)
        if starts.ndim > 1 or starts.size == 0 or not ((starts >= 0) & (starts <= 1)).all():
            raise ValueError(
                f"`shares[{name!r}][{length}]` must be a number from 0 to 1, or a list of them. "
                f"Received: {share}"
            )
    lengths = sorted(by_length)
    return lengths, [(100 * np.atleast_1d(by_length[length])).tolist() for length in lengths]


def _check_number(name: str, value) -> None:
    if not (isinstance(value, Real) and np.isfinite(value)):
        raise ValueError(f"`{name}` must be a number. Received: {value!r}")
