"""The exercises of the chapter *Generalization*."""

import numpy as np

from nncourse.assignments._early_stopping import STOPPING_EPOCH
from nncourse.assignments._exercise import Exercise, draw
from nncourse.assignments._folds import K_FOLD, STRATIFIED_SPLIT

# --- ridge regression ------------------------------------------------------------------------


def _ridge_weights(x, t, strength):
    return _solve(_with_constant(x), t, strength * _penalized(x))


def _with_constant(x) -> np.ndarray:
    return np.column_stack([np.ones(len(x)), x])


def _penalized(x) -> np.ndarray:
    """The identity without its first 1, which belongs to w_0."""
    return np.diag([0.0] + [1.0] * x.shape[1])


def _solve(A, t, penalty) -> np.ndarray:
    return np.linalg.solve(A.T @ A + penalty, A.T @ t)


_RIDGE = Exercise(
    "generalization.ridge_weights",
    solution=_ridge_weights,
    cases=lambda rng: [
        (draw(rng, n, d), draw(rng, n) + 3, float(rng.choice([0.3, 2.0, 5.0])))
        for n, d in [(5, 1), (6, 2), (8, 3), (12, 4), (3, 3)] * 3
    ],
    hint="Solve (A^T A + strength J) w = A^T t, where A is x with a column of ones in front and J "
    "the identity with a zero in its first corner.",
    mistakes=(
        (
            lambda x, t, strength: _solve(_with_constant(x), t, strength * np.eye(x.shape[1] + 1)),
            "w[0] is penalized too. It only shifts the fit: set the first entry of the identity "
            "to 0.",
        ),
        (
            lambda x, t, strength: np.linalg.lstsq(_with_constant(x), t)[0],
            "This is plain least squares: the penalty is missing.",
        ),
        (
            lambda x, t, strength: _solve(_with_constant(x), t, len(x) * strength * _penalized(x)),
            "The penalty is N times too strong: the squared errors are summed, not averaged.",
        ),
        (
            lambda x, t, strength: _solve(_with_constant(x), t, strength**2 * _penalized(x)),
            "The strength enters as it is, not squared.",
        ),
        (
            lambda x, t, strength: _solve(_with_constant(x), t, -strength * _penalized(x)),
            "The sign of the penalty is wrong: it is added to A^T A.",
        ),
        (
            lambda x, t, strength: _ridge_weights(x, t, strength)[1:],
            "w[0] is missing: the answer is (w_0, w_1, ..., w_D).",
        ),
        (
            lambda x, t, strength: np.roll(_ridge_weights(x, t, strength), -1),
            "w[0] comes first.",
        ),
        (
            lambda x, t, strength: np.append(0.0, _solve(x, t, strength * np.eye(x.shape[1]))),
            "The column of ones is missing: without it the fit passes through the origin.",
        ),
    ),
)

# --- dropout ---------------------------------------------------------------------------------


def _dropout_layer(a, u, p, training):
    return a * (u >= p) / (1 - p) if training else a * 1.0


_DROPOUT = Exercise(
    "generalization.dropout_layer",
    solution=_dropout_layer,
    cases=lambda rng: [
        (draw(rng, *shape), rng.random(shape).round(3), p, training)
        for shape in [(6, 4), (5, 8), (20,)]
        for p in (0.2, 0.6, 0.75)
        for training in (True, False)
    ],
    hint="In training a * (u >= p) / (1 - p); at test time a as it is.",
    mistakes=(
        (
            lambda a, u, p, training: a * (u >= p) if training else a,
            "The scaling is left out: what is kept must be divided by 1 - p.",
        ),
        (
            lambda a, u, p, training: a * (u >= p) if training else a * (1 - p),
            "This scales at test time. Inverted dropout divides by 1 - p in training, and does "
            "nothing at test time.",
        ),
        (
            lambda a, u, p, training: a * (u >= p) / (1 - p) if training else a * (1 - p),
            "This scales twice: divided by 1 - p in training, nothing is left to do at test time.",
        ),
        (
            lambda a, u, p, training: a * (u >= p) / (1 - p),
            "At test time no unit is dropped: return a as it is.",
        ),
        (
            lambda a, u, p, training: a * (u < p) / p if training else a,
            "p is the probability to be dropped, and this keeps with probability p.",
        ),
        (
            lambda a, u, p, training: a * (u < p) / (1 - p) if training else a,
            "This keeps the units that should be dropped: those with u < p.",
        ),
        (
            lambda a, u, p, training: a * (u >= p) / p if training else a,
            "Divide by the probability to be kept, 1 - p: then the mean stays what it was.",
        ),
    ),
)

# --- the best of many models -----------------------------------------------------------------


def _expected_best(models, images, accuracy):
    return _mean_of_largest(models, images, accuracy) / images


def _mean_of_largest(models, images, accuracy, first=0) -> float:
    at_most = 1 - _more_than(images, accuracy)[first:]
    return (1 - at_most**models).sum()


def _more_than(images, accuracy) -> np.ndarray:
    """The probability that one model gets more than v images right, for each v < images."""
    from scipy.stats import binom  # slow to import

    return binom(images, accuracy).sf(np.arange(images))


_BEST = Exercise(
    "generalization.expected_best",
    solution=_expected_best,
    cases=lambda rng: [
        (200, 100, 0.5),
        (1, 50, 0.8),
        (2, 1, 0.5),
        *(
            (int(rng.integers(2, 300)), int(rng.integers(10, 400)), float(rng.choice([0.5, 0.7])))
            for _ in range(9)
        ),
    ],
    hint="The best gets at most v right with probability F(v) ** models, and the mean of a count "
    "is the sum over v = 0, 1, ... of the probability that it is larger than v.",
    mistakes=(
        (
            lambda models, images, accuracy: accuracy,
            "This is what one model reaches on average. The best of several was also lucky.",
        ),
        (
            lambda models, images, accuracy: _mean_of_largest(models, images, accuracy),
            "This is the number of images. The accuracy is their share: divide by `images`.",
        ),
        (
            lambda models, images, accuracy: _mean_of_largest(models, images, accuracy, 1) / images,
            "The sum begins at v = 0.",
        ),
        (
            lambda models, images, accuracy: (
                (1 - (1 - _more_than(images, accuracy)) * models).sum() / images
            ),
            "All models get at most v right with probability F(v) ** models, not models * F(v).",
        ),
        (
            lambda models, images, accuracy: (
                (_more_than(images, accuracy) ** models).sum() / images
            ),
            "This is the worst of the models: the probability that *all* get more than v right.",
        ),
        (
            lambda models, images, accuracy: 1 - (1 - accuracy) ** models,
            "This is the probability that at least one model gets a single image right.",
        ),
    ),
)

EXERCISES = (K_FOLD, STRATIFIED_SPLIT, STOPPING_EPOCH, _RIDGE, _DROPOUT, _BEST)
