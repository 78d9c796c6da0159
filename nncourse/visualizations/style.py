"""The look of the book's figures: colors, markers, line styles and matplotlib's settings."""

import sys

# Okabe and Ito's palette, less the colors that are too pale for a near-white card or that a
# color-blind reader takes for another one once they are darkened (orange, sky blue, yellow). The
# purple is a shade darker than theirs, so that every color reaches a contrast of 3 on the card.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CA75A4", "#2B2B2B")

# Color never stands alone: the k-th class has the k-th marker, the k-th curve the k-th line style.
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*")
LINESTYLES = ("-", "--", "-.", ":", (0, (6, 2, 1, 2, 1, 2)))

# A page's theme can't recolor a figure, so each stands on an opaque card that suits a light page
# and a dark one.
CARD = "#FBFBF8"
INK = "#2B2B2B"
MUTED = "#6E6E6E"
GRID = "#E2E2DC"
UNIT = "#D5E6F0"  # the fill of a unit in a diagram

# How a notebook writes a figure as SVG. The resolution is that of the images within it: sharp at
# the width of a page, and 3,000 points still weigh less than 150 kB.
SVG_OPTIONS = {"bbox_inches": "tight", "dpi": 110, "metadata": {"Date": None}}


def use_style() -> None:
    """Sets the book's figure style for every figure that is made afterwards.

    In a notebook the figures come out as SVG, whose bytes depend on nothing but the figure.

    Example:
        >>> from nncourse import visualizations
        >>> visualizations.use_style()
    """
    import matplotlib.pyplot as plt
    from cycler import cycler

    plt.rcParams.update(
        {
            "figure.figsize": (6.4, 4.0),
            "figure.dpi": 100,
            "figure.facecolor": CARD,
            "figure.constrained_layout.use": True,
            "savefig.facecolor": "auto",
            "savefig.pad_inches": 0.12,
            "font.family": "DejaVu Sans",  # comes with matplotlib: the same on every machine
            "mathtext.fontset": "dejavusans",
            "font.size": 12,
            "axes.titlesize": 13,
            "axes.labelsize": 13,
            "xtick.labelsize": 11.5,
            "ytick.labelsize": 11.5,
            "legend.fontsize": 11.5,
            "text.color": INK,
            "axes.labelcolor": INK,
            "axes.edgecolor": MUTED,
            "xtick.color": MUTED,
            "ytick.color": MUTED,
            "xtick.labelcolor": INK,
            "ytick.labelcolor": INK,
            "axes.facecolor": CARD,
            "axes.linewidth": 1.0,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.prop_cycle": cycler(color=COLORS, linestyle=LINESTYLES),
            "grid.color": GRID,
            "grid.linewidth": 0.8,
            "lines.linewidth": 2.0,
            "lines.markersize": 7,
            "hatch.linewidth": 1.0,
            "legend.facecolor": CARD,
            "legend.edgecolor": GRID,
            "legend.framealpha": 0.9,
            "svg.fonttype": "path",  # text as outlines: a phone lacks the font
            "svg.hashsalt": "nncourse",
        }
    )
    if "IPython" in sys.modules:
        _draw_as_svg_in_notebooks()


def _draw_as_svg_in_notebooks() -> None:
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return
    from matplotlib_inline.config import InlineBackend

    # The backend reads these settings when it starts, which may be before or after this call.
    inline = InlineBackend.instance(parent=shell)
    inline.print_figure_kwargs = SVG_OPTIONS
    inline.figure_formats = {"svg"}
