"""The loss of answers in bits, which has the same fate on every backend where it turns NaN."""

import keras
from keras import ops


class BitLoss(keras.losses.Loss):
    """Cross-entropy of the bits that are asked for.

    It is `keras.losses.BinaryCrossentropy`. That one does not return NaN on PyTorch but raises a
    `RuntimeError`, which says nothing of the training that has come to grief.
    """

    def __init__(self):
        super().__init__(reduction="mean_with_sample_weight")

    def call(self, y_true, y_pred):
        """The mean over the bits of a step."""
        p = ops.clip(y_pred, keras.config.epsilon(), 1 - keras.config.epsilon())
        return -ops.mean(y_true * ops.log(p) + (1 - y_true) * ops.log(1 - p), axis=-1)
