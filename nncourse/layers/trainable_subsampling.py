"""Subsampling with a trained coefficient and bias a map."""

import keras
from keras import ops

from nncourse.layers._arguments import positive_integer


@keras.saving.register_keras_serializable("nncourse")
class TrainableSubsampling(keras.layers.Layer):
    r"""The sum over small windows, times a trained coefficient, plus a trained bias.

    $$y_{ijc} = \varphi\Big( a_c \sum_{m=1}^{P} \sum_{n=1}^{P} x_{P(i-1)+m,\, P(j-1)+n,\, c}
    + b_c \Big)$$

    Every map $c$ has a coefficient $a_c$ and a bias $b_c$ of its own. It was the pooling of the
    first convolutional networks: with a small coefficient a unit is nearly linear and only blurs,
    with a large one the activation function makes it a noisy OR or AND of its window. At the start
    $a_c = 1/P^2$ and $b_c = 0$, so that the windows are averaged. Pixels that fill no whole window
    are left out.

    Args:
        pool_size: Side of the windows $P$, a positive integer.
        activation: The activation function $\varphi$; none if `None`.
        **kwargs: `name`, `dtype` and `trainable`, as for any Keras layer.

    Weights: `coefficient` and `bias`, both of shape `(maps,)`.

    Input shape: `(batch, height, width, maps)`. Output shape:
    `(batch, height // pool_size, width // pool_size, maps)`.

    Raises:
        ValueError: If `pool_size` is not a positive integer, if the inputs are smaller than a
            window, or if their number of maps is unknown.

    Example:
        >>> import numpy as np
        >>> from keras import ops
        >>> from nncourse.layers import TrainableSubsampling
        >>> layer = TrainableSubsampling(pool_size=2)
        >>> image = np.array([[1.0, 2.0], [3.0, 6.0]]).reshape(1, 2, 2, 1)
        >>> print(ops.convert_to_numpy(layer(image)).ravel())
        [3.]
        >>> layer.set_weights([np.array([0.5]), np.array([1.0])])
        >>> print(ops.convert_to_numpy(layer(image)).ravel())  # 0.5 * 12 + 1
        [7.]

    Reference:
        LeCun et al. (1998), "Gradient-based learning applied to document recognition", section
        II.B, layer S2. Taught in the chapter *Convolutional networks*.
    """

    def __init__(self, pool_size=2, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.pool_size = positive_integer("pool_size", pool_size)
        self.activation = keras.activations.get(activation)
        self.input_spec = keras.layers.InputSpec(ndim=4)

    def build(self, input_shape):
        """Creates a coefficient and a bias for each map."""
        height, width, maps = input_shape[1:]
        self._check_sides(height, width)
        if maps is None:
            raise ValueError(
                "The last axis of the inputs to TrainableSubsampling must have a known size. "
                f"Received: input_shape={tuple(input_shape)}"
            )
        self.input_spec = keras.layers.InputSpec(ndim=4, axes={-1: maps})
        self.coefficient = self.add_weight(
            name="coefficient",
            shape=(maps,),
            initializer=keras.initializers.Constant(1 / self.pool_size**2),
        )
        self.bias = self.add_weight(name="bias", shape=(maps,), initializer="zeros")

    def call(self, inputs):
        """The maps, subsampled."""
        means = ops.average_pool(
            inputs, self.pool_size, self.pool_size, padding="valid", data_format="channels_last"
        )
        return self.activation(means * (self.pool_size**2 * self.coefficient) + self.bias)

    def compute_output_shape(self, input_shape):
        """`(batch, height // pool_size, width // pool_size, maps)`."""
        batch, height, width, maps = input_shape
        self._check_sides(height, width)
        sides = [None if side is None else side // self.pool_size for side in (height, width)]
        return (batch, *sides, maps)

    def _check_sides(self, *sides):
        if any(side is not None and side < self.pool_size for side in sides):
            raise ValueError(
                f"The inputs must be at least as large as a window of {self.pool_size}x"
                f"{self.pool_size}. Received: height and width {sides}"
            )

    def get_config(self):
        """The arguments that rebuild this layer."""
        return {
            **super().get_config(),
            "pool_size": self.pool_size,
            "activation": keras.activations.serialize(self.activation),
        }
