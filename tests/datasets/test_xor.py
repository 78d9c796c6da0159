import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncourse.datasets import make_xor
from nncourse.scratch import Perceptron


@given(samples=st.integers(4, 100), seed=st.integers(0, 2**32))
def test_without_noise_the_points_are_the_corners(samples, seed):
    x, t = make_xor(samples, noise=0, seed=seed)
    assert x.dtype == np.float64
    corners, counts = np.unique(x, axis=0, return_counts=True)
    assert corners.tolist() == [[-1, -1], [-1, 1], [1, -1], [1, 1]]
    assert counts.max() - counts.min() <= 1
    labels = {(-1, -1): -1, (1, 1): -1, (-1, 1): 1, (1, -1): 1}
    assert [labels[tuple(point)] for point in x] == t.tolist()


def test_noise_has_the_standard_deviation_asked_for_and_the_order_is_random():
    x, t = make_xor(samples=20_000, noise=0.2, seed=1)
    corners, same = make_xor(samples=20_000, noise=0, seed=1)
    assert (t == same).all()
    assert np.std(x - corners, axis=0) == pytest.approx([0.2, 0.2], rel=0.05)
    assert np.mean(x - corners, axis=0) == pytest.approx([0, 0], abs=0.01)
    assert 0.45 < np.count_nonzero(np.diff(t)) / len(t) < 0.55
    assert not np.array_equal(make_xor(seed=1)[1], make_xor(seed=2)[1])


def test_no_threshold_unit_solves_it():
    x, t = make_xor(noise=0)
    assert not Perceptron(max_epochs=50).fit(x, t).converged_


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"samples": 3}, "`samples` must be an integer of at least 4. Received: samples=3"),
        ({"noise": -0.1}, "`noise` must be a finite number of 0 or more. Received: noise=-0.1"),
        ({"noise": float("inf")}, "`noise` .* Received: noise=inf"),
        ({"seed": 1.5}, "`seed` must be a non-negative integer. Received: seed=1.5"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_xor(**arguments)
