"""What the recurrent layers cost, beside Keras's own and beside the plainest way to compute them.

Run it as `python benchmarks/recurrent_layers.py`. It prints two ratios and exits with 1 if

- a compiled training step of `PeepholeLSTMCell` takes more than 1.2 times one of Keras's
  `LSTMCell` (batches of 32 sequences, 100 steps, 128 units); or
- a training step of `MultiDimensionalLSTM`, which computes a diagonal at once, is less than 8 times
  as fast as one that goes cell by cell through a 32x32 grid (8 images, 16 units).
"""

import sys
import time

import keras
import numpy as np
from keras import ops

from nncourse.layers import MultiDimensionalLSTM, PeepholeLSTMCell

MOST_OF_KERAS = 1.2
LEAST_SPEEDUP = 8
ROUNDS = 15


def seconds(*functions):
    """The median time of a call of each, in turn, after two that may compile."""
    times = []
    for _ in range(ROUNDS + 2):
        times.append([])
        for function in functions:
            start = time.perf_counter()
            function()
            times[-1].append(time.perf_counter() - start)
    return np.median(times[2:], axis=0)


class _CellByCell(keras.layers.Layer):
    """A step of the four scans in the order in which one reads a page, for `keras.layers.RNN`.

    Its state is h and c of as many cells as a row has: the oldest is the one above, the newest the
    one to the left.
    """

    def __init__(self, units, width, **kwargs):
        super().__init__(**kwargs)
        self.units, self.width = units, width
        self.state_size, self.output_size = units, 4 * units

    def build(self, input_shape):
        gates = 5 * self.units
        self.kernel = self.add_weight(shape=(4, input_shape[-1] - 1, gates))
        self.recurrent_kernel = self.add_weight(shape=(4, 2 * self.units, gates))
        self.bias = self.add_weight(shape=(4, gates), initializer="zeros")

    def get_initial_state(self, batch_size=None):
        return [ops.zeros((batch_size, 4, self.width, 2 * self.units))]

    def call(self, inputs, states):
        x, has_left = inputs[..., :-1], inputs[..., -1:]
        above_h, above_c = ops.split(states[0][:, :, 0], 2, axis=-1)
        left_h, left_c = ops.split(states[0][:, :, -1] * has_left, 2, axis=-1)
        near = ops.concatenate([above_h, left_h], axis=-1)
        z = ops.einsum("bsf,sfv->bsv", x, self.kernel) + self.bias
        z = z + ops.einsum("bsu,suv->bsv", near, self.recurrent_kernel)
        z_i, z_above, z_left, z_g, z_o = ops.split(z, 5, axis=-1)
        c = ops.sigmoid(z_above) * above_c + ops.sigmoid(z_left) * left_c
        c = c + ops.sigmoid(z_i) * ops.tanh(z_g)
        h = ops.sigmoid(z_o) * ops.tanh(c)
        cell = ops.concatenate([h, c], axis=-1)[:, :, None]
        state = ops.concatenate([states[0][:, :, 1:], cell], axis=2)
        return ops.reshape(h, (-1, 4 * self.units)), [state]


def as_sequence(x):
    """The four turned images as `(images, cells, scans, features + 1)`: has it a left neighbor?"""
    scans = np.stack([x, np.flip(x, 2), np.flip(x, 1), np.flip(x, (1, 2))], axis=3)
    has_left = np.ones_like(scans)
    has_left[:, :, 0] = 0
    return np.concatenate([scans, has_left], axis=-1).reshape(len(x), -1, 4, 2)


def training_step(layer, x, jit_compile):
    """A function that takes one step of a model with this layer."""
    model = keras.Sequential(
        [keras.Input(x.shape[1:]), layer, keras.layers.Flatten(), keras.layers.Dense(1)]
    )
    model.compile("adam", "mse", jit_compile=jit_compile)
    return lambda: model.train_on_batch(x, x.reshape(len(x), -1)[:, :1])


def main():
    """Prints both ratios; 1 if one misses its limit, else 0."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(32, 100, 32)).astype("float32")
    cells = PeepholeLSTMCell(128), keras.layers.LSTMCell(128)
    ours, theirs = seconds(*(training_step(keras.layers.RNN(cell), x, True) for cell in cells))
    print(
        f"sequences on {keras.backend.backend()}: PeepholeLSTMCell {1000 * ours:.1f} ms, "
        f"LSTMCell {1000 * theirs:.1f} ms, ratio {ours / theirs:.2f}"
    )
    images = rng.random((8, 32, 32, 1), dtype="float32")
    layer = MultiDimensionalLSTM(16)
    loop = keras.layers.RNN(_CellByCell(16, width=32), return_sequences=True)
    sequence = as_sequence(images)
    y = ops.convert_to_numpy(layer(images))[..., :16]  # the scan from the upper left
    loop.build(sequence.shape)
    loop.set_weights(layer.get_weights())
    read = ops.convert_to_numpy(loop(sequence))[:, :, :16].reshape(y.shape)
    np.testing.assert_allclose(read, y, atol=1e-5)
    diagonals, reading = seconds(
        training_step(layer, images, False), training_step(loop, sequence, False)
    )
    print(
        f"images: by diagonals {1000 * diagonals:.0f} ms, cell by cell {1000 * reading:.0f} ms, "
        f"{reading / diagonals:.1f} times as fast"
    )
    return int(ours / theirs > MOST_OF_KERAS or reading / diagonals < LEAST_SPEEDUP)


if __name__ == "__main__":
    sys.exit(main())
