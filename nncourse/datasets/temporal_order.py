"""The temporal order problem: which of two symbols came first, and which second."""

import numpy as np

from nncourse.datasets._arguments import random_generator, whole_number

_EARLY = 10  # steps, the starting B included, in which the first relevant symbol may stand
_NOISE, _X, _B, _E = 4, 4, 6, 7  # the symbols are a, b, c, d, X, Y, B, E in this order


def make_temporal_order(samples: int, lag: int = 50, seed=0) -> tuple[np.ndarray, np.ndarray]:
    r"""Draws strings in which only two symbols count, and the class that their order makes.

    A string begins with B, ends with E and is random letters a, b, c, d in between, but for two
    symbols that are each X or Y. These two, in their order, make the class:

    $$XX \to 0, \qquad XY \to 1, \qquad YX \to 2, \qquad YY \to 3.$$

    The first of them stands among the first ten steps, the second among the `lag` steps after them.
    Guessing is right in 1/4 of the cases; knowing one of the two symbols, in 1/2.

    Args:
        samples: How many strings, at least 1.
        lag: How many steps lie, at the least, between the first relevant symbol and the last step;
            at least 2. The strings have `lag + 10` steps.
        seed: A non-negative integer: the same seed gives the same strings.

    Returns:
        `x`, `(samples, lag + 10, 8)` float64, one-hot in the order a, b, c, d, X, Y, B, E, and `y`,
        `(samples,)` integer classes 0 to 3.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> from nncourse import datasets
        >>> x, y = datasets.make_temporal_order(samples=1, lag=20)
        >>> "".join("abcdXYBE"[symbol] for symbol in x[0].argmax(axis=1)), y
        ('BYcbbaaaadcdccdccccdbdcabdXadE', array([2]))

    Reference:
        Hochreiter and Schmidhuber (1997), "Long short-term memory", section 5.6, task 6a, there
        with strings of 100 to 110 symbols, the first that counts at 10 to 20 and the second at 50
        to 60. Taught in the chapter *Gated memory*.
    """
    samples = whole_number("samples", samples, at_least=1)
    lag = whole_number("lag", lag, at_least=2)
    rng = random_generator(seed)
    symbols = rng.integers(_NOISE, size=(samples, _EARLY + lag))
    symbols[:, 0], symbols[:, -1] = _B, _E
    rows = np.arange(samples)
    first, second = rng.integers(2, size=(2, samples))
    symbols[rows, rng.integers(1, _EARLY, size=samples)] = _X + first
    symbols[rows, _EARLY + rng.integers(lag - 1, size=samples)] = _X + second
    return np.eye(8)[symbols], 2 * first + second
