import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier

from nncourse.datasets import make_spirals


@given(
    classes=st.integers(1, 6),
    more=st.integers(0, 60),
    turns=st.floats(0.1, 4),
    seed=st.integers(0, 2**32),
)
def test_without_noise_every_point_lies_on_its_arm(classes, more, turns, seed):
    x, y = make_spirals(classes + more, classes, turns, noise=0, seed=seed)
    counts = np.bincount(y, minlength=classes)
    assert len(counts) == classes
    assert counts.max() - counts.min() <= 1
    radius = np.hypot(x[:, 0], x[:, 1])
    assert radius.min() >= 0.1 - 1e-12
    assert radius.max() <= 1 + 1e-12
    # Turned back by its arm's angle at this radius, a point lies on the positive first axis.
    turned = (x[:, 0] + 1j * x[:, 1]) * np.exp(-2j * np.pi * (turns * radius + y / classes))
    np.testing.assert_allclose(turned, radius, atol=1e-9)


def test_arms_are_told_apart_by_neighbors_and_not_by_a_line():
    x, y = make_spirals(samples=600, seed=1)
    unseen, labels = make_spirals(samples=600, seed=2)
    assert KNeighborsClassifier(1).fit(x, y).score(unseen, labels) > 0.99
    assert RidgeClassifier().fit(x, y).score(unseen, labels) < 0.8
    assert set(np.diff(y[:50])) == {-1, 0, 1}  # in random order
    assert not np.array_equal(x, unseen)


def test_points_are_spread_evenly_along_an_arm():
    x, _ = make_spirals(samples=20_000, turns=3, noise=0)
    # With many turns the length of the arm up to r grows as r^2.
    assert np.mean(np.hypot(*x.T) ** 2 < 0.5) == pytest.approx(0.49 / 0.99, abs=0.02)


def test_noise_has_the_standard_deviation_asked_for():
    x, y = make_spirals(samples=20_000, noise=0.3, seed=1)
    exact, same = make_spirals(samples=20_000, noise=0, seed=1)
    assert (y == same).all()
    assert np.std(x - exact, axis=0) == pytest.approx([0.3, 0.3], rel=0.05)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"classes": 0}, "`classes` must be an integer of at least 1. Received: classes=0"),
        ({"samples": 2, "classes": 3}, "`samples` must be an integer of at least 3. Received: sam"),
        ({"turns": 0}, "`turns` must be a finite number above 0. Received: turns=0"),
        ({"noise": -1}, "`noise` must be a finite number of 0 or more. Received: noise=-1"),
        ({"seed": -1}, "`seed` must be a non-negative integer. Received: seed=-1"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_spirals(**arguments)
