import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.datasets import make_copy
from tests.datasets.episodes import asked, shown, tasks_are_whole


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_the_answer_is_what_was_shown(data):
    low = data.draw(st.integers(1, 8))
    high = data.draw(st.integers(low, 9))
    bits = data.draw(st.integers(1, 6))
    seed = data.draw(st.integers(0, 2**32))
    x, y, mask = make_copy(7, low, high, bits, seed=seed)
    tasks_are_whole(x, y, mask, (7, 2 * high + 2), bits + 2, bits)
    for row, answers, when in zip(x, y, mask, strict=True):
        vectors, end = shown(row, bits)
        assert low <= len(vectors) <= high
        assert asked(answers, when) == (vectors, end + 1)


def test_the_shapes_of_the_paper():
    x, y, mask = make_copy(batch=16)
    assert x.shape == (16, 42, 10)
    assert y.shape == (16, 42, 8)
    assert mask.shape == (16, 42)


def test_bits_and_lengths_are_drawn_evenly():
    x, _, mask = make_copy(5000, min_length=2, max_length=5, bits=3, seed=1)
    shares = np.bincount(mask.sum(axis=1).astype(int), minlength=6) / 5000
    np.testing.assert_allclose(shares[2:], 1 / 4, atol=0.03)
    np.testing.assert_allclose(x[:, 1:3, :3].mean(axis=0), 1 / 2, atol=0.03)
    # Neither the bits of a vector nor one vector and the next go together.
    together = np.corrcoef(x[:, 1:3, :3].reshape(5000, 6).T) - np.eye(6)
    assert np.abs(together).max() < 0.06


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"batch": 0}, "`batch` must be an integer of at least 1. Received: batch=0"),
        ({"min_length": 0}, "`min_length` must be an integer of at least 1. Received"),
        ({"min_length": 5, "max_length": 4}, "`max_length` must be an integer of at least 5. Rec"),
        ({"max_length": 4.5}, "`max_length` must be an integer of at least 1. Received"),
        ({"bits": 0}, "`bits` must be an integer of at least 1. Received: bits=0"),
        ({"seed": -1}, "`seed` must be a non-negative integer. Received: seed=-1"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_copy(**{"batch": 2} | arguments)
