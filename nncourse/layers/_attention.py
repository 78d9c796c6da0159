"""What the layers of attention share: all but the scores."""

import keras
from keras import ops

from nncourse.layers._arguments import positive_integer


def attention_weights(scores, mask=None):
    """Softmax over the last axis of what the mask leaves.

    Args:
        scores: `(..., values)`, float32 or float64.
        mask: Booleans that broadcast to the scores, true where a value may be attended to.

    Returns:
        Weights of the shape and type of the scores. A row sums to 1, and to 0 where its mask is
        false throughout: nothing is read where there is nothing to read, whereas a softmax of
        equal scores would read the mean of the padding.
    """
    # By hand: `ops.softmax` warns where there is one value, as at the first step of a decoder.
    if mask is not None:
        scores = ops.where(mask, scores, -1e30)
    highest = ops.stop_gradient(ops.max(scores, axis=-1, keepdims=True))
    exponentials = ops.exp(scores - highest)
    weights = exponentials / ops.sum(exponentials, axis=-1, keepdims=True)
    return weights if mask is None else weights * ops.cast(mask, weights.dtype)


class ScoredAttention(keras.layers.Layer):
    """Reads from values by the scores that a subclass defines, in `build_scores` and `scores`."""

    def __init__(self, output_units=None, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True  # the query's mask is the result's
        self.output_units = output_units
        self.combine = None
        if output_units is not None:
            positive_integer("output_units", output_units)
            self.combine = keras.layers.Dense(
                output_units, "tanh", use_bias=False, name="combine", dtype=self.dtype_policy
            )

    def build(self, query_shape, values_shape):
        """Creates the weights of the scores and, if there is one, of the attentional vector."""
        width, values_width = query_shape[-1], values_shape[-1]
        self.build_scores(width, values_width)
        if self.combine is not None:
            self.combine.build((*query_shape[:-1], values_width + width))

    def call(self, query, values, values_mask=None, return_weights=False):
        """The context or the attentional vector of each query, with the weights if asked for."""
        scores = self.scores(self._at_least_float32(query), self._at_least_float32(values))
        if values_mask is not None:
            values_mask = ops.expand_dims(ops.cast(values_mask, "bool"), axis=1)
        weights = ops.cast(attention_weights(scores, values_mask), self.compute_dtype)
        result = ops.matmul(weights, values)  # (batch, queries, values_width)
        if self.combine is not None:
            result = self.combine(ops.concatenate([result, query], axis=-1))
        return (result, weights) if return_weights else result

    def _at_least_float32(self, x):
        # The sum of many products leaves float16, which ends at 65504, before the softmax.
        return ops.cast(x, keras.backend.result_type(x.dtype, "float32"))

    def get_config(self):
        """The arguments that rebuild this layer."""
        return {**super().get_config(), "output_units": self.output_units}
