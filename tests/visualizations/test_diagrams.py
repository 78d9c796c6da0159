import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle, FancyArrowPatch

from nncourse.visualizations import COLORS, draw_network, draw_neuron, use_style


def texts(axes):
    return [text.get_text() for text in axes.texts]


def circles(axes):
    return [patch for patch in axes.patches if isinstance(patch, Circle)]


@settings(max_examples=25)
@given(st.lists(st.integers(1, 7), min_size=2, max_size=5))
def test_a_circle_for_every_unit_and_a_line_for_every_weight(sizes):
    figure, axes = draw_network(sizes, max_units=7)
    assert len(circles(axes)) == sum(sizes)
    edges = [len(lines.get_segments()) for lines in axes.collections]
    assert edges == [a * b for a, b in itertools.pairwise(sizes)]
    centers = {tuple(np.round(circle.center, 9)) for circle in circles(axes)}
    assert len(centers) == sum(sizes)
    for lines in axes.collections:
        for segment in lines.get_segments():
            assert {tuple(np.round(end, 9)) for end in segment} <= centers
    # Everything is in view.
    (x_0, x_1), (y_0, y_1) = axes.get_xlim(), axes.get_ylim()
    for circle in circles(axes):
        (x, y), r = circle.center, circle.radius
        assert x_0 < x - r < x + r < x_1
        assert y_0 < y - r < y + r < y_1
    plt.close(figure)


def test_wide_layers_are_cut_short_and_say_their_size():
    _, axes = draw_network([784, 30, 10], labels=["pixels", "hidden", "digits"])
    assert len(circles(axes)) == 9 + 9 + 10
    assert [len(lines.get_segments()) for lines in axes.collections] == [81, 90]
    assert texts(axes) == ["pixels\n784 units", "hidden\n30 units", "digits"]
    dots = [line for line in axes.lines if line.get_marker() == "."]
    assert len(dots) == 2
    radius = circles(axes)[0].radius
    for line in dots:
        x, y = line.get_xydata().T
        same = [c.center[1] for c in circles(axes) if c.center[0] == x[0]]
        assert np.abs(np.subtract.outer(y, same)).min() > radius


def test_weights_show_their_sign_by_color_and_by_line_style_and_are_written():
    kernel = np.array([[1.5], [-2.0], [0.0]])
    _, axes = draw_network([3, 1], weights=[kernel], biases=[[-0.25]])
    (lines,) = axes.collections
    colors = lines.get_colors()
    np.testing.assert_array_equal(colors[0], to_rgba(COLORS[0]))
    np.testing.assert_array_equal(colors[1], to_rgba(COLORS[1]))
    solid, dashed, dotted = (dashes for _, dashes in lines.get_linestyle())
    assert solid is None
    assert dashed is not None
    assert dotted is not None
    widths = lines.get_linewidths()
    assert widths[1] > widths[0] > widths[2] > 0
    assert texts(axes)[:4] == ["1.5", "−2", "0", "bias −0.25"]
    for number, segment in zip(axes.texts, lines.get_segments(), strict=False):
        start, end = segment
        along, off = end - start, np.array(number.get_position()) - start
        assert abs(along[0] * off[1] - along[1] * off[0]) < 1e-9  # it stands on its own line


def test_weights_run_from_the_unit_before_to_the_unit_after():
    kernel = np.array([[1.0, -2.0, 3.0], [-4.0, 5.0, -6.0]])  # (2 before, 3 after), as in Keras
    _, axes = draw_network([2, 3], weights=[kernel])
    heights = sorted({c.center[1] for c in circles(axes) if c.center[0] == 0}, reverse=True)
    after = sorted({c.center[1] for c in circles(axes) if c.center[0] > 0}, reverse=True)
    for text, (start, end) in zip(axes.texts, axes.collections[0].get_segments(), strict=False):
        i, j = heights.index(start[1]), after.index(end[1])
        assert text.get_text() == f"{kernel[i, j]:g}".replace("-", "−")


@pytest.mark.parametrize("sizes", [[2, 2, 1], [3, 3, 1], [4, 3], [3, 4, 1]])
def test_written_numbers_do_not_cover_each_other(sizes):
    use_style()
    rng = np.random.default_rng(0)
    kernels = [rng.normal(size=shape).round(2) for shape in itertools.pairwise(sizes)]
    figure, axes = draw_network(sizes, weights=kernels)
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in axes.texts if text.get_text()]
    assert len(boxes) == sum(kernel.size for kernel in kernels)
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


def test_many_weights_are_drawn_but_not_written():
    _, axes = draw_network([4, 5], weights=[np.ones((4, 5))])
    assert "1" not in texts(axes)
    assert len(axes.collections[0].get_linewidths()) == 20


def test_names_stand_in_the_units():
    _, axes = draw_network([2, 1], units=[["$x_1$", "$x_2$"], None], labels=["in", "out"])
    assert texts(axes) == ["$x_1$", "$x_2$", "in", "out"]
    inside = [circle.center for circle in circles(axes)[:2]]
    assert [text.get_position() for text in axes.texts[:2]] == inside


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sizes": []}, r"`sizes` must hold two or more positive integers.*sizes=\[\]"),
        ({"sizes": [3]}, "`sizes` must hold two or more"),
        ({"sizes": [3, 0]}, r"`sizes` must hold two or more positive.*\[3, 0\]"),
        ({"sizes": [3, 1.5]}, "`sizes` must hold two or more positive integers"),
        ({"max_units": 2}, "`max_units` must be an integer of 3 or more. Received: max_units=2"),
        ({"labels": ["a"]}, "`labels` must have an entry for each of the 2 layers. Received: 1"),
        ({"units": [None]}, "`units` must have an entry for each of the 2 layers"),
        ({"units": [["a"], None]}, r"`units\[0\]` must name 3 units. Received: 1 names"),
        ({"weights": [np.ones((2, 3))]}, r"`weights` must hold arrays of the shapes \[\(3, 2\)\]"),
        ({"weights": []}, "`weights` must hold arrays"),
        ({"biases": [[1, 2, 3]]}, r"`biases` must hold arrays of the shapes \[\(2,\)\]"),
    ],
)
def test_network_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        draw_network(**{"sizes": [3, 2], **arguments})
    assert plt.get_fignums() == []


def test_a_neuron_has_an_arrow_from_the_bias_and_from_each_input():
    _, axes = draw_neuron(3)
    assert len(circles(axes)) == 1 + 3 + 1
    arrows = [patch for patch in axes.patches if isinstance(patch, FancyArrowPatch)]
    assert len(arrows) == 4 + 2
    *centers, total = (np.array(circle.center) for circle in circles(axes))
    for center, arrow in zip(centers, arrows[:4], strict=True):
        start, end = np.array(arrow._posA_posB)
        radius = circles(axes)[0].radius
        assert np.linalg.norm(start - center) == pytest.approx(radius)
        assert np.linalg.norm(end - total) == pytest.approx(radius)
        across = np.cross([*(end - start), 0], [*(total - center), 0])[2]
        assert across == pytest.approx(0, abs=1e-12)  # straight from the input to the sum
    for expected in ("1", "$x_{1}$", "$x_{3}$", "$w_{0}$", "$w_{3}$", "step", "$y$"):
        assert expected in texts(axes)


def test_a_neurons_numbers_and_names_and_activation():
    _, axes = draw_neuron(["rain", "wind"], weights=[2, -0.5], bias=1.25, activation="leaky_relu")
    assert texts(axes)[:6] == ["1", "1.25", "rain", "2", "wind", "−0.5"]
    assert "leaky relu" in texts(axes)
    x, y = axes.lines[-1].get_xydata().T
    slopes = np.diff(y) / np.diff(x)
    assert slopes[-1] / slopes[0] == pytest.approx(5)  # 1 against 0.2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"inputs": 0}, "`inputs` must be a positive integer or a list of names.*inputs=0"),
        ({"inputs": []}, r"`inputs` must be.*inputs=\[\]"),
        ({"weights": [1.0]}, r"`weights` must hold a number for each of the 2 inputs"),
        ({"activation": "gelu"}, "`activation` must be one of step, .*'gelu'"),
    ],
)
def test_neuron_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        draw_neuron(**arguments)
    assert plt.get_fignums() == []
