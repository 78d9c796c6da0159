"""Steps from prefixes to longer ones, and the checks of what they are made with."""

from collections.abc import Callable
from numbers import Integral

import numpy as np

from nncourse.scratch._network_checks import is_positive_integer


def extend(step: Callable, start, length: int, end, choose: Callable) -> tuple:
    """Appends one symbol after the other to each prefix.

    Args:
        step: The model.
        start: As `checked_start` takes it.
        length: How many symbols are appended.
        end: The symbol that ends a sequence, or None.
        choose: Takes log-probabilities `(sequences, vocabulary)`, returns `(sequences,)` symbols.

    Returns:
        The new symbols `(batch, length)` and the sums of their log-probabilities `(batch,)`, or of
        the only sequence if `start` is not a batch.
    """
    prefixes, is_batch = checked_start(start)
    check_length_and_end(length, end)
    rows = np.arange(len(prefixes))
    scores, finished = np.zeros(len(rows)), np.zeros(len(rows), dtype=bool)
    width = prefixes.shape[1] + length
    while prefixes.shape[1] < width and not finished.all():
        log_p = next_log_probabilities(step, prefixes, end, finished)
        symbols = choose(log_p)
        scores += log_p[rows, symbols]
        finished = symbols == end  # what had ended before can only have taken `end` again
        prefixes = np.column_stack([prefixes, symbols])
    sequences = filled_up(prefixes, width, end)[:, -length:]
    return (sequences, scores) if is_batch else (sequences[0], float(scores[0]))


def next_log_probabilities(step: Callable, prefixes, end, finished) -> np.ndarray:
    """What a model says comes next, as checked numbers `(sequences, vocabulary)`.

    A sequence that is finished goes on with `end` and nothing else, at no cost.
    """
    log_p = _as_numpy(step(prefixes))
    if log_p.ndim != 2 or len(log_p) != len(prefixes) or log_p.shape[1] == 0:
        raise ValueError(
            f"`step` must return log-probabilities of the shape ({len(prefixes)}, vocabulary) for "
            f"prefixes of shape {prefixes.shape}. Received: shape {log_p.shape}"
        )
    if end is not None and end >= log_p.shape[1]:
        raise ValueError(
            f"`end` must be one of the {log_p.shape[1]} symbols of `step`. Received: {end=}"
        )
    # The tolerance is for what a network rounds; raw scores and probabilities are far outside.
    # A sum below one is allowed, so that a step may forbid symbols by a log-probability of -inf.
    with np.errstate(over="ignore"):
        is_distribution = np.exp(log_p).sum(axis=1) <= 1.01  # false for NaN too
    if not is_distribution.all():
        row = np.flatnonzero(~is_distribution)[0]
        raise ValueError(
            "`step` must return log-probabilities: no NaN, none above 0, and their exponentials "
            f"sum to 1 or less. Received: {log_p[row]} for the prefix {prefixes[row]}"
        )
    if finished.any():
        log_p[finished] = -np.inf
        log_p[finished, end] = 0.0
    return log_p


def filled_up(prefixes: np.ndarray, width: int, end) -> np.ndarray:
    """Prefixes `(sequences, width)`, which go on with `end` where all of them end early."""
    missing = width - prefixes.shape[1]
    return np.pad(prefixes, ((0, 0), (0, missing)), constant_values=end) if missing else prefixes


def checked_start(start) -> tuple[np.ndarray, bool]:
    """Prefixes `(batch, symbols)`, and whether `start` was a batch."""
    try:
        prefixes = np.asarray(start)
    except ValueError as error:
        raise ValueError("`start` must hold prefixes of the same length") from error
    is_integers = prefixes.dtype.kind in "iu" or prefixes.size == 0
    if not is_integers or prefixes.ndim > 2 or len(np.atleast_2d(prefixes)) == 0:
        raise ValueError(
            "`start` must be a symbol, a prefix (symbols,) or a batch of prefixes "
            f"(batch, symbols), of integers. Received: {start!r}"
        )
    if (prefixes < 0).any():
        raise ValueError(f"`start` must hold integers of 0 or more. Received: {start!r}")
    return np.atleast_2d(prefixes).astype(int), prefixes.ndim == 2


def check_length_and_end(length, end) -> None:
    if not is_positive_integer(length):
        raise ValueError(f"`length` must be a positive integer. Received: {length=}")
    if end is not None and (not isinstance(end, Integral) or end < 0):
        raise ValueError(f"`end` must be an integer of 0 or more. Received: {end=}")


def _as_numpy(values) -> np.ndarray:
    """A copy in double precision, so that sums of many terms keep their digits."""
    if not isinstance(values, (np.ndarray, list, tuple)):
        import keras  # only a backend's tensor needs it

        values = keras.ops.convert_to_numpy(values)
    return np.array(values, dtype=float)
