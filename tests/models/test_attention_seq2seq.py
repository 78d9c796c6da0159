"""`AttentionSeq2Seq` against NumPy, and the alignment that it learns."""

import numpy as np
import pytest
import scipy.special
from keras import ops

from nncourse.models import AttentionSeq2Seq
from tests.models.recurrent_oracle import decoder_outputs, encoder_outputs
from tests.models.translation import WORDS, reversals, share_exact, sharpened, taught

WORDS_IN = [4, 5, 6]
TARGET_IN = [2, 8, 4, 5]
SHAPES = [
    {"score": "dot"},
    {"score": "general", "reverse": True, "bidirectional": False, "cell": "gru"},
    {"score": "additive", "reverse": False, "bidirectional": False},
]


def scores(attention, hidden, values):
    if len(attention) == 1:
        return hidden @ values.T
    if len(attention) == 2:
        return hidden @ attention[0] @ values.T
    w_query, w_values, w_score = attention[:3]
    return np.tanh((hidden @ w_query)[:, None] + (values @ w_values)[None]) @ w_score


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_attention_between_networks(shape):
    model = sharpened(AttentionSeq2Seq(10, 11, units=6, **shape, seed=1))
    source, target_in = np.array([[*WORDS_IN, 0, 0]]), np.array([TARGET_IN])
    values, state = encoder_outputs(model, WORDS_IN)
    hidden = decoder_outputs(model, TARGET_IN, state)
    decoder = model.parts(None)[1]
    attention = decoder.attention.get_weights()
    weights = scipy.special.softmax(scores(attention, hidden, values), axis=-1)
    alignment = model.alignment(source, target_in)
    np.testing.assert_allclose(alignment[0, :, :3], weights, atol=1e-4)
    assert (alignment[0, :, 3:] == 0).all()
    vector = np.tanh(np.concatenate([weights @ values, hidden], axis=-1) @ attention[-1])
    kernel, bias = decoder.head.get_weights()
    logits = ops.convert_to_numpy(model((source, target_in)))
    np.testing.assert_allclose(logits[0], vector @ kernel + bias, atol=1e-4)


def test_it_learns_to_reverse_and_where_to_look():
    model = AttentionSeq2Seq(4 + WORDS, 4 + WORDS, units=32)
    source, target_in, target = reversals(100, seed=2)
    assert share_exact(model, seed=1) < 0.05
    assert mass_on_the_word(model, source, target_in, target) < 0.5
    taught(model, epochs=4, rate=0.01)
    assert share_exact(model, seed=1) > 0.9
    assert share_exact(model, seed=1, beam=2) > 0.9
    assert mass_on_the_word(model, source, target_in, target) > 0.8


def mass_on_the_word(model, source, target_in, target):
    """The mean weight of the source's word that each word of the target is."""
    alignment = model.alignment(source, target_in)
    lengths = (source != 0).sum(axis=1)
    looked = [
        alignment[b, t, lengths[b] - 1 - t] for b in range(len(source)) for t in range(lengths[b])
    ]
    return np.mean(looked)


def test_bad_alignments():
    model = AttentionSeq2Seq(8, 9, units=4)
    with pytest.raises(ValueError, match="`target_in` must have tokens from 0 to 8"):
        model.alignment([[4]], [[2, 9]])
    with pytest.raises(ValueError, match=r"`source` must be integers of shape .*shape \(1,\)"):
        model.alignment([4], [[2]])
    with pytest.raises(ValueError, match="Received: pair='de-en'"):
        model.alignment([[4]], [[2]], pair="de-en")
