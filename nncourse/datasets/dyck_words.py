"""Dyck words: brackets of several kinds, nested as in a program, and what may follow each."""

import numpy as np

from nncourse.datasets._arguments import random_generator, whole_number


def make_dyck(
    batch: int, min_length: int = 2, max_length: int = 20, pairs: int = 2, seed=0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""Draws words of brackets in which each is closed, the last one that was opened first.

    With two kinds, `([])()` is such a word and `([)]` is not. After each symbol the target is the
    set of all that may come next,

    $$y_{ts} = 1 \iff x_1 \dots x_t\, s \ \text{ is the beginning of a word and its end,}$$

    as numbers 0 and 1 side by side: every opening bracket, always; the closing bracket of the kind
    opened last of those still open; or, if none is open, the end. A word is answered only if all
    its sets are. To know which bracket to close, one must remember all that are open and in which
    order: a stack, or as many states as there are stacks.

    A word's length is drawn evenly from the even numbers allowed, then the word, each with the same
    chance among all of that length, and a kind for each pair.

    Args:
        batch: How many words, at least 1.
        min_length: Symbols of the shortest word, even, at least 2.
        max_length: Symbols of the longest, even.
        pairs: Kinds of brackets, at least 1.
        seed: A non-negative integer: the same seed gives the same words.

    Returns:
        `x`, `(batch, max_length, 2 * pairs)`, a symbol a step as a one-hot vector, first the
        opening brackets, then the closing ones in the same order; `y`,
        `(batch, max_length, 2 * pairs + 1)`, what may follow, the end last; and `mask`,
        `(batch, max_length)`, 1 at the steps of the word. After it all is 0. All are float32.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> from nncourse import datasets
        >>> x, y, mask = datasets.make_dyck(batch=1, min_length=6, max_length=6, seed=6)
        >>> "".join("([)]"[symbol] for symbol in x[0].argmax(axis=1))
        '[()][]'
        >>> ["".join(s for s, may in zip("([)].", row, strict=True) if may) for row in y[0]]
        ['([]', '([)', '([]', '([.', '([]', '([.']

    Reference:
        Suzgun, Gehrmann, Belinkov and Shieber (2019), "Memory-augmented recurrent neural networks
        can learn generalized Dyck languages", there without the end and with words drawn from a
        grammar. The draw is Arnold and Sleep's (1980), "Uniform random generation of
        balanced parenthesis strings". Taught in the chapter *Beyond Turing machines*.
    """
    batch = whole_number("batch", batch, at_least=1)
    min_length = _even("min_length", min_length, at_least=2)
    max_length = _even("max_length", max_length, at_least=min_length)
    pairs = whole_number("pairs", pairs, at_least=1)
    rng = random_generator(seed)
    lengths = 2 * rng.integers(min_length // 2, max_length // 2, size=batch, endpoint=True)
    x = np.zeros((batch, max_length, 2 * pairs), "float32")
    y = np.zeros((batch, max_length, 2 * pairs + 1), "float32")
    mask = (np.arange(max_length) < lengths[:, np.newaxis]).astype("float32")
    stack = np.zeros((batch, max_length // 2 + 1), int)  # the kinds that are open
    height = np.zeros(batch, int)
    for t in range(max_length):
        inside = t < lengths
        left = np.where(inside, lengths - t, 1)
        opens = rng.random(batch) < _chance_to_open(height, left)
        row, kind = np.flatnonzero(inside & opens), rng.integers(pairs, size=batch)
        stack[row, height[row]] = kind[row]
        x[row, t, kind[row]] = 1
        row = np.flatnonzero(inside & ~opens)
        x[row, t, pairs + stack[row, height[row] - 1]] = 1
        height += np.where(opens, 1, -1) * inside
        y[inside, t, :pairs] = 1
        row = np.flatnonzero(inside & (height > 0))
        y[row, t, pairs + stack[row, height[row] - 1]] = 1
        y[inside & (height == 0), t, -1] = 1
    return x, y, mask


def _chance_to_open(height, left):
    """The share of the ways to close all of `height` brackets in `left` steps that open another."""
    return (height + 2) * (left - height) / (2 * left * (height + 1))


def _even(name, value, at_least):
    if whole_number(name, value, at_least) % 2:
        raise ValueError(f"`{name}` must be even. Received: {name}={value}")
    return int(value)
