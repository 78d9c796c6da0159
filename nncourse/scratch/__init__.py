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
from nncourse.scratch.autoregressive import Autoregressive
from nncourse.scratch.boolean_network import BooleanNetwork, boolean_network
from nncourse.scratch.clipping import clip_by_global_norm
from nncourse.scratch.conv2d import Conv2D
from nncourse.scratch.convolution_matrix import convolution_matrix
from nncourse.scratch.correlation import convolve2d, correlate2d
from nncourse.scratch.gradient_check import gradient_check
from nncourse.scratch.hidden_markov_model import HiddenMarkovModel
from nncourse.scratch.kalman_filter import KalmanFilter
from nncourse.scratch.lstm import LSTM
from nncourse.scratch.mlp import MLP
from nncourse.scratch.nearest_neighbors import KNearestNeighbors
from nncourse.scratch.ngram import NGram
from nncourse.scratch.perceptron import Perceptron
from nncourse.scratch.pool2d import Pool2D
from nncourse.scratch.receptive_field import ReceptiveField, receptive_field
from nncourse.scratch.rnn import RNN
from nncourse.scratch.state_jacobians import gradient_norms_by_lag, state_jacobians
from nncourse.scratch.template_matching import normalized_cross_correlation
from nncourse.scratch.transposed_convolution import stretch, transposed_conv2d
from nncourse.scratch.value import Value

__all__ = [
    "LSTM",
    "MLP",
    "RNN",
    "Autoregressive",
    "BooleanNetwork",
    "Conv2D",
    "HiddenMarkovModel",
    "KNearestNeighbors",
    "KalmanFilter",
    "NGram",
    "Perceptron",
    "Pool2D",
    "ReceptiveField",
    "TransposedConv",
    "Value",
    "activations",
    "batch_norm",
    "boolean_network",
    "clip_by_global_norm",
    "conv_output_size",
    "convolution_matrix",
    "convolve2d",
    "correlate2d",
    "gradient_check",
    "gradient_norms_by_lag",
    "initializers",
    "likelihood",
    "losses",
    "normalized_cross_correlation",
    "optimizers",
    "parameter_count",
    "pool_output_size",
    "receptive_field",
    "state_jacobians",
    "stretch",
    "transposed_conv",
    "transposed_conv2d",
    "transposed_output_size",
]
