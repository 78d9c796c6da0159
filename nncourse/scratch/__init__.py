"""Neural networks in plain NumPy, written to be read."""

from nncourse.scratch import activations
from nncourse.scratch.boolean_network import BooleanNetwork, boolean_network
from nncourse.scratch.perceptron import Perceptron

__all__ = ["BooleanNetwork", "Perceptron", "activations", "boolean_network"]
