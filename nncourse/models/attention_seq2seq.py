"""A recurrent network that looks back at what it read while it writes."""

import keras
from keras import ops

from nncourse.layers import AdditiveAttention, MultiplicativeAttention
from nncourse.models._recurrent_parts import RecurrentTranslator
from nncourse.models._translator import checked_tokens

_SCORES = ("dot", "general", "additive")


@keras.saving.register_keras_serializable("nncourse")
class AttentionSeq2Seq(RecurrentTranslator):
    r"""`Seq2Seq` whose decoder looks at all that the encoder found out, token by token.

    $$a_{ts} = \mathrm{softmax}_s(\mathrm{score}(h_t, v_s)), \qquad c_t = \sum_s a_{ts} v_s,
    \qquad \tilde h_t = \tanh(W_c [c_t; h_t]), \qquad p(y_t \mid \dots) =
    \mathrm{softmax}(V \tilde h_t + b)$$

    $v_s$ is the encoder's output at the token $s$ of the source, $h_t$ the decoder's at the token
    $t$ of the target, with each score the output of the current step. Attention has nothing to say
    to the recurrent network itself, so that all steps of a target are computed at once. Tokens,
    training, translation and several languages are as in `Seq2Seq`.

    Args:
        source_vocabulary: As for `Seq2Seq`, like all arguments but `score`.
        target_vocabulary: See there.
        units: See there.
        cell: See there.
        reverse: See there. The values are in the order of the source whichever way it is read.
        bidirectional: See there; by default true, so that a value knows what is on both sides.
        embedding_dim: See there.
        score: `"dot"` or `"general"` as in `layers.MultiplicativeAttention`, or `"additive"` as in
            `layers.AdditiveAttention`, with `units` hidden units.
        seed: See there.
        **kwargs: See there.

    Input shape: `(batch, source_time)` and `(batch, target_time)`, token numbers. Output shape:
    `(batch, target_time, target_vocabulary)`, logits for the token that follows each.

    Raises:
        ValueError: If an argument is not as said above.

    Example:
        >>> import numpy as np
        >>> from nncourse.models import AttentionSeq2Seq
        >>> model = AttentionSeq2Seq(source_vocabulary=8, target_vocabulary=9, units=16)
        >>> source, target_in = np.array([[4, 5, 6], [7, 0, 0]]), np.array([[2, 8], [2, 5]])
        >>> alignment = model.alignment(source, target_in)
        >>> alignment.shape, alignment[1].round(3).tolist()
        ((2, 2, 3), [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])

    Reference:
        Luong, Pham and Manning (2015), "Effective approaches to attention-based neural machine
        translation", section 3.1; Bahdanau, Cho and Bengio (2015), "Neural machine translation by
        jointly learning to align and translate", section 3, whose decoder attends before each step,
        by the state of the one before, and is given the context. Taught in the chapter *Attention*.
    """

    has_attention = True

    def __init__(
        self,
        source_vocabulary,
        target_vocabulary,
        units=128,
        cell="lstm",
        reverse=True,
        bidirectional=True,
        embedding_dim=None,
        score="general",
        seed=0,
        **kwargs,
    ):
        super().__init__(
            source_vocabulary,
            target_vocabulary,
            units,
            cell,
            reverse,
            bidirectional,
            embedding_dim,
            seed,
            **kwargs,
        )
        if score not in _SCORES:
            raise ValueError(f"`score` must be one of {_SCORES}. Received: {score=}")
        self.score = score
        self.make_parts()

    def make_attention(self):
        """The layer from the encoder's values to the attentional vector."""
        if self.score == "additive":
            return AdditiveAttention(self.units, output_units=self.units)
        return MultiplicativeAttention(self.score, output_units=self.units)

    def alignment(self, source, target_in, pair=None):
        """How much each step of the decoder looks at each token of the source.

        Args:
            source: Token numbers `(batch, source_time)`.
            target_in: Token numbers `(batch, target_time)`, GO first. The row $t$ of the alignment
                belongs to what is written after `target_in[:, t]`.
            pair: `"source-target"`, the names of the languages, where there are several.

        Returns:
            Weights, an array `(batch, target_time, source_time)`; each row sums to 1.

        Raises:
            ValueError: If the model lacks the pair, or a token is not in the vocabulary.
        """
        encoder, decoder = self.parts(pair)
        states = encoder(checked_tokens("source", source, encoder.size))
        target_in = checked_tokens("target_in", target_in, decoder.size)
        h, _ = decoder.write(target_in, states)
        _, weights = decoder.attention(h, states["values"], states["mask"], return_weights=True)
        return ops.convert_to_numpy(ops.stop_gradient(weights))

    def get_config(self):
        """The arguments that rebuild this model."""
        return {**super().get_config(), "score": self.score}
