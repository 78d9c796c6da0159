"""The encoder and the decoder of `Transformer`."""

import math

from keras import initializers, layers, ops

from nncourse.models._multi_head_attention import MultiHeadAttention
from nncourse.models._translator import PAD, TargetReader


def sinusoids(start, length, units):
    """Sines and cosines that tell a place from others, `(length, units)`, from place `start`."""
    place = ops.cast(ops.arange(start, start + length), "float32")[:, None]
    frequency = ops.exp(ops.arange(0, units, 2, dtype="float32") * (-math.log(10_000) / units))
    angle = place * frequency
    return ops.reshape(ops.stack([ops.sin(angle), ops.cos(angle)], axis=-1), (-1, units))


class Block(layers.Layer):
    """Attention among the tokens, if asked for to a source, and two dense layers for each token.

    Each is added to what came in, and reads it normalized (pre-norm): x + f(norm(x)).
    """

    def __init__(self, units, heads, hidden, has_source, supply):
        super().__init__()
        self.own_norm, self.own = _norm(units), MultiHeadAttention(units, heads, supply)
        self.source = None
        if has_source:
            self.source_norm, self.source = _norm(units), MultiHeadAttention(units, heads, supply)
        self.dense_norm = _norm(units)
        self.widen = _dense(units, hidden, supply, activation="relu")
        self.narrow = _dense(hidden, units, supply)
        self.built = True

    def call(self, x, allowed, before=None, source=None, source_allowed=None):
        """The result `(batch, time, units)`, and all that later tokens may look at."""
        y = self.own_norm(x)
        seen = y if before is None else ops.concatenate([before, y], axis=1)
        x = x + self.own(y, seen, allowed)
        if self.source is not None:
            x = x + self.source(self.source_norm(x), source, source_allowed)
        return x + self.narrow(self.widen(self.dense_norm(x))), seen


class Encoder(layers.Layer):
    """From tokens to a value for each."""

    def __init__(self, size, units, heads, hidden, depth, supply):
        super().__init__()
        self.size = size
        self.embedding = _embedding(size, units, supply)
        self.blocks = [Block(units, heads, hidden, False, supply) for _ in range(depth)]
        self.norm = _norm(units)
        self.built = True

    def call(self, source):
        mask = ops.not_equal(source, PAD)
        x = _embedded(self.embedding, source, start=0)
        for block in self.blocks:
            x, _ = block(x, mask[:, None, None, :])
        return {"values": self.norm(x), "mask": mask}


class Decoder(TargetReader):
    """From tokens, and what the ones before them left, to logits."""

    def __init__(self, size, units, heads, hidden, depth, supply):
        super().__init__()
        self.size = size
        self.embedding = _embedding(size, units, supply)
        self.blocks = [Block(units, heads, hidden, True, supply) for _ in range(depth)]
        self.norm = _norm(units)
        self.head = _dense(units, size, supply)
        self.built = True

    def call(self, target, states):
        before = states.get("seen", [None] * len(self.blocks))
        start = 0 if before[0] is None else ops.shape(before[0])[1]
        length = ops.shape(target)[1]
        x = _embedded(self.embedding, target, start)
        # A token looks at itself and at those before it.
        allowed = ops.arange(start + length) <= ops.arange(start, start + length)[:, None]
        seen = []
        for block, earlier in zip(self.blocks, before, strict=True):
            x, now = block(x, allowed, earlier, states["values"], states["mask"][:, None, None, :])
            seen.append(now)
        return self.head(self.norm(x)), {**states, "seen": seen}


def _embedded(embedding, numbers, start):
    units = embedding.output_dim
    x = embedding(numbers) * math.sqrt(units)
    return x + ops.cast(sinusoids(start, ops.shape(numbers)[1], units), x.dtype)


def _embedding(size, units, supply):
    start = initializers.RandomNormal(stddev=units**-0.5, seed=next(supply))
    return _built(layers.Embedding(size, units, start), (None, None))


def _norm(units):
    return _built(layers.LayerNormalization(), (None, None, units))


def _dense(inputs, units, supply, activation=None):
    start = initializers.GlorotUniform(seed=next(supply))
    return _built(layers.Dense(units, activation, kernel_initializer=start), (None, None, inputs))


def _built(layer, input_shape):
    layer.build(input_shape)
    return layer
