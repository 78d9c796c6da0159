"""The mean of several classifiers."""

import math

import keras
from keras import ops


@keras.saving.register_keras_serializable("nncourse")
class Ensemble(keras.Model):
    r"""Several classifiers that answer together: the mean of their probabilities.

    $$z_k = \log \frac{1}{M} \sum_{m=1}^{M} p_{mk}, \qquad
    p_{mk} = \frac{e^{z_{mk}}}{\sum_j e^{z_{mj}}}$$

    The output is the logarithm of the mean, so that it serves as logits like the output of any
    member: the mean probabilities sum to 1, hence the softmax of their logarithms gives them back.
    Losses with `from_logits=True` and the usual metrics of accuracy hold for both. The members are
    trained one by one, before; to fit the ensemble trains them together, on the loss of their mean.

    Args:
        members: Keras models with the same input and output shapes, which return logits of shape
            `(batch, classes)`. At least one; they are not copied.
        **kwargs: `name`, `dtype` and `trainable`, as for any Keras model.

    Input shape: that of the members. Output shape: `(batch, classes)`.

    Raises:
        ValueError: If there are no members, if one is not a Keras model of known shapes, or if
            their shapes differ.

    Example:
        >>> import numpy as np
        >>> from keras import ops
        >>> from nncourse.models import Ensemble, MNISTLadder
        >>> ensemble = Ensemble([MNISTLadder("baseline", seed=seed) for seed in (0, 1, 2)])
        >>> logits = ensemble(np.zeros((2, 28, 28, 1), "float32"))
        >>> print(ops.convert_to_numpy(ops.sum(ops.exp(logits), axis=-1)).round(3))
        [1. 1.]

    Reference:
        Hansen and Salamon (1990), "Neural network ensembles", of networks that vote. Taught in the
        chapter *Convolutional networks*.
    """

    def __init__(self, members, **kwargs):
        super().__init__(**kwargs)
        self.members = _alike(members)
        self.build(self.members[0].input_shape)

    def build(self, input_shape):
        """The members are built already."""
        self.built = True

    def call(self, inputs, training=None):
        """The logarithm of the mean probabilities."""
        logits = ops.stack([member(inputs, training=training) for member in self.members])
        total = ops.logsumexp(ops.log_softmax(logits, axis=-1), axis=0)
        return total - math.log(len(self.members))

    def compute_output_shape(self, input_shape):
        """`(batch, classes)`."""
        return (input_shape[0], *self.members[0].output_shape[1:])

    def get_config(self):
        """The members and the rest that rebuilds this model."""
        members = [keras.saving.serialize_keras_object(member) for member in self.members]
        return {**super().get_config(), "members": members}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """An ensemble of new members with this config."""
        members = [
            keras.saving.deserialize_keras_object(member, custom_objects=custom_objects)
            for member in config["members"]
        ]
        return cls(**{**config, "members": members})


def _alike(members):
    members = list(members)
    if not members:
        raise ValueError("`members` must hold at least one model. Received: none")
    shapes = [_shapes(member) for member in members]
    if None in shapes:
        raise ValueError(
            "`members` must be Keras models that are built and have one input and one output. "
            f"Received: {members[shapes.index(None)]!r}"
        )
    if len(set(shapes)) > 1:
        raise ValueError(
            "`members` must have the same input and output shapes. Received: "
            + ", ".join(f"{inputs} to {outputs}" for inputs, outputs in shapes)
        )
    return members


def _shapes(member):
    """The shapes of input and output, or None if it has not one of each."""
    try:
        shapes = (member.input_shape, member.output_shape)
    except (AttributeError, ValueError):
        return None
    is_shape = all(isinstance(shape, tuple) and len(shape) > 1 for shape in shapes)
    return shapes if isinstance(member, keras.Model) and is_shape else None
