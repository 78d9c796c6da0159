"""The exercises on maxout layers."""

import numpy as np

from nncourse.assignments._exercise import Exercise, WrongForm, draw, numbers


def _pieces(x, kernel, bias) -> np.ndarray:
    return np.tensordot(x, kernel, axes=1) + bias  # (N, units, pieces)


def _maxout(x, kernel, bias):
    return _pieces(x, kernel, bias).max(axis=-1)


def _maxout_inputs(rng: np.random.Generator) -> list[tuple]:
    sizes = [(1, 1, 1, 2), (2, 3, 2, 1), *rng.integers(2, 5, (12, 4))]
    return [
        (draw(rng, n, d), draw(rng, d, units, pieces), draw(rng, units, pieces))
        for n, d, units, pieces in sizes
    ]


MAXOUT = Exercise(
    "multilayer_perceptron.maxout",
    solution=_maxout,
    cases=_maxout_inputs,
    hint="np.tensordot(x, kernel, axes=1) has the shape (N, units, pieces); add the bias, then "
    "take the maximum along the last axis.",
    mistakes=(
        (_pieces, "These are all the pieces. Of each unit's only the largest counts: axis=-1."),
        (
            lambda x, kernel, bias: _pieces(x, kernel, bias).sum(axis=-1),
            "This adds the pieces up. Maxout takes their maximum.",
        ),
        (
            lambda x, kernel, bias: _pieces(x, kernel, bias).max(axis=1),
            "The maximum runs over the units. The pieces are the last axis.",
        ),
        (lambda x, kernel, bias: _maxout(x, kernel, 0 * bias), "The bias is missing."),
        (
            lambda x, kernel, bias: np.maximum(_maxout(x, kernel, bias), 0),
            "Maxout needs no ReLU on top: it may be negative.",
        ),
        (
            lambda x, kernel, bias: _maxout(x, kernel, 0 * bias) + bias.max(axis=-1),
            "Each piece has its own bias: add it before you take the maximum.",
        ),
        (
            lambda x, kernel, bias: x @ kernel.max(axis=-1) + bias.max(axis=-1),
            "The maximum is over the pieces' values for each x, not over their weights.",
        ),
    ),
)


# A layer of max(0, k x + b) bends only where k x + b = 0: that many points find any other one out.
_PROBES = 60


def _as_layer(result, kernel, bias) -> np.ndarray:
    """The outputs of the maxout layer with these weights, so that any right weights pass."""
    try:
        new_kernel, new_bias = result
    except (TypeError, ValueError):
        raise WrongForm("The answer is a pair: (kernel, bias).") from None
    new_kernel = numbers(new_kernel, (*kernel.shape, 2), "The kernel, (D, units, 2),")
    new_bias = numbers(new_bias, (*bias.shape, 2), "The bias, (units, 2),")
    probes = np.random.default_rng(0).normal(scale=3, size=(_PROBES, len(kernel)))
    return _maxout(probes, new_kernel, new_bias)


def _two_pieces(kernel, bias, kernel_factor: float = 0, bias_factor: float = 0) -> tuple:
    """A maxout layer whose second pieces are multiples of the first."""
    return (
        np.stack([kernel, kernel_factor * kernel], axis=-1),
        np.stack([bias, bias_factor * bias], axis=-1),
    )


def _relu_as_maxout(kernel, bias):
    return _two_pieces(kernel, bias)


def _dense_layers(rng: np.random.Generator) -> list[tuple]:
    sizes = [(1, 1), (2, 2), *rng.integers(1, 5, (10, 2))]
    return [(draw(rng, d, units), draw(rng, units)) for d, units in sizes]


RELU_AS_MAXOUT = Exercise(
    "multilayer_perceptron.relu_as_maxout",
    solution=_relu_as_maxout,
    cases=_dense_layers,
    read=_as_layer,
    hint="ReLU is max(z, 0): of two pieces one is the dense layer's z, and the other is always 0. "
    "np.stack([..., ...], axis=-1) puts two pieces side by side. (Expected and received are "
    "outputs of the two layers.)",
    mistakes=(
        (
            lambda kernel, bias: _two_pieces(kernel, bias, -1, -1),
            "With -z as the second piece this is max(z, -z), the absolute value.",
        ),
        (
            lambda kernel, bias: _two_pieces(kernel, bias, 1, 1),
            "Both pieces are the same, so that this is max(z, z) = z: a linear layer.",
        ),
        (
            lambda kernel, bias: _two_pieces(kernel, bias, 0, 1),
            "The second piece is its bias, and not 0: ReLU is max(z, 0).",
        ),
        (
            lambda kernel, bias: _two_pieces(kernel, 0 * bias),
            "The first piece lacks the dense layer's bias.",
        ),
    ),
)
