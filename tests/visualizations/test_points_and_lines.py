import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from matplotlib.patches import FancyArrowPatch

from nncourse.visualizations import MARKERS, plot_line, plot_points
from nncourse.visualizations.line import line_segment

numbers = st.floats(-10, 10, allow_nan=False).map(lambda value: round(value, 3))


@pytest.mark.parametrize("targets", [(-1, 1), (0, 1, 2), tuple(range(10))])
def test_each_class_has_its_points_color_and_marker(targets):
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(80, 2)), rng.choice(targets, 80)
    _, axes = plot_points(x, t)
    assert len(axes.collections) == len(targets)
    for target, drawn in zip(targets, axes.collections, strict=True):
        np.testing.assert_array_equal(drawn.get_offsets(), x[t == target])
    looks = {
        (drawn.get_paths()[0].vertices.tobytes(), drawn.get_facecolors().tobytes())
        for drawn in axes.collections
    }
    shapes = {shape for shape, _ in looks}
    assert len(looks) == len(shapes) == len(targets) <= len(MARKERS)


def test_a_class_without_points_keeps_the_others_colors():
    x = np.arange(6.0).reshape(3, 2)
    _, axes = plot_points(x, [0, 2, 2])
    _, full = plot_points(x, [0, 1, 2])
    assert len(axes.collections) == 2
    drawn, same = axes.collections[1], full.collections[2]
    np.testing.assert_array_equal(drawn.get_facecolors(), same.get_facecolors())


def test_labels_name_the_classes():
    _, axes = plot_points([[0, 0], [1, 1]], [1, -1], labels=["no", "yes"])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["no", "yes"]
    assert axes.collections[0].get_offsets().tolist() == [[1, 1]]  # "no" is -1


def test_the_legend_covers_no_point():
    rng = np.random.default_rng(0)
    figure, axes = plot_points(rng.uniform(size=(200, 2)), rng.integers(0, 2, 200))
    figure.canvas.draw()
    legend = axes.get_legend().get_window_extent()
    assert legend.y1 <= axes.xaxis.label.get_window_extent().y0 < axes.get_window_extent().y0


@pytest.mark.parametrize(
    ("x", "t", "message"),
    [
        ([[1.0], [2.0]], [1, -1], r"`x` must be a matrix of points.*Received: x of shape \(2, 1\)"),
        ([1.0, 2.0], [1, -1], r"`x` must be.*shape \(2,\)"),
        (np.empty((0, 2)), [], r"`x` must be.*shape \(0, 2\)"),
        ([[1, np.nan]], [1], r"`x` must hold finite numbers. Received: x\[0, 1\]=nan"),
        ([[1, 2]], [1, -1], r"`t` must hold one target for each of the 1 points"),
        ([[1, 2]], [0.5], r"`t` must hold targets -1 and \+1, or class numbers.*0.5"),
        ([[1, 2]], [np.nan], r"`t` must hold targets.*nan"),
        ([[1, 2]], ["a"], r"`t` must hold targets.*'a'"),
        ([[1, 2], [3, 4]], [-1, 2], r"`t` must hold targets"),
    ],
)
def test_plot_points_refuses(x, t, message):
    with pytest.raises(ValueError, match=message):
        plot_points(x, t)
    assert plt.get_fignums() == []


def test_plot_points_refuses_too_few_labels():
    with pytest.raises(ValueError, match=r"`labels` must name each of the 2 classes \[0, 1\]"):
        plot_points([[1, 2]], [1], labels=["one"])


@given(
    st.tuples(numbers, numbers, numbers), st.tuples(numbers, numbers), st.tuples(numbers, numbers)
)
def test_the_segment_is_the_part_of_the_line_in_the_rectangle(weights, x_limits, y_limits):
    w = np.array(weights)
    assume(np.hypot(*w[1:]) > 0.01)
    low = np.array([min(x_limits), min(y_limits)])
    high = np.array([max(x_limits), max(y_limits)])
    assume((high - low > 0.1).all())
    ends = line_segment(w, x_limits, y_limits)
    # Oracle: walk along the line in small steps and see which are inside.
    foot = -w[0] * w[1:] / (w[1:] @ w[1:])
    along = np.array([-w[2], w[1]]) / np.hypot(*w[1:])
    steps = np.linspace(-30, 30, 6001)  # the rectangle is within 15 of the origin
    walk = foot + steps[:, None] * along
    inside = walk[((walk >= low) & (walk <= high)).all(axis=1)]
    if len(inside) > 2:
        assert ends is not None
        drawn = sorted(ends @ along)
        walked = sorted([inside[0] @ along, inside[-1] @ along])
        np.testing.assert_allclose(drawn, walked, atol=0.03)
    if ends is not None:
        np.testing.assert_allclose(w[0] + ends @ w[1:], 0, atol=1e-8 * (1 + np.abs(w).max()) * 1e2)
        assert ((ends >= low - 1e-6) & (ends <= high + 1e-6)).all()


@pytest.mark.parametrize("weights", [(-0.5, 1, 1), (0, 1, 0), (0.2, 0, -3), (0.1, -2, 0.5)])
def test_the_arrow_is_normal_to_the_line_and_points_to_where_the_unit_fires(weights):
    _, axes = plot_line(weights)
    w = np.array(weights, dtype=float)
    ends = axes.lines[0].get_xydata()
    np.testing.assert_allclose(w[0] + ends @ w[1:], 0, atol=1e-12)
    (arrow,) = (patch for patch in axes.patches if isinstance(patch, FancyArrowPatch))
    foot, tip = np.array(arrow._posA_posB)
    assert abs(w[0] + foot @ w[1:]) < 1e-12
    assert abs((tip - foot) @ (ends[1] - ends[0])) < 1e-12
    assert w[0] + tip @ w[1:] > 0
    assert axes.get_aspect() == 1


def test_the_arrow_stays_in_the_picture():
    # From the middle of this line, (0, 0.625), the arrow's name would stand above the top edge.
    _, axes = plot_line([-0.625, -0.375, 1])
    assert (np.abs(axes.texts[0].get_position()) < 1).all()


def test_a_line_through_two_corners_runs_from_one_to_the_other():
    _, axes = plot_line([0, 1, -1])
    assert axes.lines[0].get_xydata().tolist() == [[-1, -1], [1, 1]]
    assert line_segment([-2, 1, 1], (-1, 1), (-1, 1)) is None  # touches one corner


def test_drawing_a_line_keeps_the_limits():
    _, axes = plot_points([[0, 0], [1, 3]], [1, -1])
    before = axes.get_xlim(), axes.get_ylim()
    plot_line([-0.4, 1, 0.2], ax=axes)
    assert (axes.get_xlim(), axes.get_ylim()) == before


def test_a_line_elsewhere_is_not_drawn_and_no_line_is_said_so():
    _, axes = plot_line([-10, 1, 1])
    assert not axes.lines
    assert "outside" in axes.texts[0].get_text()
    _, axes = plot_line([-10, 0, 0])
    assert not axes.lines
    assert "no line" in axes.texts[0].get_text()


def test_arrow_false_draws_the_line_alone():
    _, axes = plot_line([0, 1, 1], arrow=False)
    assert len(axes.lines) == 1
    assert not axes.patches
    assert not axes.texts


@pytest.mark.parametrize("weights", [[1, 2], [1, 2, 3, 4], [1, np.inf, 0], [[1, 2, 3]]])
def test_plot_line_refuses(weights):
    with pytest.raises(ValueError, match="`weights` must hold three finite numbers, the bias"):
        plot_line(weights)
    assert plt.get_fignums() == []
