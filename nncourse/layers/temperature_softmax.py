"""Softmax with a temperature."""

import math

import keras
from keras import ops


@keras.saving.register_keras_serializable("nncourse")
class TemperatureSoftmax(keras.layers.Layer):
    r"""Softmax of scores divided by a temperature.

    $$p_k = \frac{e^{z_k / T}}{\sum_{j=1}^{K} e^{z_j / T}}$$

    At $T = 1$ it is the ordinary softmax. A higher temperature brings the probabilities closer to
    each other, to $1/K$ in the limit; a lower one moves them to the largest score. Their order
    never changes.

    Args:
        temperature: $T$, a positive finite number.
        axis: The axis of the classes.
        **kwargs: `name` and `dtype`, as for any Keras layer.

    Input shape: scores of any shape. Output shape: the same.

    Raises:
        ValueError: If `temperature` is not a positive finite number.

    Example:
        >>> import numpy as np
        >>> from keras import ops
        >>> from nncourse.layers import TemperatureSoftmax
        >>> scores = np.array([[2.0, 1.0]], "float32")
        >>> print(ops.convert_to_numpy(TemperatureSoftmax(temperature=0.5)(scores)).round(3))
        [[0.881 0.119]]
        >>> print(ops.convert_to_numpy(TemperatureSoftmax(temperature=10.0)(scores)).round(3))
        [[0.525 0.475]]

    Reference:
        Hinton, Vinyals and Dean (2015), "Distilling the knowledge in a neural network", equation
        1. Taught in the chapter *Multilayer perceptrons*.
    """

    def __init__(self, temperature=1.0, axis=-1, **kwargs):
        super().__init__(**kwargs)
        if not (math.isfinite(temperature) and temperature > 0):
            raise ValueError(
                "`temperature` must be a positive finite number. "
                f"Received: temperature={temperature!r}"
            )
        self.temperature = float(temperature)
        self.axis = axis
        self.supports_masking = True

    def call(self, inputs):
        """The probabilities."""
        # The largest score goes to zero before the division: a low temperature can't overflow.
        scores = inputs - ops.max(inputs, axis=self.axis, keepdims=True)
        return ops.softmax(scores / self.temperature, axis=self.axis)

    def compute_output_shape(self, input_shape):
        """The shape of the scores."""
        return input_shape

    def get_config(self):
        """The arguments that rebuild this layer."""
        return {**super().get_config(), "temperature": self.temperature, "axis": self.axis}
