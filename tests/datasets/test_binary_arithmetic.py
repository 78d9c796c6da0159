"""`make_binary_arithmetic` against Python's own integers."""

import operator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.datasets import make_binary_arithmetic

OPERATIONS = {"add": operator.add, "multiply": operator.mul}


def value(digits):
    """The integer of binary digits, the lowest first."""
    return int("".join(str(digit) for digit in digits[::-1]), 2)


def numbers(x):
    return [(value(row % 2), value(row // 2)) for row in x]


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_the_results_are_pythons(data):
    operation = data.draw(st.sampled_from(sorted(OPERATIONS)))
    low = data.draw(st.integers(1, 9))
    high = data.draw(st.integers(low, 10) | st.integers(70, 75))  # more than an int64 holds
    structured = data.draw(st.sampled_from([0.0, 0.5, 1.0]))
    seed = data.draw(st.integers(0, 2**32))
    x, y = make_binary_arithmetic(9, operation, low, high, structured, seed=seed)
    cells = high + 1 if operation == "add" else 2 * high
    assert x.shape == y.shape == (9, cells)
    assert x.dtype == y.dtype == np.int32
    assert np.isin(x, range(4)).all()
    assert np.isin(y, range(2)).all()
    for (a, b), digits in zip(numbers(x), y, strict=True):
        assert max(a, b) < 2**high
        assert value(digits) == OPERATIONS[operation](a, b)


def longest_carry(a, b):
    """How many cells in a row a carry goes through after the one where it comes up."""
    longest = run = 0
    carry = 0
    for i in range(max(a, b).bit_length()):
        digits = (a >> i & 1) + (b >> i & 1)
        run = run + 1 if carry and digits == 1 else 0
        longest = max(longest, run)
        carry = digits + carry >= 2
    return longest


def test_structured_sums_carry_far_and_random_ones_do_not():
    bits = 24
    for share, low, high in ((0.0, 0, 0.01), (1.0, 0.1, 1)):
        x, _ = make_binary_arithmetic(600, "add", bits, bits, share, seed=5)
        longest = np.array([longest_carry(*pair) for pair in numbers(x)])
        assert low <= (longest >= bits // 2).mean() <= high
    assert longest.max() == bits - 1
    # Where a run starts and ends is drawn evenly. Of two digits: from 0 to 0 or to 1, or from 1.
    x, _ = make_binary_arithmetic(4000, "add", 2, 2, 1.0, seed=7)
    through = (x[:, 0] == 3) & np.isin(x[:, 1], (1, 2))
    assert through.mean() == pytest.approx(1 / 2 * (1 / 2 * 1 / 2 + 1 / 2 * 1), abs=0.03)
    # There are pairs of which one has all the digits of the run, as in 1 + 111...1.
    x, _ = make_binary_arithmetic(600, "add", 8, 8, 1.0, seed=6)
    assert [3, 1, 1, 1, 1, 1, 1, 1, 0] in x.tolist()
    assert [3, 2, 2, 2, 2, 2, 2, 2, 0] in x.tolist()


def test_structured_factors_are_powers_of_two_or_one_less():
    x, _ = make_binary_arithmetic(400, "multiply", 3, 3, structured=1.0, seed=2)
    factors = np.array(numbers(x))
    for column in factors.T:
        values, counts = np.unique(column, return_counts=True)
        np.testing.assert_array_equal(values, [1, 2, 3, 4, 7])
        # 1 is both a power of two and one less than the next.
        np.testing.assert_allclose(counts / 400, [2 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6], atol=0.1)
    assert {(2, 7), (7, 2), (4, 4)} <= set(map(tuple, factors.tolist()))


def test_as_many_pairs_are_structured_as_was_said():
    x, _ = make_binary_arithmetic(1000, "multiply", 12, 12, structured=0.4, seed=3)
    structured = [all(n & (n - 1) == 0 or n & (n + 1) == 0 for n in pair) for pair in numbers(x)]
    assert np.mean(structured) == pytest.approx(0.4, abs=0.06)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_sizes_and_digits_are_drawn_evenly(operation):
    x, _ = make_binary_arithmetic(6000, operation, 2, 4, seed=1)
    # A digit is 1 in half of the pairs that are long enough to have it.
    for digits in (x % 2, x // 2):
        expected = np.array([3, 3, 2, 1, *[0] * (x.shape[1] - 4)]) / 6
        np.testing.assert_allclose(digits.mean(axis=0), expected, atol=0.03)
    # Neither the digits of a number nor the two numbers go together.
    together = np.corrcoef([*(x[:, :2] % 2).T, *(x[:, :2] // 2).T]) - np.eye(4)
    assert np.abs(together).max() < 0.06


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"batch": 0}, "`batch` must be an integer of at least 1. Received: batch=0"),
        ({"operation": "+"}, r"`operation` must be 'add' or 'multiply'. Received: operation='\+'"),
        ({"min_bits": 0}, "`min_bits` must be an integer of at least 1. Received: min_bits=0"),
        ({"min_bits": 5, "max_bits": 4}, "`max_bits` must be an integer of at least 5. Received"),
        ({"structured": 1.5}, "`structured` must be from 0 to 1. Received: structured=1.5"),
        ({"structured": "all"}, "`structured` must be from 0 to 1. Received: structured='all'"),
        ({"seed": -1}, "`seed` must be a non-negative integer. Received: seed=-1"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_binary_arithmetic(**{"batch": 2} | arguments)
