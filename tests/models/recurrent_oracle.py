"""What a recurrent translator computes, for one sentence without padding, by Keras's own layers."""

import keras
import numpy as np
from keras import ops

LAYERS = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}


def _run(layer, vectors, state=None):
    """A layer made anew from the weights of another, which reads only forwards."""
    kind = LAYERS["lstm" if isinstance(layer, keras.layers.LSTM) else "gru"]
    copy = kind(layer.units, return_sequences=True, return_state=True)
    copy.build((None, *vectors.shape))
    copy.set_weights(layer.get_weights())
    outputs = copy(vectors[np.newaxis], initial_state=state)
    return [ops.convert_to_numpy(part) for part in outputs]


def encoder_outputs(model, words):
    """Values `(time, units)` in the order of the words, and the state, a list of `(1, units)`."""
    encoder, _ = model.parts(None)
    vectors = ops.convert_to_numpy(encoder.embedding.embeddings)[words]
    if model.bidirectional:
        forwards, *first = _run(encoder.readers[0], vectors)
        backwards, *second = _run(encoder.readers[1], vectors[::-1])
        values = np.concatenate([forwards[0], backwards[0, ::-1]], axis=-1)
        return values, [np.concatenate(pair, axis=-1) for pair in zip(first, second, strict=True)]
    order = slice(None, None, -1 if model.reverse else 1)
    outputs, *state = _run(encoder.readers[0], vectors[order])
    return outputs[0, order], state


def decoder_outputs(model, words, state):
    """The recurrent network's outputs, `(time, units)`."""
    _, decoder = model.parts(None)
    vectors = ops.convert_to_numpy(decoder.embedding.embeddings)[words]
    return _run(decoder.writer, vectors, state)[0][0]
