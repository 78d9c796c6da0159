"""A Neural Turing Machine: a network that learns to use a memory."""

from typing import NamedTuple

import keras
import numpy as np
from keras import layers, ops

from nncourse.layers import NTMCell
from nncourse.models._arguments import integer


class NTMTrace(NamedTuple):
    """Where the heads of a Neural Turing Machine were, and what its memory held, step by step."""

    read_weights: np.ndarray  # (batch, time, read_heads, slots)
    write_weights: np.ndarray  # (batch, time, write_heads, slots)
    memory: np.ndarray  # (batch, time, slots, width), after the step's writing


@keras.saving.register_keras_serializable("nncourse")
class NeuralTuringMachine(keras.Model):
    r"""A Neural Turing Machine that answers a sequence of vectors by probabilities of bits.

    $$p(y_{tk} = 1 \mid x_1, \dots, x_t) = \sigma(o_{tk}), \qquad
    o_t, s_t = \mathrm{NTMCell}(x_t, s_{t-1})$$

    Train it with `fit` on what `datasets.make_copy` and the other tasks return, with
    `"binary_crossentropy"` and the mask as `sample_weight`. On TensorFlow `jit_compile=True` makes
    a step twice to three times as fast. The gradients jump where learning breaks through: use an
    optimizer with `global_clipnorm`. `keras.utils.set_random_seed` before the model is made
    makes its start the same each time.

    It is compiled for a length, but its weights serve sequences of every length.

    Args:
        input_dim: Numbers a step that it is given.
        output_dim: Bits a step that it answers.
        memory_slots: As for `nncourse.layers.NTMCell`, like all that follow.
        memory_width: See there.
        controller: See there.
        read_heads: See there.
        write_heads: See there.
        shift_range: See there.
        **kwargs: `name`, `dtype` and `trainable`, as for any Keras model.

    Input shape: `(batch, time, input_dim)`. Output shape: `(batch, time, output_dim)`, from 0 to 1.

    Raises:
        ValueError: If an argument is not as said above.

    Example:
        >>> import numpy as np
        >>> from nncourse.models import NeuralTuringMachine
        >>> model = NeuralTuringMachine(7, 5, memory_slots=16, memory_width=8, controller=32)
        >>> trace = model.trace(np.ones((4, 3, 7)))
        >>> trace.read_weights.shape, trace.write_weights.shape, trace.memory.shape
        ((4, 3, 1, 16), (4, 3, 1, 16), (4, 3, 16, 8))

    Reference:
        Graves, Wayne and Danihelka (2014), "Neural Turing Machines", sections 3 and 4. Taught in
        the chapter *Neural Turing Machines*.
    """

    def __init__(
        self,
        input_dim,
        output_dim,
        memory_slots=128,
        memory_width=20,
        controller=100,
        read_heads=1,
        write_heads=1,
        shift_range=1,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.input_dim = integer("input_dim", input_dim, at_least=1)
        self.cell = NTMCell(
            memory_slots,
            memory_width,
            controller,
            read_heads,
            write_heads,
            shift_range,
            output_dim=output_dim,
            dtype=self.dtype_policy,
        )
        self.recurrence = layers.RNN(self.cell, return_sequences=True, dtype=self.dtype_policy)
        self.input_spec = layers.InputSpec(ndim=3, axes={-1: input_dim})
        self.build((None, None, input_dim))

    def build(self, input_shape):
        """Creates the weights; no input is needed for that."""
        self.recurrence.build((None, None, self.input_dim))
        self.built = True

    def call(self, inputs, mask=None):
        """The probability of each bit after each step."""
        return ops.sigmoid(self.recurrence(inputs, mask=mask))

    def trace(self, x):
        """Runs through sequences and notes where the heads are, to be drawn.

        Args:
            x: `(batch, time, input_dim)`, with at least one step.

        Returns:
            An `NTMTrace` of arrays: `read_weights` `(batch, time, read_heads, slots)`,
            `write_weights` `(batch, time, write_heads, slots)` and `memory`
            `(batch, time, slots, width)`, each as it is at the end of a step.

        Raises:
            ValueError: If `x` has another shape.
        """
        x = np.asarray(x)
        if x.ndim != 3 or x.shape[1] < 1 or x.shape[2] != self.input_dim:
            raise ValueError(
                f"`x` must be of shape (batch, time, {self.input_dim}) with at least one step. "
                f"Received: x of shape {x.shape}"
            )
        states = self.cell.get_initial_state(len(x))
        steps = []
        for t in range(x.shape[1]):
            _, states = self.cell(x[:, t], states)
            states = [ops.stop_gradient(state) for state in states]
            after = self.cell.unpack(states)
            parts = (after.read_weights, after.write_weights, after.memory)
            steps.append([ops.convert_to_numpy(part) for part in parts])
        return NTMTrace(*(np.stack(part, axis=1) for part in zip(*steps, strict=True)))

    def compute_output_shape(self, input_shape):
        """`(batch, time, output_dim)`."""
        return (*input_shape[:-1], self.cell.output_dim)

    def get_config(self):
        """The arguments that rebuild this model."""
        cell = self.cell.get_config()
        names = ("name", "dtype", "trainable")
        own = {name: value for name, value in cell.items() if name not in names}
        return {**super().get_config(), "input_dim": self.input_dim, **own}

    @classmethod
    def from_config(cls, config):
        """A new model with this config."""
        controller = keras.saving.deserialize_keras_object(config["controller"])
        return cls(**{**config, "controller": controller})
