"""What the tests of translators share: sentences to reverse, and a model with opinions."""

import keras
import numpy as np

PAD, UNK, GO, EOS = range(4)
WORDS = 6  # tokens 4 to 9
LENGTH = 5


def reversals(sentences, seed, longest=LENGTH):
    """Sources of 2 tokens or more, targets to read and targets to predict."""
    rng = np.random.default_rng(seed)
    source = np.zeros((sentences, longest), "int32")
    target = np.zeros((sentences, longest + 2), "int32")
    target[:, 0] = GO
    for row, words in zip(source, target, strict=True):
        length = rng.integers(2, longest + 1)
        row[:length] = rng.integers(4, 4 + WORDS, length)
        words[1 : length + 1] = row[:length][::-1]
        words[length + 1] = EOS
    target_in = np.where(target[:, :-1] == EOS, PAD, target[:, :-1])
    return source, target_in, target[:, 1:]


def share_exact(model, seed, longest=LENGTH, **options):
    """The share of new sentences that are translated without a fault."""
    source, _, target = reversals(150, seed, longest)
    return np.mean((model.translate(source, longest + 1, **options) == target).all(axis=1))


def taught(model, epochs, rate, sentences=1024):
    """The model after lessons in reversal."""
    source, target_in, target = reversals(sentences, seed=0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss)
    model.fit((source, target_in), target, batch_size=32, epochs=epochs, verbose=0)
    return model


def sharpened(model):
    """The model with opinions: its untrained logits are nearly equal."""
    for weight in model.trainable_variables:
        weight.assign(2.5 * weight)
    return model
