"""`Seq2Seq` against its parts, one sentence at a time."""

import numpy as np
import pytest
from keras import ops

from nncourse.models import Seq2Seq
from tests.models.recurrent_oracle import decoder_outputs, encoder_outputs
from tests.models.translation import WORDS, share_exact, sharpened, taught

SOURCES = [[4, 5, 6], [7, 4, 9]]
TARGET_IN = [2, 8, 4, 5]
SHAPES = [
    {"cell": "lstm"},
    {"cell": "gru", "reverse": False, "embedding_dim": 3},
    {"cell": "lstm", "bidirectional": True},
]


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_one_network_after_another(shape):
    model = sharpened(Seq2Seq(10, 11, units=6, **shape, seed=1))
    source = np.array([[*words, 0, 0] for words in SOURCES])  # padding that the oracle never sees
    logits = ops.convert_to_numpy(model((source, np.array([TARGET_IN, TARGET_IN]))))
    for words, got in zip(SOURCES, logits, strict=True):
        _, state = encoder_outputs(model, words)
        hidden = decoder_outputs(model, TARGET_IN, state)
        kernel, bias = model.parts(None)[1].head.get_weights()
        np.testing.assert_allclose(got, hidden @ kernel + bias, atol=1e-4)


def recurrence(cell, width, units):
    return {"lstm": 4 * units * (width + units + 1), "gru": 3 * units * (width + units + 2)}[cell]


def test_parameters():
    def count(**options):
        return Seq2Seq(10, 11, units=6, **options).count_params()

    ends = 10 * 6 + 11 * 6 + 6 * 11 + 11  # the embeddings and the logits
    assert count() == ends + 2 * recurrence("lstm", 6, 6)
    assert count(cell="gru") == ends + 2 * recurrence("gru", 6, 6)
    both = recurrence("lstm", 6, 6) + 2 * recurrence("lstm", 6, 3)
    assert count(bidirectional=True) == ends + both


def test_it_learns_to_reverse():
    untrained = Seq2Seq(4 + WORDS, 4 + WORDS, units=48, cell="gru")
    assert share_exact(untrained, seed=1) < 0.05
    assert share_exact(taught(untrained, epochs=8, rate=0.01), seed=1) > 0.6
