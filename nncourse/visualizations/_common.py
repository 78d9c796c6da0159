"""What the figures have in common: axes to draw into, and the checks of their data."""

from functools import cache

import numpy as np

from nncourse.visualizations.style import COLORS, MARKERS

# A figure weighs some 200 bytes a point, so more points than this are drawn as an image within it.
MANY_POINTS = 400


def axes_or_new(ax, *, size=(6.4, 4.0), **options):
    """The figure and axes to draw into: those of `ax`, or new ones where it is None."""
    if ax is not None:
        return ax.figure, ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=size, layout="constrained", **options)


def legend_below(ax, columns: int | None = None) -> None:
    """Puts the legend below the axes and their label, over no point: in one row or in columns."""
    from matplotlib.transforms import ScaledTranslation

    label = ScaledTranslation(0, -38 / 72, ax.figure.dpi_scale_trans)  # the ticks and the label
    ax.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, 0),
        bbox_transform=ax.transAxes + label,
        ncols=columns or len(ax.get_legend_handles_labels()[0]),
        frameon=False,
        handlelength=1.6,
        handletextpad=0.4,
        columnspacing=1.0,
    )


def class_style(index: int) -> tuple[str, str]:
    """The color and marker of the class with this index."""
    return COLORS[index % len(COLORS)], MARKERS[index % len(MARKERS)]


def number(value: float, digits: int = 3) -> str:
    """A number as it is written into a figure: three digits, and a minus as long as a plus."""
    return f"{value:.{digits}g}".replace("-", "−")


def text_width(text: str, size: float) -> float:
    """How wide a text of this size in points is, in inches."""
    return size / 72 * _width_of_a_point(text) if text.strip() else 0.0


@cache
def _width_of_a_point(text: str) -> float:
    """The width of a text for each point of its size."""
    from matplotlib.textpath import TextPath

    path = TextPath((0, 0), text, size=1)
    # Letters have a point of their own at either side, so that no curve goes beyond the points.
    return np.ptp(path.vertices[path.codes != path.CLOSEPOLY, 0])


def checked_points(x) -> np.ndarray:
    """`x` as `(n, 2)` finite numbers, or a `ValueError`."""
    x = np.asarray(x, dtype=float)
    if x.ndim != 2 or x.shape[1] != 2 or len(x) == 0:
        raise ValueError(
            "`x` must be a matrix of points in the plane, of shape (n, 2). "
            f"Received: x of shape {x.shape}"
        )
    if not np.isfinite(x).all():
        row, column = np.argwhere(~np.isfinite(x))[0]
        raise ValueError(
            f"`x` must hold finite numbers. Received: x[{row}, {column}]={x[row, column]}"
        )
    return x


def checked_classes(t, points: int) -> np.ndarray:
    """`t` as `(points,)` integers, either all -1 and +1 or all 0 and above, or a `ValueError`."""
    t = np.asarray(t)
    if t.shape != (points,):
        raise ValueError(
            f"`t` must hold one target for each of the {points} points. "
            f"Received: t of shape {t.shape}"
        )
    is_whole = t.dtype.kind in "biuf" and np.isfinite(t).all() and (t.astype(int) == t).all()
    if not (is_whole and ((t >= 0).all() or np.isin(t, (-1, 1)).all())):
        raise ValueError(
            "`t` must hold targets -1 and +1, or class numbers from 0 up. "
            f"Received: t with the values {np.unique(t)[:5]}"
        )
    return t.astype(int)


def classes_of(t: np.ndarray) -> list[int]:
    """Every class that targets like these can name: [-1, 1], or 0 to the largest."""
    return [-1, 1] if (t == -1).any() else list(range(max(2, t.max() + 1)))


def checked_line(weights) -> np.ndarray:
    """`weights` as three finite numbers, or a `ValueError`."""
    weights = np.asarray(weights, dtype=float)
    if weights.shape != (3,) or not np.isfinite(weights).all():
        raise ValueError(
            "`weights` must hold three finite numbers, the bias first: (w0, w1, w2). "
            f"Received: weights={weights}"
        )
    return weights
