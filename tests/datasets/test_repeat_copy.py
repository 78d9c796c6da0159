import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.datasets import make_repeat_copy
from tests.datasets.episodes import asked, shown, tasks_are_whole


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_the_answer_is_what_was_shown_as_often_as_was_said(data):
    low = data.draw(st.integers(1, 5))
    high = data.draw(st.integers(low, 6))
    least = data.draw(st.integers(1, 4))
    most = data.draw(st.integers(max(least, 2), 5))
    n = data.draw(st.none() | st.integers(2, 12))
    bits = data.draw(st.integers(1, 5))
    seed = data.draw(st.integers(0, 2**32))
    x, y, mask = make_repeat_copy(5, low, high, least, most, bits, trained_repeats=n, seed=seed)
    tasks_are_whole(x, y, mask, (5, (most + 1) * high + 3), bits + 3, bits + 1)
    numbers = np.arange(1, (n or most) + 1)
    for row, answers, when in zip(x, y, mask, strict=True):
        vectors, end = shown(row, bits)
        assert low <= len(vectors) <= high
        assert np.flatnonzero(row[:, bits + 2]).tolist() in ([], [end])
        repeats = row[end, bits + 2] * numbers.std() + numbers.mean()
        assert repeats == pytest.approx(round(repeats), abs=1e-4)
        assert least <= round(repeats) <= most
        wanted = [[*vector, 0] for vector in vectors] * round(repeats)
        assert asked(answers, when) == ([*wanted, [0] * bits + [1]], end + 1)


def test_the_number_has_mean_zero_and_variance_one_in_training():
    x, _, mask = make_repeat_copy(5000, min_length=1, max_length=1, bits=2, seed=1)
    numbers = x[:, 2, -1]
    assert abs(numbers.mean()) < 0.06
    assert numbers.var() == pytest.approx(1, abs=0.06)
    shares = np.bincount(mask.sum(axis=1).astype(int) - 1)[1:] / 5000
    np.testing.assert_allclose(shares, 1 / 10, atol=0.02)


def test_more_repeats_than_in_training_are_on_the_scale_of_training():
    def number(**repeats):
        return make_repeat_copy(1, max_length=1, bits=1, min_repeats=7, **repeats)[0][0, 2, -1]

    scale = {"trained_repeats": 7}
    assert number(max_repeats=7, **scale) == number(max_repeats=7)
    assert number(max_repeats=7, trained_repeats=3) == pytest.approx(5 / np.sqrt(2 / 3))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"batch": 0}, "`batch` must be an integer of at least 1. Received: batch=0"),
        ({"min_length": 0}, "`min_length` must be an integer of at least 1. Received"),
        ({"min_length": 5, "max_length": 4}, "`max_length` must be an integer of at least 5. Rec"),
        ({"min_repeats": 0}, "`min_repeats` must be an integer of at least 1. Received"),
        ({"min_repeats": 5, "max_repeats": 4}, "`max_repeats` must be an integer of at least 5."),
        ({"max_repeats": 1}, "`max_repeats` must be an integer of at least 2. Received"),
        ({"trained_repeats": 1}, "`trained_repeats` must be an integer of at least 2. Received"),
        ({"bits": 0}, "`bits` must be an integer of at least 1. Received: bits=0"),
        ({"seed": -1}, "`seed` must be a non-negative integer. Received: seed=-1"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_repeat_copy(**{"batch": 2} | arguments)
