"""Recurrent networks and data for them, and the same layers in Keras."""

import keras
import numpy as np

from nncourse.scratch import LSTM, RNN
from tests.scratch.network_examples import targets

NETWORKS = (RNN, LSTM)


def network_of(kind, inputs, hidden, outputs, rng, **options):
    """A network all of whose weights and biases are random."""
    network = kind(inputs, hidden, outputs, **options)
    network.weights = [
        tuple(rng.normal(size=part.shape) / np.sqrt(hidden) for part in layer)
        for layer in network.weights
    ]
    return network


def sequence_targets(loss, samples, steps, outputs, rng) -> np.ndarray:
    return targets(loss, samples * steps, outputs, rng).reshape(samples, steps, outputs)


def random_mask(samples, steps, rng) -> np.ndarray:
    """A step or more of every sequence, not always the last."""
    mask = rng.random((samples, steps)) < 0.5
    mask[np.arange(samples), rng.integers(steps, size=samples)] = True
    return mask


def keras_layer(network):
    """Keras's recurrent layer with the weights of a network."""
    kind = keras.layers.LSTM if isinstance(network, LSTM) else keras.layers.SimpleRNN
    layer = kind(network.hidden, return_sequences=True, return_state=True)
    layer.build((None, None, network.inputs))
    layer.set_weights(network.weights[0])
    return layer
