"""A recurrent layer for images: each cell hears from the one above and the one to the left."""

import keras
from keras import ops

from nncourse.layers._arguments import positive_integer

_FLIPS = ((), (2,), (1,), (1, 2))  # the axes turned before a scan, and turned back after it


@keras.saving.register_keras_serializable("nncourse")
class MultiDimensionalLSTM(keras.layers.Layer):
    r"""A two-dimensional LSTM that scans a grid from its four corners.

    From the upper left corner, a cell's memory is made of two memories, of the cell above and of
    the cell to the left, each with a forget gate of its own:

    $$\begin{aligned}
    i, f^\uparrow, f^\leftarrow, o &= \sigma(W x_{rc} + U^\uparrow h_{r-1,c}
    + U^\leftarrow h_{r,c-1} + b), \quad g = \tanh(\dots) \\
    c_{rc} &= f^\uparrow \odot c_{r-1,c} + f^\leftarrow \odot c_{r,c-1} + i \odot g \\
    h_{rc} &= o \odot \tanh(c_{rc})
    \end{aligned}$$

    (every gate and $g$ with its own weights; $h$ and $c$ are 0 outside of the grid). So $h_{rc}$
    depends on all inputs above and to the left of it, and on no others. Four such scans, one from
    each corner and each with its own weights, together see the whole image at each cell.

    The cells of a diagonal do not wait for each other. They are computed at once, and so are the
    four scans: a grid of H x W cells takes H + W - 1 steps.

    The forget gates' biases start at 0, not at the 1 that is usual for sequences: two gates of
    1/2 pass on an average of the two memories, while two gates near 1 would double it at each
    diagonal.

    Args:
        units: Number of memory cells $U$ of each scan, a positive integer.
        kernel_initializer: Initializer of the weights of the inputs, drawn as for a dense layer of
            all the layer's gates.
        recurrent_initializer: Initializer of the weights of the two neighbors' outputs, drawn
            likewise.
        **kwargs: `name`, `dtype` and `trainable`, as for any Keras layer.

    Weights: `kernel` of shape `(4, features, 5 * units)`, for the scans from the upper left, upper
    right, lower left and lower right corner and, side by side, $i, f^\uparrow, f^\leftarrow, g, o$;
    `recurrent_kernel` of shape `(4, 2 * units, 5 * units)`, the cell above first; and `bias` of
    shape `(4, 5 * units)`.

    Input shape: `(batch, height, width, features)`, all but the batch of known size. Output shape:
    `(batch, height, width, 4 * units)`, the four scans side by side.

    Raises:
        ValueError: If `units` is not a positive integer, or if the inputs' sizes are not known.

    Example:
        >>> import numpy as np
        >>> from nncourse.layers import MultiDimensionalLSTM
        >>> MultiDimensionalLSTM(4)(np.ones((2, 6, 7, 3))).shape == (2, 6, 7, 16)
        True

    Reference:
        Graves, Fernández and Schmidhuber (2007), "Multi-dimensional recurrent neural networks",
        sections 2 and 3, there with peepholes. Taught in the chapter *Gated memory*.
    """

    def __init__(
        self,
        units,
        kernel_initializer="lecun_uniform",
        recurrent_initializer="lecun_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = positive_integer("units", units)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.recurrent_initializer = keras.initializers.get(recurrent_initializer)
        self.input_spec = keras.layers.InputSpec(ndim=4)

    def build(self, input_shape):
        """Creates the weights for inputs of this shape."""
        height, width, features = input_shape[1:]
        if None in (height, width, features):
            raise ValueError(
                "The inputs of MultiDimensionalLSTM must have a known height, width and number of "
                f"features. Received: input_shape={input_shape}"
            )
        self.input_spec = keras.layers.InputSpec(ndim=4, axes={-1: features})
        cell = _Diagonal(
            self.units, self.kernel_initializer, self.recurrent_initializer, dtype=self.dtype_policy
        )
        self.recurrence = keras.layers.RNN(cell, return_sequences=True, dtype=self.dtype_policy)
        self.recurrence.build((len(_FLIPS), height + width - 1, None, height, features + 1))

    def call(self, inputs):
        """The four scans side by side."""
        width = inputs.shape[2]
        inside = ops.ones_like(inputs[..., :1])  # and what `_skew` adds is 0: outside
        inputs = ops.concatenate([inputs, inside], axis=-1)
        scans = ops.stack([ops.flip(inputs, axes) if axes else inputs for axes in _FLIPS])
        diagonals = ops.moveaxis(_skew(scans), 3, 1)  # (scans, diagonals, batch, height, ...)
        nothing = ops.zeros_like(diagonals[:, 0, :, :, :1])
        state = ops.repeat(nothing, self.units, axis=-1)
        h = self.recurrence(diagonals, initial_state=[state, state])  # scans for a batch
        h = _straighten(ops.moveaxis(h, 1, 3), width)
        back = [ops.flip(h[s], axes) if axes else h[s] for s, axes in enumerate(_FLIPS)]
        return ops.concatenate(back, axis=-1)

    def compute_output_shape(self, input_shape):
        """`(batch, height, width, 4 * units)`."""
        return (*input_shape[:-1], len(_FLIPS) * self.units)

    def get_config(self):
        """The arguments that rebuild this layer."""
        return {
            **super().get_config(),
            "units": self.units,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "recurrent_initializer": keras.initializers.serialize(self.recurrent_initializer),
        }


class _Diagonal(keras.layers.Layer):
    """All cells of a diagonal from those of the one before: what `keras.layers.RNN` repeats.

    Its states are h and c, `(scans, batch, height, units)`: a row has one cell of each diagonal.
    """

    def __init__(self, units, kernel_initializer, recurrent_initializer, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.kernel_initializer = kernel_initializer
        self.recurrent_initializer = recurrent_initializer
        self.state_size = [units, units]

    def build(self, input_shape):
        scans, gates = len(_FLIPS), 5 * self.units
        self.kernel = self.add_weight(
            name="kernel",
            shape=(scans, input_shape[-1] - 1, gates),
            initializer=_as_matrix(self.kernel_initializer),
        )
        self.recurrent_kernel = self.add_weight(
            name="recurrent_kernel",
            shape=(scans, 2 * self.units, gates),
            initializer=_as_matrix(self.recurrent_initializer),
        )
        self.bias = self.add_weight(name="bias", shape=(scans, gates), initializer="zeros")

    def call(self, inputs, states):
        x, inside = inputs[..., :-1], inputs[..., -1:]
        left_h, left_c = states  # a cell's left neighbor is in its own row
        above_h, above_c = (_row_down(state) for state in states)
        neighbors = ops.concatenate([above_h, left_h], axis=-1)
        z = _by_scan(x, self.kernel) + _by_scan(neighbors, self.recurrent_kernel)
        z = z + self.bias[:, None, None]
        z_i, z_above, z_left, z_g, z_o = ops.split(z, 5, axis=-1)
        c = ops.sigmoid(z_above) * above_c + ops.sigmoid(z_left) * left_c
        c = inside * (c + ops.sigmoid(z_i) * ops.tanh(z_g))
        h = ops.sigmoid(z_o) * ops.tanh(c)  # 0 outside of the grid, as c is
        return h, [h, c]


def _as_matrix(initializer):
    """Draws three axes as a matrix: an initializer would take them for those of a convolution."""

    def draw(shape, dtype):
        scans, rows, gates = shape
        matrix = initializer((rows, scans * gates), dtype=dtype)
        return ops.swapaxes(ops.reshape(matrix, (rows, scans, gates)), 0, 1)

    return draw


def _by_scan(values, weights):
    """`(scans, batch, height, m)` by `(scans, m, n)`, as one product for each scan."""
    scans, _, height, m = values.shape
    product = ops.matmul(ops.reshape(values, (scans, -1, m)), weights)
    return ops.reshape(product, (scans, -1, height, weights.shape[-1]))


def _skew(grid):
    """Moves row r of `(..., height, width, values)` by r to the right: diagonals become columns.

    Rows with `height` zeros behind them, written one after the other and cut again into rows one
    shorter: each begins one element earlier than the row before it.
    """
    *front, height, width, values = (-1 if size is None else size for size in grid.shape)
    padded = ops.pad(grid, [(0, 0)] * (len(front) + 1) + [(0, height), (0, 0)])
    line = ops.reshape(padded, (*front, height * (width + height), values))
    return ops.reshape(line[..., :-height, :], (*front, height, width + height - 1, values))


def _straighten(skewed, width):
    """Undoes `_skew`, for what has this width without it."""
    *front, height, diagonals, values = (-1 if size is None else size for size in skewed.shape)
    line = ops.reshape(skewed, (*front, height * diagonals, values))
    line = ops.pad(line, [(0, 0)] * len(front) + [(0, height), (0, 0)])
    return ops.reshape(line, (*front, height, diagonals + 1, values))[..., :width, :]


def _row_down(state):
    """Each row's state moved to the row below it; zeros enter."""
    return ops.pad(state[..., :-1, :], [(0, 0)] * (len(state.shape) - 2) + [(1, 0), (0, 0)])
