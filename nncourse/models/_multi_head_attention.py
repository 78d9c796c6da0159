"""Attention with several heads, written out."""

import math

from keras import initializers, layers, ops

from nncourse.layers._attention import attention_weights


class MultiHeadAttention(layers.Layer):
    r"""Scaled dot-product attention, several times at once and each time in a space of its own.

    $$\mathrm{head}_i = \mathrm{softmax}\Big(\frac{Q_i K_i^\top}{\sqrt{w}}\Big) V_i, \qquad
    Q_i = X W^Q_i, \quad K_i = Y W^K_i, \quad V_i = Y W^V_i$$

    of width $w$ each; the heads side by side, times $W^O$, are the result. It computes what
    `keras.layers.MultiHeadAttention` does, with weights of the same shapes in the same order.

    Args:
        units: Width of the inputs and of the result, a multiple of `heads`.
        heads: How many heads there are.
        supply: Seeds for the weights.

    Reference:
        Vaswani et al. (2017), "Attention is all you need", section 3.2.
    """

    def __init__(self, units, heads, supply):
        super().__init__()
        self.width = units // heads

        def projection(equation, shape, name):
            # Glorot's would take a kernel of three axes for a convolution's.
            start = initializers.RandomNormal(stddev=units**-0.5, seed=next(supply))
            bias = equation[-2:] if len(shape) == 3 else equation[-1:]
            return layers.EinsumDense(
                equation,
                shape,
                bias_axes=bias,
                kernel_initializer=start,
                name=f"{self.name}_{name}",  # its own: see the test of the weights' paths
            )

        into = ("btd,dhw->bthw", (None, heads, self.width))
        self.query, self.key, self.value = (
            projection(*into, name) for name in ("query", "key", "value")
        )
        self.output_projection = projection("bthw,hwd->btd", (None, units), "output")
        for layer in (self.query, self.key, self.value):
            layer.build((None, None, units))
        self.output_projection.build((None, None, heads, self.width))
        self.built = True

    def call(self, x, y, allowed=None):
        """What each $x$ reads from the $y$ where it is allowed to."""
        q, k, v = self.query(x), self.key(y), self.value(y)  # (batch, time, heads, width)
        scores = ops.einsum("bqhw,bkhw->bhqk", q, k) / math.sqrt(self.width)
        weights = attention_weights(scores, allowed)  # (batch, heads, queries, keys)
        return self.output_projection(ops.einsum("bhqk,bkhw->bqhw", weights, v))
