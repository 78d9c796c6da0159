"""The exercises on losses of a score."""

import numpy as np

from nncourse.assignments._exercise import Exercise, draw
from nncourse.scratch import losses


def _binary_crossentropy(z, t):
    return losses.binary_crossentropy(z, t)


def _by_the_book(z, t, smallest: float = 0.0):
    p = np.clip(1 / (1 + np.exp(-z)), smallest, 1 - smallest)
    return np.mean(-t * np.log(p) - (1 - t) * np.log(1 - p))


def _scores_and_bits(rng: np.random.Generator, size: int) -> tuple:
    """Targets of both kinds, so that a target exchanged is a result changed."""
    return draw(rng, size), rng.permutation(np.arange(size) % 2)


BINARY_CROSSENTROPY = Exercise(
    "losses.binary_crossentropy",
    solution=_binary_crossentropy,
    cases=lambda rng: [
        (np.array([2.0, -1.0]), np.array([1, 1])),
        (np.array([-1000.0, 3.0]), np.array([1, 0])),
        (np.array([1000.0, 0.5]), np.array([0, 1])),
        (np.array([-1000.0, 1000.0, 1.0]), np.array([0, 1, 0])),
        *(_scores_and_bits(rng, size) for size in rng.integers(2, 8, 9)),
    ],
    hint="The mean of log(1 + exp(z)) - t z. np.logaddexp(0, z) is log(exp(0) + exp(z)), and does "
    "not overflow.",
    mistakes=(
        (
            _by_the_book,
            "Right for small scores. For large ones the sigmoid rounds to 0 or 1 and its logarithm "
            "is infinite: use log(1 + exp(z)) - t z.",
        ),
        (
            lambda z, t: _by_the_book(z, t, 1e-7),
            "Clipped probabilities are finite but wrong: at z = -1000 and t = 1 the loss is 1000.",
        ),
        (
            lambda z, t: np.mean(np.log(1 + np.exp(z)) - t * z),
            "The right formula, but exp(1000) overflows: log(1 + exp(z)) is np.logaddexp(0, z).",
        ),
        (
            lambda z, t: -_binary_crossentropy(z, t),
            "This is the mean log-likelihood. The cross-entropy is its negative.",
        ),
        (
            lambda z, t: _binary_crossentropy(-z, t),
            "The targets are exchanged: a high score speaks for t = 1.",
        ),
        (
            lambda z, t: len(z) * _binary_crossentropy(z, t),
            "This is the sum over the examples. Take the mean.",
        ),
        (
            lambda z, t: np.logaddexp(0, z) - t * z,
            "These are the losses of the examples. Their mean is asked for.",
        ),
        (
            lambda z, t: np.mean(np.logaddexp(0, -t * z)),
            "log(1 + exp(-t z)) is for targets -1 and +1. Here they are 0 and 1.",
        ),
        (
            lambda z, t: np.mean(np.logaddexp(0, z)),
            "The target does not enter: log(1 + exp(z)) is the loss where t = 0.",
        ),
    ),
)


def _agreement(w, x, t) -> np.ndarray:
    return t * (x @ w)


def _hinge_gradient(w, x, t):
    return -(t * (_agreement(w, x, t) < 1)) @ x / len(x)


def _near_the_margin(rng: np.random.Generator, n: int, d: int) -> tuple:
    """A wrong example, one right by less than 1, one by more; then any."""
    w = rng.choice([-0.5, 0.5, 1.5], d)
    t = rng.permutation(np.r_[1, -1, rng.choice([-1, 1], n)])
    t = np.r_[t, -t[0]]  # n + 3 examples
    x = draw(rng, n + 3, d)
    wanted = np.array([-0.6, 0.4, 1.7])
    x[:3] += np.outer(t[:3] * wanted - x[:3] @ w, w) / (w @ w)
    return w, x, t


HINGE_GRADIENT = Exercise(
    "losses.hinge_gradient",
    solution=_hinge_gradient,
    cases=lambda rng: [
        (np.array([0.0, 0.0]), np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([1, -1])),
        (
            np.array([1.0, 0.0]),
            np.array([[1.0, 5.0], [0.5, 2.0], [-2.0, 1.0]]),  # the first has t f = 1
            np.array([1, 1, -1]),
        ),
        *(_near_the_margin(rng, *size) for size in rng.integers(2, 5, (9, 2))),
    ],
    hint="An example with t f(x) < 1 has the gradient -t x, any other 0. Take the mean over all "
    "N examples: a vector of the D weights' length.",
    mistakes=(
        (
            lambda w, x, t: -(t * (_agreement(w, x, t) <= 1)) @ x / len(x),
            "At t f(x) = 1 exactly, on the kink, take 0: strictly less than 1 counts.",
        ),
        (
            lambda w, x, t: -(t * (_agreement(w, x, t) <= 0)) @ x / len(x),
            "This is the perceptron loss's gradient. The hinge goes on up to t f(x) = 1.",
        ),
        (
            lambda w, x, t: -_hinge_gradient(w, x, t),
            "The sign is that of a step downhill. The gradient points uphill: -t x.",
        ),
        (
            lambda w, x, t: len(x) * _hinge_gradient(w, x, t),
            "This is the sum over the examples. Take the mean.",
        ),
        (
            lambda w, x, t: (
                len(x) * _hinge_gradient(w, x, t) / max(1, (_agreement(w, x, t) < 1).sum())
            ),
            "The mean is over all examples, those with gradient 0 included.",
        ),
        (
            lambda w, x, t: -t @ x / len(x),
            "Examples with t f(x) of 1 or more cost nothing and have no gradient.",
        ),
        (
            lambda w, x, t: -(t * (x @ w < 1)) @ x / len(x),
            "The condition is on t f(x), not on f(x): for t = -1 the score should be below -1.",
        ),
        (
            lambda w, x, t: -(1.0 * (_agreement(w, x, t) < 1)) @ x / len(x),
            "The target is missing: the derivative of 1 - t w.x is -t x.",
        ),
    ),
)
