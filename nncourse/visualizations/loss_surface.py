"""A loss over two weights, and the paths that optimizers take on it."""

import numpy as np

from nncourse.visualizations._common import axes_or_new, legend_below
from nncourse.visualizations.style import CARD, COLORS, INK, LINESTYLES, MARKERS

_RESOLUTION = 101  # grid points along either axis
_LEVELS = 10
_FAR = 10.0  # times the picture's size: a path that is so far outside has left it


def plot_loss_surface(loss, *, xlim, ylim, paths=None, minimum=None, ax=None):
    """Draws the contour lines of a loss over two weights, and paths on it.

    The heights of the lines above the lowest point in view grow by a constant factor, so that a
    ravine shows its floor as well as its walls; the darker the higher. A path starts at a dot and
    ends at its marker. Where an optimizer diverges, its path ends: at the last finite point, or ten
    times the picture's size outside of it.

    Args:
        loss: A function from `(n, 2)` points to `(n,)` finite values.
        xlim: The smallest and the largest first weight in the picture.
        ylim: The smallest and the largest second weight.
        paths: `{name: (steps + 1, 2) array}`, the weights at the start and after each step.
        minimum: The two weights of the minimum, marked by a star.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes. `axes.lines[:len(paths)]` are the paths.

    Raises:
        ValueError: For limits that are not increasing, values of the loss or a minimum that don't
            fit, or paths of another shape or without a finite start.

    Example:
        >>> import numpy as np
        >>> from nncourse.visualizations import plot_loss_surface
        >>> ravine = lambda w: (w**2 @ [1.0, 20.0]) / 2
        >>> path = np.array([-2.0, 0.4]) * np.array([0.92, -0.6]) ** np.arange(30)[:, None]
        >>> figure, axes = plot_loss_surface(
        ...     ravine, xlim=(-3, 3), ylim=(-1, 1), paths={"SGD": path}, minimum=(0, 0)
        ... )
        >>> axes.lines[0].get_label()
        'SGD'
    """
    limits = _checked_limits("xlim", xlim), _checked_limits("ylim", ylim)
    paths = _checked_paths(paths or {})
    if minimum is not None:
        minimum = np.asarray(minimum, dtype=float)
        if minimum.shape != (2,) or not np.isfinite(minimum).all():
            raise ValueError(
                f"`minimum` must hold two finite numbers, the weights. Received: {minimum}"
            )
    along_1, along_2 = (np.linspace(*limit, _RESOLUTION) for limit in limits)
    grid = np.stack(np.meshgrid(along_1, along_2), axis=-1)
    values = _values(loss, grid.reshape(-1, 2)).reshape(grid.shape[:2])

    figure, ax = axes_or_new(ax, size=(6.4, 4.6))
    _draw_contours(ax, along_1, along_2, values)
    ax.set(xlim=limits[0], ylim=limits[1], xlabel="$w_1$", ylabel="$w_2$")
    lines = _draw_paths(ax, paths)
    if minimum is not None:
        ax.plot(*minimum, "*", color=INK, markeredgecolor=CARD, markersize=16, zorder=5)
    ax.grid(False)
    if lines:
        legend_below(ax, columns=min(len(lines), 3))
    return figure, ax


def _checked_limits(name: str, limits) -> tuple[float, float]:
    values = np.asarray(limits, dtype=float)
    if values.shape != (2,) or not np.isfinite(values).all() or values[0] >= values[1]:
        raise ValueError(
            f"`{name}` must hold two finite numbers, the smaller first. Received: {name}={limits}"
        )
    return values[0], values[1]


def _checked_paths(paths) -> dict[str, np.ndarray]:
    """The paths, each up to its last finite point in a row."""
    checked = {}
    for name, path in paths.items():
        path = np.asarray(path, dtype=float)
        if path.ndim != 2 or path.shape[1] != 2 or len(path) == 0:
            raise ValueError(
                f"`paths[{name!r}]` must hold a row (w1, w2) for the start and one for every step, "
                f"shape (steps + 1, 2). Received: an array of shape {path.shape}"
            )
        is_finite = np.isfinite(path).all(axis=1)
        if not is_finite[0]:
            raise ValueError(f"`paths[{name!r}]` must start at finite weights. Received: {path[0]}")
        checked[name] = path if is_finite.all() else path[: is_finite.argmin()]
    return checked


def _values(loss, points: np.ndarray) -> np.ndarray:
    values = np.asarray(loss(points), dtype=float)
    if values.shape != (len(points),) or not np.isfinite(values).all():
        raise ValueError(
            f"`loss` must return a finite value for each point, shape ({len(points)},). "
            f"Received: shape {values.shape}, {np.count_nonzero(~np.isfinite(values))} not finite"
        )
    return values


def _draw_contours(ax, along_1, along_2, values: np.ndarray) -> None:
    from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap

    heights = values - values.min()
    highest = heights.max()
    if highest == 0:
        return  # a plain has no contour lines
    # The lowest line encloses a fiftieth of the picture, where the loss is not too odd for that.
    lowest = np.clip(np.quantile(heights, 0.02), 1e-6 * highest, 0.5 * highest)
    levels = np.geomspace(lowest, highest, _LEVELS + 1)[:-1]
    tints = LinearSegmentedColormap.from_list("heights", [CARD, "#C9D6DE"], N=_LEVELS + 1)
    ax.imshow(
        heights,
        cmap=tints,
        norm=BoundaryNorm([-1, *levels, np.inf], tints.N),
        origin="lower",
        extent=(along_1[0], along_1[-1], along_2[0], along_2[-1]),
        aspect="auto",
        interpolation="bilinear",  # of the heights: the tints change exactly at the lines
    )
    ax.contour(along_1, along_2, heights, levels=levels, colors="#A7B6C0", linewidths=0.8)


def _draw_paths(ax, paths: dict[str, np.ndarray]) -> list:
    """A line for each path, in its own color, line style and marker, and a dot at each start."""
    corners = np.array([ax.get_xlim(), ax.get_ylim()]).T
    room = _FAR * (corners[1] - corners[0])
    lines = []
    for index, (name, path) in enumerate(paths.items()):
        # One point far away tells where the path leaves; more would be strokes over the picture.
        near = np.clip(path, corners[0] - room, corners[1] + room)
        is_far = (near != path).any(axis=1)
        path = near[: is_far.argmax() + 1] if is_far.any() else near
        cycle = index // len(COLORS)  # the second time round, the colors get other line styles
        lines += ax.plot(
            *path.T,
            color=COLORS[index % len(COLORS)],
            linestyle=LINESTYLES[(index + cycle) % len(LINESTYLES)],
            marker=MARKERS[index % len(MARKERS)],
            markevery=[-1],
            markeredgecolor=CARD,
            label=name,
            zorder=3,
        )
    for start in {tuple(path[0]) for path in paths.values()}:
        ax.plot(*start, "o", color=INK, markersize=5, zorder=4)
    return lines
