"""A recurrent encoder and a recurrent decoder, the parts of `Seq2Seq` and `AttentionSeq2Seq`."""

from keras import initializers, layers, ops

from nncourse.models._arguments import integer
from nncourse.models._recurrence import recur
from nncourse.models._translator import PAD, TargetReader, Translator

_CELLS = {"lstm": layers.LSTM, "gru": layers.GRU}


class RecurrentTranslator(Translator):
    """A translator of recurrent networks; a subclass says whether and how it attends."""

    has_attention = False

    def __init__(
        self,
        source_vocabulary,
        target_vocabulary,
        units,
        cell,
        reverse,
        bidirectional,
        embedding_dim,
        seed,
        **kwargs,
    ):
        super().__init__(source_vocabulary, target_vocabulary, seed, **kwargs)
        self.units = integer("units", units, at_least=1)
        if cell not in _CELLS:
            raise ValueError(f"`cell` must be 'lstm' or 'gru'. Received: cell={cell!r}")
        self.cell = cell
        self.reverse, self.bidirectional = reverse, bidirectional
        if bidirectional and units % 2:
            raise ValueError(
                "`units` must be even where the encoder is bidirectional, for each direction has "
                f"half of them. Received: {units=}"
            )
        self.embedding_dim = embedding_dim
        self._width = units if embedding_dim is None else integer("embedding_dim", embedding_dim, 1)

    def make_encoder(self, size, supply):
        """Reads a source from end to beginning, from beginning to end, or both."""
        backwards = (False, True) if self.bidirectional else (bool(self.reverse),)
        units = self.units // len(backwards)
        readers = [
            _recurrent(self.cell, units, supply, go_backwards=backward) for backward in backwards
        ]
        return _Encoder(size, self._width, readers, self.has_attention, supply)

    def make_decoder(self, size, supply):
        """Writes a target from the states of an encoder."""
        writer = _recurrent(self.cell, self.units, supply)
        attention = self.make_attention() if self.has_attention else None
        return _Decoder(size, self._width, writer, attention, supply)

    def get_config(self):
        """The arguments that rebuild this model."""
        names = ("units", "cell", "reverse", "bidirectional", "embedding_dim")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


class _Encoder(layers.Layer):
    """From tokens to the decoder's first state and, if asked for, a value for each token."""

    def __init__(self, size, width, readers, returns_values, supply):
        super().__init__()
        self.size = size
        self.embedding = _embedding(size, width, supply)
        self.readers = readers
        self.returns_values = returns_values
        for reader in readers:
            reader.build((None, None, width))
        self.built = True

    def call(self, source):
        x, mask = self.embedding(source), ops.not_equal(source, PAD)
        values, states = [], []
        for reader in self.readers:
            h, *state = reader(x, mask=mask)  # over padding, the state stays as it is
            values.append(ops.flip(h, axis=1) if reader.go_backwards else h)
            states.append(state)
        result = {"state": [ops.concatenate(parts, -1) for parts in zip(*states, strict=True)]}
        if self.returns_values:
            result |= {"values": ops.concatenate(values, axis=-1), "mask": mask}
        return result


class _Decoder(TargetReader):
    """Writes with a recurrent network, which may look at the encoder's values."""

    def __init__(self, size, width, writer, attention, supply):
        super().__init__()
        self.size = size
        self.embedding = _embedding(size, width, supply)
        self.writer = writer
        self.attention = attention
        start = initializers.GlorotUniform(seed=next(supply))
        self.head = layers.Dense(size, kernel_initializer=start)
        shape = (None, None, writer.units)
        writer.build((None, None, width))
        if attention is not None:
            attention.build(shape, shape)
            for weight in attention.weights:  # the layer draws from Keras's own seed
                weight.assign(initializers.GlorotUniform(seed=next(supply))(weight.shape))
        self.head.build(shape)
        self.built = True

    def call(self, target, states):
        h, states = self.write(target, states)
        if self.attention is not None:
            h = self.attention(h, states["values"], states["mask"])
        return self.head(h), states

    def write(self, target, states):
        """The recurrent network's outputs `(batch, time, units)` and its states."""
        h, state = recur(self.writer, self.embedding(target), states["state"])
        return h, {**states, "state": state}


def _embedding(size, width, supply):
    start = initializers.RandomNormal(stddev=width**-0.5, seed=next(supply))
    embedding = layers.Embedding(size, width, start)
    embedding.build((None, None))
    return embedding


def _recurrent(cell, units, supply, go_backwards=False):
    return _CELLS[cell](
        units,
        return_sequences=True,
        return_state=True,
        go_backwards=go_backwards,
        kernel_initializer=initializers.GlorotUniform(seed=next(supply)),
        recurrent_initializer=initializers.Orthogonal(seed=next(supply)),
    )
