"""Maxout: a dense layer whose activation is learned."""

import keras
from keras import ops

from nncourse.layers._arguments import positive_integer


@keras.saving.register_keras_serializable("nncourse")
class Maxout(keras.layers.Layer):
    r"""A dense layer in which each unit is the largest of several affine functions.

    $$y_u = \max_{p = 1, \dots, P} \Big( \sum_{i=1}^{D} x_i W_{iup} + b_{up} \Big)$$

    The unit needs no activation function: the maximum of $P$ straight lines is a convex function
    that is piecewise linear with up to $P$ pieces, and the layer learns which one. With $P = 2$
    and one of the two pieces at zero it is a ReLU unit. It has $P$ times the parameters of a dense
    layer, $(D + 1) \cdot U \cdot P$.

    Args:
        units: Number of outputs $U$, a positive integer.
        pieces: Number of affine functions $P$ of each unit, a positive integer. With 1 the layer
            is linear.
        use_bias: Whether the pieces have biases $b_{up}$.
        kernel_initializer: Initializer of the kernel, drawn as for a dense layer of
            `units * pieces` outputs.
        bias_initializer: Initializer of the biases.
        kernel_regularizer: Regularizer of the kernel, if any.
        bias_regularizer: Regularizer of the biases, if any.
        **kwargs: `name`, `dtype` and `trainable`, as for any Keras layer.

    Weights: `kernel` of shape `(features, units, pieces)`; `bias` of shape `(units, pieces)`.

    Input shape: `(batch, ..., features)`. Output shape: `(batch, ..., units)`.

    Raises:
        ValueError: If `units` or `pieces` is not a positive integer, or if the inputs have no
            feature axis of known size.

    Example:
        >>> import numpy as np
        >>> from keras import ops
        >>> from nncourse.layers import Maxout
        >>> absolute_value = Maxout(units=1, pieces=2)
        >>> absolute_value.build((None, 1))
        >>> absolute_value.set_weights([np.array([[[1.0, -1.0]]]), np.zeros((1, 2))])
        >>> print(ops.convert_to_numpy(absolute_value(np.array([[-3.0], [2.0]]))).ravel())
        [3. 2.]

    Reference:
        Goodfellow et al. (2013), "Maxout networks", section 2. Taught in the chapter *Multilayer
        perceptrons*.
    """

    def __init__(
        self,
        units,
        pieces,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = positive_integer("units", units)
        self.pieces = positive_integer("pieces", pieces)
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = keras.regularizers.get(bias_regularizer)
        self.input_spec = keras.layers.InputSpec(min_ndim=2)

    def build(self, input_shape):
        """Creates the kernel and the biases for inputs of this shape."""
        features = input_shape[-1]
        if features is None:
            raise ValueError(
                "The last axis of the inputs to Maxout must have a known size. "
                f"Received: input_shape={input_shape}"
            )
        self.input_spec = keras.layers.InputSpec(min_ndim=2, axes={-1: features})
        self.kernel = self.add_weight(
            name="kernel",
            shape=(features, self.units, self.pieces),
            initializer=self._initialize_pieces,
            regularizer=self.kernel_regularizer,
        )
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias",
                shape=(self.units, self.pieces),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
            )

    def _initialize_pieces(self, shape, dtype):
        # Given the three axes, an initializer would take them for a convolution's.
        features, units, pieces = shape
        kernel = self.kernel_initializer((features, units * pieces), dtype=dtype)
        return ops.reshape(kernel, shape)

    def call(self, inputs):
        """The largest piece of each unit."""
        pieces = ops.tensordot(inputs, self.kernel, axes=1)  # (batch, ..., units, pieces)
        if self.use_bias:
            pieces = pieces + self.bias
        return ops.max(pieces, axis=-1)

    def compute_output_shape(self, input_shape):
        """`(batch, ..., units)`."""
        return (*input_shape[:-1], self.units)

    def get_config(self):
        """The arguments that rebuild this layer."""
        return {
            **super().get_config(),
            "units": self.units,
            "pieces": self.pieces,
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": keras.regularizers.serialize(self.bias_regularizer),
        }
