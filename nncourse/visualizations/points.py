"""Points in the plane, by class."""

from nncourse.visualizations._common import (
    MANY_POINTS,
    axes_or_new,
    checked_classes,
    checked_points,
    class_style,
    classes_of,
    legend_below,
)
from nncourse.visualizations.style import CARD


def plot_points(x, t, *, ax=None, labels=None):
    """Draws points in the plane with a color and a marker for each class.

    One unit is as long on either axis, so that what is perpendicular looks perpendicular; call
    `axes.set_aspect("auto")` where the features have different units.

    Args:
        x: `(n, 2)` points.
        t: `(n,)` targets: -1 and +1, or class numbers from 0 up.
        ax: The axes to draw into; a new figure if not given.
        labels: A name for every class, in the order of the class numbers; made from the numbers if
            not given.

    Returns:
        The figure and its axes.

    Raises:
        ValueError: If the points are not in the plane, the targets don't fit them, or there are
            more classes than labels.

    Example:
        >>> from nncourse.visualizations import plot_points
        >>> figure, axes = plot_points([[0, 0], [0, 1], [1, 0], [1, 1]], [-1, -1, -1, +1])
        >>> [text.get_text() for text in axes.get_legend().get_texts()]
        ['$t = -1$', '$t = +1$']
    """
    x = checked_points(x)
    t = checked_classes(t, len(x))
    classes = classes_of(t)
    names = _checked_labels(labels, classes)
    figure, ax = axes_or_new(ax)
    size = 44 * min(1, MANY_POINTS / len(x)) ** 0.75  # smaller points where they crowd
    for index, (value, name) in enumerate(zip(classes, names, strict=True)):
        rows = x[t == value]
        if len(rows):
            color, marker = class_style(index)
            ax.scatter(
                *rows.T,
                s=size,
                c=color,
                marker=marker,
                edgecolors=CARD,
                linewidths=0.018 * size,
                label=name,
                rasterized=len(x) > MANY_POINTS,
            )
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    legend_below(ax)
    return figure, ax


def _checked_labels(labels, classes: list[int]) -> list[str]:
    if labels is None:
        return [f"$t = {value:+d}$" if -1 in classes else f"class {value}" for value in classes]
    labels = [str(label) for label in labels]
    if len(labels) != len(classes):
        raise ValueError(
            f"`labels` must name each of the {len(classes)} classes {classes}. Received: {labels=}"
        )
    return labels
