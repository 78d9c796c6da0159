"""A recurrent network that reads a sentence and one that writes another."""

import keras

from nncourse.models._recurrent_parts import RecurrentTranslator


@keras.saving.register_keras_serializable("nncourse")
class Seq2Seq(RecurrentTranslator):
    r"""An encoder that reads a sentence into one state, a decoder that writes another from it.

    $$s_0 = \mathrm{encoder}(x_1, \dots, x_S), \qquad s_t = \mathrm{decoder}(y_{t-1}, s_{t-1}),
    \qquad p(y_t \mid y_1, \dots, y_{t-1}, x) = \mathrm{softmax}(V h_t + b)$$

    $h_t$ is the output of the state $s_t$; all that the decoder learns of the source is $s_0$.
    Tokens are numbers: 0 fills up short sentences (PAD), 2 is the $y_0$ before a target (GO), and
    3 ends it (EOS). The encoder does not read PAD, and what follows it in a target costs nothing:
    the outputs carry a Keras mask, which losses and metrics honor.

    Train it by teacher forcing, `fit((source, target_in), target_out)`, where `target_in` has GO
    and the target's tokens, and `target_out` the same tokens and EOS, with
    `keras.losses.SparseCategoricalCrossentropy(from_logits=True)`. Then `translate` writes.

    **Several languages.** With dictionaries for vocabularies each source language has an encoder
    and each target language a decoder, with the state for a language of their own. Inputs and
    targets of `fit` are then dictionaries as well, `{"en-de": (source, target_in), ...}` and
    `{"en-de": target_out, ...}`, with equally many sentences for each pair, and the loss is the sum
    over pairs. `translate(..., pair="fr-de")` joins any encoder to any decoder, also a pair that
    was never trained on: whether they understand each other is for experiment to say.

    Args:
        source_vocabulary: How many tokens the source has, those up to EOS included; or a dictionary
            with that number for each language, whose names have no `-`.
        target_vocabulary: Likewise for the target.
        units: Units of the decoder and of the encoder.
        cell: `"lstm"` or `"gru"`.
        reverse: Whether the encoder reads the source from its end to its beginning, so that the
            first words are read last. In both directions it does so anyway.
        bidirectional: Whether the encoder reads in both directions, each with half of the units.
            The two last states side by side are the decoder's first.
        embedding_dim: Numbers by which a token is read. As many as `units` if not given.
        seed: Where the weights' chance starts.
        **kwargs: `name` and `trainable`, as for any Keras model.

    Input shape: `(batch, source_time)` and `(batch, target_time)`, token numbers. Output shape:
    `(batch, target_time, target_vocabulary)`, logits for the token that follows each.

    Raises:
        ValueError: If an argument is not as said above.

    Example:
        >>> import numpy as np
        >>> from nncourse.models import Seq2Seq
        >>> model = Seq2Seq(source_vocabulary=8, target_vocabulary=9, units=16)
        >>> source, target_in = np.array([[4, 5, 6], [7, 0, 0]]), np.array([[2, 8, 4], [2, 5, 0]])
        >>> model((source, target_in)).shape == (2, 3, 9)
        True
        >>> model.translate(source, length=5, beam=3).shape
        (2, 5)

    Reference:
        Sutskever, Vinyals and Le (2014), "Sequence to sequence learning with neural networks",
        sections 2 and 3.3; Cho et al. (2014), "Learning phrase representations using RNN
        encoder-decoder for statistical machine translation", section 2.2; Firat, Cho and Bengio
        (2016), "Multi-way, multilingual neural machine translation with a shared attention
        mechanism", section 3, for several languages. Taught in the chapter *Sequence to sequence*.
    """

    def __init__(
        self,
        source_vocabulary,
        target_vocabulary,
        units=128,
        cell="lstm",
        reverse=True,
        bidirectional=False,
        embedding_dim=None,
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
        self.make_parts()
