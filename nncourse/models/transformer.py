"""A translator of attention alone."""

import keras

from nncourse.models._arguments import integer
from nncourse.models._transformer_parts import Decoder, Encoder
from nncourse.models._translator import Translator


@keras.saving.register_keras_serializable("nncourse")
class Transformer(Translator):
    r"""A small encoder and decoder without recurrence: attention and dense layers.

    $$\begin{aligned}
    x &\leftarrow x + \mathrm{MultiHead}(\mathrm{norm}(x)) \quad \text{among the tokens} \\
    x &\leftarrow x + \mathrm{MultiHead}(\mathrm{norm}(x), v) \quad \text{to the source; in the
    decoder alone} \\
    x &\leftarrow x + W_2 \max(0, W_1 \mathrm{norm}(x) + b_1) + b_2
    \end{aligned}$$

    is a block; the normalized output of the encoder's last is $v$, and the decoder's gives the
    logits. A token of the target looks at those before it and itself. Attention does not know the
    order of tokens, so each place $p$ has a vector that is added to its token's,

    $$\sin(p / 10000^{2i/d}), \quad \cos(p / 10000^{2i/d}), \qquad i = 0, \dots, d/2 - 1,$$

    which exists for any place: the model computes at lengths that it was never trained on, which
    does not mean that it is right there. Tokens, training, translation and several languages are as
    in `Seq2Seq`.

    Unlike in the paper a block normalizes what its parts read rather than what they return, which
    needs no warm-up of the learning rate, and there is no dropout.

    Args:
        source_vocabulary: As for `Seq2Seq`.
        target_vocabulary: See there.
        units: The width $d$ of all blocks, an even number and a multiple of `heads`.
        heads: Heads of each attention.
        depth: Blocks of the encoder, and of the decoder.
        hidden: Units of the dense layer $W_1$. Four times `units` if not given.
        seed: Where the weights' chance starts.
        **kwargs: `name` and `trainable`, as for any Keras model.

    Input shape: `(batch, source_time)` and `(batch, target_time)`, token numbers. Output shape:
    `(batch, target_time, target_vocabulary)`, logits for the token that follows each.

    Raises:
        ValueError: If an argument is not as said above.

    Example:
        >>> import numpy as np
        >>> from nncourse.models import Transformer
        >>> model = Transformer(source_vocabulary=8, target_vocabulary=9, units=16, heads=2)
        >>> source, target_in = np.array([[4, 5, 6], [7, 0, 0]]), np.array([[2, 8, 4], [2, 5, 0]])
        >>> model((source, target_in)).shape == (2, 3, 9)
        True
        >>> model.translate(source, length=5).shape
        (2, 5)

    Reference:
        Vaswani et al. (2017), "Attention is all you need", section 3; Xiong et al. (2020), "On
        layer normalization in the transformer architecture", section 3, for pre-norm. Taught in the
        chapter *Attention*.
    """

    def __init__(
        self,
        source_vocabulary,
        target_vocabulary,
        units=64,
        heads=4,
        depth=2,
        hidden=None,
        seed=0,
        **kwargs,
    ):
        super().__init__(source_vocabulary, target_vocabulary, seed, **kwargs)
        self.units = integer("units", units, at_least=1)
        self.heads = integer("heads", heads, at_least=1)
        if units % 2 or units % heads:
            raise ValueError(
                f"`units` must be even and a multiple of `heads`. Received: {units=}, {heads=}"
            )
        self.depth = integer("depth", depth, at_least=1)
        self.hidden = hidden
        width = 4 * units if hidden is None else integer("hidden", hidden, at_least=1)
        self._sizes = (units, heads, width, depth)
        self.make_parts()

    def make_encoder(self, size, supply):
        """Blocks that look at the whole source."""
        return Encoder(size, *self._sizes, supply)

    def make_decoder(self, size, supply):
        """Blocks that look at the target so far and at the source."""
        return Decoder(size, *self._sizes, supply)

    def get_config(self):
        """The arguments that rebuild this model."""
        names = ("units", "heads", "depth", "hidden")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
