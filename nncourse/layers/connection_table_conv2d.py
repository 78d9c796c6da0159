"""A convolution in which each output map reads only some of the input maps."""

import keras
import numpy as np
from keras import ops

from nncourse.layers._arguments import positive_integer


@keras.saving.register_keras_serializable("nncourse")
class ConnectionTableConv2D(keras.layers.Layer):
    r"""A convolution with a table that says which input maps each output map reads.

    $$y_f = \varphi\Big( \sum_{c \in S_f} k_{fc} \star x_c + b_f \Big)$$

    $S_f$ is row $f$ of the table, $k_{fc}$ a kernel of $K \times K$ weights, $\star$ the
    correlation without padding, with stride 1. A layer that reads everything has as many kernels
    as pairs of maps; here only those of the table exist, $\sum_f |S_f| \cdot K^2$ weights and a
    bias a map. LeCun et al. used it to save work and to make the maps unlike each other: they see
    different inputs. The result is that of a convolution whose other kernels are zero.

    Args:
        connections: The table: for each output map a sequence of the input maps that it reads,
            counted from 0, each at most once and at least one of them.
        kernel_size: Height and width of the kernels $K$, a positive integer.
        activation: The activation function $\varphi$; none if `None`.
        kernel_initializer: Initializer of the kernels. They are drawn as for a layer that reads
            every input map, and those of the table are kept.
        **kwargs: `name`, `dtype` and `trainable`, as for any Keras layer.

    Weights: `kernel` of shape `(kernel_size, kernel_size, connections)`, in the order of the
    table's rows; `bias` of shape `(output maps,)`, zero at the start.

    Input shape: `(batch, height, width, input maps)`. Output shape:
    `(batch, height - kernel_size + 1, width - kernel_size + 1, output maps)`.

    Raises:
        ValueError: If the table or `kernel_size` is not as said above, if the table names a map
            that the inputs don't have, or if the inputs are smaller than a kernel.

    Example:
        >>> import numpy as np
        >>> from nncourse.layers import ConnectionTableConv2D
        >>> layer = ConnectionTableConv2D(connections=[[0], [1, 2], [0, 1, 2]], kernel_size=5)
        >>> layer(np.ones((1, 14, 14, 3))).shape == (1, 10, 10, 3)
        True
        >>> layer.count_params()  # 6 kernels of 25 weights, and 3 biases
        153

    Reference:
        LeCun et al. (1998), "Gradient-based learning applied to document recognition", section
        II.B and table I. Taught in the chapter *Convolutional networks*.
    """

    def __init__(
        self,
        connections,
        kernel_size,
        activation=None,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.connections = _table(connections)
        self.kernel_size = positive_integer("kernel_size", kernel_size)
        self.activation = keras.activations.get(activation)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.input_spec = keras.layers.InputSpec(ndim=4)

    def build(self, input_shape):
        """Creates a kernel for each connection, and the biases."""
        height, width, channels = input_shape[1:]
        self._check_sides(height, width)
        largest = max(max(row) for row in self.connections)
        if channels is None or channels <= largest:
            raise ValueError(
                f"The table reads input map {largest}, so the inputs must have at least "
                f"{largest + 1} channels. Received: input_shape={tuple(input_shape)}"
            )
        self.input_spec = keras.layers.InputSpec(ndim=4, axes={-1: channels})
        maps = len(self.connections)
        self._pairs = [c * maps + f for f, row in enumerate(self.connections) for c in row]
        # For each pair of maps the place of its kernel; 0 is a kernel of zeros.
        places = np.zeros(channels * maps, "int32")
        places[self._pairs] = np.arange(1, len(self._pairs) + 1)
        self._places = places.reshape(channels, maps)
        self.kernel = self.add_weight(
            name="kernel",
            shape=(self.kernel_size, self.kernel_size, len(self._pairs)),
            initializer=self._initialize_kernels,
        )
        self.bias = self.add_weight(name="bias", shape=(maps,), initializer="zeros")

    def _initialize_kernels(self, shape, dtype):
        dense = self.kernel_initializer((*shape[:2], *self._places.shape), dtype=dtype)
        return ops.take(ops.reshape(dense, (*shape[:2], -1)), self._pairs, axis=-1)

    def call(self, inputs):
        """The maps."""
        with_zeros = ops.pad(self.kernel, [[0, 0], [0, 0], [1, 0]])
        kernel = ops.take(with_zeros, self._places, axis=-1)  # (size, size, channels, maps)
        maps = ops.conv(inputs, kernel, padding="valid", data_format="channels_last")
        return self.activation(maps + self.bias)

    def compute_output_shape(self, input_shape):
        """`(batch, height - kernel_size + 1, width - kernel_size + 1, output maps)`."""
        batch, height, width, _ = input_shape
        self._check_sides(height, width)
        sides = [None if side is None else side - self.kernel_size + 1 for side in (height, width)]
        return (batch, *sides, len(self.connections))

    def _check_sides(self, *sides):
        if any(side is not None and side < self.kernel_size for side in sides):
            raise ValueError(
                f"The inputs must be at least as large as a kernel of {self.kernel_size}x"
                f"{self.kernel_size}. Received: height and width {sides}"
            )

    def get_config(self):
        """The arguments that rebuild this layer."""
        return {
            **super().get_config(),
            "connections": [list(row) for row in self.connections],
            "kernel_size": self.kernel_size,
            "activation": keras.activations.serialize(self.activation),
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }


def _table(connections):
    try:
        rows = tuple(tuple(row) for row in connections)
    except TypeError:
        rows = ()
    if not rows or not all(_is_row(row) for row in rows):
        raise ValueError(
            "`connections` must have a row for each output map, with one or more different "
            f"input maps counted from 0. Received: connections={connections!r}"
        )
    return rows


def _is_row(row):
    whole = all(isinstance(c, int) and not isinstance(c, bool) and c >= 0 for c in row)
    return whole and 0 < len(row) == len(set(row))
