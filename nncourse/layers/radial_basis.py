"""Squared distances from fixed codes."""

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable("nncourse")
class RadialBasis(keras.layers.Layer):
    r"""Units that measure how far the input is from a code that each of them stands for.

    $$y_u = \sum_{i=1}^{D} (x_i - w_{ui})^2$$

    A unit's output is smallest, 0, where the input is its code. Minus the output is, up to a
    constant, the logarithm of a Gaussian density with the code as its mean, so that the softmax of
    $-y$ gives the probabilities of the classes under equal priors. The codes are chosen, not
    trained.

    Args:
        codes: Finite numbers of shape `(units, features)`, the codes $w$.
        **kwargs: `name` and `dtype`, as for any Keras layer.

    Weights: `codes` of shape `(units, features)`, not trainable.

    Input shape: `(batch, ..., features)`. Output shape: `(batch, ..., units)`.

    Raises:
        ValueError: If `codes` is not a table of finite numbers, or if the inputs have another
            number of features.

    Example:
        >>> import numpy as np
        >>> from keras import ops
        >>> from nncourse.layers import RadialBasis
        >>> layer = RadialBasis(codes=[[1.0, 1.0], [-1.0, 1.0]])
        >>> print(ops.convert_to_numpy(layer(np.array([[1.0, 0.0]]))))
        [[1. 5.]]

    Reference:
        LeCun et al. (1998), "Gradient-based learning applied to document recognition", section
        II.B, equation 7. Taught in the chapter *Convolutional networks*.
    """

    def __init__(self, codes, **kwargs):
        super().__init__(**kwargs)
        self._codes = _table(codes)
        self.input_spec = keras.layers.InputSpec(min_ndim=2, axes={-1: self._codes.shape[1]})

    def build(self, input_shape):
        """Creates the weight that holds the codes."""
        self.codes = self.add_weight(
            name="codes",
            shape=self._codes.shape,
            initializer=lambda shape, dtype: ops.convert_to_tensor(self._codes, dtype=dtype),
            trainable=False,
        )

    def call(self, inputs):
        """The squared distances."""
        differences = ops.expand_dims(inputs, axis=-2) - self.codes  # (batch, ..., units, features)
        return ops.sum(ops.square(differences), axis=-1)

    def compute_output_shape(self, input_shape):
        """`(batch, ..., units)`."""
        return (*input_shape[:-1], len(self._codes))

    def get_config(self):
        """The arguments that rebuild this layer."""
        return {**super().get_config(), "codes": self._codes.tolist()}


def _table(codes):
    try:
        table = np.array(codes, "float32")
    except (TypeError, ValueError):
        table = np.empty(0)
    if table.ndim != 2 or table.size == 0 or not np.isfinite(table).all():
        raise ValueError(
            "`codes` must be finite numbers of shape (units, features), both at least 1. "
            f"Received: codes={codes!r}"
        )
    return table
