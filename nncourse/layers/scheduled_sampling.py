"""A recurrent layer that learns from its own symbols as well as from given ones."""

import keras
from keras import ops

from nncourse.layers._arguments import positive_integer

_SOURCES = ("model", "uniform")


@keras.saving.register_keras_serializable("nncourse")
class ScheduledSampling(keras.layers.Layer):
    r"""A recurrent layer whose training replaces some of the symbols it is given by its own.

    Teacher forcing trains a network on the true symbol before each step; when it writes freely it
    is given its own symbol, right or wrong. Here, in training, each symbol $s_t$ but the first is
    replaced with the probability $\epsilon$:

    $$\begin{aligned}
    u_t &= \begin{cases} \hat s_t \sim \mathrm{softmax}(z_{t-1}) & \text{with probability }
    \epsilon \\ s_t & \text{otherwise} \end{cases} \\
    h_t &= \mathrm{cell}(u_t, h_{t-1}), \qquad z_t = V h_t + b
    \end{aligned}$$

    No gradient passes through the choice of $\hat s_t$. Outside of training every symbol is the
    given one.

    Args:
        cell: A Keras recurrent cell, `keras.layers.StackedRNNCells` for several, which is given
            symbols as one-hot vectors. Without dropout.
        symbols: How many symbols there are, the size of the one-hot vectors and of the output.
        probability: $\epsilon$, from 0 (teacher forcing) to 1 (always its own symbol), or a
            `keras.optimizers.schedules.LearningRateSchedule` that gives it for the number of
            training steps so far. `PolynomialDecay(0.0, 500, 0.5)` rises to 1/2 in 500 steps.
        source: Where the replacement comes from: `"model"`, or `"uniform"` for a symbol drawn with
            equal probabilities, which disturbs as much but teaches nothing of the model's errors.
        seed: Seeds the draws.
        **kwargs: `name`, `dtype` and `trainable`, as for any Keras layer.

    Input shape: `(batch, time)`, symbol numbers. Output shape: `(batch, time, symbols)`, the logits
    $z_t$ for the symbol that follows each.

    Raises:
        ValueError: If an argument is not as said above.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from nncourse.layers import ScheduledSampling
        >>> rising = keras.optimizers.schedules.PolynomialDecay(0.0, 500, 0.5)
        >>> layer = ScheduledSampling(keras.layers.LSTMCell(8), symbols=3, probability=rising)
        >>> print(tuple(layer(np.array([[0, 2, 1, 1]])).shape))
        (1, 4, 3)

    Reference:
        Bengio, Vinyals, Jaitly and Shazeer (2015), "Scheduled sampling for sequence prediction with
        recurrent neural networks", section 2.4. Taught in the chapter *Language models*.
    """

    def __init__(self, cell, symbols, probability=0.0, source="model", seed=0, **kwargs):
        super().__init__(**kwargs)
        self.symbols = positive_integer("symbols", symbols)
        self.probability = _checked_probability(probability)
        if source not in _SOURCES:
            raise ValueError(f"`source` must be one of {_SOURCES}. Received: {source=}")
        self.source = source
        self.seed = seed
        self.cell = cell
        self.loop = keras.layers.RNN(
            _OwnSymbols(cell, symbols, source, dtype=self.dtype_policy),
            return_sequences=True,
            dtype=self.dtype_policy,
        )
        self.generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        """Creates the weights of the cell, of the output and the counter of training steps."""
        self.loop.build((*input_shape, 2 * self.symbols + 1))
        self.steps = self.add_weight(
            shape=(), initializer="zeros", dtype="int32", trainable=False, name="steps"
        )

    def call(self, inputs, training=None):
        """Logits of what follows each symbol."""
        given = ops.one_hot(inputs, self.symbols, dtype=self.compute_dtype)
        if training:
            replaced = self._draw_replaced(ops.shape(inputs))
            self.steps.assign_add(1)
        else:
            replaced = ops.zeros_like(given[..., :1])
        # Chance is drawn before the loop: a loop of JAX can't move a generator on.
        noise = keras.random.uniform(
            ops.shape(given), minval=1e-6, maxval=1 - 1e-6, seed=self.generator
        )
        gumbel = ops.cast(-ops.log(-ops.log(noise)), self.compute_dtype)
        return self.loop(ops.concatenate([given, replaced, gumbel], axis=-1))

    def _draw_replaced(self, shape):
        """1 where a symbol is to be replaced, `(batch, time, 1)`; nothing is before the first."""
        probability = self.probability
        if callable(probability):
            probability = probability(self.steps)
        chance = keras.random.uniform((*shape, 1), seed=self.generator)
        is_later = ops.reshape(ops.arange(shape[1]) > 0, (1, -1, 1))
        replaced = ops.logical_and(chance < probability, is_later)
        return ops.cast(replaced, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        """`(batch, time, symbols)`."""
        return (*input_shape, self.symbols)

    def get_config(self):
        """The arguments that rebuild this layer."""
        return {
            **super().get_config(),
            "cell": keras.saving.serialize_keras_object(self.cell),
            "symbols": self.symbols,
            "probability": keras.saving.serialize_keras_object(self.probability),
            "source": self.source,
            "seed": self.seed,
        }

    @classmethod
    def from_config(cls, config):
        """A new layer with this config."""
        parts = {
            name: keras.saving.deserialize_keras_object(config[name])
            for name in ("cell", "probability")
        }
        return cls(**{**config, **parts})


class _OwnSymbols(keras.layers.Layer):
    """A cell from symbols to logits, which has its last logits in its state.

    A step's input is the given symbol as a one-hot vector, 1 if it is to be replaced, and noise.
    """

    def __init__(self, cell, symbols, source, **kwargs):
        super().__init__(**kwargs)
        self.cell = cell
        self.output_layer = keras.layers.Dense(symbols, name="logits", dtype=self.dtype_policy)
        self.symbols, self.source = symbols, source
        self.state_size = [*keras.tree.flatten(cell.state_size), symbols]
        self.output_size = symbols

    def build(self, input_shape):
        if not self.cell.built:  # a cell that was loaded is
            self.cell.build((None, self.symbols))
        self.output_layer.build((None, self.cell.output_size))

    def call(self, inputs, states, training=None):
        *states, logits = states
        given, replaced, gumbel = ops.split(inputs, [self.symbols, self.symbols + 1], axis=-1)
        # The largest of scores plus Gumbel noise is a draw from the scores' softmax.
        scores = gumbel if self.source == "uniform" else logits + gumbel
        own = ops.one_hot(ops.argmax(scores, axis=-1), self.symbols, dtype=given.dtype)
        symbol = ops.where(replaced > 0, own, given)
        hidden, states = self.cell(symbol, self._packed(states))
        logits = self.output_layer(hidden)
        return logits, [*keras.tree.flatten(states), logits]

    def _packed(self, states):
        """States in the form that the cell wants them: stacked cells have a list each."""
        return keras.tree.pack_sequence_as(self.cell.state_size, states)


def _checked_probability(probability):
    if isinstance(probability, keras.optimizers.schedules.LearningRateSchedule):
        return probability
    if isinstance(probability, bool) or not isinstance(probability, (int, float)):
        number = None
    else:
        number = float(probability)
    if number is None or not 0 <= number <= 1:
        raise ValueError(
            "`probability` must be a number from 0 to 1 or a schedule of "
            f"`keras.optimizers.schedules`. Received: {probability=}"
        )
    return number
