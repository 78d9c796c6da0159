"""Targets for every loss of a network, and Keras's name for each loss."""

import keras
import numpy as np
from keras import ops

CROSS_ENTROPIES = ("binary_crossentropy", "categorical_crossentropy")
LOSSES = ("mean_squared_error", *CROSS_ENTROPIES, "hinge", "perceptron")


def targets(loss: str, samples: int, outputs: int, rng) -> np.ndarray:
    """Targets of the kind that the loss wants."""
    shape = (samples, outputs)
    if loss == "mean_squared_error":
        return rng.normal(size=shape)
    if loss == "binary_crossentropy":
        return rng.integers(0, 2, shape)
    if loss == "categorical_crossentropy":
        return np.eye(outputs)[rng.integers(0, outputs, samples)]
    return rng.choice([-1, 1], shape)


def keras_loss(name: str):
    return {
        "mean_squared_error": keras.losses.MeanSquaredError(),
        "binary_crossentropy": keras.losses.BinaryCrossentropy(from_logits=True),
        "categorical_crossentropy": keras.losses.CategoricalCrossentropy(from_logits=True),
        "hinge": keras.losses.Hinge(),
        "perceptron": lambda t, y: ops.mean(ops.maximum(0.0, -t * y), axis=-1),
    }[name]
