import matplotlib.pyplot as plt
import numpy as np
import pytest

from nncourse.scratch import Perceptron
from nncourse.visualizations import plot_decision_regions

rng = np.random.default_rng(0)
X = rng.uniform(-1, 1, (40, 2))
T = np.where(X[:, 0] + 0.5 * X[:, 1] > 0.1, 1, -1)
CENTERS = np.array([[-1, 0], [1, 0], [0, 1.5]])


def nearest(x):
    return ((x[:, None] - CENTERS) ** 2).sum(axis=-1).argmin(axis=1)


def regions_and_grid(axes):
    """What was drawn, and where: the centers of the picture's cells."""
    image = axes.images[0]
    left, right, bottom, top = image.get_extent()
    rows, columns = image.get_array().shape
    x = left + (np.arange(columns) + 0.5) * (right - left) / columns
    y = bottom + (np.arange(rows) + 0.5) * (top - bottom) / rows
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return np.asarray(image.get_array()).ravel(), grid


def test_regions_are_the_labels_of_the_classifier():
    unit = Perceptron().fit(X, T)
    _, axes = plot_decision_regions(unit.predict, X, T, resolution=60)
    drawn, grid = regions_and_grid(axes)
    score = unit.decision_function(grid)
    sure = np.abs(score) > 1e-9
    np.testing.assert_array_equal(drawn[sure], (unit.predict(grid)[sure] + 1) // 2)
    assert axes.images[0].origin == "lower"
    assert 0 < drawn.mean() < 1


def test_regions_of_several_classes_by_label_and_by_score():
    t = nearest(X)
    _, axes = plot_decision_regions(nearest, X, t, resolution=50)
    drawn, grid = regions_and_grid(axes)
    np.testing.assert_array_equal(drawn, nearest(grid))
    assert set(drawn) == {0, 1, 2}
    _, scored = plot_decision_regions(
        lambda x: -((x[:, None] - CENTERS) ** 2).sum(axis=-1), X, t, resolution=50
    )
    np.testing.assert_array_equal(regions_and_grid(scored)[0], drawn)


@pytest.mark.parametrize("column", [False, True])
def test_a_threshold_cuts_scores(column):
    def probability(x):
        score = 1 / (1 + np.exp(-3 * (x[:, 0] - 0.25)))
        return score[:, None] if column else score

    _, axes = plot_decision_regions(probability, X, (T + 1) // 2, threshold=0.5, resolution=41)
    drawn, grid = regions_and_grid(axes)
    np.testing.assert_array_equal(drawn, grid[:, 0] > 0.25)
    (boundary,) = (c for c in axes.collections if hasattr(c, "levels"))
    vertices = np.concatenate([path.vertices for path in boundary.get_paths()])
    np.testing.assert_allclose(vertices[:, 0], 0.25, atol=1e-3)


def test_the_boundary_of_labels_is_within_a_step_of_the_grid():
    unit = Perceptron().fit(X, T)
    _, axes = plot_decision_regions(unit.predict, X, T, resolution=100)
    (boundary,) = (c for c in axes.collections if hasattr(c, "levels"))
    vertices = np.concatenate([path.vertices for path in boundary.get_paths()])
    assert len(vertices) > 50
    step = np.ptp(axes.get_xlim()) / 99
    distance = np.abs(unit.decision_function(vertices)) / np.hypot(*unit.weights_[1:])
    assert distance.max() < step


def test_points_are_on_top_and_the_plane_goes_a_margin_beyond_them():
    _, axes = plot_decision_regions(nearest, X, nearest(X), margin=0.5, resolution=20)
    low, high = X.min(axis=0), X.max(axis=0)
    np.testing.assert_allclose(
        axes.get_xlim(), [1.5 * low[0] - 0.5 * high[0], 1.5 * high[0] - 0.5 * low[0]]
    )
    np.testing.assert_allclose(
        axes.get_ylim(), [1.5 * low[1] - 0.5 * high[1], 1.5 * high[1] - 0.5 * low[1]]
    )
    points = [c for c in axes.collections if not hasattr(c, "levels")]
    assert sum(len(c.get_offsets()) for c in points) == len(X)
    assert all(c.get_zorder() > axes.images[0].get_zorder() for c in points)


def test_a_classifier_that_always_says_the_same_has_no_boundary():
    _, axes = plot_decision_regions(lambda x: np.ones(len(x)), X, T, resolution=20)
    assert not [c for c in axes.collections if hasattr(c, "levels")]
    assert (regions_and_grid(axes)[0] == 1).all()


def test_a_single_point_has_a_plane_around_it():
    _, axes = plot_decision_regions(lambda x: np.ones(len(x)), [[2, 3]], [1], resolution=5)
    assert axes.get_xlim() == (1, 3)
    assert axes.get_ylim() == (2, 4)


@pytest.mark.parametrize(
    ("predict", "options", "message"),
    [
        (nearest, {"resolution": 1}, "`resolution` must be an integer of 2 or more. .*=1"),
        (nearest, {"resolution": 2.5}, "`resolution` must be an integer"),
        (nearest, {"margin": -0.1}, "`margin` must be a number of 0 or more. .*=-0.1"),
        (lambda x: x.sum(axis=1), {}, "`predict` must return labels out of .*`threshold`"),
        (lambda x: x[:5, 0], {}, r"`predict` must return \(400,\) labels.*shape \(5,\)"),
        (lambda x: 1.0, {}, r"`predict` must return.*shape \(\)"),
        (lambda x: x * np.nan, {}, "`predict` must return finite numbers"),
    ],
)
def test_refuses(predict, options, message):
    with pytest.raises(ValueError, match=message):
        plot_decision_regions(predict, X, T, **{"resolution": 20, **options})
    assert plt.get_fignums() == []
