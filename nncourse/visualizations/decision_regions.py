"""The regions in which a classifier decides for each class."""

import numpy as np

from nncourse.visualizations._common import (
    axes_or_new,
    checked_classes,
    checked_points,
    class_style,
    classes_of,
)
from nncourse.visualizations.points import plot_points
from nncourse.visualizations.style import CARD, INK


def plot_decision_regions(
    predict, x, t, *, ax=None, threshold=None, labels=None, resolution=200, margin=0.15
):
    """Draws the plane as a classifier divides it, the boundary, and the points on top.

    `predict` is called once, on a grid of `resolution`² points. From scores the boundary is
    interpolated between them; from labels it is known to a step of the grid, and its stairs are
    smoothed by as much.

    Args:
        predict: A function from `(m, 2)` points to either `(m,)` labels like those in `t`; or
            `(m, K)` scores, the largest of which decides; or, with a `threshold`, `(m,)` or
            `(m, 1)` scores of a classifier with two classes.
        x: `(n, 2)` points.
        t: `(n,)` targets: -1 and +1, or class numbers from 0 up.
        ax: The axes to draw into; a new figure if not given.
        threshold: The score above which the second class is decided for: 0 for a perceptron's
            score, 0.5 for a sigmoid's output.
        labels: A name for every class, as in `plot_points`.
        resolution: Grid points along either axis, at least 2.
        margin: How far the plane is drawn beyond the points, as a part of their range, 0 or more.

    Returns:
        The figure and its axes. The regions are `axes.images[0]`, an array of indices of classes.

    Raises:
        ValueError: For points, targets or options out of range, and where `predict` returns
            anything else.

    Example:
        >>> import numpy as np
        >>> from nncourse.visualizations import plot_decision_regions
        >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
        >>> nor = lambda x: np.where(x.sum(axis=1) < 0.5, 1, -1)
        >>> figure, axes = plot_decision_regions(nor, x, [1, -1, -1, -1], resolution=50)
        >>> axes.images[0].get_array().shape
        (50, 50)
    """
    x = checked_points(x)
    t = checked_classes(t, len(x))
    if resolution != int(resolution) or resolution < 2:
        raise ValueError(f"`resolution` must be an integer of 2 or more. Received: {resolution=}")
    if not (np.isfinite(margin) and margin >= 0):
        raise ValueError(f"`margin` must be a number of 0 or more. Received: {margin=}")
    along_1, along_2 = (np.linspace(*_limits(column, margin), int(resolution)) for column in x.T)
    grid = np.stack(np.meshgrid(along_1, along_2), axis=-1)
    scores, are_labels = _class_scores(predict, grid.reshape(-1, 2), classes_of(t), threshold)
    scores = scores.reshape(*grid.shape[:2], -1)
    regions = scores.argmax(axis=-1)
    if are_labels:
        scores = _smoothed(scores)

    figure, ax = axes_or_new(ax)
    _fill(ax, along_1, along_2, regions)
    for index in range(scores.shape[-1] - (scores.shape[-1] == 2)):
        # Positive where this class wins, by how much: its zero line is the class's boundary.
        lead = scores[..., index] - np.delete(scores, index, axis=-1).max(axis=-1)
        if lead.min() < 0 < lead.max():
            ax.contour(along_1, along_2, lead, levels=[0], colors=INK, linewidths=2)
    plot_points(x, t, ax=ax, labels=labels)
    ax.grid(False)
    ax.set(xlim=along_1[[0, -1]], ylim=along_2[[0, -1]])
    return figure, ax


def _limits(column: np.ndarray, margin: float) -> tuple[float, float]:
    low, high = column.min(), column.max()
    room = margin * (high - low) or 1.0  # a single point, or no margin on equal coordinates
    return low - room, high + room


def _class_scores(predict, points: np.ndarray, classes: list[int], threshold):
    """`(m, K)` scores, the largest of which decides, and whether they were made from labels."""
    answer = np.asarray(predict(points), dtype=float)
    if answer.shape == (len(points), 1):
        answer = answer[:, 0]
    if not (answer.ndim in (1, 2) and len(answer) == len(points)):
        raise ValueError(
            f"`predict` must return ({len(points)},) labels or scores, or ({len(points)}, K) "
            f"scores. Received: an array of shape {answer.shape}"
        )
    if not np.isfinite(answer).all():
        raise ValueError("`predict` must return finite numbers. Received: some that are not")
    if answer.ndim == 2:
        return answer, False
    if threshold is not None:
        return np.stack([np.zeros(len(answer)), answer - threshold], axis=1), False
    unknown = answer[~np.isin(answer, classes)]
    if len(unknown):
        raise ValueError(
            f"`predict` must return labels out of {classes}; for scores give a `threshold`. "
            f"Received: {unknown[0]}"
        )
    return (answer[:, None] == np.array(classes)).astype(float), True


def _smoothed(scores: np.ndarray) -> np.ndarray:
    """The average over a few neighbors in the grid, along both of its axes."""
    for axis in (0, 1):
        padded = np.pad(scores, [(2, 2) if a == axis else (0, 0) for a in range(3)], mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, 5, axis=axis)
        scores = windows @ np.array([1, 4, 6, 4, 1]) / 16
    return scores


def _fill(ax, along_1, along_2, regions: np.ndarray) -> None:
    from matplotlib.colors import ListedColormap, to_rgb

    # A quarter of the class's color on three quarters of the card: points stay easy to see.
    tints = [
        0.25 * np.array(to_rgb(class_style(index)[0])) + 0.75 * np.array(to_rgb(CARD))
        for index in range(regions.max() + 1)
    ]
    half_1, half_2 = (along_1[1] - along_1[0]) / 2, (along_2[1] - along_2[0]) / 2
    ax.imshow(
        regions,
        cmap=ListedColormap(tints),
        vmin=-0.5,
        vmax=len(tints) - 0.5,
        origin="lower",
        extent=(
            along_1[0] - half_1,
            along_1[-1] + half_1,
            along_2[0] - half_2,
            along_2[-1] + half_2,
        ),
        interpolation="nearest",
    )
