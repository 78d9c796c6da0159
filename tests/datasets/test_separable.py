import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest
from sklearn.svm import SVC

from nncourse.datasets import make_separable
from nncourse.scratch import Perceptron


def largest_margin(x, t):
    """The largest margin of any hyperplane, by scikit-learn, and that hyperplane's bias."""
    machine = SVC(kernel="linear", C=1e10, tol=1e-8).fit(x, t)
    norm = np.linalg.norm(machine.coef_)
    return 1 / norm, machine.intercept_[0] / norm


@pytest.mark.parametrize("features", [1, 2, 3, 10, 40])
@pytest.mark.parametrize("margin", [0.02, 0.1, 0.5, 0.9])
def test_margin_is_the_support_vector_machines(features, margin):
    x, t = make_separable(samples=60, features=features, margin=margin, seed=features)
    reached, bias = largest_margin(x, t)
    # libsvm keeps its kernel in single precision; `test_laws` is exact.
    assert reached == pytest.approx(margin, rel=1e-4)
    assert bias == pytest.approx(0, abs=1e-5)  # the best hyperplane passes through the origin


@settings(max_examples=60)
@given(
    samples=st.integers(2, 80),
    features=st.integers(1, 12),
    margin=st.floats(0.05, 0.95),
    seed=st.integers(0, 2**32),
)
def test_laws(samples, features, margin, seed):
    x, t = make_separable(samples, features, margin, seed)
    assert x.shape == (samples, features)
    assert x.dtype == np.float64
    assert t.shape == (samples,)
    assert (t == 1).sum() == (samples + 1) // 2
    assert (t == -1).sum() == samples // 2
    assert np.linalg.norm(x, axis=1).max() <= 1 + 1e-12
    # No margin exceeds half the distance between the nearest points of opposite classes, and only
    # the hyperplane that halves their connection can reach it.
    connections = x[t == 1][:, np.newaxis] - x[t == -1]
    lengths = np.linalg.norm(connections, axis=2)
    nearest = np.unravel_index(lengths.argmin(), lengths.shape)
    assert lengths[nearest] / 2 == pytest.approx(margin, rel=1e-10)
    normal = connections[nearest] / lengths[nearest]
    assert (t * (x @ normal)).min() == pytest.approx(margin, rel=1e-10)


def test_a_perceptron_stays_within_the_bound_with_a_bias():
    x, t = make_separable(samples=200, features=2, margin=0.1, seed=0)
    updates = Perceptron().fit(x, t).updates_
    assert 2 <= updates <= 2 / 0.1**2


def test_classes_and_distances_are_in_random_order():
    x, t = make_separable(samples=200, features=1, margin=0.1)
    changes = np.count_nonzero(np.diff(t))
    assert 70 < changes < 130  # 199 if the classes took turns, 1 if they were sorted
    nearest = np.argsort(np.abs(x[:, 0]))[:2]
    assert set(nearest) != {0, 1}


def test_hyperplanes_turn_to_every_side_from_seed_to_seed():
    directions = []
    for seed in range(100):
        x, t = make_separable(samples=20, features=3, margin=0.9, seed=seed)
        directions.append((t[:, np.newaxis] * x).mean(axis=0))
    assert np.linalg.norm(np.mean(directions, axis=0)) < 0.3
    assert np.linalg.cond(np.cov(np.transpose(directions))) < 3


def test_points_are_spread_through_the_ball_as_documented():
    x, t = make_separable(samples=4000, features=2, margin=0.1)
    x_plus, x_minus = x[t == 1], x[t == -1]
    lengths = np.linalg.norm(x_plus[:, np.newaxis] - x_minus, axis=2)
    a, b = np.unravel_index(lengths.argmin(), lengths.shape)
    normal = (x_plus[a] - x_minus[b]) / lengths[a, b]
    distance = t * (x @ normal)
    place = x @ np.array([-normal[1], normal[0]]) / np.sqrt(1 - distance**2)
    assert kstest(distance, "uniform", args=(0.1, 0.9)).pvalue > 0.01
    assert kstest(np.abs(place), "uniform").pvalue > 0.01
    assert np.mean(place) == pytest.approx(0, abs=0.05)


def test_same_seed_same_points():
    for first, second in zip(make_separable(seed=3), make_separable(seed=3), strict=True):
        np.testing.assert_array_equal(first, second)
    assert not np.array_equal(make_separable(seed=3)[0], make_separable(seed=4)[0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"margin": -1}, "`margin` must be above 0 and below 1. Received: margin=-1"),
        ({"margin": 0}, "`margin` must be above 0 and below 1. Received: margin=0"),
        ({"margin": 1.0}, "`margin` must be above 0 and below 1. Received: margin=1.0"),
        ({"margin": float("nan")}, "`margin` .* Received: margin=nan"),
        ({"margin": "wide"}, "`margin` .* Received: margin='wide'"),
        ({"samples": 1}, "`samples` must be an integer of at least 2. Received: samples=1"),
        ({"samples": 9.5}, "`samples` .* Received: samples=9.5"),
        ({"features": 0}, "`features` must be an integer of at least 1. Received: features=0"),
        ({"seed": -3}, "`seed` must be a non-negative integer. Received: seed=-3"),
        ({"seed": "x"}, "`seed` must be a non-negative integer. Received: seed='x'"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_separable(**arguments)
