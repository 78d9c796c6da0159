import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncourse.datasets import make_adding_problem


@given(samples=st.integers(1, 40), lag=st.integers(1, 60), seed=st.integers(0, 2**32))
def test_the_target_is_the_sum_of_the_two_marked_numbers(samples, lag, seed):
    x, t = make_adding_problem(samples, lag, seed=seed)
    assert x.shape == (samples, lag + 10, 2)
    assert t.shape == (samples, 1)
    for sequence, (target,) in zip(x.tolist(), t.tolist(), strict=True):
        marked = [(step, number) for step, (number, mark) in enumerate(sequence) if mark == 1]
        assert sum(mark == 0 for _, mark in sequence) == lag + 8
        (first, one), (second, other) = marked
        assert first < 10 <= second < lag + 10
        assert len(sequence) - 1 - first >= lag
        assert target == one + other
    assert x[..., 0].min() >= 0
    assert x[..., 0].max() < 1


def test_numbers_and_places_are_drawn_evenly():
    x, t = make_adding_problem(20_000, lag=15, seed=1)
    numbers, marks = x[..., 0], x[..., 1]
    places = marks.mean(axis=0)
    np.testing.assert_allclose(places[:10], 1 / 10, atol=0.01)
    np.testing.assert_allclose(places[10:], 1 / 15, atol=0.01)
    deciles, _ = np.histogram(numbers, bins=10, range=(0, 1))
    np.testing.assert_allclose(deciles / numbers.size, 0.1, atol=0.002)
    assert np.corrcoef(numbers.ravel(), marks.ravel())[0, 1] == pytest.approx(0, abs=0.01)
    # What ignorance costs: the variance of two numbers, or of one.
    assert np.mean((t - 1) ** 2) == pytest.approx(1 / 6, rel=0.03)
    second = (numbers * marks)[:, 10:].sum(axis=1, keepdims=True)
    assert np.mean((t - second - 0.5) ** 2) == pytest.approx(1 / 12, rel=0.03)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"samples": 0}, "`samples` must be an integer of at least 1. Received: samples=0"),
        ({"samples": 2.0}, "`samples` must be an integer of at least 1. Received: samples=2.0"),
        ({"samples": 1, "lag": 0}, "`lag` must be an integer of at least 1. Received: lag=0"),
        ({"samples": 1, "seed": -1}, "`seed` must be a non-negative integer. Received: seed=-1"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_adding_problem(**arguments)
