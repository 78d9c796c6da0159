import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncourse.visualizations import plot_bias_variance

X = np.linspace(-1, 1, 50)
TRUTH = np.sin(3 * X)


def fits_of(degree: int, runs: int, noise: float, seed: int = 0) -> np.ndarray:
    """Polynomials fitted to fresh samples of 15 noisy points."""
    rng = np.random.default_rng(seed)
    x = np.linspace(-1, 1, 15)
    samples = np.sin(3 * x) + rng.normal(scale=noise, size=(runs, 15))
    return np.array([np.polynomial.Polynomial.fit(x, t, degree)(X) for t in samples])


def title_of(axes) -> tuple[float, float]:
    """Bias² and variance as the title has them."""
    match = re.fullmatch("bias² (.*), variance (.*)", axes.get_title())
    return tuple(float(part.replace("−", "-")) for part in match.groups())


@pytest.mark.parametrize("degree", [1, 3, 9])
def test_bias_variance_and_noise_add_up_to_the_error_on_fresh_targets(degree):
    noise, rng = 0.3, np.random.default_rng(1)
    fits = fits_of(degree, 4000, noise)
    bias, variance = title_of(plot_bias_variance(X, fits, TRUTH)[1])
    fresh = TRUTH + rng.normal(scale=noise, size=fits.shape)
    assert bias + variance + noise**2 == pytest.approx(np.mean((fits - fresh) ** 2), rel=0.02)


def test_a_stiff_model_is_biased_and_a_bending_one_varies():
    stiff, bending = (
        title_of(plot_bias_variance(X, fits_of(degree, 300, 0.3), TRUTH)[1]) for degree in (1, 9)
    )
    assert stiff[0] > 20 * bending[0]
    assert bending[1] > 2 * stiff[1]


@given(runs=st.integers(1, 40), n=st.integers(1, 12), seed=st.integers(0, 1000))
def test_law_they_sum_to_the_squared_distance_from_the_truth(runs, n, seed):
    rng = np.random.default_rng(seed)
    fits, truth = rng.normal(size=(runs, n)), rng.normal(size=n)
    bias, variance = title_of(plot_bias_variance(np.arange(n), fits, truth)[1])
    error = sum((fits[r, i] - truth[i]) ** 2 for r in range(runs) for i in range(n)) / (runs * n)
    assert bias + variance == pytest.approx(error, rel=0.011)  # the title has three digits
    if runs == 1:
        assert variance == 0
    plt.close("all")


def test_draws_fits_mean_band_truth_and_data():
    fits = fits_of(3, 20, 0.3)
    points = ([0.5, -0.5], [1.0, -1.0])
    _, axes = plot_bias_variance(X, fits, TRUTH, data=points)
    *lines, mean, truth, data = axes.lines
    assert len(lines) == 20
    for line, fit in zip(lines, fits, strict=True):
        np.testing.assert_array_equal(line.get_xydata(), np.column_stack([X, fit]))
    np.testing.assert_allclose(mean.get_ydata(), sum(fits) / 20)
    assert mean.get_linewidth() > lines[0].get_linewidth()
    np.testing.assert_array_equal(truth.get_ydata(), TRUTH)
    assert truth.get_linestyle() == "--"
    assert data.get_xydata().tolist() == [[0.5, 1.0], [-0.5, -1.0]]
    deviation = np.sqrt(((fits - sum(fits) / 20) ** 2).mean(axis=0))
    outline = axes.collections[0].get_paths()[0].vertices
    for side in (-1, 1):
        edge = np.column_stack([X, mean.get_ydata() + side * deviation])
        assert all(np.abs(outline - point).sum(axis=1).min() < 1e-12 for point in edge)
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["20 fits", "± std", "mean", "truth", "data"]


def test_the_order_of_x_does_not_matter():
    fits = fits_of(3, 5, 0.3)
    order = np.random.default_rng(0).permutation(len(X))
    _, shuffled = plot_bias_variance(X[order], fits[:, order], TRUTH[order])
    _, sorted_ = plot_bias_variance(X, fits, TRUTH)
    for one, other in zip(shuffled.lines, sorted_.lines, strict=True):
        np.testing.assert_array_equal(one.get_xydata(), other.get_xydata())


def test_of_many_fits_the_first_are_drawn_and_all_count():
    fits = np.concatenate([np.zeros((20, 50)), np.ones((20, 50))])
    _, axes = plot_bias_variance(X, fits, np.zeros(50))
    assert len(axes.lines) == 20 + 2
    assert axes.lines[0].get_label() == "20 fits"
    assert title_of(axes) == (0.25, 0.25)


def test_a_wild_fit_does_not_flatten_the_rest():
    fits = fits_of(3, 10, 0.1)
    _, tame = plot_bias_variance(X, fits, TRUTH)
    low, high = tame.get_ylim()
    assert low < min(fits.min(), TRUTH.min())
    assert high > max(fits.max(), TRUTH.max())
    fits[0] *= 1000
    _, wild = plot_bias_variance(X, fits, TRUTH, data=([0.0], [1.5]))
    low, high = wild.get_ylim()
    assert low < -1
    assert high > 1.5
    assert high - low < 3 * np.ptp(TRUTH)


@pytest.mark.parametrize(
    ("x", "fits", "truth", "data", "message"),
    [
        (X, np.ones((3, 49)), TRUTH, None, r"shapes \(n,\), \(runs, n\) and \(n,\).*\(3, 49\)"),
        (X, np.ones(50), TRUTH, None, r"Received: \(50,\), \(50,\) and \(50,\)"),
        (X, np.ones((3, 50)), TRUTH[:, None], None, r"and \(50, 1\)"),
        (X[:, None], np.ones((3, 50)), TRUTH, None, r"Received: \(50, 1\), "),
        (X, np.ones((0, 50)), TRUTH, None, "`fits` must hold finite numbers. Received: none"),
        (X, np.full((3, 50), np.nan), TRUTH, None, "`fits` must hold finite.*nan"),
        (X, np.ones((3, 50)), TRUTH, ([1], [1, 2]), r"`data` must be a pair.*\(1,\) and \(2,\)"),
        (X, np.ones((3, 50)), TRUTH, ([1], [np.inf]), "`data` must hold finite.*inf"),
    ],
)
def test_refuses(x, fits, truth, data, message):
    with pytest.raises(ValueError, match=message):
        plot_bias_variance(x, fits, truth, data=data)
    assert plt.get_fignums() == []
