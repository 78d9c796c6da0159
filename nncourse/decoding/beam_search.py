"""A search for the likeliest sequence that keeps several in view."""

from collections.abc import Callable
from numbers import Real

import numpy as np

from nncourse.decoding._steps import (
    check_length_and_end,
    checked_start,
    filled_up,
    next_log_probabilities,
)
from nncourse.scratch._network_checks import is_positive_integer


def beam_search(
    step: Callable,
    start,
    length: int,
    beam: int,
    end: int | None = None,
    length_penalty: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    r"""Extends a prefix by every symbol, keeps the best few results, and goes on from them.

    The score of a sequence $y$ is its log-probability over a penalty for short ones,

    $$\frac{1}{\text{lp}(y)} \sum_{t=1}^{|y|} \log p(y_t \mid y_1, \dots, y_{t-1}), \qquad
    \text{lp}(y) = \Big(\frac{5 + |y|}{6}\Big)^{\alpha},$$

    where $|y|$ counts the appended symbols up to and with `end`. With $\alpha = 0$ the score is the
    log-probability, to which each further symbol adds a negative number, so that short sequences
    have the advantage. Finished sequences keep their score and their place as long as they are
    among the best; the others are compared with them by the score of what they have so far.

    A beam of 1 is `greedy`; one that holds all sequences finds the best of them. In between it
    may miss it, and a wider beam may even, now and then, find a worse one. Of equal scores the
    sequence comes first that grew from the better one, then that of the smaller symbol.

    Args:
        step: The model: takes prefixes, an integer array `(sequences, symbols so far)`, and returns
            the log-probabilities of the next symbol, `(sequences, vocabulary)`, as an array or a
            tensor of the backend. Every call has `batch * beam` prefixes, first the `beam` of the
            first row of the batch. A model that is given a source sentence for each row repeats it:
            `np.repeat(source, beam, axis=0)` fits to the prefixes. It is asked with the whole
            prefix, never with a state of its own, which the search would have to reorder as the
            sequences change places.
        start: What the sequences begin with: a symbol, a prefix `(symbols,)`, or a batch of
            prefixes `(batch, symbols)`, of integers. Each row is searched for itself.
        length: How many symbols to append, a positive integer.
        beam: How many sequences are kept, a positive integer.
        end: The symbol that ends a sequence, if there is one; after it a sequence is filled up with
            it. In `start` it has no meaning.
        length_penalty: $\alpha$, a finite number of 0 or more.

    Returns:
        The appended symbols, `(beam, length)`, or `(batch, beam, length)` for a batch, and their
        scores, `(beam,)` or `(batch, beam)`, the best first. Where fewer than `beam` sequences are
        possible the last places are empty: their score is $-\infty$, their symbols mean nothing.

    Raises:
        ValueError: For an argument outside its range, and if `step` returns another shape, a NaN,
            or what can't be log-probabilities.

    Example:
        >>> import numpy as np
        >>> from nncourse.decoding import beam_search
        >>> log_p = np.log([[0.6, 0.4], [0.2, 0.8]])  # a row for each last symbol
        >>> def step(prefixes):
        ...     return log_p[prefixes[:, -1]]
        >>> sequences, scores = beam_search(step, start=0, length=3, beam=2)
        >>> print(sequences, np.exp(scores).round(3))  # `greedy` finds the second
        [[1 1 1]
         [0 0 0]] [0.256 0.216]

    Reference:
        Sutskever, Vinyals and Le (2014), "Sequence to sequence learning with neural networks",
        section 3.2; the penalty is equation 14 of Wu et al. (2016), "Google's neural machine
        translation system". Taught in the chapter *Language models*.
    """
    prefixes, is_batch = checked_start(start)
    check_length_and_end(length, end)
    _check(beam, length_penalty)
    batch = len(prefixes)
    prefixes = np.repeat(prefixes, beam, axis=0)
    log_p = np.full((batch, beam), -np.inf)
    log_p[:, 0] = 0.0  # the other places are empty
    lengths = np.zeros((batch, beam), dtype=int)
    finished = np.zeros((batch, beam), dtype=bool)
    width = prefixes.shape[1] + length
    while prefixes.shape[1] < width and not finished.all():
        new = next_log_probabilities(step, prefixes, end, finished.ravel())
        totals = log_p[:, :, None] + new.reshape(batch, beam, -1)  # (batch, beam, vocabulary)
        lengths = lengths + ~finished
        penalties = ((5 + lengths) / 6) ** length_penalty
        candidates = (totals / penalties[:, :, None]).reshape(batch, -1)
        best = np.argsort(-candidates, axis=1, kind="stable")[:, :beam]
        scores = np.take_along_axis(candidates, best, axis=1)
        parents, symbols = np.divmod(best, new.shape[1])
        log_p = np.take_along_axis(totals.reshape(batch, -1), best, axis=1)
        lengths = np.take_along_axis(lengths, parents, axis=1)
        finished = symbols == end
        rows = parents + beam * np.arange(batch)[:, None]
        prefixes = np.column_stack([prefixes[rows.ravel()], symbols.ravel()])
    sequences = filled_up(prefixes, width, end)[:, -length:].reshape(batch, beam, length)
    return (sequences, scores) if is_batch else (sequences[0], scores[0])


def _check(beam, length_penalty) -> None:
    if not is_positive_integer(beam):
        raise ValueError(f"`beam` must be a positive integer. Received: {beam=}")
    is_number = isinstance(length_penalty, Real) and np.isfinite(length_penalty)
    if not is_number or length_penalty < 0:
        raise ValueError(
            f"`length_penalty` must be a finite number of 0 or more. Received: {length_penalty=}"
        )
