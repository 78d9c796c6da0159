"""The likeliest symbol, then the likeliest after it."""

from collections.abc import Callable

import numpy as np

from nncourse.decoding._steps import extend


def greedy(step: Callable, start, length: int, end: int | None = None) -> tuple:
    r"""Extends a prefix by the likeliest next symbol, again and again.

    $$y_t = \operatorname*{arg\,max}_s\; p(s \mid y_1, \dots, y_{t-1}), \qquad
    \text{score} = \sum_t \log p(y_t \mid y_1, \dots, y_{t-1}).$$

    Each choice is the best for its step; the sequence need not be, for a likely symbol may lead to
    where nothing is likely. Of equally likely symbols the smallest is taken.

    Args:
        step: The model: takes prefixes, an integer array `(sequences, symbols so far)`, and returns
            the log-probabilities of the next symbol, `(sequences, vocabulary)`, as an array or a
            tensor of the backend. A symbol that it forbids has $-\infty$.
        start: What the sequences begin with: a symbol, a prefix `(symbols,)`, or a batch of
            prefixes `(batch, symbols)`, of integers.
        length: How many symbols to append, a positive integer.
        end: The symbol that ends a sequence, if there is one. After it come only further ones of
            it, which cost nothing. In `start` it has no meaning.

    Returns:
        The appended symbols, `(length,)`, or `(batch, length)` for a batch, and their
        log-probability, one number, or `(batch,)`.

    Raises:
        ValueError: For a start, length or end of another kind, and if `step` returns another shape,
            a NaN, or what can't be log-probabilities.

    Example:
        >>> import numpy as np
        >>> from nncourse.decoding import greedy
        >>> log_p = np.log([[0.6, 0.4], [0.2, 0.8]])  # a row for each last symbol
        >>> sequence, score = greedy(lambda prefixes: log_p[prefixes[:, -1]], start=0, length=3)
        >>> print(sequence, round(np.exp(score), 3))  # but 1, 1, 1 has 0.4 * 0.8 * 0.8 = 0.256
        [0 0 0] 0.216

    Reference:
        Sutskever, Vinyals and Le (2014), "Sequence to sequence learning with neural networks",
        section 3.2. Taught in the chapter *Language models*.
    """
    return extend(step, start, length, end, lambda log_p: np.argmax(log_p, axis=1))
