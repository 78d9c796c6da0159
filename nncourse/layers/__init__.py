"""Keras layers that Keras itself lacks."""

from nncourse.layers import addressing
from nncourse.layers.additive_attention import AdditiveAttention
from nncourse.layers.connection_table_conv2d import ConnectionTableConv2D
from nncourse.layers.maxout import Maxout
from nncourse.layers.multi_dimensional_lstm import MultiDimensionalLSTM
from nncourse.layers.multiplicative_attention import MultiplicativeAttention
from nncourse.layers.ntm_cell import NTMCell
from nncourse.layers.peephole_lstm_cell import PeepholeLSTMCell
from nncourse.layers.queue_cell import QueueCell
from nncourse.layers.radial_basis import RadialBasis
from nncourse.layers.scheduled_sampling import ScheduledSampling
from nncourse.layers.stack_cell import StackCell
from nncourse.layers.temperature_softmax import TemperatureSoftmax
from nncourse.layers.trainable_subsampling import TrainableSubsampling

__all__ = [
    "AdditiveAttention",
    "ConnectionTableConv2D",
    "Maxout",
    "MultiDimensionalLSTM",
    "MultiplicativeAttention",
    "NTMCell",
    "PeepholeLSTMCell",
    "QueueCell",
    "RadialBasis",
    "ScheduledSampling",
    "StackCell",
    "TemperatureSoftmax",
    "TrainableSubsampling",
    "addressing",
]
