"""The exercises of the chapter *Recurrent networks*."""

import numpy as np

from nncourse.assignments._exercise import Exercise, draw
from nncourse.assignments._linear_recurrence import LINEAR_BPTT, TRUNCATED_GRADIENT
from nncourse.assignments._parity import PARITY

# --- a step of Elman's network ---------------------------------------------------------------


def _elman_step(x, h, W_x, W_h, b):
    return np.tanh(x @ W_x + h @ W_h + b)


_ELMAN = Exercise(
    "recurrent_networks.elman_step",
    solution=_elman_step,
    cases=lambda rng: [
        (np.ones(1), np.zeros(2), np.array([[0.5, -0.5]]), np.eye(2), np.zeros(2)),
        *(
            (
                draw(rng, inputs),
                rng.uniform(-1, 1, hidden).round(2),
                draw(rng, inputs, hidden) / 8,
                draw(rng, hidden, hidden) / 8,
                draw(rng, hidden) / 8,
            )
            for inputs, hidden in [(1, 2), (3, 2), (2, 3), (2, 2), (4, 3), (3, 4)]
        ),
    ],
    hint="The new state is tanh(x @ W_x + h @ W_h + b), a vector as long as h.",
    mistakes=(
        (
            lambda x, h, W_x, W_h, b: x @ W_x + h @ W_h + b,
            "This is the preactivation: the tanh is missing.",
        ),
        (
            lambda x, h, W_x, W_h, b: np.tanh(x @ W_x + b),
            "The state before is missing: without it the network remembers nothing.",
        ),
        (
            lambda x, h, W_x, W_h, b: np.tanh(x @ W_x + h @ W_h),
            "The bias is missing.",
        ),
        (
            lambda x, h, W_x, W_h, b: np.tanh(x @ W_x + W_h @ h + b),
            "W_h is transposed here. A row of it belongs to a unit of the state before: h @ W_h.",
        ),
        (
            lambda x, h, W_x, W_h, b: np.tanh(x @ W_x + b) + h @ W_h,
            "The share of the state before belongs inside the tanh.",
        ),
    ),
)

# --- the bound -------------------------------------------------------------------------------


def _gradient_bound(W_h, steepest, lag):
    return (np.linalg.norm(W_h, 2) * steepest) ** lag


_BOUND = Exercise(
    "recurrent_networks.gradient_bound",
    solution=_gradient_bound,
    cases=lambda rng: [
        (np.array([[0.5]]), 1.0, 3),
        (np.array([[1.0, 3.0], [0.0, 1.0]]), 1.0, 2),  # both eigenvalues are 1
        (np.array([[4.0, 0.0], [0.0, 2.0]]), 0.25, 5),
        *(
            (draw(rng, n, n), float(rng.choice([0.25, 0.5, 0.75])), int(rng.integers(2, 6)))
            for n in (2, 2, 3, 3, 4, 5)
        ),
    ],
    hint="Multiply the largest singular value of W_h, np.linalg.norm(W_h, 2), by the steepest "
    "slope, and raise the product to the lag.",
    mistakes=(
        (
            lambda W_h, steepest, lag: np.linalg.norm(W_h, 2) * steepest * lag,
            "This is multiplied by the lag. A product of that many factors is a power.",
        ),
        (
            lambda W_h, steepest, lag: np.linalg.norm(W_h, 2) ** lag,
            "The slope is missing: each step back multiplies by that of the activation too.",
        ),
        (
            lambda W_h, steepest, lag: np.linalg.norm(W_h, 2) ** lag * steepest,
            "The slope enters at every step, like W_h: it is raised to the lag as well.",
        ),
        (
            lambda W_h, steepest, lag: (np.linalg.norm(W_h) * steepest) ** lag,
            "np.linalg.norm of a matrix is the root of the sum of all squares. That bounds as "
            "well, but not as tightly as the largest singular value, np.linalg.norm(W_h, 2).",
        ),
        (
            lambda W_h, steepest, lag: (np.abs(np.linalg.eigvals(W_h)).max() * steepest) ** lag,
            "The largest eigenvalue says how fast the powers grow in the long run, but it is no "
            "bound: a matrix can stretch a vector by more. Take the largest singular value.",
        ),
    ),
)

# --- a symbol that appears -------------------------------------------------------------------


def _chance_to_appear(p):
    return 1 - np.prod(1 - p)


_APPEAR = Exercise(
    "recurrent_networks.chance_to_appear",
    solution=_chance_to_appear,
    cases=lambda rng: [
        (np.array([0.5, 0.5]),),
        (np.array([0.25]),),
        (np.array([0.25, 1.0, 0.0]),),
        (np.zeros(3),),
        *((rng.uniform(0, 0.6, size).round(2),) for size in (2, 3, 3, 4, 5, 6)),
    ],
    hint="It appears at least once unless it never does: 1 minus the product of all 1 - p.",
    mistakes=(
        (np.mean, "The mean is the expected share of the places that hold the symbol."),
        (
            np.sum,
            "The sum is the expected number of times. It counts a sequence with two of them twice "
            "and may exceed 1.",
        ),
        (np.prod, "This is the chance that the symbol stands at every place."),
        (lambda p: np.prod(1 - p), "This is the chance that it never appears: 1 minus that."),
        (np.max, "This looks at one place alone. The others add chances."),
    ),
)

EXERCISES = (_ELMAN, LINEAR_BPTT, TRUNCATED_GRADIENT, _BOUND, PARITY, _APPEAR)
