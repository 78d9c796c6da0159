"""The exercises of the chapter *Language models*."""

import numpy as np

from nncourse.assignments._exercise import Exercise
from nncourse.assignments._search_steps import BEAM_STEP, NUCLEUS
from nncourse.assignments._text_counts import ADD_K, CONTINUATION_COUNT, PERPLEXITY

# --- the schedule of scheduled sampling ------------------------------------------------------


def _own_symbol(i, k):
    """1 - k / (k + exp(i / k)), where exp(i / k) may be too large for a number."""
    return 1 / (1 + np.exp(np.log(k) - i / k))


_OWN_SYMBOL = Exercise(
    "language_models.own_symbol",
    solution=_own_symbol,
    cases=lambda rng: [
        (0, 10.0),
        (100, 20.0),
        (100_000, 50.0),
        *((int(rng.integers(10, 400)), round(rng.uniform(20, 90), 1)) for _ in range(9)),
    ],
    hint="The probability is one minus k / (k + exp(i / k)). Divide numerator and denominator by "
    "exp(i / k), so that what is left is exp(-i / k), which never overflows.",
    mistakes=(
        (
            lambda i, k: 1 - _own_symbol(i, k),
            "This is the probability of the text's symbol. Asked is that of the model's own.",
        ),
        (
            lambda i, k: 1 / (1 + k * np.exp(-float(i))),
            "The exponent is i / k: a large k makes the schedule slow.",
        ),
        (
            lambda i, k: 1 / (1 + np.exp(-i / k)),
            "This is the plain sigmoid of i / k, which begins at 1/2. The factor k is missing.",
        ),
        (
            lambda i, k: 1 - np.exp(-i / k),
            "This is the exponential schedule. The inverse sigmoid stays low at first.",
        ),
        (
            lambda i, k: min(1.0, i / k),
            "This is a linear schedule. The inverse sigmoid is an S.",
        ),
        (
            lambda i, k: np.exp(np.float64(i / k)) / (k + np.exp(np.float64(i / k))),
            "For large i this is infinity over infinity. Write it with exp(-i / k).",
        ),
    ),
)

# --- what scheduled sampling converges to ----------------------------------------------------


def _second_symbol(joint, epsilon):
    """Input x is fed with the text's probability, or drawn from the model, which has learned it."""
    first, second = joint.sum(axis=1), joint.sum(axis=0)
    return (1 - epsilon) * joint / first[:, None] + epsilon * second


def _uniform_source(joint, epsilon):
    first, second = joint.sum(axis=1), joint.sum(axis=0)
    mixed = (1 - epsilon) * joint + epsilon * second / len(joint)
    return mixed / ((1 - epsilon) * first + epsilon / len(joint))[:, None]


def _joints(rng: np.random.Generator):
    yield np.array([[0.4, 0.1], [0.1, 0.4]]), 0.0
    yield np.array([[0.5, 0.1], [0.2, 0.2]]), 1.0
    for size in rng.integers(2, 5, 10):
        joint = (rng.dirichlet(np.full(size * size, 0.7)) + 0.02).round(2).reshape(size, size)
        yield joint / joint.sum(), round(rng.uniform(0.2, 0.8), 2)


_SECOND_SYMBOL = Exercise(
    "language_models.second_symbol_uniform",
    solution=_uniform_source,
    cases=_joints,
    hint="With probability 1 - epsilon the pair (input, target) is drawn from joint. Else the "
    "input is any of the V symbols, with 1 / V, and the target is drawn on its own. Add the two "
    "tables of pairs, and divide each row by its sum.",
    mistakes=(
        (
            _second_symbol,
            "This holds where the model's own symbols are fed. Uniform ones hit rare rows more "
            "often, so the share of noise differs from row to row.",
        ),
        (
            lambda joint, epsilon: joint / joint.sum(axis=1, keepdims=True),
            "This is the truth. Where a fed symbol was made up, the target does not depend on it.",
        ),
        (
            lambda joint, epsilon: np.tile(joint.sum(axis=0), (len(joint), 1)),
            "This holds for epsilon = 1 alone: then the input says nothing.",
        ),
        (
            lambda joint, epsilon: _uniform_source(joint, 1 - epsilon),
            "epsilon is the probability of the made-up symbol, not of the text's.",
        ),
        (
            lambda joint, epsilon: (1 - epsilon) * joint + epsilon * joint.sum(axis=0) / len(joint),
            "This is the table of pairs. Divide each row by its sum.",
        ),
        (
            lambda joint, epsilon: (
                (1 - epsilon) * joint / joint.sum(axis=1, keepdims=True) + epsilon / len(joint)
            ),
            "It is the input that is uniform. The target stays one of the text's.",
        ),
    ),
)

EXERCISES = (
    PERPLEXITY,
    ADD_K,
    CONTINUATION_COUNT,
    NUCLEUS,
    BEAM_STEP,
    _OWN_SYMBOL,
    _SECOND_SYMBOL,
)
