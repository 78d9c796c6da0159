"""A recurrent cell with a memory beside it: the step of a Neural Turing Machine."""

import itertools
from typing import Any, NamedTuple

import keras
from keras import ops

from nncourse.layers import addressing
from nncourse.layers._arguments import positive_integer

_BLANK = 1e-6  # what memory holds at the start


class NTMState(NamedTuple):
    """What an `NTMCell` remembers: memory, weightings, reads and the controller's own states."""

    memory: Any  # (batch, slots, width)
    read_weights: Any  # (batch, read_heads, slots)
    write_weights: Any  # (batch, write_heads, slots)
    reads: Any  # (batch, read_heads, width)
    controller: list  # tensors (batch, units)


@keras.saving.register_keras_serializable("nncourse")
class NTMCell(keras.layers.Layer):
    r"""The step of a Neural Turing Machine, to be driven by `keras.layers.RNN`.

    A *controller*, an ordinary network, is given the input and what was read at the step before.
    From its output $h_t$ a dense layer makes the parameters of each head: a key $k$, a strength
    $\beta$, a gate $g$, a kernel $\kappa$ of shifts and an exponent $\gamma$, and for a head that
    writes also what to erase, $e$, and to add, $a$:

    $$\begin{aligned}
    h_t &= \mathrm{controller}([x_t, r_{t-1}]) \\
    k &= \tanh z_k, \quad \beta = \mathrm{softplus}\, z_\beta, \quad g = \sigma(z_g), \quad
    \kappa = \mathrm{softmax}\, z_\kappa, \quad \gamma = 1 + \mathrm{softplus}\, z_\gamma \\
    w_t &= \mathrm{sharpen}(\mathrm{shift}(\mathrm{interpolate}(
    \mathrm{content\ addressing}(M, k, \beta), w_{t-1}, g), \kappa), \gamma) \\
    M_t &= M_{t-1} \odot (1 - w_t^w\, e^\top) + w_t^w\, a^\top, \qquad
    e = \sigma(z_e), \quad a = \tanh z_a \\
    r_t &= M_t^\top w_t^r, \qquad y_t = V [h_t, r_t] + b
    \end{aligned}$$

    A step writes first. Then the read heads look for their place in the new memory. Of several
    write heads all erase before any adds.

    Memory starts at $10^{-6}$ everywhere and every head at slot 0; the reads and the controller
    start at zero. All of it is the cell's state. Nothing is kept from one sequence to the next.

    Args:
        memory_slots: Number of slots $N$.
        memory_width: Numbers in a slot.
        controller: The units of an LSTM, whose forget gates start with a bias of -1, so that it
            relies on the memory and not on its own cells. Or a Keras recurrent cell,
            `keras.layers.StackedRNNCells` for several, or a Keras layer such as
            `keras.layers.Dense`. Without dropout.
        read_heads: Number of heads that read.
        write_heads: Number of heads that write.
        shift_range: The farthest shift $s$: a head moves by $-s, \dots, s$ slots a step.
        output_dim: Size of $y_t$. It has no activation.
        **kwargs: `name`, `dtype` and `trainable`, as for any Keras layer.

    Input shape: `(batch, features)` and the states. Returns $y_t$ of shape `(batch, output_dim)`
    and the new states, each `(batch, size)`: $y_t$, as `keras.layers.RNN` wants it for masks, and
    the parts of an `NTMState`, flat. `unpack` gives them their shapes.

    Raises:
        ValueError: If an argument is not as said above, or if there are more shifts than slots.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from nncourse.layers import NTMCell
        >>> cell = NTMCell(memory_slots=16, memory_width=8, controller=32, output_dim=5)
        >>> keras.layers.RNN(cell, return_sequences=True)(np.ones((4, 14, 7))).shape == (4, 14, 5)
        True

    Reference:
        Graves, Wayne and Danihelka (2014), "Neural Turing Machines", section 3. Taught in the
        chapter *Neural Turing Machines*.
    """

    def __init__(
        self,
        memory_slots,
        memory_width,
        controller,
        read_heads=1,
        write_heads=1,
        shift_range=1,
        *,
        output_dim,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.memory_slots = positive_integer("memory_slots", memory_slots)
        self.memory_width = positive_integer("memory_width", memory_width)
        self.read_heads = positive_integer("read_heads", read_heads)
        self.write_heads = positive_integer("write_heads", write_heads)
        self.shift_range = positive_integer("shift_range", shift_range)
        self.moves = 2 * shift_range + 1
        # Half precision has no room for the epsilons.
        self.precision = keras.backend.result_type(self.compute_dtype, "float32")
        if self.moves > memory_slots:
            raise ValueError(
                "`shift_range` must leave at most one shift for each slot: 2 * shift_range + 1 may "
                f"not be more than `memory_slots`. Received: {shift_range=}, {memory_slots=}"
            )
        self.output_dim = self.output_size = positive_integer("output_dim", output_dim)
        self.lstm_units = controller if isinstance(controller, int) else None
        self.controller = self._checked_controller(controller)
        sizes = keras.tree.flatten(getattr(self.controller, "state_size", []))
        self.has_states = bool(sizes)
        self.state_size = [
            self.output_dim,
            memory_slots * memory_width,
            read_heads * memory_slots,
            write_heads * memory_slots,
            read_heads * memory_width,
            *sizes,
        ]
        self.place_size = memory_width + 3 + self.moves  # the parameters of a head's place
        self.head_sizes = [
            read_heads * self.place_size,
            write_heads * (2 * memory_width + self.place_size),
        ]
        self.head_layer = keras.layers.Dense(
            sum(self.head_sizes), name="heads", dtype=self.dtype_policy
        )
        self.output_layer = keras.layers.Dense(output_dim, name="output", dtype=self.dtype_policy)

    def _checked_controller(self, controller):
        """The controller, an LSTM cell where its units are given."""
        if isinstance(controller, int) and not isinstance(controller, bool) and controller > 0:
            return keras.layers.LSTMCell(
                controller,
                unit_forget_bias=False,
                bias_initializer=_shut_forget_gates,
                dtype=self.dtype_policy,
            )
        # A layer that reads a whole sequence can't be asked step by step.
        if isinstance(controller, keras.layers.Layer) and not hasattr(controller, "cell"):
            return controller
        raise ValueError(
            "`controller` must be a positive integer, the units of an LSTM, or a Keras cell or a "
            f"layer such as Dense. Received: controller={controller!r}"
        )

    def build(self, input_shape):
        """Creates the weights for inputs of this shape."""
        given = (None, input_shape[-1] + self.read_heads * self.memory_width)
        if not self.controller.built:  # one that was loaded is
            self.controller.build(given)
        if self.has_states:
            size = self.controller.output_size
        else:
            size = self.controller.compute_output_shape(given)[-1]
        self.head_layer.build((None, size))
        self.output_layer.build((None, size + self.read_heads * self.memory_width))

    def get_initial_state(self, batch_size=None):
        """The states before the first step."""
        zeros = [ops.zeros((batch_size, size), self.compute_dtype) for size in self.state_size]
        outputs, memory, read_weights, write_weights, *others = zeros
        at_first = ops.eye(1, self.memory_slots, dtype=self.compute_dtype)
        return [
            outputs,
            memory + _BLANK,
            read_weights + ops.tile(at_first, [1, self.read_heads]),
            write_weights + ops.tile(at_first, [1, self.write_heads]),
            *others,
        ]

    def unpack(self, states):
        """The flat states as an `NTMState`, in the shapes that are written there."""
        _, memory, read_weights, write_weights, reads, *controller = states
        return NTMState(
            ops.reshape(memory, (-1, self.memory_slots, self.memory_width)),
            ops.reshape(read_weights, (-1, self.read_heads, self.memory_slots)),
            ops.reshape(write_weights, (-1, self.write_heads, self.memory_slots)),
            ops.reshape(reads, (-1, self.read_heads, self.memory_width)),
            controller,
        )

    def call(self, inputs, states):
        """One step: the output and the new states."""
        before = self.unpack(states)
        h, controller = self._control(
            ops.concatenate([inputs, _flat(before.reads)], axis=-1), before.controller
        )
        to_read, to_write = _cut(self.head_layer(h), self.head_sizes)
        to_read = ops.reshape(to_read, (-1, self.read_heads, self.place_size))
        sizes = [self.memory_width, self.memory_width, self.place_size]
        to_write = ops.reshape(to_write, (-1, self.write_heads, sum(sizes)))
        erase, add, to_write = _cut(to_write, sizes)
        write_weights = self._address(before.memory, to_write, before.write_weights)
        memory = addressing.erase_and_add(
            before.memory, write_weights, ops.sigmoid(erase), ops.tanh(add)
        )
        read_weights = self._address(memory, to_read, before.read_weights)
        reads = _flat(ops.matmul(read_weights, memory))
        outputs = self.output_layer(ops.concatenate([h, reads], axis=-1))
        parts = (_flat(part) for part in (memory, read_weights, write_weights))
        return outputs, [outputs, *parts, reads, *controller]

    def _control(self, inputs, states):
        """The controller's output and its new states."""
        if not self.has_states:
            return self.controller(inputs), []
        packed = keras.tree.pack_sequence_as(self.controller.state_size, states)
        h, states = self.controller(inputs, packed)
        return h, keras.tree.flatten(states)

    def _address(self, memory, parameters, previous):
        """The new weightings of some heads, from their parameters and their last weightings."""
        memory, parameters, previous = (
            ops.cast(tensor, self.precision) for tensor in (memory, parameters, previous)
        )
        sizes = [self.memory_width, 1, 1, self.moves, 1]
        key, strength, gate, kernel, exponent = _cut(parameters, sizes)
        w = addressing.content_addressing(memory, ops.tanh(key), ops.softplus(strength))
        w = addressing.interpolate(w, previous, ops.sigmoid(gate))
        w = addressing.shift(w, ops.softmax(kernel, axis=-1))
        w = addressing.sharpen(w, 1 + ops.softplus(exponent))
        return ops.cast(w, self.compute_dtype)

    def get_config(self):
        """The arguments that rebuild this cell."""
        controller = self.lstm_units or keras.saving.serialize_keras_object(self.controller)
        names = (
            "memory_slots",
            "memory_width",
            "read_heads",
            "write_heads",
            "shift_range",
            "output_dim",
        )
        own = {name: getattr(self, name) for name in names}
        return {**super().get_config(), **own, "controller": controller}

    @classmethod
    def from_config(cls, config):
        """A new cell with this config."""
        controller = keras.saving.deserialize_keras_object(config["controller"])
        return cls(**{**config, "controller": controller})


def _cut(tensor, sizes):
    """Pieces of these sizes along the last axis."""
    # PyTorch's compiler warns of `ops.split` at places that are given.
    ends = itertools.accumulate(sizes)
    return [tensor[..., end - size : end] for size, end in zip(sizes, ends, strict=True)]


def _flat(tensor):
    """`(batch, m, n)` as `(batch, m * n)`."""
    return ops.reshape(tensor, (-1, tensor.shape[-2] * tensor.shape[-1]))


def _shut_forget_gates(shape, dtype=None):
    """The biases of an LSTM's i, f, c and o: -1 for the forget gates, else 0."""
    units = shape[0] // 4
    return ops.concatenate(
        [ops.zeros(units, dtype), -ops.ones(units, dtype), ops.zeros(2 * units, dtype)]
    )
