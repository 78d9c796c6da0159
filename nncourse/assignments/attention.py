"""The exercises of the chapter *Attention*."""

import numpy as np

from nncourse.assignments._attention_looks import CAUSAL_ATTENTION, SCALED_CONTEXT
from nncourse.assignments._exercise import Exercise, draw

# --- weights under a mask --------------------------------------------------------------------


def _masked_weights(scores, mask):
    exponentials = np.exp(np.where(mask, scores, -np.inf) - scores[mask].max())
    return exponentials / exponentials.sum()


def _less_the_largest_of_all(scores, mask):
    exponentials = np.exp(scores - scores.max()) * mask
    return exponentials / exponentials.sum()


def _scores(rng: np.random.Generator) -> list[tuple]:
    cases = [
        (np.array([2.0, 1.0, -1.0]), np.array([True, True, True])),
        (np.array([2.0, 1.0, -1.0]), np.array([True, False, True])),
        (np.array([1000.0, 999.0, 998.0]), np.array([True, True, False])),
        (np.array([-999.0, -1000.0]), np.array([True, True])),
        (np.array([1000.0, 0.0, 1.0]), np.array([False, True, True])),
    ]
    for length in (2, 3, 3, 4, 5, 6):
        mask = rng.random(length) < 0.6
        mask[rng.integers(length)] = True
        cases.append((draw(rng, length), mask))
    return cases


_MASKED_WEIGHTS = Exercise(
    "attention.masked_weights",
    solution=_masked_weights,
    cases=_scores,
    hint="Take the exponential of each score, set it to 0 where the mask is false, and divide by "
    "the sum of what is left.",
    mistakes=(
        (
            lambda scores, mask: np.where(mask, scores, 0) / np.where(mask, scores, 0).sum(),
            "The exponential is missing: weights are never negative.",
        ),
        (
            lambda scores, mask: np.exp(np.where(mask, scores, 0)) / _naive_sum(scores, mask),
            "A score of 0 is no mask: its exponential is 1. Set the exponential to 0.",
        ),
        (
            lambda scores, mask: (
                np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum() * mask
            ),
            "These weights don't sum to 1: mask before you divide, so that the others share all.",
        ),
        (
            lambda scores, mask: _masked_weights(scores, np.ones(len(scores), bool)),
            "The mask is not used.",
        ),
        (
            lambda scores, mask: _less_the_largest_of_all(scores, mask),
            "The largest score may be one that the mask leaves out, far above the others: take "
            "away the largest of those that it leaves in.",
        ),
        (
            lambda scores, mask: np.exp(scores) * mask / (np.exp(scores) * mask).sum(),
            "The exponential of 1000 is too large for a float, and that of -1000 is 0. Take the "
            "largest score away from all before: the weights don't change.",
        ),
    ),
)


def _naive_sum(scores, mask):
    return np.exp(np.where(mask, scores, 0)).sum()


# --- the additive score ----------------------------------------------------------------------


def _additive(h, v, W, U, w):
    return np.tanh(W @ h + v @ U.T) @ w


def _networks(rng: np.random.Generator) -> list[tuple]:
    cases = []
    for n, m, k, length in [(1, 1, 1, 2), (2, 3, 2, 3), (3, 2, 4, 2), (2, 2, 3, 4)] * 2:
        shapes = [(n,), (length, m), (k, n), (k, m), (k,)]
        cases.append(tuple(rng.uniform(-1.5, 1.5, shape).round(2) for shape in shapes))
    return cases


_ADDITIVE_SCORES = Exercise(
    "attention.additive_scores",
    solution=_additive,
    cases=_networks,
    hint="For each value: W h and U v_s are vectors of length k. Add them, take the tanh of each "
    "component, and then the dot product with w.",
    mistakes=(
        (
            lambda h, v, W, U, w: (W @ h + v @ U.T) @ w,
            "The tanh is missing. Without it W h adds the same to all scores: the query would not "
            "matter.",
        ),
        (
            lambda h, v, W, U, w: (np.tanh(W @ h) + np.tanh(v @ U.T)) @ w,
            "The tanh is of the sum: query and value must meet before it.",
        ),
        (
            lambda h, v, W, U, w: np.tanh((W @ h + v @ U.T) @ w),
            "The tanh is of each hidden unit, before w, and the score itself has none.",
        ),
        (
            lambda h, v, W, U, w: _softmax(_additive(h, v, W, U, w)),
            "These are the weights. The scores are asked for, before the softmax.",
        ),
    ),
)


def _softmax(scores):
    exponentials = np.exp(scores - scores.max())
    return exponentials / exponentials.sum()


# --- how many parameters ---------------------------------------------------------------------

_ATTENTION_PARAMETERS = Exercise(
    "attention.attention_parameters",
    solution=lambda units, heads: 4 * units * (units + 1),
    cases=lambda rng: [
        (8, 2),
        (64, 4),
        *((heads * int(rng.integers(2, 20)), heads) for heads in (1, 2, 3, 4, 8)),
    ],
    hint="Four matrices, for queries, keys, values and the output. Those of all heads, side by "
    "side, have as many columns as the whole has units. Each column has a bias.",
    mistakes=(
        (lambda units, heads: 4 * units**2, "The biases are missing."),
        (
            lambda units, heads: 3 * units * (units + 1),
            "The output's matrix is missing: it mixes what the heads have read.",
        ),
        (
            lambda units, heads: 4 * heads * units * (units + 1),
            "The heads share the width: each has units / heads columns of its own.",
        ),
        (
            lambda units, heads: 4 * (units // heads) * (units + 1),
            "That is one head of them.",
        ),
    ),
    rtol=0,  # a count
)

EXERCISES = (
    _MASKED_WEIGHTS,
    _ADDITIVE_SCORES,
    SCALED_CONTEXT,
    CAUSAL_ATTENTION,
    _ATTENTION_PARAMETERS,
)
