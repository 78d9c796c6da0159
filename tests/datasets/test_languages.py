"""`make_dyck` and `make_anbn` against readers of words that are written otherwise."""

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.datasets import make_anbn, make_dyck

OPENING, CLOSING = "([{<", ")]}>"


def without_pairs(word):
    """What is left of a word once all its pairs of neighbors are taken out, over and over."""
    while (shorter := re.sub(r"\(\)|\[\]|\{\}|<>", "", word)) != word:
        word = shorter
    return word


def words(x, mask, symbols):
    """The words, from one-hot vectors that end where the mask does."""
    assert x.dtype == mask.dtype == np.float32
    np.testing.assert_array_equal(x.sum(axis=2), mask)  # one symbol a step, and then none
    assert np.isin(x, (0, 1)).all()
    lengths = mask.sum(axis=1).astype(int)
    np.testing.assert_array_equal(mask, np.arange(mask.shape[1]) < lengths[:, np.newaxis])
    return [
        "".join(symbols[s] for s in row[:length].argmax(axis=1))
        for row, length in zip(x, lengths, strict=True)
    ]


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_what_may_follow_is_what_makes_the_beginning_of_a_dyck_word(data):
    low = 2 * data.draw(st.integers(1, 6))
    high = data.draw(st.integers(low // 2, 9)) * 2
    pairs = data.draw(st.integers(1, 4))
    x, y, mask = make_dyck(6, low, high, pairs, seed=data.draw(st.integers(0, 2**32)))
    assert x.shape == (6, high, 2 * pairs)
    assert y.shape == (6, high, 2 * pairs + 1)
    assert y.dtype == np.float32
    assert not y[mask == 0].any()
    symbols = OPENING[:pairs] + CLOSING[:pairs]
    for word, targets in zip(words(x, mask, symbols), y, strict=True):
        assert low <= len(word) <= high
        assert without_pairs(word) == ""
        for t in range(len(word)):
            so_far = word[: t + 1]
            # It is the beginning of a word if nothing but opening brackets are left.
            may = [all(b in OPENING for b in without_pairs(so_far + s)) for s in symbols]
            np.testing.assert_array_equal(targets[t], [*may, without_pairs(so_far) == ""])


def test_dyck_words_of_a_length_are_drawn_evenly_and_so_are_the_lengths_and_the_kinds():
    x, _, mask = make_dyck(14_000, 8, 8, pairs=1, seed=1)
    counts = Counter(words(x, mask, "()"))
    assert len(counts) == 14  # the Catalan number of 4
    assert all(abs(count - 1000) < 150 for count in counts.values())  # 5 standard deviations
    x, _, mask = make_dyck(6000, 4, 8, pairs=3, seed=2)
    lengths = Counter(mask.sum(axis=1).astype(int).tolist())
    assert set(lengths) == {4, 6, 8}
    assert all(abs(count - 2000) < 200 for count in lengths.values())
    drawn = words(x, mask, "([{)]}")
    kinds = Counter(word[0] for word in drawn)
    assert all(abs(kinds[kind] - 2000) < 200 for kind in "([{")
    # The kind of one bracket says nothing of the next.
    together = Counter(word[:2] for word in drawn if word[1] in "([{")
    assert len(together) == 9
    assert max(together.values()) < 1.25 * min(together.values())


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 9), st.integers(0, 9), st.integers(0, 2**32))
def test_what_may_follow_in_as_and_bs(low, more, seed):
    high = low + more
    x, y, mask = make_anbn(5, low, high, seed=seed)
    assert x.shape == (5, 2 * high, 2)
    assert y.shape == (5, 2 * high, 3)
    assert y.dtype == np.float32
    assert not y[mask == 0].any()
    whole = {n: "a" * n + "b" * n + "." for n in range(1, 30)}
    for word, targets in zip(words(x, mask, "ab"), y, strict=True):
        n = len(word) // 2
        assert low <= n <= high
        assert f"{word}." == whole[n]
        for t in range(len(word)):
            may = [
                any(other.startswith(word[: t + 1] + s) for other in whole.values()) for s in "ab."
            ]
            np.testing.assert_array_equal(targets[t], may)


def test_all_numbers_of_as_are_drawn_evenly():
    _, _, mask = make_anbn(4000, 2, 5, seed=1)
    shares = np.bincount(mask.sum(axis=1).astype(int) // 2, minlength=6) / 4000
    np.testing.assert_allclose(shares[2:], 1 / 4, atol=0.03)


@pytest.mark.parametrize(
    ("make", "arguments", "message"),
    [
        (make_dyck, {"batch": 0}, "`batch` must be an integer of at least 1. Received: batch=0"),
        (make_dyck, {"min_length": 0}, "`min_length` must be an integer of at least 2. Received"),
        (make_dyck, {"min_length": 3}, "`min_length` must be even. Received: min_length=3"),
        (make_dyck, {"max_length": 21}, "`max_length` must be even. Received: max_length=21"),
        (
            make_dyck,
            {"min_length": 6, "max_length": 4},
            "`max_length` must be an integer of at least 6. Received: max_length=4",
        ),
        (make_dyck, {"pairs": 0}, "`pairs` must be an integer of at least 1. Received: pairs=0"),
        (make_dyck, {"seed": -1}, "`seed` must be a non-negative integer. Received: seed=-1"),
        (make_anbn, {"batch": 1.5}, "`batch` must be an integer of at least 1. Received"),
        (make_anbn, {"min_n": 0}, "`min_n` must be an integer of at least 1. Received: min_n=0"),
        (make_anbn, {"min_n": 3, "max_n": 2}, "`max_n` must be an integer of at least 3. Rec"),
        (make_anbn, {"seed": "x"}, "`seed` must be a non-negative integer. Received: seed='x'"),
    ],
)
def test_bad_arguments(make, arguments, message):
    with pytest.raises(ValueError, match=message):
        make(**{"batch": 2} | arguments)
