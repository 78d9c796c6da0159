"""Neural networks in plain NumPy, written to be read."""

from nncourse.scratch import (
    activations,
    batch_norm,
    initializers,
    likelihood,
    losses,
    optimizers,
)
from nncourse.scratch.arithmetic import (
    TransposedConv,
    conv_output_size,
    parameter_count,
    pool_output_size,
    transposed_conv,
    transposed_output_size,
)
from nncourse.scratch.boolean_network import BooleanNetwork, boolean_network
from nncourse.scratch.conv2d import Conv2D
from nncourse.scratch.convolution_matrix import convolution_matrix
from nncourse.scratch.correlation import convolve2d, correlate2d
from nncourse.scratch.gradient_check import gradient_check
from nncourse.scratch.mlp import MLP
from nncourse.scratch.nearest_neighbors import KNearestNeighbors
from nncourse.scratch.perceptron import Perceptron
from nncourse.scratch.pool2d import Pool2D
from nncourse.scratch.receptive_field import ReceptiveField, receptive_field
from nncourse.scratch.template_matching import normalized_cross_correlation
from nncourse.scratch.transposed_convolution import stretch, transposed_conv2d
from nncourse.scratch.value import Value

__all__ = [
    "MLP",
    "BooleanNetwork",
    "Conv2D",
    "KNearestNeighbors",
    "Perceptron",
    "Pool2D",
    "ReceptiveField",
    "TransposedConv",
    "Value",
    "activations",
    "batch_norm",
    "boolean_network",
    "conv_output_size",
    "convolution_matrix",
    "convolve2d",
    "correlate2d",
    "gradient_check",
    "initializers",
    "likelihood",
    "losses",
    "normalized_cross_correlation",
    "optimizers",
    "parameter_count",
    "pool_output_size",
    "receptive_field",
    "stretch",
    "transposed_conv",
    "transposed_conv2d",
    "transposed_output_size",
]
