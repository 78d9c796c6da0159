"""Reads grids of cells off a figure."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from nncourse.visualizations import COLORS


def written(axes, extent, shape):
    """The numbers that are visible in a grid, NaN in empty cells."""
    left, right, bottom, top = extent
    numbers = np.full(shape, np.nan)
    for text in axes.texts:
        x, y = text.get_position()
        if text.get_visible() and left < x < right and top < y < bottom:
            row = (y - top) / (bottom - top) * shape[0]
            column = (x - left) / (right - left) * shape[1]
            assert row % 1 == pytest.approx(0.5)
            assert column % 1 == pytest.approx(0.5)
            assert np.isnan(numbers[int(row), int(column)])
            numbers[int(row), int(column)] = float(text.get_text().replace("−", "-"))
    return numbers


def framed(axes, extent, shape):
    """The first cell and the shape of the frame around cells of a grid."""
    left, right, bottom, top = extent
    cell = (right - left) / shape[1]
    assert (bottom - top) / shape[0] == pytest.approx(cell)
    for patch in axes.patches:
        box = patch.get_bbox()
        if patch.get_edgecolor()[:3] == to_rgb(COLORS[1]) and (
            left - 1e-6 <= box.x0 <= box.x1 <= right + 1e-6
            and top - 1e-6 <= box.y0 <= box.y1 <= bottom + 1e-6
        ):
            numbers = np.array([box.y0 - top, box.x0 - left, box.height, box.width]) / cell
            np.testing.assert_allclose(numbers, numbers.round(), atol=1e-6)
            return tuple(int(k) for k in numbers.round())
    return None


def drawn_at(animation, place):
    """Draws one frame and returns its axes."""
    animation._draw_was_started = True  # or it warns when it is deleted that it was never drawn
    animation._draw_frame(place)
    return animation._fig.axes[0]
