"""`Transformer` against NumPy and Keras's attention."""

import itertools

import keras
import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from nncourse._autodiff import gradient
from nncourse.models import Transformer
from nncourse.models._multi_head_attention import MultiHeadAttention
from nncourse.models._transformer_parts import sinusoids
from tests.models.translation import WORDS, share_exact, sharpened, taught

SOURCE = np.array([[4, 5, 6, 0, 0], [7, 4, 9, 5, 8]])
TARGET_IN = np.array([[2, 8, 4, 5], [2, 5, 6, 7]])


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


# --- the parts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("units", "heads"), [(6, 3), (4, 1)])
def test_attention_equals_keras(units, heads):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 4, units)).astype("float32")
    y = rng.normal(size=(2, 5, units)).astype("float32")
    allowed = rng.random((2, 4, 5)) < 0.6
    allowed[..., 0] = True
    layer = MultiHeadAttention(units, heads, itertools.count())
    layer.set_weights([rng.normal(size=weight.shape) for weight in layer.get_weights()])
    other = keras.layers.MultiHeadAttention(heads, units // heads)
    other(x, y)
    other.set_weights(layer.get_weights())
    np.testing.assert_allclose(numpy(layer(x, y)), numpy(other(x, y)), atol=1e-4)
    expected = numpy(other(x, y, attention_mask=allowed))
    np.testing.assert_allclose(numpy(layer(x, y, allowed[:, None])), expected, atol=1e-4)


@settings(max_examples=15)
@given(start=st.integers(0, 300), half=st.integers(1, 6))
def test_law_places_are_sines_and_cosines(start, half):
    got = numpy(sinusoids(start, 7, 2 * half))
    place = np.arange(start, start + 7)
    for i in range(half):
        angle = place / 10_000 ** (2 * i / (2 * half))
        np.testing.assert_allclose(got[:, 2 * i], np.sin(angle), atol=2e-4)
        np.testing.assert_allclose(got[:, 2 * i + 1], np.cos(angle), atol=2e-4)


# --- the whole ----------------------------------------------------------------------------------


def normalized(x, gamma, beta):
    centered = x - x.mean(axis=-1, keepdims=True)
    return centered / np.sqrt((centered**2).mean(axis=-1, keepdims=True) + 1e-3) * gamma + beta


def attended(weights, x, y, allowed):
    wq, bq, wk, bk, wv, bv, wo, bo = weights
    result = bo
    for head in range(wq.shape[1]):
        q, k, v = (a @ w[:, head] + b[head] for a, w, b in ((x, wq, bq), (y, wk, bk), (y, wv, bv)))
        scores = np.where(allowed, q @ k.T / np.sqrt(wq.shape[-1]), -np.inf)
        result = result + scipy.special.softmax(scores, axis=-1) @ v @ wo[head]
    return result


def embedded(part, words):
    vectors = numpy(part.embedding.embeddings)[words].astype(float)
    units = vectors.shape[1]
    angle = np.arange(len(words))[:, None] / 10_000 ** (np.arange(0, units, 2) / units)
    place = np.stack([np.sin(angle), np.cos(angle)], axis=-1).reshape(len(words), units)
    return vectors * np.sqrt(units) + place


def through(blocks, x, allowed, values=None):
    for block in blocks:
        y = normalized(x, *block.own_norm.get_weights())
        x = x + attended(block.own.get_weights(), y, y, allowed)
        if values is not None:
            y = normalized(x, *block.source_norm.get_weights())
            x = x + attended(block.source.get_weights(), y, values, True)
        y = normalized(x, *block.dense_norm.get_weights())
        (kernel, bias), (second, other) = block.widen.get_weights(), block.narrow.get_weights()
        x = x + np.maximum(y @ kernel + bias, 0) @ second + other
    return x


def test_it_is_its_equations():
    model = Transformer(10, 11, units=6, heads=3, depth=2, hidden=5, seed=1)
    rng = np.random.default_rng(0)
    model.set_weights([w + rng.normal(size=w.shape) / 3 for w in model.get_weights()])
    logits = numpy(model((SOURCE, TARGET_IN)))
    encoder, decoder = model.parts(None)
    for source, target, got in zip(SOURCE, TARGET_IN, logits, strict=True):
        words = source[source > 0]
        values = through(encoder.blocks, embedded(encoder, words), True)
        values = normalized(values, *encoder.norm.get_weights())
        causal = np.tri(len(target), dtype=bool)
        y = through(decoder.blocks, embedded(decoder, target), causal, values)
        kernel, bias = decoder.head.get_weights()
        expected = normalized(y, *decoder.norm.get_weights()) @ kernel + bias
        np.testing.assert_allclose(got, expected, atol=1e-3)


def test_gradients_come_from_the_present_and_the_past():
    """Each word of the target is another, so that its vector stands for its place."""
    model = sharpened(Transformer(10, 11, units=6, heads=3, depth=2, seed=1))
    encoder, decoder = model.parts(None)
    states = encoder(SOURCE[1:])
    table = decoder.embedding.embeddings
    for place in range(4):

        def logit(vectors, place=place):
            with keras.StatelessScope(state_mapping=[(table, vectors)]):
                return ops.sum(decoder(TARGET_IN[1:], states)[0][0, place, :3])

        slopes = np.abs(numpy(gradient(logit, numpy(table)))).sum(axis=-1)[TARGET_IN[1]]
        assert (slopes[place + 1 :] == 0).all()
        assert slopes[: place + 1].min() > 1e-6


def test_it_computes_at_any_length():
    model = Transformer(10, 11, units=6, heads=3, depth=1)
    source, target_in = np.full((1, 300), 5), np.full((1, 200), 6)
    logits = numpy(model((source, target_in)))
    assert logits.shape == (1, 200, 11)
    assert np.isfinite(logits).all()
    assert np.ptp(logits, axis=1).max() > 1e-3  # the places differ, the words do not


def test_it_learns_to_reverse():
    model = Transformer(4 + WORDS, 4 + WORDS, units=32, depth=1)
    assert share_exact(model, seed=1) < 0.05
    assert share_exact(taught(model, epochs=8, rate=0.005), seed=1) > 0.6
