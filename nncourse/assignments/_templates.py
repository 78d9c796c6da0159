"""The exercises on comparing images: with a template, and with the nearest examples."""

import numpy as np

from nncourse.assignments._exercise import Exercise, draw
from nncourse.scratch import KNearestNeighbors

# --- how alike a window and a template are ---------------------------------------------------


def _cosine(w, t):
    product = (w * t).sum()
    return product / np.sqrt((w**2).sum() * (t**2).sum()) if product else 0.0


def _similarity(window, template):
    return _cosine(window - window.mean(), template - template.mean())


def _windows(rng: np.random.Generator):
    """A window that is its template in another light, its negative, a flat one, and random ones."""
    template = np.array([[0.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 0.0]])
    yield 0.5 * template + 0.25, template
    yield 1 - template, template
    yield np.full((3, 3), 0.75), template
    for size in rng.integers(2, 5, (9, 2)):
        yield draw(rng, *size) + 5, draw(rng, *size)


SIMILARITY = Exercise(
    "filters.similarity",
    solution=_similarity,
    cases=_windows,
    hint="Subtract from each of the two its own mean. Then divide the sum of their products by the "
    "root of the product of their two sums of squares.",
    mistakes=(
        (
            lambda window, template: (window * template).sum(),
            "This is the raw correlation, which rewards brightness.",
        ),
        (
            _cosine,
            "The means are missing: a window of which every pixel is brighter must get the same.",
        ),
        (
            lambda window, template: (
                _cosine(window - window.mean(), template - template.mean()) ** 2
            ),
            "This is the square. It does not tell a template from its negative.",
        ),
        (
            lambda window, template: abs(_similarity(window, template)),
            "The sign belongs to the answer: the negative of a template gets -1.",
        ),
        (
            lambda window, template: (
                (window - window.mean()) * (template - template.mean())
            ).mean(),
            "This is the covariance. Divide by the lengths, or contrast is rewarded.",
        ),
        (
            lambda window, template: (
                ((window - window.mean()) * (template - template.mean())).sum()
                / window.std()
                / template.std()
            ),
            "np.std divides by the number of pixels, and the sum in the numerator does not.",
        ),
        (
            lambda window, template: np.corrcoef(window.ravel(), template.ravel())[0, 1],
            "A window of a single gray value gives 0 / 0 here. It must get 0.",
        ),
    ),
)

# --- the vote of the neighbors ---------------------------------------------------------------


def _nearest_class(x, t, query, k):
    return KNearestNeighbors(k, "l1").fit(x, t).predict(query[None])[0]


def _by_votes(t, nearest):
    return np.bincount(t[nearest]).argmax()


def _farthest_class(x, t, query, k):
    return _by_votes(t, np.argsort(-np.abs(x - query).sum(axis=1), kind="stable")[:k])


def _first_vote_wins(x, t, query, k):
    """A tie of votes goes to the class of the nearest of them."""
    votes = t[np.argsort(np.abs(x - query).sum(axis=1), kind="stable")[:k]]
    return max(votes.tolist(), key=votes.tolist().count)


def _last_comes_first(x, t, query, k):
    """Of equally near examples the last one is taken."""
    distances = np.abs(x - query).sum(axis=1)
    return _by_votes(t, len(t) - 1 - np.argsort(distances[::-1], kind="stable")[:k])


def _neighborhoods(rng: np.random.Generator):
    """The metrics apart, a tie of votes, a tie of distances; then more, on a coarse grid."""
    zero = np.zeros(2)
    diagonal = np.array([[2.0, 2.0], [3.0, 0.0], [9.0, 9.0]])
    yield diagonal, np.array([0, 1, 2]), zero, 1  # L1: the second, L2: the first
    yield (
        np.array([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [4.0, 0.0]]),
        np.array([2, 1, 1, 2]),
        zero,
        4,
    )
    yield np.array([[1.0, 0.0], [0.0, -1.0], [0.0, 1.0]]), np.array([2, 0, 1]), zero, 1
    yield np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 2.0]]), np.array([0, 1, 1]), zero, 3
    for _ in range(16):
        samples = int(rng.integers(20, 31))  # sorting a few keeps the order by itself
        x = rng.integers(-3, 4, (samples, 3)).astype(float)
        yield x, rng.integers(0, 4, samples), rng.integers(-3, 4, 3) * 1.0, int(rng.integers(1, 6))


NEAREST_CLASS = Exercise(
    "filters.nearest_class",
    solution=_nearest_class,
    cases=_neighborhoods,
    hint="np.abs(x - query).sum(axis=1) holds the distances; np.argsort with kind='stable' keeps "
    "the order of equal ones; np.bincount counts votes, and argmax takes the first of the largest.",
    mistakes=(
        (
            lambda x, t, query, k: KNearestNeighbors(k, "l2").fit(x, t).predict(query[None])[0],
            "This is the distance d_2. Of d_1 the absolute values are added.",
        ),
        (
            lambda x, t, query, k: _nearest_class(x, t, query, 1),
            "This is the class of the single nearest example. k of them vote.",
        ),
        (_farthest_class, "These are the examples farthest away: argsort puts the smallest first."),
        (
            _first_vote_wins,
            "Of equally many votes the smaller class wins, not that of the nearest example.",
        ),
        (
            _last_comes_first,
            "Of equally near examples the first in x is nearer: np.argsort with kind='stable'.",
        ),
        (
            lambda x, t, query, k: np.argsort(np.abs(x - query).sum(axis=1), kind="stable")[0],
            "This is the index of an example. Its class is t at that index.",
        ),
        (
            lambda x, t, query, k: np.median(
                t[np.argsort(np.abs(x - query).sum(axis=1), kind="stable")[:k]]
            ),
            "Classes are names, not amounts: a median or a mean of them says nothing. Count votes.",
        ),
    ),
)
