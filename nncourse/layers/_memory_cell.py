"""What the cells with a stack and with a queue share: all but what the actions do."""

import keras
from keras import ops

from nncourse.layers._arguments import positive_integer

EMPTY = -1  # what a place holds where nothing is; values are from 0 to 1


class MemoryCell(keras.layers.Layer):
    """A recurrent cell that does a mixture of actions on a memory outside of its weights.

    A subclass has `_state_type`, a named tuple of the tensors that its memory is made of and then
    `actions` and `hidden`; `contents_shapes`, their shapes without the batch; `start`, `insert`
    and `remove`.
    """

    def __init__(
        self, units, depth, width, no_operation=False, recurrent=False, *, output_dim, **kwargs
    ):
        super().__init__(**kwargs)
        self.units = positive_integer("units", units)
        self.depth = positive_integer("depth", depth)
        self.width = positive_integer("width", width)
        self.no_operation = _true_or_false("no_operation", no_operation)
        self.recurrent = _true_or_false("recurrent", recurrent)
        self.output_dim = self.output_size = positive_integer("output_dim", output_dim)
        self.action_count = 3 if no_operation else 2
        contents_sizes = [rows * columns for rows, columns in self.contents_shapes]
        self.state_size = [output_dim, *contents_sizes, self.action_count, units]
        self.hidden_layer = self._dense(units, "sigmoid", "hidden")
        self.action_layer = self._dense(self.action_count, "softmax", "actions")
        self.value_layer = self._dense(width, "sigmoid", "value")
        self.output_layer = self._dense(output_dim, None, "output")

    def _dense(self, units, activation, name):
        # With Keras's usual start, a variance of about 1 / fan_in, the actions are so alike for all
        # inputs that training on some seeds never finds the memory.
        start = keras.initializers.VarianceScaling(3.0)
        return keras.layers.Dense(
            units, activation, kernel_initializer=start, name=name, dtype=self.dtype_policy
        )

    def build(self, input_shape):
        """Creates the weights for inputs of this shape."""
        given = input_shape[-1] + self.width + (self.units if self.recurrent else 0)
        self.hidden_layer.build((None, given))
        self.action_layer.build((None, self.units))
        self.value_layer.build((None, self.units))
        self.output_layer.build((None, self.units + self.width))

    def get_initial_state(self, batch_size=None):
        """The states before the first step."""
        zeros = [ops.zeros((batch_size, size), self.compute_dtype) for size in self.state_size]
        outputs, *contents, actions, hidden = zeros
        return [outputs, *self.start(contents), actions, hidden]

    def unpack(self, states):
        """The flat states as a named tuple, in the shapes that are written there."""
        _, *contents, actions, hidden = states
        shaped = [
            ops.reshape(part, (-1, *shape))
            for part, shape in zip(contents, self.contents_shapes, strict=True)
        ]
        return self._state_type(*shaped, actions, hidden)

    def call(self, inputs, states):
        """One step: the output and the new states."""
        *contents, _, hidden = self.unpack(states)
        given = [inputs, contents[0][:, 0]]
        if self.recurrent:
            given.append(hidden)
        hidden = self.hidden_layer(ops.concatenate(given, axis=-1))
        actions = self.action_layer(hidden)
        after = [self.insert(contents, self.value_layer(hidden)), self.remove(contents)]
        if self.no_operation:
            after.append(contents)
        shares = [actions[:, k, None, None] for k in range(self.action_count)]
        contents = [
            sum(share * part for share, part in zip(shares, parts, strict=True))
            for parts in zip(*after, strict=True)
        ]
        outputs = self.output_layer(ops.concatenate([hidden, contents[0][:, 0]], axis=-1))
        flat = [
            ops.reshape(part, (-1, rows * columns))
            for part, (rows, columns) in zip(contents, self.contents_shapes, strict=True)
        ]
        return outputs, [outputs, *flat, actions, hidden]

    def get_config(self):
        """The arguments that rebuild this cell."""
        names = ("units", "depth", "width", "no_operation", "recurrent", "output_dim")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def without_first(memory):
    """The values of `(batch, depth, width)` one place further up, an empty one at the end."""
    return ops.concatenate([memory[:, 1:], ops.full_like(memory[:, :1], EMPTY)], axis=1)


def _true_or_false(name, value):
    """Returns `value`, or raises a `ValueError` that names it if it is not True or False."""
    if not isinstance(value, bool):
        raise ValueError(f"`{name}` must be True or False. Received: {name}={value!r}")
    return value
