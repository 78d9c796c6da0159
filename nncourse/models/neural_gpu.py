"""A Neural GPU: one small convolution that, applied over and over to a tape, computes."""

import keras
import numpy as np
from keras import layers, ops

from nncourse.models._arguments import integer, share

_LIMIT = 0.9  # where saturation begins to cost; the hard functions are flat from 1 on


@keras.saving.register_keras_serializable("nncourse")
class NeuralGPU(keras.Model):
    r"""A Neural GPU with diagonal gates: it changes all cells of a tape at once, step by step.

    The tape has a cell for each symbol, and a cell has $m$ numbers, one for each *map*. What a step
    does to a cell depends on that cell and the two beside it, and is the same for all cells and all
    steps. A tape of $n$ cells is given $n$ steps:

    $$\begin{aligned}
    s_0 &= \mathrm{htanh}(E_x), \qquad
    u = \mathrm{h}\sigma(U_u * s_t + b_u), \qquad
    r = \mathrm{h}\sigma(U_r * s_t + b_r) \\
    s_{t+1} &= u \odot \tilde s_t + (1 - u) \odot \mathrm{htanh}\big(U * (r \odot s_t) + b\big),
    \qquad \mathrm{logits} = V s_n + c
    \end{aligned}$$

    $*$ is a convolution of width 3, with zeros beyond both ends. $\tilde s$ is the tape with its
    first third of maps moved one cell up, the second third one cell down, and the rest in place: so
    a gate $u$ that is open carries numbers along the tape. The functions are hard,
    $\mathrm{htanh}(z) = \min(1, \max(-1, z))$ and $\mathrm{h}\sigma = (\mathrm{htanh} + 1)/2$, so a
    gate can be quite open or shut, and nothing leaks in a thousand steps. Where they are flat they
    have no slope. In training the loss therefore includes a cost for what goes far out there, the
    mean over cells, maps and steps of

    $$\lambda \max(0, |z| - 0.9) \quad \text{summed over the three } z .$$

    The weights serve tapes of every length. Train it with `fit` on what
    `datasets.make_binary_arithmetic` returns, with
    `keras.losses.SparseCategoricalCrossentropy(from_logits=True)` and a rate that decays. Call
    `fit` for several lengths in turn, and for some numbers on a tape with more zeros after them
    (`numpy.pad`): a longer tape has more steps too, and an answer that is right may not last
    longer than training asked.

    Args:
        symbols: How many symbols there are on a tape at the start. They are numbered from 0.
        answers: How many there are at the end.
        maps: $m$, at least 3.
        dropout: The share of the maps that a step in training leaves as $\tilde s_t$, from 0 to
            below 1: in all cells of a tape the same ones, at each step others. The changes of the
            other maps grow to make up for it.
        saturation_cost: $\lambda$, at least 0.
        seed: Seeds the dropout.
        **kwargs: `name`, `dtype` and `trainable`, as for any Keras model.

    Input shape: `(batch, cells)`, symbol numbers. Output shape: `(batch, cells, answers)`, logits.

    Raises:
        ValueError: If an argument is not as said above.

    Example:
        >>> import numpy as np
        >>> from nncourse.models import NeuralGPU
        >>> model = NeuralGPU(symbols=4, answers=2)
        >>> tape = np.array([[3, 1, 2, 0]])
        >>> print(tuple(model(tape).shape), model.trace(tape).shape, model.count_params())
        (1, 4, 2) (1, 5, 4, 24) 5402

    Reference:
        Kaiser and Sutskever (2016), "Neural GPUs learn algorithms", section 2; Freivalds and
        Liepins (2017), "Improving the Neural GPU architecture for algorithm learning", for one
        dimension, diagonal gates, hard functions and their cost. Taught in the chapter *Beyond
        Turing machines*.
    """

    def __init__(
        self, symbols, answers, maps=24, dropout=0.0, saturation_cost=0.02, seed=0, **kwargs
    ):
        super().__init__(**kwargs)
        self.symbols = integer("symbols", symbols, at_least=1)
        self.answers = integer("answers", answers, at_least=1)
        self.maps = integer("maps", maps, at_least=3)
        self.dropout = share("dropout", dropout)
        if not isinstance(saturation_cost, (int, float)) or not saturation_cost >= 0:
            raise ValueError(
                "`saturation_cost` must be a number of at least 0. "
                f"Received: saturation_cost={saturation_cost!r}"
            )
        self.saturation_cost = saturation_cost
        self.seed = integer("seed", seed, at_least=0)
        self.chance = keras.random.SeedGenerator(seed)
        self.embedding = layers.Embedding(symbols, maps)
        # Keras's loop, which compiles a step once, whatever the number of steps.
        self.recurrence = layers.RNN(_TapeCell(maps), return_sequences=True, return_state=True)
        self.output_layer = layers.Dense(answers, name="output")
        self.build((None, None))

    def build(self, input_shape):
        """Creates the weights; no input is needed for that."""
        self.embedding.build((None, None))
        self.recurrence.build((None, None, self.maps))
        self.output_layer.build((None, None, self.maps))
        self.built = True

    def call(self, inputs, training=False):
        """The logits of the answers after as many steps as there are cells."""
        _, tape, excess = self._run(inputs, training)
        if training:
            cells = ops.cast(ops.shape(inputs)[1], excess.dtype)
            self.add_loss(self.saturation_cost * ops.mean(excess / cells))
        return self.output_layer(tape)

    def _run(self, inputs, training=False):
        """The tape after each step, the last one, and how much saturated in all, row by row."""
        batch, cells = ops.shape(inputs)
        masks = ops.ones((batch, cells, self.maps))  # one a step
        if training and self.dropout:
            masks = keras.random.dropout(masks, self.dropout, seed=self.chance)
        return self.recurrence(masks, initial_state=[self._start(inputs), ops.zeros((batch, 1))])

    def _start(self, inputs):
        return _hard_tanh(self.embedding(inputs))

    def trace(self, x):
        """Runs through tapes and notes what is on them, to be drawn.

        Args:
            x: Symbol numbers, `(batch, cells)`.

        Returns:
            The tapes before the first step and after each, `(batch, cells + 1, cells, maps)`. The
            model's `output_layer` tells what the answers would be at each.

        Raises:
            ValueError: If `x` has another shape or holds another symbol.
        """
        x = np.asarray(x)
        if x.ndim != 2 or 0 in x.shape or not np.isin(x, range(self.symbols)).all():
            raise ValueError(
                f"`x` must be of shape (batch, cells), with symbols from 0 to {self.symbols - 1}. "
                f"Received: x of shape {x.shape} with {np.unique(x)[:10]}"
            )
        tapes = [self._start(x)[:, None], self._run(x)[0]]
        return np.concatenate([ops.convert_to_numpy(part) for part in tapes], axis=1)

    def compute_output_shape(self, input_shape):
        """`(batch, cells, answers)`."""
        return (*input_shape, self.answers)

    def get_config(self):
        """The arguments that rebuild this model."""
        names = ("symbols", "answers", "maps", "dropout", "saturation_cost", "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


class _TapeCell(layers.Layer):
    """A step of the Neural GPU as a recurrent cell: its input is the mask of the dropout."""

    def __init__(self, maps):
        super().__init__()
        self.maps = maps
        self.state_size = [maps, 1]
        self.gates = self._convolution(2 * maps, "gates", _mostly_open)
        self.candidate = self._convolution(maps, "candidate", "zeros")

    def _convolution(self, units, name, bias):
        # `Conv1D` and `Dense` have gradients that XLA can't compile in TensorFlow's loops.
        return layers.EinsumDense(
            "bci,io->bco", (None, units), bias_axes="o", bias_initializer=bias, name=name
        )

    def build(self, input_shape):
        self.gates.build((None, None, 3 * self.maps))
        self.candidate.build((None, None, 3 * self.maps))

    def call(self, inputs, states):
        tape, excess = states
        z_gates = self.gates(_neighborhoods(tape))
        gates = (_hard_tanh(z_gates) + 1) / 2
        keep, reset = gates[..., : self.maps], gates[..., self.maps :]
        z = self.candidate(_neighborhoods(reset * tape))
        moved = _moved(tape)
        change = (1 - keep) * inputs[:, None]
        tape = moved + change * (_hard_tanh(z) - moved)
        # The gates are two and are wide: a mean of theirs counts twice.
        excess = excess + 2 * _mean_excess(z_gates) + _mean_excess(z)
        return tape, [tape, excess]


def _mostly_open(shape, dtype=None):
    """Biases of the gates u and r that at the start let most pass: 0.85 and 0.75 of it."""
    half = [shape[0] // 2]
    return ops.concatenate([ops.full(half, 0.7, dtype), ops.full(half, 0.5, dtype)])


def _hard_tanh(z):
    return ops.clip(z, -1, 1)


def _mean_excess(z):
    """How far numbers are in the flat parts, `(batch, 1)`."""
    return ops.mean(ops.relu(ops.abs(z) - _LIMIT), axis=(1, 2))[:, None]


def _neighborhoods(tape):
    """Each cell with the one below it and the one above, side by side."""
    nothing = ops.zeros_like(tape[:, :1])
    below = ops.concatenate([nothing, tape[:, :-1]], axis=1)
    above = ops.concatenate([tape[:, 1:], nothing], axis=1)
    return ops.concatenate([below, tape, above], axis=-1)


def _moved(tape):
    """A third of the maps one cell up the tape, a third one cell down, the rest in place."""
    third = tape.shape[-1] // 3
    up, down, rest = tape[..., :third], tape[..., third : 2 * third], tape[..., 2 * third :]
    nothing = ops.zeros_like(up[:, :1])
    up = ops.concatenate([nothing, up[:, :-1]], axis=1)
    down = ops.concatenate([down[:, 1:], nothing], axis=1)
    return ops.concatenate([up, down, rest], axis=-1)
