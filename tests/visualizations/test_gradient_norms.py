import matplotlib.pyplot as plt
import numpy as np
import pytest

from nncourse.visualizations import plot_gradient_norms

LAGS = np.arange(6)


def test_curves_of_one_sample_are_drawn_as_they_are():
    _, axes = plot_gradient_norms(LAGS, {"one": 0.5**LAGS, "other": 2.0**LAGS})
    assert axes.get_yscale() == "log"
    assert [line.get_label() for line in axes.lines] == ["one", "other"]
    for line, values in zip(axes.lines, (0.5**LAGS, 2.0**LAGS), strict=True):
        np.testing.assert_array_equal(line.get_xdata(), LAGS)
        np.testing.assert_array_equal(line.get_ydata(), values)
    assert not axes.collections


def test_several_samples_make_a_median_and_a_band():
    norms = np.linspace(0.5, 0.9, 11)[[3, 0, 5, 10, 7, 1, 9, 2, 8, 4, 6], None] ** LAGS
    _, axes = plot_gradient_norms(LAGS, {"eleven": norms})
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), norms[2])
    (band,) = axes.collections
    corners = band.get_paths()[0].vertices
    at_last = corners[corners[:, 0] == LAGS[-1], 1]
    assert (at_last.min(), at_last.max()) == (norms[1, -1], norms[3, -1])


def test_the_middle_of_an_even_number_is_one_that_was_measured():
    _, axes = plot_gradient_norms(LAGS, {"two": [np.full(6, 1e-9), np.ones(6)]})
    assert set(axes.lines[0].get_ydata()) <= {1e-9, 1.0}


def test_zeros_are_left_out():
    norms = np.array([1, 0.5, 0.25, 0, 0, 0])
    _, axes = plot_gradient_norms(LAGS, {"dies": norms})
    shown = axes.lines[0].get_ydata()
    np.testing.assert_array_equal(np.isnan(shown), norms == 0)
    np.testing.assert_array_equal(shown[:3], norms[:3])


def test_the_bound_is_a_power_of_the_lag():
    _, axes = plot_gradient_norms(LAGS, {"one": 0.5**LAGS}, bound=0.8)
    assert axes.lines[-1].get_label() == "bound"
    np.testing.assert_allclose(axes.lines[-1].get_ydata(), 0.8**LAGS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"lags": [0]}, "`lags` must hold two or more increasing numbers"),
        ({"lags": LAGS[::-1]}, "`lags` must hold two or more increasing numbers"),
        ({"norms": {"a": np.ones(5)}}, r"`norms\['a'\]` must have one .* 6 lags.*\(1, 5\)"),
        ({"norms": {"a": np.ones((2, 2, 6))}}, r"`norms\['a'\]` must have .*\(2, 2, 6\)"),
        ({"norms": {"a": np.ones((0, 6))}}, r"`norms\['a'\]` must have one norm"),
        ({"norms": {"a": -np.ones(6)}}, r"`norms\['a'\]` must hold finite numbers of 0 or"),
        ({"norms": {"a": np.full(6, np.inf)}}, r"`norms\['a'\]` must hold finite numbers"),
        ({"bound": 0}, "`bound` must be a positive number. Received: bound=0"),
        ({"bound": np.nan}, "`bound` must be a positive number"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        plot_gradient_norms(**{"lags": LAGS, "norms": {"a": 0.5**LAGS}, **arguments})
    assert plt.get_fignums() == []
