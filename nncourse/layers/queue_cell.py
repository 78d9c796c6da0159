"""A recurrent cell with a queue beside it."""

from typing import Any, NamedTuple

import keras
from keras import ops

from nncourse.layers._memory_cell import EMPTY, MemoryCell, without_first


class QueueState(NamedTuple):
    """What a `QueueCell` remembers."""

    memory: Any  # (batch, depth, width), the front first
    tail: Any  # (batch, depth + 1, 1), the probability of each number of values in it
    actions: Any  # (batch, 2 or 3), how much of enqueue, dequeue and no operation was done
    hidden: Any  # (batch, units)


@keras.saving.register_keras_serializable("nncourse")
class QueueCell(MemoryCell):
    r"""A network with a queue that has slopes: first in, first out, for `keras.layers.RNN`.

    It is `nncourse.layers.StackCell` but for where a value enters. The front, $q^0$, is read and
    leaves first; a new value enters behind the last, wherever that is. So a queue also keeps $p^i$,
    the probability that it holds $i$ values, of $n$ at most:

    $$\begin{aligned}
    q_t^i &= a_t^{\text{enqueue}} \big(q_{t-1}^i + p_{t-1}^i (v_t + 1)\big)
    + a_t^{\text{dequeue}}\, q_{t-1}^{i+1} + a_t^{\text{no}}\, q_{t-1}^i \\
    p_t^i &= a_t^{\text{enqueue}}\, p_{t-1}^{i-1} + a_t^{\text{dequeue}}\, p_{t-1}^{i+1}
    + a_t^{\text{no}}\, p_{t-1}^i
    \end{aligned}$$

    except at the ends: what leaves 0 or $n$ stays there. Again the cell holds the mean of the
    queues of all sequences of actions, since a place where nothing is holds -1, which $v_t + 1$
    turns into $v_t$. To dequeue from an empty queue leaves it empty; what is enqueued on a full one
    is lost.

    This is Joulin and Mikolov's way, made for the queue that Grefenstette et al. ask for. In the
    latter's own form each value has a strength, of which minima and maxima take away and read; they
    have no slope where the strength is used up, and the memory has a place for each step and not
    for each value.

    Args:
        units: As for `nncourse.layers.StackCell`, like all that follow.
        depth: Places of the queue, $n$.
        width: See there.
        no_operation: See there.
        recurrent: See there.
        output_dim: See there.
        **kwargs: `name`, `dtype` and `trainable`, as for any Keras layer.

    Input shape: `(batch, features)` and the states. Returns $y_t$ of shape `(batch, output_dim)`
    and the new states, each `(batch, size)`: $y_t$ and the parts of a `QueueState`, flat. `unpack`
    gives them their shapes.

    Raises:
        ValueError: If an argument is not as said above.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from nncourse.layers import QueueCell
        >>> cell = QueueCell(units=24, depth=10, width=8, output_dim=5)
        >>> keras.layers.RNN(cell, return_sequences=True)(np.ones((4, 20, 4))).shape == (4, 20, 5)
        True

    Reference:
        Grefenstette, Hermann, Suleyman and Blunsom (2015), "Learning to transduce with unbounded
        memory", the section "Neural Queue", for what it does; Joulin and Mikolov (2015), "Inferring
        algorithmic patterns with stack-augmented recurrent nets", for how. Taught in the chapter
        *Beyond Turing machines*.
    """

    _state_type = QueueState

    @property
    def contents_shapes(self):
        """The shapes of the queue and of the probabilities of its lengths."""
        return [(self.depth, self.width), (self.depth + 1, 1)]

    def start(self, contents):
        """An empty queue, given zeros."""
        memory, tail = contents
        return [memory + EMPTY, tail + ops.eye(1, self.depth + 1, dtype=self.compute_dtype)]

    def insert(self, contents, value):
        """The queue with a value enqueued."""
        memory, tail = contents
        memory = memory + tail[:, :-1] * (value[:, None] - EMPTY)
        last = tail[:, -2:-1] + tail[:, -1:]
        return [memory, ops.concatenate([ops.zeros_like(last), tail[:, :-2], last], axis=1)]

    def remove(self, contents):
        """The queue without its front."""
        memory, tail = contents
        first = tail[:, :1] + tail[:, 1:2]
        tail = ops.concatenate([first, tail[:, 2:], ops.zeros_like(first)], axis=1)
        return [without_first(memory), tail]
