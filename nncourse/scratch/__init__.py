"""Neural networks in plain NumPy, written to be read."""

from nncourse.scratch import (
    activations,
    batch_norm,
    initializers,
    likelihood,
    losses,
    optimizers,
)
from nncourse.scratch.boolean_network import BooleanNetwork, boolean_network
from nncourse.scratch.gradient_check import gradient_check
from nncourse.scratch.mlp import MLP
from nncourse.scratch.perceptron import Perceptron
from nncourse.scratch.value import Value

__all__ = [
    "MLP",
    "BooleanNetwork",
    "Perceptron",
    "Value",
    "activations",
    "batch_norm",
    "boolean_network",
    "gradient_check",
    "initializers",
    "likelihood",
    "losses",
    "optimizers",
]
