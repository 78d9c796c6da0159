"""An LSTM cell whose gates see the memory that they guard."""

import keras
from keras import ops

from nncourse.layers._arguments import positive_integer


@keras.saving.register_keras_serializable("nncourse")
class PeepholeLSTMCell(keras.layers.LSTMCell):
    r"""An LSTM cell with peephole connections, to be driven by `keras.layers.RNN`.

    $$\begin{aligned}
    i_t &= \sigma(W_i x_t + U_i h_{t-1} + p_i \odot c_{t-1} + b_i) \\
    f_t &= \sigma(W_f x_t + U_f h_{t-1} + p_f \odot c_{t-1} + b_f) \\
    c_t &= f_t \odot c_{t-1} + i_t \odot \tanh(W_c x_t + U_c h_{t-1} + b_c) \\
    o_t &= \sigma(W_o x_t + U_o h_{t-1} + p_o \odot c_t + b_o) \\
    h_t &= o_t \odot \tanh(c_t)
    \end{aligned}$$

    The gates of an ordinary LSTM know the memory only through $h_{t-1}$, and where the output gate
    is shut not at all. Here the input and the forget gate see the memory before the step, the
    output gate sees it after. With peepholes of zero, where they start, it is
    `keras.layers.LSTMCell`.

    Args:
        units: Number of memory cells $U$, a positive integer.
        peephole_initializer: Initializer of the peepholes.
        **kwargs: The other arguments of `keras.layers.LSTMCell`. With `recurrent_dropout` the four
            gates share one mask.

    Weights: `kernel` of shape `(features, 4 * units)` and `recurrent_kernel` of shape
    `(units, 4 * units)`, with $i, f, c, o$ side by side; `bias` of shape `(4 * units,)`;
    `peepholes` of shape `(3, units)`, the rows $p_i, p_f, p_o$.

    Input shape: `(batch, features)`, and the states $h$ and $c$ of shape `(batch, units)`. Returns
    $h_t$ and the new states.

    Raises:
        ValueError: If `units` is not a positive integer.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from nncourse.layers import PeepholeLSTMCell
        >>> layer = keras.layers.RNN(PeepholeLSTMCell(5), return_sequences=True)
        >>> layer(np.ones((2, 9, 3))).shape == (2, 9, 5)
        True

    Reference:
        Gers, Schraudolph and Schmidhuber (2002), "Learning precise timing with LSTM recurrent
        networks", section 3. Taught in the chapter *Gated memory*.
    """

    def __init__(self, units, peephole_initializer="zeros", **kwargs):
        super().__init__(positive_integer("units", units), **kwargs)
        self.peephole_initializer = keras.initializers.get(peephole_initializer)
        self.dropout_mask_count = None  # one mask for all gates, and not Keras's four

    def build(self, input_shape):
        """Creates the weights for inputs of this shape."""
        super().build(input_shape)
        self.peepholes = self.add_weight(
            name="peepholes", shape=(3, self.units), initializer=self.peephole_initializer
        )

    def call(self, inputs, states, training=False):
        """One step: the output and the new states."""
        h, c = states
        if training and 0 < self.dropout < 1:
            inputs = inputs * self.get_dropout_mask(inputs)
        if training and 0 < self.recurrent_dropout < 1:
            h = h * self.get_recurrent_dropout_mask(h)
        z = ops.matmul(inputs, self.kernel) + ops.matmul(h, self.recurrent_kernel)
        if self.use_bias:
            z = z + self.bias
        z_i, z_f, z_c, z_o = ops.split(z, 4, axis=1)
        p_i, p_f, p_o = (self.peepholes[gate] for gate in range(3))
        i = self.recurrent_activation(z_i + p_i * c)
        f = self.recurrent_activation(z_f + p_f * c)
        c = f * c + i * self.activation(z_c)
        o = self.recurrent_activation(z_o + p_o * c)
        h = o * self.activation(c)
        return h, [h, c]

    def get_config(self):
        """The arguments that rebuild this cell."""
        return {
            **super().get_config(),
            "peephole_initializer": keras.initializers.serialize(self.peephole_initializer),
        }
