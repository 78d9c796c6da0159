"""The exercises on the perceptron's two learning rules, and the mistakes that both invite."""

import numpy as np

from nncourse.assignments._exercise import Exercise, draw
from nncourse.scratch import Perceptron

RATES = (0.1, 0.2, 0.3, 2.0)  # none at which forgetting the rate would not show


def with_constant(x):
    """`[1, x]`."""
    return np.append(1.0, x)


def _one_update(rule: str, w, x, t, lr) -> np.ndarray:
    return Perceptron(rule, lr, max_epochs=1, initial_weights=w).fit([x], [t]).weights_


def _hebbian_update(w, x, t, lr):
    return _one_update("hebbian", w, x, t, lr)


def _rosenblatt_update(w, x, t, lr):
    return _one_update("rosenblatt", w, x, t, lr)


def _examples(rng: np.random.Generator) -> list[tuple]:
    """Mistakes and right outputs in turn, none near the boundary."""
    cases = []
    while len(cases) < 16:
        features = int(rng.integers(1, 5))
        w, x = draw(rng, features + 1), draw(rng, features)
        score = with_constant(x) @ w
        if abs(score) > 0.1:
            t = int(np.sign(score)) * (-1 if len(cases) % 2 else 1)
            cases.append((w, x, t, float(rng.choice(RATES))))
    return cases


_START = (np.zeros(3), np.array([1.0, -2.0]), 1, 0.3)
_START_NEGATIVE = (np.zeros(3), np.array([1.0, -2.0]), -1, 0.3)


def _if_wrong(new):
    """The weights that `new` gives after a mistake, else the old ones."""
    return lambda w, x, t, lr: new(w, x, t, lr) if t * (with_constant(x) @ w) <= 0 else w


def _update_mistakes(size: float, step: str) -> tuple:
    """What goes wrong with either rule, whose step after a mistake is `size` lr t [1, x]."""

    def stepped(w, x, t, lr):
        return w + size * lr * t * with_constant(x)

    def bias_last(w, x, t, lr):
        row = np.append(x, 1.0)
        return w + size * lr * t * row if t * (row @ w) <= 0 else w

    return (
        (
            lambda w, x, t, lr: w,
            f"The weights come back unchanged. After a mistake the new weights are w + {step}.",
        ),
        (
            _if_wrong(lambda w, x, t, lr: w - size * lr * t * with_constant(x)),
            f"The step goes the wrong way, and makes the mistake worse. It is + {step}.",
        ),
        (stepped, "The weights move even where the output is right. Only a mistake changes them."),
        (
            lambda w, x, t, lr: stepped(w, x, t, lr) if t * (with_constant(x) @ w) > 0 else w,
            "The weights move where the output is right, and stay where it is wrong.",
        ),
        (
            _if_wrong(lambda w, x, t, lr: w + size * lr * t * np.append(0.0, x)),
            "The bias w[0] never changes. It is the weight of a constant input 1: x becomes "
            "[1, x].",
        ),
        (bias_last, "The bias comes first: w[0] belongs to the constant 1, so x becomes [1, x]."),
        (
            _if_wrong(lambda w, x, t, lr: w + size * t * with_constant(x)),
            "The learning rate lr is missing: it scales the step.",
        ),
        (
            lambda w, x, t, lr: (
                stepped(w, x, t, lr) - w if t * (with_constant(x) @ w) <= 0 else 0 * w
            ),
            "This is the step alone. The answer is the new weights, w + step.",
        ),
        (
            lambda w, x, t, lr: stepped(w, x, t, lr) if t * (with_constant(x) @ w) < 0 else w,
            "A score of exactly 0 is no right output for t = 1: with < in place of <= (or a unit "
            "that fires at 0) a start at w = 0 never moves.",
        ),
    )


HEBBIAN = Exercise(
    "perceptron.hebbian_update",
    solution=_hebbian_update,
    cases=lambda rng: [_START, _START_NEGATIVE, *_examples(rng)],
    hint="With the score f(x) = w[0] + w[1:] @ x: if t * f(x) <= 0 the new weights are "
    "w + lr * t * [1, x], else w.",
    mistakes=(
        *_update_mistakes(1, "lr * t * [1, x]"),
        (
            lambda w, x, t, lr: (
                w + lr * t * with_constant(x) if t != (1 if with_constant(x) @ w > 0 else -1) else w
            ),
            "A score of exactly 0 is a mistake for t = -1 as well: the test is t * f(x) <= 0.",
        ),
        (
            _rosenblatt_update,
            "This step is twice too long: it is Rosenblatt's, lr * (t - y) * [1, x] with "
            "y = -t. Hebb's is lr * t * [1, x].",
        ),
        (
            _if_wrong(lambda w, x, t, lr: w + lr * with_constant(x)),
            "The target t is missing: examples of class -1 must push the weights the other way.",
        ),
    ),
)

ROSENBLATT = Exercise(
    "perceptron.rosenblatt_update",
    solution=_rosenblatt_update,
    # With w = 0 and t = -1 the rule's two readings differ: y = t, and yet t * f(x) <= 0.
    cases=lambda rng: [_START, *_examples(rng)],
    hint="Compute the output first: y = +1 if w[0] + w[1:] @ x > 0, else -1. Then the new weights "
    "are w + lr * (t - y) * [1, x].",
    mistakes=(
        *_update_mistakes(2, "lr * (t - y) * [1, x]"),
        (
            _hebbian_update,
            "The step is half as long as it should be: for a mistake t - y is 2 t, not t.",
        ),
        (
            lambda w, x, t, lr: w + lr * (t - (with_constant(x) @ w > 0)) * with_constant(x),
            "The output y is -1, not 0, where the unit does not fire.",
        ),
        (
            lambda w, x, t, lr: w + lr * (t - with_constant(x) @ w) * with_constant(x),
            "y is the unit's output, +1 or -1, and not its score w[0] + w[1:] @ x.",
        ),
        (
            lambda w, x, t, lr: w + lr * (t - np.sign(with_constant(x) @ w)) * with_constant(x),
            "np.sign(0) is 0, and the output for a score of 0 is -1: use np.where(score > 0, 1, "
            "-1).",
        ),
    ),
)
