import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import solve_toeplitz
from scipy.signal import lfilter

from nncourse.scratch import Autoregressive


def process(coefficients, intercept=0.0, noise_variance=1.0):
    """A model that is known, not learned."""
    model = Autoregressive(len(coefficients))
    model.coefficients_ = np.array(coefficients, dtype=float)
    model.intercept_, model.noise_variance_ = intercept, noise_variance
    return model


def psi_weights(coefficients, steps):
    """What is left of a shock of 1, by SciPy's recursive filter."""
    return lfilter([1], [1, *-np.asarray(coefficients)], np.eye(steps)[0])


@settings(max_examples=60, deadline=None)
@given(order=st.integers(1, 4), extra=st.integers(0, 20), seed=st.integers(0))
def test_law_least_squares(order, extra, seed):
    series = np.random.default_rng(seed).normal(size=2 * order + 2 + extra)
    model = Autoregressive(order).fit(series)
    rows = [[1, *series[t - order : t][::-1]] for t in range(order, len(series))]
    solution, squares, *_ = np.linalg.lstsq(np.array(rows), series[order:])
    np.testing.assert_allclose([model.intercept_, *model.coefficients_], solution, atol=1e-7)
    freedom = len(rows) - order - 1
    np.testing.assert_allclose(model.noise_variance_, squares[0] / freedom, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(
    order=st.integers(1, 3),
    scale=st.sampled_from([1e-12, 1.0, 1e9]),
    level=st.floats(-1e4, 1e4),
    seed=st.integers(0),
)
def test_law_units_and_level_do_not_matter(order, scale, level, seed):
    series = np.random.default_rng(seed).normal(size=40)
    model, other = Autoregressive(order).fit(series), Autoregressive(order)
    other.fit(scale * (series + level))
    np.testing.assert_allclose(other.coefficients_, model.coefficients_, atol=1e-9)
    np.testing.assert_allclose(other.noise_variance_, scale**2 * model.noise_variance_, rtol=1e-8)
    forecast = other.predict(scale * (series + level), 3) / scale - level
    # A forecast near 0 is what is left of the level, which is rounded to 1e-12 of itself.
    np.testing.assert_allclose(forecast, model.predict(series, 3), atol=1e-9)


def test_series_without_noise():
    """A wave c + cos(w t) has a_1 = 2 cos w, a_2 = -1: its roots lie on the circle, at exp(±iw)."""
    series = 3 + np.cos(0.7 * np.arange(30))
    model = Autoregressive(2).fit(series[:20])
    np.testing.assert_allclose(model.coefficients_, [2 * np.cos(0.7), -1])
    np.testing.assert_allclose(model.intercept_, 3 * (2 - 2 * np.cos(0.7)))
    np.testing.assert_allclose(model.noise_variance_, 0, atol=1e-20)
    np.testing.assert_allclose(np.sort_complex(model.roots), np.exp([-0.7j, 0.7j]))
    np.testing.assert_allclose(model.predict(series[:20], 10)[-1], series[20:])
    # More coefficients than it needs: many fit, and the forecasts are right with any of them.
    np.testing.assert_allclose(
        Autoregressive(5).fit(series[:20]).predict(series[:20], 10)[-1], series[20:]
    )


@settings(max_examples=40, deadline=None)
@given(
    order=st.integers(1, 4), extra=st.integers(0, 5), steps=st.integers(1, 5), seed=st.integers(0)
)
def test_law_predictions_one_by_one(order, extra, steps, seed):
    rng = np.random.default_rng(seed)
    model = process(rng.normal(size=order), rng.normal())
    series = rng.normal(size=order + extra)
    forecasts = model.predict(series, steps)
    assert forecasts.shape == (extra + 1, steps)
    for k, row in enumerate(forecasts):
        known = list(series[: order + k])
        for forecast in row:
            terms = [a * known[-i] for i, a in enumerate(model.coefficients_, start=1)]
            np.testing.assert_allclose(forecast, model.intercept_ + sum(terms), atol=1e-9)
            known.append(forecast)


@pytest.mark.parametrize("a", [0.9, -0.5, 1.0, 1.2])
def test_forecast_variance_of_order_one(a):
    h = np.arange(1, 31)
    expected = 2 * (h if a == 1 else (1 - a ** (2 * h)) / (1 - a**2))
    np.testing.assert_allclose(process([a], noise_variance=2.0).forecast_variance(30), expected)
    if abs(a) < 1:
        limit = process([a], noise_variance=2.0).forecast_variance(300)[-1]
        np.testing.assert_allclose(limit, 2 / (1 - a**2))


@settings(max_examples=40, deadline=None)
@given(order=st.integers(1, 5), steps=st.integers(1, 12), seed=st.integers(0))
def test_law_forecast_variance_of_any_order(order, steps, seed):
    a = np.random.default_rng(seed).normal(size=order)
    expected = 3 * np.cumsum(psi_weights(a, steps) ** 2)
    np.testing.assert_allclose(process(a, noise_variance=3.0).forecast_variance(steps), expected)


def test_forecasts_against_what_happens():
    """The errors of the forecasts on a series that the model has not seen."""
    truth = process([1.2, -0.5], 0.3, 0.8)
    series = truth.sample(40_000, seed=1)
    forecasts = Autoregressive(2).fit(series[:20_000]).predict(series[20_000:], 6)[:-6]
    happened = np.lib.stride_tricks.sliding_window_view(series[20_002:], 6)
    errors = happened - forecasts
    np.testing.assert_allclose(errors.mean(axis=0), 0, atol=0.06)
    np.testing.assert_allclose(errors.var(axis=0), truth.forecast_variance(6), rtol=0.05)


@settings(max_examples=60, deadline=None)
@given(
    real=st.lists(st.floats(-1.6, 1.6).filter(lambda r: abs(abs(r) - 1) > 0.02), max_size=2),
    size=st.floats(0.1, 1.6).filter(lambda r: abs(r - 1) > 0.02),
    angle=st.floats(0.1, 3.0),
)
def test_law_roots(real, size, angle):
    roots = np.array([*real, size * np.exp(1j * angle), size * np.exp(-1j * angle)])
    model = process(-np.poly(roots).real[1:])
    assert model.roots.shape == roots.shape
    # Equal roots are found only to the square root of rounding: compare what they make.
    np.testing.assert_allclose(np.poly(model.roots), np.poly(roots), atol=1e-7)
    assert model.is_stationary is bool(np.abs(roots).max() < 1)


def test_roots_of_zero_count():
    np.testing.assert_array_equal(process([0.5, 0, 0]).roots, [0.5, 0, 0])
    assert process([0.0]).is_stationary
    assert not process([1.0]).is_stationary
    assert not process([0, 0, -1.0]).is_stationary


def test_sample_and_fit():
    truth = process([0.5, -0.3, 0.2], 1.0, 2.0)
    series = truth.sample(40_000, seed=0)
    np.testing.assert_allclose(series.mean(), 1 / (1 - 0.4), atol=0.05)
    deviations = series - series.mean()
    covariances = [deviations[k:] @ deviations[: len(series) - k] for k in range(4)]
    by_yule_walker = solve_toeplitz(covariances[:3], covariances[1:])
    model = Autoregressive(3).fit(series)
    np.testing.assert_allclose(model.coefficients_, by_yule_walker, atol=1e-3)
    np.testing.assert_allclose(model.coefficients_, truth.coefficients_, atol=0.02)
    np.testing.assert_allclose(model.intercept_, 1, atol=0.05)
    np.testing.assert_allclose(model.noise_variance_, 2, rtol=0.03)


def test_a_sample_is_in_its_long_run_from_the_first_value_on():
    model = process([1.3, -0.6], 3.0, 0.5)
    samples = np.array([model.sample(4, seed) for seed in range(4000)])
    psi = psi_weights(model.coefficients_, 400)
    covariances = [0.5 * psi[k:] @ psi[: len(psi) - k] for k in range(4)]
    expected = np.array([[covariances[abs(i - j)] for j in range(4)] for i in range(4)])
    np.testing.assert_allclose(samples.mean(axis=0), 3 / 0.3, atol=0.1)
    np.testing.assert_allclose(np.cov(samples.T), expected, atol=0.1 * expected[0, 0])


def test_a_sample_that_is_not_stationary_starts_from_zero():
    np.testing.assert_array_equal(process([1.0], 2.0, 0.0).sample(4, 0), [2, 4, 6, 8])
    np.testing.assert_array_equal(process([1.0, 1.0], 1.0, 0.0).sample(4, 0), [1, 2, 4, 7])
    walks = np.array([process([1.0]).sample(9, seed) for seed in range(2000)])
    np.testing.assert_allclose(walks.var(axis=0), np.arange(1, 10), rtol=0.12)


def test_samples_repeat():
    model = process([0.5])
    np.testing.assert_array_equal(model.sample(20, seed=3), model.sample(20, seed=3))
    assert not np.allclose(model.sample(20, seed=3), model.sample(20, seed=4))
    assert model.sample(1, 0).shape == (1,)


def test_the_variance_of_the_noise_is_without_bias():
    """Twelve values and four parameters: the plain mean of the squares would be 5/9 of it."""
    rng = np.random.default_rng(0)
    variances = [Autoregressive(3).fit(rng.normal(size=12)).noise_variance_ for _ in range(1500)]
    np.testing.assert_allclose(np.mean(variances), 1, atol=0.08)


@pytest.mark.parametrize("order", [0, -1, 1.5, "2"])
def test_bad_orders_are_named(order):
    with pytest.raises(ValueError, match=r"`order` must be a positive integer. Received: order="):
        Autoregressive(order)


@pytest.mark.parametrize(
    ("series", "message"),
    [
        ([1, 2, 3, 4, 5], "`series` must hold 6 values or more at order 2. Received: 5"),
        ([], r"`series` must have the shape \(steps,\). Received: series of shape \(0,\)"),
        (np.ones((9, 1)), r"`series` must have the shape \(steps,\).*shape \(9, 1\)"),
        (3.0, r"`series` must have the shape \(steps,\).*shape \(\)"),
        ([[1], [2, 3]], r"`series` must hold numbers in the shape \(steps,\).*\[\[1\], \[2, 3\]\]"),
        (["a", "b"], "`series` must hold numbers"),
        ([1, 2, np.nan, 3, 4, 5], r"`series` must hold finite numbers.*series\[2\]=nan"),
        ([1, 2, 3, 4, 5, -np.inf], r"`series` must hold finite numbers.*series\[5\]=-inf"),
        ([0.1] * 10, "`series` must vary. Received: 10 times 0.1"),
    ],
)
def test_bad_series_are_named(series, message):
    with pytest.raises(ValueError, match=message):
        Autoregressive(2).fit(series)


def test_bad_requests_are_named():
    model = Autoregressive(2)
    for request in (
        lambda: model.predict([1, 2]),
        lambda: model.forecast_variance(1),
        lambda: model.sample(1, 0),
        lambda: model.roots,
        lambda: model.is_stationary,
    ):
        with pytest.raises(ValueError, match="`fit` must come first"):
            request()
    assert model.fit(np.arange(7.0) ** 2) is model
    with pytest.raises(ValueError, match=r"`series` must hold 2 values or more.*Received: 1"):
        model.predict([1.0])
    for steps in (0, 2.0):
        for request in (
            lambda steps: model.predict([1, 2], steps),
            model.forecast_variance,
            lambda steps: model.sample(steps, 0),
        ):
            with pytest.raises(ValueError, match=f"`steps` must be a positive .*steps={steps}"):
                request(steps)
