"""The exercises of the chapter *Multilayer perceptrons*."""

from itertools import pairwise

import numpy as np

from nncourse.assignments._exercise import Exercise, WrongForm, draw, numbers
from nncourse.assignments._maxout import MAXOUT, RELU_AS_MAXOUT
from nncourse.scratch import activations

# --- counting parameters ---------------------------------------------------------------------


def _weights(sizes) -> int:
    return sum(fan_in * units for fan_in, units in pairwise(sizes))


def _parameter_count(sizes):
    return _weights(sizes) + sum(sizes[1:])


_COUNT = Exercise(
    "multilayer_perceptron.parameter_count",
    solution=_parameter_count,
    cases=lambda rng: [
        ([784, 30, 10],),
        ([1, 2],),
        *(([int(size) for size in rng.integers(2, 400, rng.integers(2, 6))],) for _ in range(10)),
    ],
    rtol=0,
    hint="A layer of m units on n inputs has n * m weights and m biases; the inputs are no layer.",
    mistakes=(
        (_weights, "The biases are missing: one for each unit that computes something."),
        (
            lambda sizes: _weights(sizes) + sum(sizes),
            "The inputs have no biases: they compute nothing.",
        ),
        (
            lambda sizes: _weights(sizes) + len(sizes) - 1,
            "This counts one bias for a layer. Each unit has its own.",
        ),
        (
            sum,
            "This counts the units. Count weights between neighboring layers, and biases.",
        ),
    ),
)

# --- XOR by hand -----------------------------------------------------------------------------


def _network(answer, x1, x2) -> int:
    try:
        hidden_weights, hidden_bias, output_weights, output_bias = answer
    except (TypeError, ValueError):
        raise WrongForm("The answer consists of four parts: (W1, b1, w2, b2).") from None
    hidden_weights = numbers(hidden_weights, (2, 2), "W1, a row for each hidden unit,")
    hidden_bias = numbers(hidden_bias, (2,), "b1")
    output_weights = numbers(output_weights, (2,), "w2")
    output_bias = numbers(output_bias, (), "b2")
    hidden = activations.step(hidden_weights @ [x1, x2] + hidden_bias)
    return int(output_weights @ hidden + output_bias > 0)


def _or_and(w2, b2) -> tuple:
    """A network whose hidden units compute OR and AND."""
    return [[1, 1], [1, 1]], [-0.5, -1.5], w2, b2


_XOR = Exercise(
    "multilayer_perceptron.xor_network",
    solution=_or_and([1, -1], -0.5),
    cases=lambda rng: [(0, 0), (0, 1), (1, 0), (1, 1)],
    read=_network,
    hint="Row h of W1 holds the weights of hidden unit h. One way: let one hidden unit compute OR, "
    "the other AND, and the output fire for OR without AND. A sum of exactly 0 does not fire.",
    mistakes=(
        (_or_and([-1, 1], 0.5), "This is XNOR, the opposite: turn w2 and b2 around."),
        (
            _or_and([1, 0], -0.5),
            "This is OR: the output must be turned off again where both inputs are 1.",
        ),
        (_or_and([0, 1], -0.5), "This is AND. XOR fires where exactly one input is 1."),
        (_or_and([0, 0], 1), "The output always fires: b2 outweighs w2."),
        (
            _or_and([0, 0], -1),
            "The output never fires. Which hidden units fire for (0, 1)? A sum of exactly 0 does "
            "not.",
        ),
    ),
)

# --- activations -----------------------------------------------------------------------------


def _softmax(z, temperature):
    return activations.softmax(z, temperature)


def _stable(z, shift=None, total_axis=-1):
    e = np.exp(z - (z.max(axis=-1, keepdims=True) if shift is None else shift))
    return e / e.sum(axis=total_axis, keepdims=True)


_SOFTMAX = Exercise(
    "multilayer_perceptron.softmax",
    solution=_softmax,
    cases=lambda rng: [
        (np.array([2.0, 1.0, 0.0]), 1.0),
        (np.array([2.0, 1.0, 0.0]), 5.0),
        (np.array([1e4, 0.0, -1e4]), 1.0),
        (np.array([-1e4, -1e4]), 0.5),
        (np.array([[1e4, 1e4 - 1], [-1e4, -1e4]]), 2.0),
        *(
            (draw(rng, *shape), float(rng.choice([0.3, 0.5, 3.0])))
            for shape in [(3,), (5,), (2, 2), (3, 3), (4, 2), (1, 3)] * 2
        ),
    ],
    hint="exp(z / temperature), divided by its sum along the last axis (keepdims=True). Subtract "
    "the largest score of each row first, which changes nothing, or exp overflows.",
    mistakes=(
        (
            lambda z, temperature: _stable(z / temperature, shift=0),
            "Right for small scores, but exp(1e4) overflows. Subtract the largest score first: it "
            "changes nothing else.",
        ),
        (
            lambda z, temperature: _stable(z / temperature, shift=np.max(z / temperature)),
            "Each row needs its own maximum: z.max(axis=-1, keepdims=True). With that of the whole "
            "batch a row of much smaller scores becomes 0 / 0.",
        ),
        (
            lambda z, temperature: _stable(z / temperature, total_axis=None),
            "For a batch each row must sum to 1: sum along axis=-1, with keepdims=True.",
        ),
        (
            lambda z, temperature: _stable(z / temperature, total_axis=0),
            "This sums over the examples. The classes are the last axis: axis=-1.",
        ),
        (lambda z, temperature: _stable(z), "The temperature is missing: the scores are z / T."),
        (
            lambda z, temperature: _stable(z * temperature),
            "The scores are divided by the temperature, not multiplied: a high one evens out.",
        ),
        (
            lambda z, temperature: z / temperature / (z / temperature).sum(axis=-1, keepdims=True),
            "The exponential is missing: the scores themselves may be negative.",
        ),
        (
            lambda z, temperature: activations.sigmoid(z / temperature),
            "This is the sigmoid of each score alone. Softmax divides by the sum over the classes.",
        ),
    ),
)


def _elu_derivative(z, alpha):
    return activations.elu_derivative(z, alpha)


_ELU = Exercise(
    "multilayer_perceptron.elu_derivative",
    solution=_elu_derivative,
    # Not at 0: there is no derivative there, unless alpha is 1.
    cases=lambda rng: [
        (np.array([-1.0, 2.0]), 0.5),
        (np.array([-1000.0, 1000.0]), 1.0),
        *(
            (np.where(z == 0, 0.5, z), float(rng.choice([0.3, 0.5, 2.0])))
            for z in [draw(rng, *shape) for shape in [(4,), (7,), (2, 3), (3, 2)] * 3]
        ),
    ],
    hint="1 where z > 0, else alpha * exp(z): np.where chooses number by number.",
    mistakes=(
        (
            lambda z, alpha: np.where(z > 0, 1, np.exp(z)),
            "alpha is missing: it scales the whole left branch, and so its derivative.",
        ),
        (activations.elu, "This is ELU itself. Its derivative is asked for."),
        (
            lambda z, alpha: np.where(z > 0, 1.0, 0.0),
            "This is the derivative of ReLU. ELU's left branch alpha * (exp(z) - 1) is not flat.",
        ),
        (
            lambda z, alpha: np.where(z > 0, 1, alpha * np.expm1(z)),
            "The constant -1 in alpha * (exp(z) - 1) has the derivative 0.",
        ),
        (
            lambda z, alpha: np.where(z > 0, 1, alpha),
            "This is the derivative of leaky ReLU. That of alpha * (exp(z) - 1) depends on z.",
        ),
    ),
)

EXERCISES = (_COUNT, _XOR, _SOFTMAX, _ELU, MAXOUT, RELU_AS_MAXOUT)
