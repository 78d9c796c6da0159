"""Sums and products of binary numbers, digit by digit."""

import numpy as np

from nncourse.datasets._arguments import random_generator, real_number, whole_number
from nncourse.datasets._episodes import bounds


def make_binary_arithmetic(
    batch: int,
    operation: str = "add",
    min_bits: int = 1,
    max_bits: int = 12,
    structured: float = 0.0,
    seed=0,
) -> tuple[np.ndarray, np.ndarray]:
    r"""Draws pairs of binary numbers side by side on a tape, and the digits of the result.

    The lowest digits come first. A cell $i$ of the tape holds a digit of each number as one symbol,

    $$x_i = a_i + 2\, b_i, \qquad \sum_i 2^i y_i = a + b \quad\text{or}\quad a \cdot b .$$

    Both numbers have up to $n$ digits, $n$ drawn evenly from `min_bits` to `max_bits`, each digit
    0 or 1 with equal chance. Zeros fill the rest of a tape that is long enough for any result.

    Among such numbers a carry seldom goes far, and one that goes through all digits is never drawn:
    who can't carry may do well on them. Structured pairs have what they lack. For sums there is a
    cell where both digits are 1, and after it a run of cells with one 1 and one 0, so that the
    carry goes through them all; in half of the pairs it is always the same number that has the 1s,
    as in 1 + 111...1. For products both numbers are powers of two, such as 000...010, or one less,
    such as 001...111.

    Args:
        batch: How many pairs, at least 1.
        operation: `"add"` or `"multiply"`.
        min_bits: The smallest $n$, at least 1.
        max_bits: The largest.
        structured: The share of structured pairs, from 0 to 1.
        seed: A non-negative integer: the same seed gives the same pairs.

    Returns:
        `x`, `(batch, cells)` int32, symbols from 0 to 3, and `y`, `(batch, cells)` int32, digits;
        `max_bits + 1` cells for sums, `2 * max_bits` for products.

    Raises:
        ValueError: If an argument is not as said above.

    Example:
        >>> from nncourse import datasets
        >>> x, y = datasets.make_binary_arithmetic(batch=1, min_bits=6, max_bits=6, seed=1)
        >>> a, b = (int("".join(map(str, digits[::-1])), 2) for digits in (x[0] % 2, x[0] // 2))
        >>> a, b, int("".join(map(str, y[0, ::-1])), 2)
        (14, 19, 33)

    Reference:
        Kaiser and Sutskever (2016), "Neural GPUs learn algorithms", there with the numbers one
        after the other; Price, Zaremba and Sutskever (2016), "Extensions and
        limitations of the Neural GPU", for what structured pairs bring to light. Taught
        in the chapter *Beyond Turing machines*.
    """
    batch = whole_number("batch", batch, at_least=1)
    if operation not in ("add", "multiply"):
        raise ValueError(
            f"`operation` must be 'add' or 'multiply'. Received: operation={operation!r}"
        )
    min_bits, max_bits = bounds(("min_bits", "max_bits"), min_bits, max_bits)
    share = real_number("structured", structured, "from 0 to 1", lambda value: 0 <= value <= 1)
    rng = random_generator(seed)
    n = rng.integers(min_bits, max_bits, size=(batch, 1), endpoint=True)
    numbers = rng.integers(2, size=(2, batch, max_bits))
    is_structured = rng.random((batch, 1)) < share
    if operation == "add":
        numbers = np.where(is_structured, _with_a_long_carry(numbers, n, rng), numbers)
    else:
        numbers = np.where(is_structured, _powers_of_two(numbers.shape, n, rng), numbers)
    a, b = numbers * (np.arange(max_bits) < n)
    cells = max_bits + 1 if operation == "add" else 2 * max_bits
    columns = np.zeros((batch, cells), int)  # what is to be added up at each digit
    if operation == "add":
        columns[:, :max_bits] = a + b
    else:
        for i in range(max_bits):
            columns[:, i : i + max_bits] += a[:, i, np.newaxis] * b
    x = np.zeros((batch, cells), "int32")
    x[:, :max_bits] = a + 2 * b
    return x, _carried(columns)


def _with_a_long_carry(numbers, n, rng):
    """The numbers with a run of digits through which a carry goes."""
    rows = n.shape
    start = rng.integers(n)
    end = rng.integers(start, n)  # the run's last cell
    i = np.arange(numbers.shape[2])
    one = np.where(rng.random(rows) < 0.5, rng.integers(2, size=rows), numbers[0])
    run = np.where((start < i) & (i <= end), [one, 1 - one], numbers)
    return np.where(i == start, 1, run)


def _powers_of_two(shape, n, rng):
    """Numbers of a single 1, or of the 1s below it."""
    i = np.arange(shape[2])
    top = rng.integers(n, size=(2, *n.shape))
    return np.where(rng.random((2, *n.shape)) < 0.5, i == top, i <= top).astype(int)


def _carried(columns):
    """The binary digits of the numbers whose columns these are."""
    digits, carry = np.zeros(columns.shape, "int32"), 0
    for i in range(columns.shape[1]):
        total = columns[:, i] + carry
        digits[:, i], carry = total % 2, total // 2
    return digits
