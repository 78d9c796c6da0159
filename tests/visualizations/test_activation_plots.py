import functools
import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest

from nncourse.scratch import activations
from nncourse.visualizations import plot_activation, plot_activations, plot_softmax_temperature

NAMES = ["step", "linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "swish"]


def curves(axes):
    """The curves by label, without the points at which a jump is left open."""
    drawn = {line.get_label(): line.get_xydata() for line in axes.lines}
    return {label: data[np.isfinite(data[:, 1])] for label, data in drawn.items()}


@pytest.mark.parametrize("name", NAMES)
def test_draws_the_function_and_its_slope(name):
    _, axes = plot_activation(name, limits=(-3, 5))
    f, slope = curves(axes)["$h(z)$"], curves(axes)["$h'(z)$"]
    np.testing.assert_array_equal(f[:, 1], getattr(activations, name)(f[:, 0]))
    assert f[[0, -1], 0].tolist() == [-3, 5]
    # The drawn slope against the drawn function: central differences, away from the kink at 0.
    smooth = np.flatnonzero(np.abs(f[:, 0]) > 0.01)[1:-1]
    measured = (f[smooth + 1, 1] - f[smooth - 1, 1]) / (f[smooth + 1, 0] - f[smooth - 1, 0])
    np.testing.assert_allclose(slope[smooth, 1], measured, atol=1e-5)
    assert axes.get_title() == name.replace("_", " ")
    styles = [line.get_linestyle() for line in axes.lines[-2:]]
    assert styles == ["-", "--"]


def test_a_jump_is_left_open_and_a_steep_slope_is_not():
    _, axes = plot_activation("step")
    (line,) = (line for line in axes.lines if line.get_label() == "$h(z)$")
    (gap,) = np.flatnonzero(np.isnan(line.get_ydata()))
    assert line.get_ydata()[gap - 1] == 0
    assert line.get_ydata()[gap + 1] == 1
    _, axes = plot_activation(lambda z: activations.sigmoid(100 * z))
    assert all(np.isfinite(line.get_ydata()).all() for line in axes.lines)


def test_any_function_with_or_without_its_derivative():
    _, axes = plot_activation(np.cos)
    assert "$h'(z)$" not in curves(axes)
    slow = functools.partial(activations.swish, beta=0.1)
    _, axes = plot_activation(slow, derivative=np.sin, label="slow swish")
    drawn = curves(axes)
    np.testing.assert_array_equal(drawn["$h(z)$"][:, 1], slow(drawn["$h(z)$"][:, 0]))
    np.testing.assert_array_equal(drawn["$h'(z)$"][:, 1], np.sin(drawn["$h(z)$"][:, 0]))
    assert axes.get_title() == "slow swish"


@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_a_grid_has_a_panel_for_each(count):
    figure, axes = plot_activations(NAMES[:count])
    assert axes.shape == ((count + 1) // 2, 2)
    assert [ax.get_title() for ax in axes.flat[:count]] == [
        name.replace("_", " ") for name in NAMES[:count]
    ]
    assert all(not ax.axison for ax in axes.flat[count:])
    assert len(figure.legends) == 1
    figure.canvas.draw()
    for ax in axes.flat[max(0, count - 2) : count]:  # the lowest of each column has the labels
        assert ax.get_xlabel() == "$z$"
        assert any(label.get_visible() for label in ax.get_xticklabels())


@pytest.mark.parametrize("name", ["softmax", "gelu", "_float", "np"])
def test_an_unknown_name_lists_the_known_ones(name):
    message = rf"`activation` must be one of step, linear, .*swish\. Received: '{name}'"
    with pytest.raises(ValueError, match=message):
        plot_activation(name)
    with pytest.raises(ValueError, match=message):
        plot_activations(["tanh", name])
    assert plt.get_fignums() == []


def test_activation_refuses():
    with pytest.raises(ValueError, match=r"`limits` must be two finite.*\(1, 1\)"):
        plot_activation("tanh", limits=(1, 1))
    with pytest.raises(ValueError, match="keep the shape of their input"):
        plot_activation(np.sum)
    with pytest.raises(ValueError, match="`names` must name at least one"):
        plot_activations([])


@pytest.mark.parametrize("temperatures", [[1.0], [0.1, 1, 3], [0.01, 0.5, 1, 10, 1000]])
def test_bars_are_softmax(temperatures):
    scipy_special = pytest.importorskip("scipy.special")
    scores = np.array([2.0, -1.0, 0.5, 0.0])
    _, axes = plot_softmax_temperature(scores, temperatures)
    for bars, temperature in zip(axes.containers, temperatures, strict=True):
        heights = [bar.get_height() for bar in bars]
        np.testing.assert_allclose(heights, scipy_special.softmax(scores / temperature))
        centers = [bar.get_x() + bar.get_width() / 2 for bar in bars]
        assert np.round(centers).tolist() == [0, 1, 2, 3]  # each class's bars are at its name
    looks = {(bars[0].get_facecolor(), bars[0].get_hatch()) for bars in axes.containers}
    hatches = {hatch for _, hatch in looks}
    assert len(looks) == len(hatches) == len(temperatures)
    # Bars stand side by side: none hides another.
    edges = sorted((b.get_x(), b.get_x() + b.get_width()) for bars in axes.containers for b in bars)
    assert all(a[1] <= b[0] + 1e-9 for a, b in itertools.pairwise(edges))


@pytest.mark.parametrize(
    ("scores", "temperatures", "labels", "message"),
    [
        ([1.0], [1], None, "`scores` must be a vector of two or more"),
        ([[1.0, 2.0]], [1], None, "`scores` must be a vector"),
        ([1.0, np.inf], [1], None, "`scores` must be a vector of two or more finite"),
        ([1.0, 2.0], [], None, "`temperatures` must hold 1 to 5 numbers"),
        ([1.0, 2.0], [1, 2, 3, 4, 5, 6], None, "`temperatures` must hold 1 to 5"),
        ([1.0, 2.0], [1, 0], None, "`temperature` must be a positive number. .*=0"),
        ([1.0, 2.0], [1], ["a"], r"`labels` must name each of the 2 classes. .*\['a'\]"),
    ],
)
def test_softmax_refuses(scores, temperatures, labels, message):
    with pytest.raises(ValueError, match=message):
        plot_softmax_temperature(scores, temperatures, labels=labels)
    assert plt.get_fignums() == []
