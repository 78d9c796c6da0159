"""The exercises of the chapter *Training deep networks*."""

import numpy as np

from nncourse.assignments._exercise import Exercise, WrongForm, draw, numbers
from nncourse.assignments._update_rules import ADAM_STEP, COSINE_SCHEDULE, MOMENTUM_STEP
from nncourse.scratch import batch_norm

# --- the second moment of a deep ReLU network ------------------------------------------------


def _second_moment(sizes, deviation):
    return float(np.prod([inputs * deviation**2 / 2 for inputs in sizes[:-1]]))


def _network_inputs(rng: np.random.Generator) -> list[tuple]:
    def case():
        sizes = [int(size) for size in rng.integers(40, 160, rng.integers(3, 7))]
        return sizes, float(rng.choice([0.12, 0.14, 0.16]))

    return [([100, 50], 0.2), ([50, 100], 0.2), *(case() for _ in range(10))]


_SECOND_MOMENT = Exercise(
    "training.second_moment",
    solution=_second_moment,
    cases=_network_inputs,
    hint="A layer with n inputs multiplies the second moment by n * deviation**2 / 2. Multiply the "
    "factors of all layers; the last size is no layer's number of inputs.",
    mistakes=(
        (
            lambda sizes, deviation: float(np.prod([n * deviation**2 for n in sizes[:-1]])),
            "A ReLU passes half of the second moment: each layer has a factor 1/2 more.",
        ),
        (
            lambda sizes, deviation: float(np.prod([n * deviation**2 / 2 for n in sizes[1:]])),
            "The sum of a unit runs over the *inputs* of its layer: sizes[:-1], not sizes[1:].",
        ),
        (
            lambda sizes, deviation: float(np.prod([n * deviation**2 / 2 for n in sizes])),
            "There is one factor too many: the last size is no layer's number of inputs.",
        ),
        (
            lambda sizes, deviation: float(np.prod([n * deviation / 2 for n in sizes[:-1]])),
            "The variance of a weight is its deviation squared.",
        ),
        (
            lambda sizes, deviation: sum(n * deviation**2 / 2 for n in sizes[:-1]),
            "The factors of the layers multiply.",
        ),
        (
            lambda sizes, deviation: sizes[-2] * deviation**2 / 2,
            "This is the last layer's factor. The layers before it have theirs.",
        ),
    ),
)

# --- folding a batch normalization -----------------------------------------------------------


def _fold(kernel, bias, gamma, beta, mean, variance):
    return batch_norm.fold(kernel, bias, gamma, beta, mean, variance)


def _scale(gamma, variance):
    return gamma / np.sqrt(variance + 1e-3)


def _layer(answer, kernel, bias, gamma, beta, mean, variance) -> np.ndarray:
    """The new kernel and bias in one row."""
    try:
        new_kernel, new_bias = answer
    except (TypeError, ValueError):
        raise WrongForm("The answer consists of two parts: (kernel, bias).") from None
    new_kernel = numbers(new_kernel, kernel.shape, "The kernel")
    return np.append(new_kernel, numbers(new_bias, bias.shape, "The bias"))


def _fold_inputs(rng: np.random.Generator) -> list[tuple]:
    def case(inputs, units):
        kernel, (bias, gamma, beta, mean) = draw(rng, inputs, units), draw(rng, 4, units)
        return kernel, bias, gamma, beta, mean, np.abs(draw(rng, units)) + 0.5

    return [case(*sizes) for sizes in [(1, 1), (2, 2), (3, 2), *rng.integers(2, 5, (9, 2))]]


_FOLD = Exercise(
    "training.fold_batch_norm",
    solution=_fold,
    cases=_fold_inputs,
    read=_layer,
    hint="With s = gamma / sqrt(variance + 0.001): the kernel is kernel * s, a factor for each "
    "column, and the bias (bias - mean) * s + beta.",
    mistakes=(
        (
            lambda kernel, bias, gamma, beta, mean, variance: (
                kernel * _scale(gamma, variance),
                bias - mean * _scale(gamma, variance) + beta,
            ),
            "The old bias is scaled as well: it is part of what is normalized.",
        ),
        (
            lambda kernel, bias, gamma, beta, mean, variance: (
                kernel * _scale(gamma, variance),
                bias * _scale(gamma, variance) + beta,
            ),
            "The running mean is missing: it is subtracted from the bias before the scaling.",
        ),
        (
            lambda kernel, bias, gamma, beta, mean, variance: (
                kernel,
                (bias - mean) * _scale(gamma, variance) + beta,
            ),
            "The kernel must be scaled too, column by column.",
        ),
        (
            lambda kernel, bias, gamma, beta, mean, variance: _fold(
                kernel, bias, gamma, beta, mean, variance**2
            ),
            "Divide by the root of the variance, the deviation.",
        ),
        (
            lambda kernel, bias, gamma, beta, mean, variance: _fold(
                kernel, bias, 1, beta, mean, variance
            ),
            "The learned scale gamma is missing.",
        ),
        (
            lambda kernel, bias, gamma, beta, mean, variance: _fold(
                kernel, bias, gamma, 0, mean, variance
            ),
            "The learned shift beta is missing from the bias.",
        ),
    ),
)

# --- clipping --------------------------------------------------------------------------------


def _norm(*arrays) -> float:
    return np.sqrt(sum(np.sum(array**2) for array in arrays))


def _clip(dW, db, limit):
    factor = limit / max(_norm(dW, db), limit)
    return factor * dW, factor * db


def _gradients(answer, dW, db, limit) -> np.ndarray:
    """Both gradients in one row."""
    try:
        new_dW, new_db = answer
    except (TypeError, ValueError):
        raise WrongForm("The answer consists of two parts: (dW, db).") from None
    return np.append(numbers(new_dW, dW.shape, "dW"), numbers(new_db, db.shape, "db"))


def _gradient_inputs(rng: np.random.Generator) -> list[tuple]:
    dW, db = np.array([[3.0, 0.0], [0.0, 4.0]]), np.array([0.0, 12.0])  # together of length 13
    random = [
        (draw(rng, 3, 2), draw(rng, 2), float(limit)) for limit in [0.5, 1, 2, 50] for _ in range(2)
    ]
    return [(dW, db, 1.0), (dW, db, 20.0), (0 * dW, 0 * db, 1.0), *random]


_CLIP = Exercise(
    "training.clip_by_global_norm",
    solution=_clip,
    cases=_gradient_inputs,
    read=_gradients,
    hint="One length for both: the root of the sum of all squares. Where it is above the limit, "
    "multiply both arrays by limit / length; otherwise, zeros included, leave them.",
    mistakes=(
        (
            lambda dW, db, limit: tuple(g * limit / max(_norm(g), limit) for g in (dW, db)),
            "This clips each array by its own length, which turns the direction of the whole. The "
            "length is that of both together.",
        ),
        (
            lambda dW, db, limit: tuple(np.clip(g, -limit, limit) for g in (dW, db)),
            "This clips every number by itself. Shorten all of them by one factor.",
        ),
        (
            lambda dW, db, limit: tuple(g * limit / (_norm(dW, db) or 1) for g in (dW, db)),
            "This lengthens gradients that are shorter than the limit. Leave those as they are.",
        ),
        (
            lambda dW, db, limit: tuple(
                g * min(1, limit / max(_norm(dW, db) ** 2, 1e-12)) for g in (dW, db)
            ),
            "The length is the *root* of the sum of squares.",
        ),
        (
            lambda dW, db, limit: tuple(
                g * limit / max(_norm(dW) + _norm(db), limit) for g in (dW, db)
            ),
            "Lengths of arrays don't add up: add their squares, then take the root.",
        ),
        (
            lambda dW, db, limit: tuple(
                g / _norm(dW, db) if _norm(dW, db) > limit else g for g in (dW, db)
            ),
            "This shortens to a length of 1. The limit should be the new length.",
        ),
    ),
)

EXERCISES = (MOMENTUM_STEP, ADAM_STEP, _SECOND_MOMENT, _FOLD, _CLIP, COSINE_SCHEDULE)
