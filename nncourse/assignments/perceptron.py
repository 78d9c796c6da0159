"""The exercises of the chapter *The perceptron*.

Weights are (D+1,), the bias first; an example x is (D,), without the constant 1; targets are -1
and +1; and an example with t f(x) <= 0 is a mistake.
"""

import numpy as np

from nncourse.assignments._exercise import Exercise, draw, numbers
from nncourse.assignments._perceptron_rules import HEBBIAN, RATES, ROSENBLATT, with_constant

# --- a unit by hand --------------------------------------------------------------------------


def _fires(weights, x1, x2) -> int:
    w0, w1, w2 = numbers(weights, (3,), "The answer (w0, w1, w2)")
    return int(w0 + w1 * x1 + w2 * x2 > 0)


_NAND = Exercise(
    "perceptron.nand_weights",
    solution=(1.5, -1, -1),
    cases=lambda rng: [(0, 0), (0, 1), (1, 0), (1, 1)],
    read=_fires,
    hint="The unit must fire for every input but (1, 1): w0, w0 + w1 and w0 + w2 are positive, "
    "and w0 + w1 + w2 is not.",
    mistakes=(
        ((-1.5, 1, 1), "This is AND. NAND fires where AND does not: turn all three signs around."),
        ((-0.5, 1, 1), "This is OR. NAND is off for (1, 1) alone, so inputs must count against."),
        (
            (0.5, -1, -1),
            "This is NOR: one input is enough to turn it off. A larger bias makes it take two, "
            "and remember that a sum of exactly 0 does not fire.",
        ),
        ((-1, -1, 1.5), "Is the bias the last of your numbers? It comes first: (w0, w1, w2)."),
        ((1, 0, 0), "This unit always fires: w0 is too large beside w1 and w2 for (1, 1)."),
        ((-1, 0, 0), "This unit never fires. With both inputs 0 only the bias w0 is left."),
    ),
)

# --- what the rules minimize, and how long they take -----------------------------------------


def _scores(w, x) -> np.ndarray:
    return w[0] + x @ w[1:]


def _perceptron_loss(w, x, t):
    return np.maximum(0, -t * _scores(w, x)).sum()


def _data_sets(rng: np.random.Generator) -> list[tuple]:
    cases = []
    for _ in range(12):
        samples, features = rng.integers(2, 6), rng.integers(1, 4)
        w, x = draw(rng, features + 1), draw(rng, samples, features)
        cases.append((w, x, rng.choice([-1, 1], samples)))
    return cases


_LOSS = Exercise(
    "perceptron.perceptron_loss",
    solution=_perceptron_loss,
    cases=lambda rng: [
        (np.array([1.0, 2.0]), np.array([[1.0], [-2.0], [-1.0]]), np.array([-1, 1, -1])),
        (np.array([1.0, 2.0]), np.array([[1.0], [-2.0]]), np.array([1, -1])),
        (np.zeros(3), np.array([[1.0, 2.0]]), np.array([-1])),
        *_data_sets(rng),
    ],
    hint="Each example adds max(0, -t f(x)) with f(x) = w[0] + x @ w[1:]: nothing if it is right.",
    mistakes=(
        (
            lambda w, x, t: np.maximum(0, -t * _scores(w, x)).mean(),
            "This is the mean over the examples. The loss is their sum.",
        ),
        (
            lambda w, x, t: np.maximum(0, -t * _scores(w, x)),
            "This is the loss of each example. The loss of the data set is their sum.",
        ),
        (
            lambda w, x, t: np.sum(t * _scores(w, x) <= 0),
            "This counts the mistakes. Each one costs as much as it is wrong, -t f(x).",
        ),
        (
            lambda w, x, t: np.maximum(0, t * _scores(w, x)).sum(),
            "A minus sign is missing: this adds up the examples that are right.",
        ),
        (
            lambda w, x, t: np.maximum(0, 1 - t * _scores(w, x)).sum(),
            "This is the hinge loss of a support vector machine, which asks for a margin of 1. The "
            "perceptron's is max(0, -t f(x)).",
        ),
        (
            lambda w, x, t: -(t * _scores(w, x)).sum(),
            "Examples that are right must not pay for those that are wrong: max(0, ...) each.",
        ),
        (
            lambda w, x, t: np.maximum(0, -t * (x @ w[1:])).sum(),
            "The bias w[0] is missing from the score f(x).",
        ),
    ),
)


def _rows(x) -> np.ndarray:
    return np.column_stack([np.ones(len(x)), x])


def _update_bound(x, t, w):
    margin = np.min(t * _scores(w, x)) / np.linalg.norm(w)
    return np.max(np.sum(_rows(x) ** 2, axis=1)) / margin**2


def _separated(rng: np.random.Generator) -> list[tuple]:
    """Data sets of both classes with a line between them that leaves some room."""
    cases = []
    while len(cases) < 12:
        w = draw(rng, int(rng.integers(2, 5)))
        x = draw(rng, 12, len(w) - 1)
        x = x[np.abs(_scores(w, x)) > 0.3]
        t = np.sign(_scores(w, x)).astype(int)
        if set(t) == {-1, 1}:
            cases.append((x, t, w))
    return cases


_BOUND = Exercise(
    "perceptron.update_bound",
    solution=_update_bound,
    cases=lambda rng: [
        (np.array([[3.0], [-1.0]]), np.array([1, -1]), np.array([-2.0, 4.0])),
        *_separated(rng),
    ],
    hint="R is the largest norm of the rows [1, x]; the margin is the smallest t * f(x), divided "
    "by the norm of w; the bound is (R / margin)**2.",
    mistakes=(
        (
            lambda x, t, w: np.max(np.sum(x**2, axis=1)) / np.min(t * _scores(w, x)) ** 2 * (w @ w),
            "R is the norm of [1, x], with the constant 1 that the bias belongs to.",
        ),
        (
            lambda x, t, w: _update_bound(x, t, w) / (w @ w),
            "The margin is a distance: divide t * f(x) by the norm of w.",
        ),
        (
            lambda x, t, w: _update_bound(x, t, w) / (w @ w) * (w[1:] @ w[1:]),
            "The bias is a weight like the others here: the norm of w includes w[0].",
        ),
        (
            lambda x, t, w: np.sqrt(_update_bound(x, t, w)),
            "This is R / margin. The bound is its square.",
        ),
    ),
)

# --- several classes -------------------------------------------------------------------------


def _predicted(w, x) -> int:
    return int(np.argmax(w @ with_constant(x)))


def _moved(w, x, rates: dict[int, float]) -> np.ndarray:
    """The weights with a multiple of [1, x] added to some rows."""
    new = w.copy()
    for row, rate in rates.items():
        new[row] += rate * with_constant(x)
    return new


def _multiclass_update(w, x, label, lr):
    predicted = _predicted(w, x)
    return w if predicted == label else _moved(w, x, {label: lr, predicted: -lr})


def _labeled(rng: np.random.Generator) -> list[tuple]:
    """Wrong predictions, and after every two of them a right one."""
    cases = []
    for n in range(15):
        classes, features = int(rng.integers(3, 6)), int(rng.integers(1, 4))
        w, x = draw(rng, classes, features + 1), draw(rng, features)
        label = (_predicted(w, x) + n % 3) % classes
        cases.append((w, x, label, float(rng.choice(RATES))))
    return cases


def _unless_right(new):
    return lambda w, x, label, lr: w if _predicted(w, x) == label else new(w, x, label, lr)


_MULTICLASS = Exercise(
    "perceptron.multiclass_update",
    solution=_multiclass_update,
    cases=lambda rng: [
        (np.zeros((3, 3)), np.array([1.0, -2.0]), 1, 0.3),
        (np.zeros((3, 3)), np.array([1.0, -2.0]), 0, 0.3),
        *_labeled(rng),
    ],
    hint="The prediction is np.argmax(w @ [1, x]). If it is not the label, add lr * [1, x] to row "
    "label of a copy of w and subtract it from the row of the prediction.",
    mistakes=(
        (
            lambda w, x, label, lr: w,
            "The weights come back unchanged. A wrong prediction changes two of the rows.",
        ),
        (
            _unless_right(lambda w, x, label, lr: _moved(w, x, {label: lr})),
            "The row of the wrong prediction must lose lr * [1, x], as much as row label gains.",
        ),
        (
            _unless_right(lambda w, x, label, lr: _moved(w, x, {_predicted(w, x): -lr})),
            "Row label must gain lr * [1, x], as much as the row of the prediction loses.",
        ),
        (
            _unless_right(lambda w, x, label, lr: _moved(w, x, {label: -lr, _predicted(w, x): lr})),
            "The signs are the wrong way round: row label gains, the wrong prediction's row loses.",
        ),
        (
            _unless_right(lambda w, x, label, lr: _moved(w, x, {label: 1, _predicted(w, x): -1})),
            "The learning rate lr is missing: it scales the step.",
        ),
        (
            _unless_right(
                lambda w, x, label, lr: _moved(
                    w, x, {row: lr if row == label else -lr for row in range(len(w))}
                )
            ),
            "Only two rows change: the label's and that of the prediction, not of every class.",
        ),
        (
            lambda w, x, label, lr: np.column_stack(
                [w[:, 0], _multiclass_update(w, x, label, lr)[:, 1:]]
            ),
            "The biases w[:, 0] never change. They belong to a constant input 1: x becomes [1, x].",
        ),
    ),
)

EXERCISES = (_NAND, HEBBIAN, ROSENBLATT, _LOSS, _BOUND, _MULTICLASS)
