"""The adding problem: two marked numbers, far apart, whose sum is asked for at the end."""

import numpy as np

from nncourse.datasets._arguments import random_generator, whole_number

_EARLY = 10  # steps in which the first of the two marks may stand


def make_adding_problem(samples: int, lag: int = 50, seed=0) -> tuple[np.ndarray, np.ndarray]:
    r"""Draws sequences of numbers, two of them marked, and the sum of these two.

    A step is a pair: a number $u$ drawn evenly from 0 to 1, and a mark $m$ that is 1 at two steps
    and else 0,

    $$t = \sum_s m_s\, u_s .$$

    One mark stands among the first ten steps, the other among the `lag` steps after them. So the
    first number must be kept over `lag` steps or more, and over all the numbers that don't count.
    Always to answer 1 has a mean squared error of 1/6; to know one of the two numbers and guess
    1/2 for the other has 1/12.

    Args:
        samples: How many sequences, at least 1.
        lag: How many steps lie, at the least, between the first marked number and the last step;
            at least 1. The sequences have `lag + 10` steps.
        seed: A non-negative integer: the same seed gives the same sequences.

    Returns:
        `x`, `(samples, lag + 10, 2)` float64, the numbers first and then the marks, and `t`,
        `(samples, 1)` float64 between 0 and 2.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> from nncourse import datasets
        >>> x, t = datasets.make_adding_problem(samples=3, lag=20)
        >>> x.shape, t.shape, x[..., 1].sum(axis=1).tolist()
        ((3, 30, 2), (3, 1), [2.0, 2.0, 2.0])

    Reference:
        Hochreiter and Schmidhuber (1997), "Long short-term memory", section 5.4, there with numbers
        from -1 to 1, both marks in the first half, the ends marked as well, lengths that vary by a
        tenth, and the target scaled into [0, 1]. Taught in the chapter *Gated memory*.
    """
    samples = whole_number("samples", samples, at_least=1)
    lag = whole_number("lag", lag, at_least=1)
    rng = random_generator(seed)
    numbers, marks = rng.random((2, samples, _EARLY + lag))
    marks[:] = 0
    rows = np.arange(samples)
    marks[rows, rng.integers(_EARLY, size=samples)] = 1
    marks[rows, _EARLY + rng.integers(lag, size=samples)] = 1
    return np.stack([numbers, marks], axis=2), (numbers * marks).sum(axis=1, keepdims=True)
