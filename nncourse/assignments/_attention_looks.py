"""The exercises that read by scaled dot-product attention."""

import numpy as np

from nncourse.assignments._exercise import Exercise, draw


def _rows(scores):
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


# --- one look --------------------------------------------------------------------------------


def _context(q, K, V, scale=None):
    scale = np.sqrt(len(q)) if scale is None else scale
    return _rows(K @ q / scale) @ V


def _looks(rng: np.random.Generator) -> list[tuple]:
    cases = []
    for d, length, m in [(4, 2, 1), (3, 3, 2), (2, 4, 3), (5, 3, 4)] * 2:
        cases.append((draw(rng, d), draw(rng, length, d), draw(rng, length, m)))
    return cases


SCALED_CONTEXT = Exercise(
    "attention.scaled_context",
    solution=lambda q, K, V: _context(q, K, V),
    cases=_looks,
    hint="Scores are the dot products of q with the rows of K, divided by the root of d. Their "
    "softmax weighs the rows of V.",
    mistakes=(
        (lambda q, K, V: _context(q, K, V, 1.0), "The scores are not scaled by the root of d."),
        (lambda q, K, V: _context(q, K, V, len(q)), "Divide by the root of d, not by d."),
        (
            lambda q, K, V: _context(q, K, V, np.sqrt(len(K))),
            "d is the width of a query, not the number of keys.",
        ),
        (
            lambda q, K, V: _rows(K @ q / np.sqrt(len(q))) @ K,
            "That is a mean of the keys. The keys are compared, the values are read.",
        ),
        (
            lambda q, K, V: (K @ q / np.sqrt(len(q))) / (K @ q / np.sqrt(len(q))).sum() @ V,
            "The exponential of the softmax is missing.",
        ),
        (
            lambda q, K, V: (K @ q / np.sqrt(len(q))) @ V,
            "The scores are not weights: the softmax is missing.",
        ),
        (
            lambda q, K, V: V[(K @ q).argmax()],
            "That is a hard look at the best key. A soft one reads the mean of all, by weight.",
        ),
    ),
)

# --- not into the future ---------------------------------------------------------------------


def _causal(X, allowed, scale=None):
    scale = np.sqrt(X.shape[1]) if scale is None else scale
    return _rows(np.where(allowed, X @ X.T / scale, -1e30)) @ X


def _zeros_kept(X):
    scores = X @ X.T / np.sqrt(X.shape[1])
    return _rows(np.where(np.tri(len(X)), scores, 0)) @ X


def _cut_afterwards(X):
    return (_rows(X @ X.T / np.sqrt(X.shape[1])) * np.tri(len(X))) @ X


def _by_columns(X):
    scores = np.where(np.tri(len(X)), X @ X.T / np.sqrt(X.shape[1]), -1e30)
    return _rows(scores.T).T @ X


CAUSAL_ATTENTION = Exercise(
    "attention.causal_attention",
    solution=lambda X: _causal(X, np.tri(len(X), dtype=bool)),
    cases=lambda rng: [(draw(rng, n, d) / 2,) for n, d in [(2, 4), (3, 2), (4, 3), (5, 2)] * 2],
    hint="The scores are X X^T over the root of d. Those above the diagonal become minus infinity, "
    "then comes the softmax of each row, then the product with X.",
    mistakes=(
        (
            lambda X: _causal(X, np.ones((len(X), len(X)), bool)),
            "Every row looks into the future: the mask is missing.",
        ),
        (
            lambda X: _causal(X, np.tri(len(X), dtype=bool).T),
            "That is the mask the wrong way round: row t may look at the rows up to t.",
        ),
        (_zeros_kept, "A score of 0 is no mask: its exponential is 1. Use minus infinity."),
        (
            _cut_afterwards,
            "The weights don't sum to 1: mask the scores, before the softmax.",
        ),
        (
            lambda X: _causal(X, np.tri(len(X), dtype=bool), 1.0),
            "The scores are not scaled by the root of d.",
        ),
        (
            lambda X: _causal(X, np.tri(len(X), dtype=bool), np.sqrt(len(X))),
            "d is the width of a row, not the number of rows.",
        ),
        (_by_columns, "The softmax is of each row, over the keys, not of each column."),
    ),
)
