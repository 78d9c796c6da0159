"""Attention by a small network that compares queries with values."""

import keras
from keras import ops

from nncourse.layers._arguments import positive_integer
from nncourse.layers._attention import ScoredAttention


@keras.saving.register_keras_serializable("nncourse")
class AdditiveAttention(ScoredAttention):
    r"""Attention whose scores come from a layer of hidden units between a query and a value.

    $$\begin{aligned}
    e_{ts} &= w^\top \tanh(W h_t + U v_s) \\
    a_{ts} &= \frac{e^{e_{ts}}}{\sum_{s'} e^{e_{ts'}}}, \qquad c_t = \sum_s a_{ts} v_s, \qquad
    \tilde h_t = \tanh(W_c [c_t; h_t])
    \end{aligned}$$

    Queries and values may differ in width. Which state of a decoder is the query $h_t$ is the
    caller's choice: Bahdanau et al. take the one before the step, Luong et al. the one after it.
    The weights $a_{ts}$ of masked values are 0; where all values of a row are masked all are, and
    so is the context.

    `keras.layers.AdditiveAttention` has $w$ alone; $W$ and $U$ are then dense layers before it.

    Args:
        units: Hidden units of the score, a positive integer.
        output_units: Units of the attentional vector $\tilde h_t$, a positive integer; None to
            return the context $c_t$.
        **kwargs: `name`, `dtype` and `trainable`, as for any Keras layer.

    Weights: `query_kernel` $W$ and `values_kernel` $U$, transposed, of shapes
    `(query_width, units)` and `(values_width, units)`; `score_kernel` $w$ of shape `(units,)`;
    `combine/kernel` of shape `(values_width + query_width, output_units)`, $W_c$ transposed.

    Input shape: `query` `(batch, queries, query_width)` and `values`
    `(batch, values, values_width)`; `values_mask` `(batch, values)`, true where a value counts,
    which is the values' own Keras mask if it is not given. Output shape: `(batch, queries,
    output_units)` or `(batch, queries, values_width)`; with `return_weights=True` also the weights,
    `(batch, queries, values)`.

    Raises:
        ValueError: If `units` or `output_units` is not a positive integer.

    Example:
        >>> import numpy as np
        >>> from nncourse.layers import AdditiveAttention
        >>> layer = AdditiveAttention(units=8)
        >>> layer(np.ones((2, 4, 3)), np.ones((2, 5, 6))).shape == (2, 4, 6)
        True

    Reference:
        Bahdanau, Cho and Bengio (2015), "Neural machine translation by jointly learning to align
        and translate", section 3.1 and appendix A.1.2. Taught in the chapter *Attention*.
    """

    def __init__(self, units, output_units=None, **kwargs):
        super().__init__(output_units, **kwargs)
        self.units = positive_integer("units", units)

    def build_scores(self, width, values_width):
        """Creates the weights of the score."""
        self.query_kernel = self.add_weight(shape=(width, self.units), name="query_kernel")
        self.values_kernel = self.add_weight(shape=(values_width, self.units), name="values_kernel")
        self.score_kernel = self.add_weight(shape=(self.units,), name="score_kernel")

    def scores(self, query, values):
        """The network's answers, `(batch, queries, values)`."""
        query = ops.expand_dims(ops.matmul(query, self.query_kernel), axis=2)
        values = ops.expand_dims(ops.matmul(values, self.values_kernel), axis=1)
        return ops.matmul(ops.tanh(query + values), self.score_kernel)

    def get_config(self):
        """The arguments that rebuild this layer."""
        return {**super().get_config(), "units": self.units}
