"""A recurrent network that says which character comes next."""

import math

import keras
import numpy as np
from keras import layers, ops

from nncourse.decoding import sample
from nncourse.models._alphabet import Alphabet
from nncourse.models._arguments import integer, seeds, share
from nncourse.models._prefix_states import remembering_step
from nncourse.models._recurrence import recur

_CELLS = {"lstm": layers.LSTM, "gru": layers.GRU}
_STRETCH = 128  # symbols that are judged at a time


@keras.saving.register_keras_serializable("nncourse")
class CharacterLM(keras.Model):
    r"""A character-level language model: an embedding, a stack of LSTMs or GRUs, logits.

    $$p(s_1, \dots, s_T) = \prod_t p(s_t \mid s_1, \dots, s_{t-1}), \qquad
    p(s_{t+1} = k \mid s_1, \dots, s_t) = \mathrm{softmax}_k(V h_t + b)$$

    $h_t$ is the state of the topmost layer after $s_t$. With `tied` the matrix $V$ is the
    embedding's own: the row by which a symbol is read is the one by which it is predicted.

    Train it with `fit` on what `examples` returns, with
    `keras.losses.SparseCategoricalCrossentropy(from_logits=True)`. A window starts from a state
    of zero and its loss is propagated back to its beginning, no further.

    Args:
        alphabet: The symbols in the order of their numbers, each once: a string, or strings of one
            character.
        units: Units of each recurrent layer.
        depth: How many recurrent layers there are.
        cell: `"lstm"` or `"gru"`.
        embedding_dim: Numbers by which a symbol is read. As many as `units` if not given, which
            `tied` demands.
        tied: Predict by the embedding's own matrix.
        dropout: The share of a layer's outputs that is dropped, from 0 to below 1: the same ones
            all through a window. The recurrence within a layer keeps all.
        seed: Where the weights' chance and dropout's start.
        **kwargs: `name`, `dtype` and `trainable`, as for any Keras model.

    Input shape: `(batch, time)`, symbol numbers. Output shape: `(batch, time, len(alphabet))`,
    logits for the symbol that follows each.

    Raises:
        ValueError: If an argument is not as said above.

    Example:
        >>> from nncourse.models import CharacterLM
        >>> model = CharacterLM("\n abdr", units=8)
        >>> model.encode("bad")
        array([3, 2, 4], dtype=int32)
        >>> x, y = model.examples("abra abra abra", length=4)
        >>> x.shape, model.decode(x[0]), model.decode(y[0])
        ((3, 4), 'abra', 'bra ')
        >>> len(model.generate("abra", length=20, seed=1))
        20

    Reference:
        Graves (2013), "Generating sequences with recurrent neural networks", sections 2 and 3;
        Press and Wolf (2017), "Using the output embedding to improve language models", for `tied`;
        Gal and Ghahramani (2016), "A theoretically grounded application of dropout in recurrent
        neural networks", for one mask a window. Taught in the chapter *Language models*.
    """

    def __init__(
        self,
        alphabet,
        units=128,
        depth=1,
        cell="lstm",
        embedding_dim=None,
        tied=False,
        dropout=0.0,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.alphabet = Alphabet(alphabet)
        self.units = integer("units", units, at_least=1)
        self.depth = integer("depth", depth, at_least=1)
        if cell not in _CELLS:
            raise ValueError(f"`cell` must be 'lstm' or 'gru'. Received: cell={cell!r}")
        self.cell = cell
        self.embedding_dim = embedding_dim
        width = units if embedding_dim is None else integer("embedding_dim", embedding_dim, 1)
        self.tied = tied
        if tied and width != units:
            raise ValueError(
                "`embedding_dim` must equal `units` where the matrices are tied. "
                f"Received: embedding_dim={embedding_dim}, units={units}"
            )
        self.dropout = share("dropout", dropout)
        self.seed = seed
        self._make_layers(width, seeds(seed))
        self.build((None, None))

    def _make_layers(self, width, supply):
        size, initializers = len(self.alphabet.symbols), keras.initializers
        self.embedding = layers.Embedding(
            size, width, initializers.RandomNormal(stddev=width**-0.5, seed=next(supply))
        )
        self.recurrent = [
            _CELLS[self.cell](
                self.units,
                return_sequences=True,
                return_state=True,
                kernel_initializer=initializers.GlorotUniform(seed=next(supply)),
                recurrent_initializer=initializers.Orthogonal(seed=next(supply)),
                name=f"{self.cell}_{i}",
            )
            for i in range(1, self.depth + 1)
        ]
        # One mask for a whole window: to draw one for every step takes longer than the step.
        self.drop = [
            layers.Dropout(self.dropout, noise_shape=(None, 1, None), seed=next(supply))
            for _ in self.recurrent
        ]
        self.head = None
        if not self.tied:
            start = initializers.GlorotUniform(seed=next(supply))
            self.head = layers.Dense(size, kernel_initializer=start, name="logits")

    def build(self, input_shape):
        """Creates the weights; no input is needed for that."""
        self.embedding.build((None, None))
        width = self.embedding.output_dim
        for layer in self.recurrent:
            layer.build((None, None, width))
            width = self.units
        if self.tied:
            self.bias = self.add_weight(shape=(len(self.alphabet.symbols),), name="logits_bias")
        else:
            self.head.build((None, None, width))
        self.built = True

    def call(self, inputs, training=None):
        """Logits of what follows each symbol, from a state of zero."""
        return self.run(inputs, training=training)[0]

    def run(self, inputs, states=None, training=None):
        """Goes on from states: how one long text is read, or written, piece by piece.

        Args:
            inputs: Symbol numbers `(batch, time)`.
            states: What `run` returned for the text before; None for a state of zero.
            training: Whether to drop out.

        Returns:
            Logits `(batch, time, len(alphabet))` and the states after the last symbol, a list of
            each layer's list of `(batch, units)` tensors.
        """
        x = self.embedding(inputs)
        after = []
        for i, (layer, drop) in enumerate(zip(self.recurrent, self.drop, strict=True)):
            x, state = recur(layer, x, None if states is None else states[i])
            x = drop(x, training=training)
            after.append(state)
        if self.tied:
            return ops.matmul(x, ops.transpose(self.embedding.embeddings)) + self.bias, after
        return self.head(x), after

    def encode(self, text):
        """The numbers of a text's symbols, `(len(text),)` int32.

        Raises:
            ValueError: If a symbol is not in the alphabet. Says which and where.
        """
        return self.alphabet.encode(text)

    def decode(self, numbers):
        """The text of symbol numbers."""
        return self.alphabet.decode(numbers)

    def examples(self, text, length):
        """Cuts a text into windows, and the same windows one symbol later.

        Args:
            text: More than `length` symbols. What is left at its end is not used.
            length: Symbols a window.

        Returns:
            Inputs and targets, each `(windows, length)`.

        Raises:
            ValueError: If the text has no window, or a symbol that is not in the alphabet.
        """
        return self.alphabet.windows(text, length)

    def bits(self, text, parts=1):
        """The mean of -log2 p over a text's symbols, each given those before it.

        Args:
            text: At least two symbols. The first is given, not predicted.
            parts: Into how many pieces of equal length to cut the text, which are read side by
                side. Each begins from a state of zero, which costs a little and saves much time.

        Returns:
            Bits a symbol; the model's perplexity is 2 to this power.

        Raises:
            ValueError: If the text is too short, or has a symbol that is not in the alphabet.
        """
        x, y = self.examples(text, max(1, (len(text) - 1) // integer("parts", parts, 1)))
        total, states = 0.0, None
        for start in range(0, x.shape[1], _STRETCH):  # short of memory for the whole at once
            stretch = slice(start, start + _STRETCH)
            logits, states = self.run(x[:, stretch], states)
            states = keras.tree.map_structure(ops.stop_gradient, states)
            log_p = ops.log_softmax(ops.cast(logits, "float32"), axis=-1)
            log_p = ops.take_along_axis(log_p, y[:, stretch, np.newaxis], axis=-1)
            total += float(ops.convert_to_numpy(ops.sum(log_p)))
        return -total / x.size / math.log(2)

    def step(self):
        """A step function for `nncourse.decoding`, which feeds the network each symbol once.

        It keeps the states that belong to the prefixes of its last call, in whatever order and
        however often the next call goes on from them.

        Returns:
            A function from prefixes `(sequences, symbols)` to log-probabilities of what comes
            next, `(sequences, len(alphabet))`.
        """
        return remembering_step(self.run)

    def generate(self, start, length, temperature=1.0, top_k=None, top_p=None, seed=0):
        """Goes on with a text by symbols drawn from the model, as `decoding.sample` does.

        Args:
            start: At least one symbol to begin with.
            length: How many symbols to write.
            temperature: As for `decoding.sample`, like `top_k`, `top_p` and `seed`.
            top_k: See there.
            top_p: See there.
            seed: See there.

        Returns:
            The new text without the start.
        """
        numbers, _ = sample(
            self.step(), self.encode(start), length, temperature, top_k, top_p, seed=seed
        )
        return self.decode(numbers)

    def compute_output_shape(self, input_shape):
        """`(batch, time, len(alphabet))`."""
        return (*input_shape, len(self.alphabet.symbols))

    def get_config(self):
        """The arguments that rebuild this model."""
        names = ("units", "depth", "cell", "embedding_dim", "tied", "dropout", "seed")
        own = {name: getattr(self, name) for name in names}
        return {**super().get_config(), "alphabet": self.alphabet.symbols, **own}
