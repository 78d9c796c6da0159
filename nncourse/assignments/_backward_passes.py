"""The exercises on backward passes of the chapter *Backpropagation*."""

import numpy as np

from nncourse.assignments._exercise import Exercise, WrongForm, draw, numbers
from nncourse.scratch import activations, losses


def _flat(result, names: tuple[str, ...], shapes: list[tuple[int, ...]]) -> np.ndarray:
    """All the numbers of an answer of several arrays, each of the shape that it must have."""
    try:
        parts = [*result]
    except TypeError:
        parts = []
    if len(parts) != len(names):
        raise WrongForm(f"The answer consists of {len(names)} arrays: ({', '.join(names)}).")
    checked = [numbers(p, s, n) for p, s, n in zip(parts, shapes, names, strict=True)]
    return np.concatenate([part.ravel() for part in checked])


# --- a dense layer ---------------------------------------------------------------------------


def _dense_backward(a, W, dz):
    return dz @ W.T, a.T @ dz, dz.sum(axis=0)


DENSE = Exercise(
    "backpropagation.dense_backward",
    solution=_dense_backward,
    cases=lambda rng: [
        (np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([[5.0]])),
        *(
            (draw(rng, examples, inputs), draw(rng, inputs, units), draw(rng, examples, units))
            # The square ones tell a missing transpose by its numbers.
            for examples, inputs, units in [(2, 2, 2), (3, 3, 3), (4, 2, 3), (3, 4, 2)] * 3
        ),
    ],
    read=lambda result, a, W, dz: _flat(
        result, ("da", "dW", "db"), [a.shape, W.shape, W.shape[1:]]
    ),
    hint="da = dz @ W.T, dW = a.T @ dz, and db is the sum of dz over the examples, axis=0. Every "
    "gradient has the shape of what it belongs to.",
    mistakes=(
        (
            lambda a, W, dz: (dz @ W.T, a.T @ dz / len(a), dz.mean(axis=0)),
            "The mean over the examples is in dz already (its loss was a mean): here they add up.",
        ),
        (
            lambda a, W, dz: (dz @ W.T, a.T @ dz, dz.mean(axis=0)),
            "db adds up over the examples, as dW does: a sum, not a mean.",
        ),
        (
            lambda a, W, dz: (dz @ W.T, a.T @ dz, dz[0]),
            "This db is that of the first example. The bias is used by all: their gradients add "
            "up.",
        ),
        (
            lambda a, W, dz: (dz @ W.T, -a.T @ dz, -dz.sum(axis=0)),
            "These are descent steps. The gradients themselves are asked for, without a minus.",
        ),
        (
            lambda a, W, dz: (dz @ W.T, np.outer(a[0], dz[0]), dz.sum(axis=0)),
            "This dW is that of the first example. The weights are used by all: add up, which is "
            "what a.T @ dz does.",
        ),
    ),
)

# --- softmax and cross-entropy ---------------------------------------------------------------


def _softmax_crossentropy_gradient(z, t):
    return losses.categorical_crossentropy_gradient(z, t)


def _drawn_classes(rng: np.random.Generator, examples: int, classes: int) -> np.ndarray:
    return np.eye(classes)[rng.integers(0, classes, examples)]


def _overflowing(z, t):
    return (np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) - t) / len(z)


SOFTMAX_CROSSENTROPY = Exercise(
    "backpropagation.softmax_crossentropy_gradient",
    solution=_softmax_crossentropy_gradient,
    cases=lambda rng: [
        (np.array([[2.0, 1.0, 0.0], [0.0, 0.0, 0.0]]), np.array([[1, 0, 0], [0, 1, 0]])),
        (np.array([[1e4, 0.0], [-1e4, -1e4]]), np.array([[0, 1], [1, 0]])),
        *(
            (draw(rng, examples, classes), _drawn_classes(rng, examples, classes))
            for examples, classes in [(2, 2), (3, 3), (4, 2), (2, 4), (5, 3)] * 2
        ),
    ],
    hint="(softmax(z) - t) / N: a softmax along each row, its largest score subtracted first so "
    "that nothing overflows, minus the targets, over the number of examples.",
    mistakes=(
        (
            lambda z, t: activations.softmax(z) - t,
            "This is the gradient of the sum over the examples. That of the mean is 1/N of it.",
        ),
        (
            lambda z, t: (t - activations.softmax(z)) / len(z),
            "The sign is turned around: the probabilities minus the targets.",
        ),
        (
            lambda z, t: (activations.softmax(z) - t) / z.size,
            "The loss is a mean over the examples only: divide by N, not by N * K.",
        ),
        (
            _overflowing,
            "Right for small scores, but exp(1e4) overflows. Subtract the largest score of each "
            "row first: it changes nothing else.",
        ),
        (
            lambda z, t: (activations.sigmoid(z) - t) / len(z),
            "This is a sigmoid for each score alone. The softmax divides by the sum of a row.",
        ),
        (
            lambda z, t: (activations.softmax(z.T).T - t) / len(z),
            "The softmax runs along each row, over the classes (axis=1), not over the examples.",
        ),
        (
            lambda z, t: -t / activations.softmax(z) / len(z),
            "This is the gradient with respect to the probabilities. Go one step further back, "
            "through the softmax.",
        ),
        (
            lambda z, t: (z - t) / len(z),
            "The softmax is missing: probabilities minus targets, not scores minus targets.",
        ),
    ),
)

# --- a whole network -------------------------------------------------------------------------


def _backward(x, W1, b1, W2, b2, t, *, scale=2.0, slope=lambda z, a: 1 - a**2):
    """The gradients, or those that another factor of the loss or slope of the tanh would give."""
    z = x @ W1 + b1
    a = np.tanh(z)
    dy = scale * (a @ W2 + b2 - t) / t.size
    dz = dy @ W2.T * slope(z, a)
    return x.T @ dz, dz.sum(axis=0), a.T @ dy, dy.sum(axis=0)


def _network_gradients(x, W1, b1, W2, b2, t):
    return _backward(x, W1, b1, W2, b2, t)


def _drawn_network(rng: np.random.Generator, examples, inputs, hidden, outputs) -> tuple:
    shapes = [(examples, inputs), (inputs, hidden), (hidden,), (hidden, outputs), (outputs,)]
    return *((draw(rng, *shape) / 2).round(2) for shape in shapes), draw(rng, examples, outputs)


NETWORK = Exercise(
    "backpropagation.network_gradients",
    solution=_network_gradients,
    cases=lambda rng: (
        [_drawn_network(rng, *sizes) for sizes in [(1, 1, 1, 1), (1, 2, 2, 1), (2, 2, 2, 2)]]
        + [_drawn_network(rng, *sizes) for sizes in [(3, 2, 4, 2), (4, 3, 2, 1), (2, 1, 3, 2)] * 3]
    ),
    read=lambda result, x, W1, b1, W2, b2, t: _flat(
        result, ("dW1", "db1", "dW2", "db2"), [W1.shape, b1.shape, W2.shape, b2.shape]
    ),
    hint="Forward: a = tanh(x @ W1 + b1), y = a @ W2 + b2. Backward: dy = 2 * (y - t) / y.size, "
    "then dW2 and db2 from a and dy; dz = dy @ W2.T * (1 - a**2), then dW1 and db1 from x and dz.",
    mistakes=(
        (
            lambda *arguments: _backward(*arguments, slope=lambda z, a: 1.0),
            "The slope of the hidden units is missing: multiply by 1 - a**2.",
        ),
        (
            lambda *arguments: _backward(*arguments, slope=lambda z, a: 1 - np.tanh(a) ** 2),
            "The slope of the tanh belongs to what entered it: it is 1 - a**2, not 1 - tanh(a)**2.",
        ),
        (
            lambda *arguments: _backward(*arguments, slope=lambda z, a: 1 - z**2),
            "The slope of the tanh is 1 - a**2 with its output a, not with what entered it.",
        ),
        (
            lambda *arguments: _backward(*arguments, slope=lambda z, a: a * (1 - a)),
            "This is the slope of a sigmoid. That of a tanh is 1 - a**2.",
        ),
        (
            lambda *arguments: _backward(*arguments, scale=1.0),
            "The square's factor 2 is missing: the derivative of (y - t)**2 is 2 * (y - t).",
        ),
        (
            lambda *arguments: _backward(*arguments, scale=-2.0),
            "All signs are turned around: the derivative of (y - t)**2 is 2 * (y - t).",
        ),
        (
            lambda x, W1, b1, W2, b2, t: _backward(x, W1, b1, W2, b2, t, scale=2.0 * t.size),
            "This is the gradient of the sum. The loss is a mean over all N * K numbers.",
        ),
        (
            lambda x, W1, b1, W2, b2, t: _backward(x, W1, b1, W2, b2, t, scale=2.0 * t.shape[1]),
            "The loss is a mean over all N * K numbers: divide by y.size, not by N.",
        ),
    ),
)
