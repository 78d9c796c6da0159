import keras
import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from nncourse.scratch import activations, likelihood

SEEDS = st.integers(0, 10**6)
SAMPLES = st.sampled_from([1, 2, 20])  # few shapes: JAX compiles each anew
DEVIATIONS = st.floats(0.1, 10)


@given(samples=SAMPLES, deviation=DEVIATIONS, seed=SEEDS)
def test_law_gaussian_equals_scipy_and_minus_a_loss(samples, deviation, seed):
    rng = np.random.default_rng(seed)
    t, mean = rng.normal(size=(2, samples))
    value = likelihood.gaussian(t, mean, deviation)
    assert value == pytest.approx(scipy.stats.norm.logpdf(t, mean, deviation).sum())
    loss = float(keras.losses.MeanSquaredError()(t[:, None], mean[:, None]))
    constant = -samples * np.log(np.sqrt(2 * np.pi) * deviation)
    expected = -samples / (2 * deviation**2) * loss + constant
    assert value == pytest.approx(expected, rel=1e-4, abs=1e-4)


@given(samples=SAMPLES, seed=SEEDS)
def test_law_bernoulli_equals_scipy_and_minus_a_loss(samples, seed):
    rng = np.random.default_rng(seed)
    t, p = rng.integers(0, 2, samples), rng.uniform(0.01, 0.99, samples)
    value = likelihood.bernoulli(t, p)
    assert value == pytest.approx(scipy.stats.bernoulli.logpmf(t, p).sum())
    loss = float(keras.losses.BinaryCrossentropy()(t[:, None], p[:, None]))
    assert value == pytest.approx(-samples * loss, rel=1e-4, abs=1e-4)


@given(samples=SAMPLES, classes=st.sampled_from([2, 5]), seed=SEEDS)
def test_law_categorical_equals_scipy_and_minus_a_loss(samples, classes, seed):
    rng = np.random.default_rng(seed)
    t = np.eye(classes)[rng.integers(0, classes, samples)]
    p = activations.softmax(rng.normal(size=(samples, classes)))
    value = likelihood.categorical(t, p)
    expected = sum(scipy.stats.multinomial.logpmf(t[n], 1, p[n]) for n in range(samples))
    assert value == pytest.approx(expected)
    loss = float(keras.losses.CategoricalCrossentropy()(t, p))
    assert value == pytest.approx(-samples * loss, rel=1e-4, abs=1e-4)


def test_two_classes_are_a_bernoulli():
    t, p = np.array([1, 0, 1]), np.array([0.2, 0.3, 0.9])
    two = likelihood.categorical(np.column_stack([t, 1 - t]), np.column_stack([p, 1 - p]))
    assert two == pytest.approx(likelihood.bernoulli(t, p))


@given(
    t=st.lists(st.floats(-100, 100), min_size=1, max_size=20),
    away=st.floats(-50, 50),
    deviation=DEVIATIONS,
)
def test_law_the_average_is_the_most_likely_mean(t, away, deviation):
    average = sum(t) / len(t)
    best = likelihood.gaussian(t, average, deviation)
    loss = len(t) * away**2 / (2 * deviation**2)  # exactly what another mean costs
    assert best - likelihood.gaussian(t, average + away, deviation) == pytest.approx(
        loss, rel=1e-6, abs=1e-6 * (1 + abs(best))
    )


@given(t=st.lists(st.integers(0, 1), min_size=1, max_size=20), p=st.floats(0.001, 0.999))
def test_law_the_share_of_ones_is_the_most_likely_probability(t, p):
    share = sum(t) / len(t)
    assert likelihood.bernoulli(t, p) <= likelihood.bernoulli(t, share) + 1e-12


def test_a_density_can_exceed_one_and_its_logarithm_zero():
    assert likelihood.gaussian([0.0], [0.0], 0.01) == pytest.approx(
        np.log(100 / np.sqrt(2 * np.pi))
    )


def test_what_was_called_impossible_has_minus_infinity():
    assert likelihood.bernoulli([1, 0], [0.0, 0.5]) == -np.inf
    assert likelihood.bernoulli([0], [1.0]) == -np.inf
    assert likelihood.bernoulli([1, 0], [1.0, 0.0]) == 0
    assert likelihood.categorical([[1, 0]], [[0.0, 1.0]]) == -np.inf
    assert likelihood.categorical([[0, 1]], [[0.0, 1.0]]) == 0


def test_any_shape_counts_every_number():
    t = np.arange(6.0).reshape(2, 3)
    assert likelihood.gaussian(t, t + 1) == pytest.approx(6 * likelihood.gaussian([0.0], 1.0))
    ones = np.ones((2, 3))
    assert likelihood.bernoulli(ones, 0.5) == pytest.approx(6 * np.log(0.5))


@pytest.mark.parametrize(
    ("compute", "message"),
    [
        (lambda: likelihood.gaussian([1.0], 0, 0), "`deviation` must be a positive .*=0"),
        (lambda: likelihood.gaussian([1.0], 0, -1), "`deviation` must be a positive .*=-1"),
        (lambda: likelihood.gaussian([1.0], 0, np.inf), "`deviation` must be a positive .*=inf"),
        (lambda: likelihood.gaussian([1.0], 0, np.nan), "`deviation` must be a positive .*=nan"),
        (
            lambda: likelihood.gaussian(np.ones(3), np.ones((3, 1))),
            r"`mean` must have the shape of `t`.* t of shape \(3,\), mean of shape \(3, 1\)",
        ),
        (lambda: likelihood.bernoulli([0, 1], [0.5] * 3), r"`p` must have .* p of shape \(3,\)"),
        (lambda: likelihood.bernoulli([0, 2], 0.5), r"`t` must hold 0 and 1. .*\[0. 2.\]"),
        (lambda: likelihood.bernoulli([0, 1], 1.2), "`p` must hold probabilities.* to 1.2"),
        (lambda: likelihood.bernoulli([0, 1], [0.5, -0.1]), "probabilities. Received: from -0.1"),
        (lambda: likelihood.bernoulli([0], [np.nan]), "`p` must hold probabilities.*nan"),
        (lambda: likelihood.categorical([0, 1], [0.5, 0.5]), r"one-hot rows.* of shape \(2,\)"),
        (lambda: likelihood.categorical([[1, 1]], [[0.5, 0.5]]), "`t` must hold one-hot rows"),
        (lambda: likelihood.categorical([[0.5, 0.5]], [[0.5, 0.5]]), "must hold one-hot rows"),
        (lambda: likelihood.categorical([[1, 0]], [[0.5, 0.4]]), r"have the sum 1. .*\[0.9\]"),
        (lambda: likelihood.categorical([[1, 0]], [[1.5, -0.5]]), "`p` must hold probabilities"),
        (lambda: likelihood.categorical([[1, 0]], [[1.0]]), r"`p` must have the shape .*\(1, 1\)"),
    ],
)
def test_refuses(compute, message):
    with pytest.raises(ValueError, match=message):
        compute()
