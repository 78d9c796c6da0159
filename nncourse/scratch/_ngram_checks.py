"""Checks of what an n-gram model is made from and fed with; each returns what it has checked."""

from enum import Enum
from numbers import Real

import numpy as np


class _Mark(Enum):
    """What can't be a symbol of anyone's text, and is still itself after a copy or a pickle."""

    START = "start"

    def __repr__(self) -> str:
        return "<start>"


START = _Mark.START


def as_sequences(sequences: tuple) -> list[list]:
    """Each sequence as a list of symbols."""
    lists = [as_symbols("sequences", sequence) for sequence in sequences]
    if not lists or not all(lists):
        raise ValueError(
            "`sequences` must be one or more sequences of one or more symbols. "
            f"Received: {f'an empty one in place {lists.index([])}' if lists else 'none'}"
        )
    return lists


def as_symbols(name: str, sequence) -> list:
    """A sequence as a list of symbols, which may be empty."""
    try:
        # An array's own numbers are slow keys, and look strange in a vocabulary.
        symbols = sequence.tolist() if isinstance(sequence, np.ndarray) else list(sequence)
        set(symbols)
    except TypeError as error:
        raise ValueError(
            f"`{name}` must hold symbols that can be keys of a dictionary, as a string or a list "
            f"of words does; for several sequences write `*sequences`. Received: {error}"
        ) from error
    return symbols


def positive_number(name: str, value) -> float:
    if not isinstance(value, Real) or not np.isfinite(value) or value <= 0:
        raise ValueError(f"`{name}` must be a positive number. Received: {name}={value!r}")
    return value
