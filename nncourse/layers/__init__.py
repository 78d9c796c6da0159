"""Keras layers that Keras itself lacks."""

from nncourse.layers.maxout import Maxout
from nncourse.layers.temperature_softmax import TemperatureSoftmax

__all__ = ["Maxout", "TemperatureSoftmax"]
