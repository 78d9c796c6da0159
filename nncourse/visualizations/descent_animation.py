"""Optimizers on their way down a loss."""

import numpy as np

from nncourse.visualizations._animation import freeze_layout, private_figure, thinned
from nncourse.visualizations.loss_surface import plot_loss_surface


def animate_descent(loss, paths, *, xlim, ylim, minimum=None, seconds=8.0, ax=None):
    """Animates optimizers that start together, one frame a step, each with its trail behind it.

    A path that is shorter than the longest, or that stops being finite, rests at its end. Paths of
    more than 60 points are thinned to 60 frames, the first and the last among them, and the title
    says so.

    Args:
        loss: A function from `(n, 2)` points to `(n,)` finite values.
        paths: `{name: (steps + 1, 2) array}`, the weights at the start and after each step.
        xlim: The smallest and the largest first weight in the picture.
        ylim: The smallest and the largest second weight.
        minimum: The two weights of the minimum, marked by a star.
        seconds: How long the animation takes, a positive number.
        ax: The axes to draw into; a new figure, known to the animation alone, if not given.

    Returns:
        A `matplotlib.animation.FuncAnimation`, to be given to `show_video`.

    Raises:
        ValueError: If there is no path, the time is not positive, or for anything that
            `plot_loss_surface` refuses.

    Example:
        >>> import numpy as np
        >>> from nncourse.visualizations import animate_descent, show_video
        >>> bowl = lambda w: (w**2).sum(axis=1)
        >>> path = np.array([-2.0, 1.0]) * 0.8 ** np.arange(10)[:, None]
        >>> animation = animate_descent(
        ...     bowl, {"SGD": path}, xlim=(-3, 3), ylim=(-2, 2), minimum=(0, 0), seconds=2
        ... )
        >>> show_video(animation, alt="A point slides into a bowl.")
        <Video: A point slides into a bowl.>
    """
    from matplotlib.animation import FuncAnimation

    if not paths:
        raise ValueError("`paths` must hold at least one path. Received: none")
    if not (np.isfinite(seconds) and seconds > 0):
        raise ValueError(f"`seconds` must be a positive number. Received: {seconds=}")
    is_new = ax is None
    if is_new:
        figure, ax = private_figure()
    figure, ax = plot_loss_surface(loss, xlim=xlim, ylim=ylim, paths=paths, minimum=minimum, ax=ax)
    ax.set_title("step")
    if is_new:
        # Above: below, the player's controls would cover it on a page where nothing plays yet.
        ax.get_legend().remove()
        figure.legend(loc="outside upper center", ncols=3, frameon=False)
        freeze_layout(figure)
    lines = ax.lines[: len(paths)]
    trails = [line.get_xydata() for line in lines]
    steps = max(len(path) for path in paths.values()) - 1

    def draw(step: int) -> list:
        for line, trail in zip(lines, trails, strict=True):
            line.set_data(*trail[: step + 1].T)
        ax.set_title(f"step {step} of {steps}{hidden}")
        return list(lines)

    shown = thinned(steps + 1)
    hidden = "" if len(shown) == steps + 1 else f" ({len(shown)} shown)"
    return FuncAnimation(
        figure, draw, frames=shown, init_func=list, interval=1000 * seconds / len(shown)
    )
