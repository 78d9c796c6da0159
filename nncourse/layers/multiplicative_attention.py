"""Attention by products of queries and values."""

import keras
from keras import ops

from nncourse.layers._attention import ScoredAttention

_SCORES = ("dot", "general")


@keras.saving.register_keras_serializable("nncourse")
class MultiplicativeAttention(ScoredAttention):
    r"""Attention whose scores are dot products of a query with the values.

    $$\begin{aligned}
    e_{ts} &= h_t^\top v_s \ \text{(dot)} \quad \text{or} \quad h_t^\top W v_s \
    \text{(general)} \\
    a_{ts} &= \frac{e^{e_{ts}}}{\sum_{s'} e^{e_{ts'}}}, \qquad c_t = \sum_s a_{ts} v_s, \qquad
    \tilde h_t = \tanh(W_c [c_t; h_t])
    \end{aligned}$$

    $h_t$ is the query, $c_t$ the context, $\tilde h_t$ the attentional vector. The weights $a_{ts}$
    of masked values are 0; where all values of a row are masked all are, and so is the context.

    Args:
        score: `"dot"`, which demands queries and values of the same width, or `"general"`, which
            learns a matrix between them.
        output_units: Units of the attentional vector, a positive integer; None to return the
            context.
        **kwargs: `name`, `dtype` and `trainable`, as for any Keras layer.

    Weights: `kernel` $W$ of shape `(query_width, values_width)` for the general score;
    `combine/kernel` of shape `(values_width + query_width, output_units)`, $W_c$ transposed.

    Input shape: `query` `(batch, queries, query_width)` and `values`
    `(batch, values, values_width)`; `values_mask` `(batch, values)`, true where a value counts,
    which is the values' own Keras mask if it is not given. Output shape: `(batch, queries,
    output_units)` or `(batch, queries, values_width)`; with `return_weights=True` also the weights,
    `(batch, queries, values)`.

    Raises:
        ValueError: If an argument is not as said above, or the widths differ for a dot score.

    Example:
        >>> import numpy as np
        >>> from keras import ops
        >>> from nncourse.layers import MultiplicativeAttention
        >>> values = np.array([[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]])
        >>> query = np.array([[[0.0, 2.0]]])
        >>> context, weights = MultiplicativeAttention()(query, values, return_weights=True)
        >>> print(ops.convert_to_numpy(weights).round(3), ops.convert_to_numpy(context).round(3))
        [[[0.063 0.468 0.468]]] [[[0.532 0.937]]]

    Reference:
        Luong, Pham and Manning (2015), "Effective approaches to attention-based neural machine
        translation", section 3.1 and equation 5. Taught in the chapter *Attention*.
    """

    def __init__(self, score="dot", output_units=None, **kwargs):
        super().__init__(output_units, **kwargs)
        if score not in _SCORES:
            raise ValueError(f"`score` must be one of {_SCORES}. Received: {score=}")
        self.score = score

    def build_scores(self, width, values_width):
        """Creates the matrix of the general score."""
        if self.score == "general":
            self.kernel = self.add_weight(shape=(width, values_width), name="kernel")
        elif width != values_width:
            raise ValueError(
                "`query` and `values` must have the same width for score='dot'. "
                f"Received: widths {width} and {values_width}"
            )

    def scores(self, query, values):
        """The products, `(batch, queries, values)`."""
        if self.score == "general":
            query = ops.matmul(query, self.kernel)
        return ops.matmul(query, ops.transpose(values, (0, 2, 1)))

    def get_config(self):
        """The arguments that rebuild this layer."""
        return {**super().get_config(), "score": self.score}
