"""The exercises on dividing data: folds and stratified splits."""

import numpy as np

from nncourse.assignments._exercise import Exercise, WrongForm


def _fold_of_each(result, n, k) -> np.ndarray:
    """The number of the fold that holds each index, after how many folds there are."""
    try:
        folds = [np.asarray(fold) for fold in result]
        indices = np.concatenate(folds)
    except (TypeError, ValueError):
        raise WrongForm("The answer is a list of k lists of indices.") from None
    if any(fold.ndim != 1 or (fold.size and fold.dtype.kind not in "iu") for fold in folds):
        raise WrongForm("Each fold must be a list of integers, the indices in it.")
    if not np.isin(indices, np.arange(n)).all():
        raise WrongForm(f"The indices run from 0 to n - 1 = {n - 1}.")
    fold_of = [[f for f, fold in enumerate(folds) if i in fold] for i in range(n)]
    if any(len(found) != 1 for found in fold_of) or len(indices) != n:
        raise WrongForm("Every index must be in one fold, and in one only.")
    return np.array([len(folds), *(f for (f,) in fold_of)])


def _k_fold(n, k):
    return np.array_split(np.arange(n), k)


def _last_is_larger(n, k):
    return [range(f * (n // k), (f + 1) * (n // k) if f < k - 1 else n) for f in range(k)]


K_FOLD = Exercise(
    "generalization.k_fold",
    solution=_k_fold,
    cases=lambda rng: [
        (6, 3),
        (5, 5),
        (11, 3),
        (17, 7),
        *((int(k * rng.integers(2, 6) + k - 1), int(k)) for k in rng.integers(3, 8, size=8)),
    ],
    rtol=0,
    read=_fold_of_each,
    hint="The first n % k folds have n // k + 1 indices, the others n // k, and each goes on where "
    "the one before ended.",
    mistakes=(
        (
            lambda n, k: [range(f, n, k) for f in range(k)],
            "These folds deal the indices out like cards. Neighbors belong into one fold.",
        ),
        (
            _last_is_larger,
            "All that is left over went into the last fold. The first n % k folds get one more "
            "each, so that no two differ by more than one.",
        ),
        (
            lambda n, k: _k_fold(n, k)[::-1],
            "The folds are right, but in the reverse order.",
        ),
        (
            lambda n, k: np.array_split(np.arange(n), -(-n // k)),
            "k is the number of folds, not their size.",
        ),
        (
            lambda n, k: [n - 1 - fold[::-1] for fold in _k_fold(n, k)][::-1],
            "The larger folds come first, not last.",
        ),
    ),
)


def _stratified_split(labels, share):
    return _first_of_each(labels, share).astype(int)


def _first_of_each(labels, share) -> np.ndarray:
    return sum(_first(labels == k, share) for k in np.unique(labels))


def _first(members, share) -> np.ndarray:
    """Marks the first of those that `members` marks."""
    rank = np.cumsum(members)
    return (members & (rank <= round(share * members.sum()))).astype(int)


def _labels(rng: np.random.Generator) -> tuple:
    """Three classes or four in any order, of sizes that the share divides."""
    parts = int(rng.choice([2, 4, 5]))
    counts = parts * rng.permutation([1, 2, 4, 6])[: int(rng.integers(3, 5))]
    return rng.permutation(np.repeat(np.arange(len(counts)), counts)), 1 / parts


STRATIFIED_SPLIT = Exercise(
    "generalization.stratified_split",
    solution=_stratified_split,
    cases=lambda rng: [
        (np.repeat([0, 1, 2], [10, 5, 20]), 0.2),
        (np.tile([0, 3, 3, 7], 5), 0.4),
        *(_labels(rng) for _ in range(10)),
    ],
    rtol=0,
    hint="For each class: np.flatnonzero(labels == k) are its examples; mark the first "
    "round(share * how many there are).",
    mistakes=(
        (
            lambda labels, share: _first(np.ones(len(labels), dtype=bool), share),
            "This is a plain split: the first of all examples, whatever their class.",
        ),
        (
            lambda labels, share: 1 - _first_of_each(labels, share),
            "1 marks the examples put aside, `share` of them; this marks the others.",
        ),
        (
            lambda labels, share: _first_of_each(labels, 1 - share),
            "`share` is the part that is put aside, not the part that stays.",
        ),
        (
            lambda labels, share: _first_of_each(labels[::-1], share)[::-1],
            "These are the last examples of each class. Take the first ones.",
        ),
        (
            lambda labels, share: np.flatnonzero(_first_of_each(labels, share)),
            "These are the indices. The answer is a 0 or a 1 for each example.",
        ),
        (
            lambda labels, share: sum(
                (labels == k) & (np.cumsum(labels == k) <= round(share * len(labels)))
                for k in np.unique(labels)
            ).astype(int),
            "The share is that of each class: round(share * the class's number), not of all.",
        ),
        (
            lambda labels, share: sum(
                (labels == k)
                & (
                    np.cumsum(labels == k)
                    <= round(share * min(np.unique(labels, return_counts=True)[1]))
                )
                for k in np.unique(labels)
            ).astype(int),
            "Every class gives the same number of examples here. It should give the same share.",
        ),
    ),
)
