"""A recurrent cell with a stack beside it."""

from typing import Any, NamedTuple

import keras
from keras import ops

from nncourse.layers._memory_cell import EMPTY, MemoryCell, without_first


class StackState(NamedTuple):
    """What a `StackCell` remembers."""

    memory: Any  # (batch, depth, width), the top first
    actions: Any  # (batch, 2 or 3), how much of push, pop and no operation was done
    hidden: Any  # (batch, units)


@keras.saving.register_keras_serializable("nncourse")
class StackCell(MemoryCell):
    r"""A network with a stack whose pushes and pops have slopes, for `keras.layers.RNN`.

    $$\begin{aligned}
    h_t &= \sigma(U [x_t, s_{t-1}^0] + b_h), \qquad
    a_t = \mathrm{softmax}(A h_t + b_a), \qquad v_t = \sigma(D h_t + b_v) \\
    s_t^0 &= a_t^{\text{push}}\, v_t + a_t^{\text{pop}}\, s_{t-1}^1 + a_t^{\text{no}}\, s_{t-1}^0 \\
    s_t^i &= a_t^{\text{push}}\, s_{t-1}^{i-1} + a_t^{\text{pop}}\, s_{t-1}^{i+1}
    + a_t^{\text{no}}\, s_{t-1}^i \\
    y_t &= V [h_t, s_t^0] + b_y
    \end{aligned}$$

    $s^0$ is the top. Where one action has all the weight this is an ordinary stack. Where it has
    not, the stack holds the mean of what the stacks of all sequences of actions would hold, each
    with the probability that the weights give it.

    A place where nothing is holds -1. To pop an empty stack leaves it empty; to push on a full one
    loses what lies deepest. No weight depends on the depth: those of a trained cell serve another
    one with a deeper stack.

    The kernels start with variance 3 / fan_in, more than usual, so that the actions differ from one
    input to the other; the slopes would else be too small to find the stack.

    The paper's network answers from $h_t$ alone, which has seen the top before the step but not
    what the step has brought up. Here the answer sees the new top.

    Args:
        units: Size of $h_t$.
        depth: Places of the stack.
        width: Numbers in a place.
        no_operation: Whether the stack can also be left as it is.
        recurrent: Whether $h_t$ sees $h_{t-1}$ too. It then has a memory that is easier to learn
            with than the stack, and no better than another recurrent network's: without, all that
            is remembered must go through the stack.
        output_dim: Size of $y_t$. It has no activation.
        **kwargs: `name`, `dtype` and `trainable`, as for any Keras layer.

    Input shape: `(batch, features)` and the states. Returns $y_t$ of shape `(batch, output_dim)`
    and the new states, each `(batch, size)`: $y_t$, as `keras.layers.RNN` wants it for masks, and
    the parts of a `StackState`, flat. `unpack` gives them their shapes.

    Raises:
        ValueError: If an argument is not as said above.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from nncourse.layers import StackCell
        >>> cell = StackCell(units=24, depth=10, width=8, output_dim=5)
        >>> keras.layers.RNN(cell, return_sequences=True)(np.ones((4, 20, 4))).shape == (4, 20, 5)
        True

    Reference:
        Joulin and Mikolov (2015), "Inferring algorithmic patterns with stack-augmented recurrent
        nets", the section "Pushdown network". Taught in the chapter *Beyond Turing machines*.
    """

    _state_type = StackState

    @property
    def contents_shapes(self):
        """The shape of the stack."""
        return [(self.depth, self.width)]

    def start(self, contents):
        """An empty stack, given zeros."""
        return [contents[0] + EMPTY]

    def insert(self, contents, value):
        """The stack with a value pushed."""
        (memory,) = contents
        return [ops.concatenate([value[:, None], memory[:, :-1]], axis=1)]

    def remove(self, contents):
        """The stack without its top."""
        return [without_first(contents[0])]
