import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.contour import ContourSet

from nncourse.visualizations import COLORS, plot_loss_surface, use_style
from nncourse.visualizations.style import INK

LIMITS = {"xlim": (-3, 1), "ylim": (-1, 1)}


def ravine(w):
    return w[:, 0] ** 2 / 2 + 10 * w[:, 1] ** 2


def spiral(steps, turn=0.5):
    angle = turn * np.arange(steps)
    return np.column_stack([np.cos(angle), np.sin(angle)]) * 0.9 ** np.arange(steps)[:, None]


def contours(axes):
    (found,) = (c for c in axes.collections if isinstance(c, ContourSet))
    return found


def test_on_each_contour_the_loss_is_the_same_and_from_line_to_line_it_grows_by_a_factor():
    _, axes = plot_loss_surface(lambda w: ravine(w) + 7, **LIMITS)
    lines = contours(axes)
    assert len(lines.levels) == len(lines.get_paths()) == 10
    lowest = lines.levels[0]
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        assert len(path.vertices) > 10
        np.testing.assert_allclose(ravine(path.vertices), level, rtol=0.02, atol=0.05 * lowest)
    ratios = lines.levels[1:] / lines.levels[:-1]
    np.testing.assert_allclose(ratios, ratios[0])
    assert lowest < 0.02 * ravine(np.array([[-3, 1]]))[0] < 0.5 * lines.levels[-1]


def test_the_tints_change_at_the_contours():
    _, axes = plot_loss_surface(ravine, **LIMITS)
    (image,) = axes.images
    assert image.get_extent() == [-3, 1, -1, 1]
    heights = image.get_array()
    w_1, w_2 = (np.linspace(*LIMITS[name], heights.shape[0]) for name in ("xlim", "ylim"))
    expected = [ravine(np.column_stack([w_1, np.full_like(w_1, each)])) for each in w_2]
    np.testing.assert_allclose(heights, np.array(expected) - np.min(expected))
    np.testing.assert_allclose(image.norm.boundaries[1:-1], contours(axes).levels)
    shades = image.cmap(np.arange(image.cmap.N)).sum(axis=1)
    assert (np.diff(shades) < 0).all()  # the higher the darker


def test_paths_run_through_their_points_from_a_dot_to_a_marker():
    paths = {"SGD": spiral(20), "Adam": spiral(7, turn=-0.3)}
    _, axes = plot_loss_surface(ravine, paths=paths, minimum=(0.25, -0.5), **LIMITS)
    for line, (name, path) in zip(axes.lines, paths.items(), strict=False):
        assert line.get_label() == name
        np.testing.assert_array_equal(line.get_xydata(), path)
        assert line.get_markevery() == [-1]
    dot, star = axes.lines[2:]
    np.testing.assert_array_equal(dot.get_xydata(), [[1, 0]])  # where both start
    assert (dot.get_marker(), star.get_marker()) == ("o", "*")
    np.testing.assert_array_equal(star.get_xydata(), [[0.25, -0.5]])
    assert {to_rgba(line.get_color()) for line in (dot, star)} == {to_rgba(INK)}
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["SGD", "Adam"]


def test_ten_paths_can_be_told_apart():
    paths = {f"rule {k}": spiral(5) + 0.01 * k for k in range(10)}
    _, axes = plot_loss_surface(ravine, paths=paths, **LIMITS)
    lines = axes.lines[:10]
    assert {line.get_color() for line in lines} == set(COLORS)
    assert len({(line.get_color(), str(line._dash_pattern)) for line in lines}) == 10
    assert len({line.get_marker() for line in lines}) == 10


def test_the_legend_stands_below_the_label_in_rows_of_three():
    use_style()
    names = ("SGD", "Momentum", "Nesterov", "AdaGrad", "RMSprop", "Adam")
    figure, axes = plot_loss_surface(ravine, paths=dict.fromkeys(names, spiral(5)), **LIMITS)
    figure.canvas.draw()
    legend = axes.get_legend().get_window_extent()
    assert legend.y1 <= axes.xaxis.label.get_window_extent().y0
    assert 0 <= legend.x0 < legend.x1 <= figure.bbox.x1
    assert len({round(text.get_window_extent().x0) for text in axes.get_legend().get_texts()}) == 3


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_path_ends_where_it_stops_being_finite(bad):
    path = spiral(9)
    path[5, 1] = bad
    _, axes = plot_loss_surface(ravine, paths={"diverged": path}, **LIMITS)
    np.testing.assert_array_equal(axes.lines[0].get_xydata(), path[:5])


def test_a_path_ends_once_it_is_far_outside():
    path = np.array([[-2.0, 0.5]]) * (-3.0) ** np.arange(600)[:, None]  # to 10^286
    figure, axes = plot_loss_surface(ravine, paths={"diverged": path}, **LIMITS)
    drawn = axes.lines[0].get_xydata()
    inside = np.abs(path[:, 0] + 1) <= 2 + 40
    assert len(drawn) == inside.argmin() + 1
    np.testing.assert_array_equal(drawn[:-1], path[: len(drawn) - 1])
    assert np.abs(drawn).max() <= 43
    figure.canvas.draw()


def test_the_picture_keeps_its_limits_and_names_the_weights():
    _, axes = plot_loss_surface(ravine, paths={"far": [[0, 0], [9, 9]]}, minimum=(5, 5), **LIMITS)
    assert (axes.get_xlim(), axes.get_ylim()) == (LIMITS["xlim"], LIMITS["ylim"])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("$w_1$", "$w_2$")
    assert plot_loss_surface(ravine, **LIMITS)[1].get_legend() is None


@pytest.mark.parametrize(
    "loss",
    [
        lambda w: 0 * w[:, 0] + 3,  # a plain
        lambda w: (w[:, 0] > 0) * 1.0,  # a step
        lambda w: 0.0 + (w[:, 0] > -2.99),  # one with little below it
        lambda w: 1e-12 * w[:, 0],
        lambda w: -1e12 * w[:, 1] ** 2,
    ],
)
def test_odd_losses_are_drawn_without_a_warning(loss):
    figure, axes = plot_loss_surface(loss, **LIMITS)
    figure.canvas.draw()
    is_plain = np.ptp(loss(np.array([[-3, 1], [1, -0.5]]))) == 0
    assert len(axes.images) == (0 if is_plain else 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"xlim": (1, 1)}, r"`xlim` must hold two finite numbers, .*Received: xlim=\(1, 1\)"),
        ({"ylim": (0, np.inf)}, r"`ylim` must hold two finite numbers, .*ylim=\(0, inf\)"),
        ({"xlim": (0, 1, 2)}, r"`xlim` must hold two finite numbers"),
        ({"minimum": (0, np.nan)}, r"`minimum` must hold two finite numbers.*\[ 0. nan\]"),
        ({"minimum": 3}, "`minimum` must hold two finite numbers"),
        (
            {"loss": lambda w: w},
            r"`loss` must return a finite value for each .*\(10201, 2\), 0 not",
        ),
        ({"loss": lambda w: np.log(w[:, 0] + 3)}, "`loss` must return a finite .*, 101 not finite"),
        ({"paths": {"SGD": np.zeros((4, 3))}}, r"`paths\['SGD'\]` must hold a row .*\(4, 3\)"),
        ({"paths": {"SGD": np.zeros((0, 2))}}, r"`paths\['SGD'\]` must hold a row .*\(0, 2\)"),
        ({"paths": {"SGD": [[0, np.nan]]}}, r"`paths\['SGD'\]` must start at finite weights"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        plot_loss_surface(**{"loss": ravine, **LIMITS, **arguments})
    assert plt.get_fignums() == []
