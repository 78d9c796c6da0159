"""What the animations have in common: a figure of their own, and not too many frames."""

import numpy as np

_MAX_FRAMES = 60


def private_figure(size=(6.4, 4.0)):
    """A figure that pyplot does not know, so that a notebook does not show it a second time.

    Its canvas draws nothing by itself either: each frame is drawn once, into the movie.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    return figure, figure.add_subplot()


def freeze_layout(figure) -> None:
    """Lays the figure out once and for all: to do it anew for each frame takes half the time."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


def thinned(rows: int) -> list[int]:
    """The rows to show: all of them, or 60 that are spread evenly, from the first to the last."""
    return np.linspace(0, rows - 1, min(rows, _MAX_FRAMES)).round().astype(int).tolist()
