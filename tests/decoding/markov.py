"""Models of the next symbol that look at the last one alone, and all that they can say."""

import itertools

import numpy as np
from hypothesis import strategies as st


def random_table(seed: int, symbols: int, zeros: bool = False) -> np.ndarray:
    """Log-probabilities `(last, next)`; with `zeros` some are impossible, never all of a row."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(symbols, 0.7), size=symbols) + 1e-9
    if zeros:
        kept = rng.integers(0, symbols, size=symbols)
        p *= (rng.random(p.shape) < 0.7) | (np.arange(symbols) == kept[:, None])
    with np.errstate(divide="ignore"):
        return np.log(p / p.sum(axis=1, keepdims=True))


def markov(log_p):
    return lambda prefixes: log_p[prefixes[:, -1]]


def all_sequences(log_p, start: int, length: int, end=None) -> dict[tuple, tuple[float, int]]:
    """Each possible sequence, filled up with `end`: its log-probability and its own length."""
    found = {}
    for sequence in itertools.product(range(len(log_p)), repeat=length):
        own = sequence.index(end) + 1 if end in sequence else length
        total = sum(log_p[a, b] for a, b in itertools.pairwise((start, *sequence[:own])))
        if total > -np.inf:
            found[sequence[:own] + (end,) * (length - own)] = total, own
    return found


TABLES = st.builds(random_table, st.integers(0), st.integers(1, 4), st.booleans())
