"""What the models share that turn a sentence of one language into one of another."""

import keras
import numpy as np
from keras import ops

from nncourse.decoding import beam_search
from nncourse.models._arguments import integer, seeds
from nncourse.models._prefix_states import remembering_step

PAD, GO, EOS = 0, 2, 3  # as `datasets.TokenVocabulary` numbers them; 1 is the unknown token


class TargetReader(keras.layers.Layer):
    """A decoder: from tokens and the states before them to logits and the states after them."""

    def compute_mask(self, target, previous_mask):
        """True where a token is to be predicted, which Keras's losses and metrics look at.

        The model can't say so itself: on JAX, `fit` calls no more than its `call`.
        """
        # The end of a short target may be there as well, with nothing after it but padding.
        return ops.logical_and(ops.not_equal(target, PAD), ops.not_equal(target, EOS))


class Translator(keras.Model):
    """An encoder for each source language and a decoder for each target language.

    A subclass makes them, in `make_encoder(size, supply)` and `make_decoder(size, supply)`, as
    layers: the first from token numbers to states, the second a `TargetReader`. It calls
    `make_parts` once its own arguments are stored.
    """

    def __init__(self, source_vocabulary, target_vocabulary, seed, **kwargs):
        super().__init__(**kwargs)
        self.source_vocabulary = _checked_vocabulary("source_vocabulary", source_vocabulary)
        self.target_vocabulary = _checked_vocabulary("target_vocabulary", target_vocabulary)
        self.seed = seed

    def make_parts(self):
        """Makes all encoders and decoders with their weights."""
        supply = seeds(self.seed)
        sources, targets = (
            _by_language(self.source_vocabulary),
            _by_language(self.target_vocabulary),
        )
        self.encoders = {name: self.make_encoder(size, supply) for name, size in sources.items()}
        self.decoders = {name: self.make_decoder(size, supply) for name, size in targets.items()}
        self.built = True

    def call(self, inputs):
        """Logits of what follows each token of the target, under teacher forcing."""
        if isinstance(inputs, dict):
            return {pair: self._logits(*two, pair) for pair, two in inputs.items()}
        return self._logits(*inputs)

    def _logits(self, source, target, pair=None):
        encoder, decoder = self.parts(pair)
        return decoder(target, encoder(source))[0]

    def parts(self, pair):
        """The encoder and the decoder of a pair of languages.

        Raises:
            ValueError: If the model does not have them, or has several and `pair` is None.
        """
        if pair is None and len(self.encoders) == len(self.decoders) == 1:
            return *self.encoders.values(), *self.decoders.values()
        source, _, target = str(pair).partition("-")
        if source not in self.encoders or target not in self.decoders:
            raise ValueError(
                "`pair` must be 'source-target' with a source of "
                f"{tuple(self.encoders)} and a target of {tuple(self.decoders)}. Received: {pair=}"
            )
        return self.encoders[source], self.decoders[target]

    def step(self, source, pair=None):
        """A step function for `nncourse.decoding`, which reads each token once.

        Args:
            source: Token numbers `(batch, time)`.
            pair: `"source-target"`, the names of the languages, where there are several.

        Returns:
            A function from prefixes `(sequences, tokens)`, equally many for each row of the batch
            and side by side, to log-probabilities of what comes next, `(sequences, target
            vocabulary)`. The padding and the start have a probability of zero.
        """
        encoder, decoder = self.parts(pair)
        source = checked_tokens("source", source, encoder.size)
        step = remembering_step(decoder, encoder(source), len(source))

        def step_to_tokens(prefixes):
            log_p = step(prefixes).copy()
            log_p[:, [PAD, GO]] = -np.inf
            return log_p

        return step_to_tokens

    def translate(self, source, length, beam=1, length_penalty=0.0, pair=None):
        """The likeliest translation that a beam search finds.

        Args:
            source: Token numbers `(time,)`, or `(batch, time)` filled up with 0.
            length: The most tokens that are written, the end's among them.
            beam: As for `decoding.beam_search`; 1 is greedy.
            length_penalty: As for `decoding.beam_search`.
            pair: `"source-target"`, the names of the languages, where there are several. It need
                not be one that the model was trained on.

        Returns:
            Token numbers `(length,)` or `(batch, length)` without the start, filled up with 0
            after the end: where a translation is right, the targets of `fit`.

        Raises:
            ValueError: If the model lacks the pair, a token is not in the vocabulary, or as
                `decoding.beam_search` does.
        """
        batch = np.atleast_2d(source)
        start = np.full((len(batch), 1), GO)
        step = self.step(batch, pair)
        found, _ = beam_search(step, start, length, beam, EOS, length_penalty)
        best = found[:, 0]
        is_end = best == EOS
        best = np.where(np.cumsum(is_end, axis=1) > is_end, PAD, best)
        return best if np.ndim(source) == 2 else best[0]

    def get_config(self):
        """The vocabularies and the seed."""
        return {
            **super().get_config(),
            "source_vocabulary": _plain(self.source_vocabulary),
            "target_vocabulary": _plain(self.target_vocabulary),
            "seed": self.seed,
        }


def _checked_vocabulary(name, vocabulary):
    if not isinstance(vocabulary, dict):
        return integer(name, vocabulary, at_least=EOS + 1)
    is_named = all(isinstance(language, str) and "-" not in language for language in vocabulary)
    if not vocabulary or not is_named:
        raise ValueError(
            f"`{name}` must have names without '-' for its languages, one or more. "
            f"Received: {name}={vocabulary!r}"
        )
    return {k: integer(f"{name}[{k!r}]", v, at_least=EOS + 1) for k, v in vocabulary.items()}


def _by_language(vocabulary):
    return vocabulary if isinstance(vocabulary, dict) else {"": vocabulary}


def _plain(vocabulary):
    return dict(vocabulary) if isinstance(vocabulary, dict) else vocabulary


def checked_tokens(name, tokens, size):
    """Token numbers `(batch, time)`, or a `ValueError`."""
    numbers = np.asarray(tokens)
    if numbers.ndim != 2 or numbers.dtype.kind not in "iu" or numbers.size == 0:
        raise ValueError(
            f"`{name}` must be integers of shape (batch, time), or (time,) for one sentence. "
            f"Received: shape {numbers.shape} of {numbers.dtype}"
        )
    if numbers.min() < 0 or numbers.max() >= size:
        wrong = numbers[(numbers < 0) | (numbers >= size)][0]
        raise ValueError(
            f"`{name}` must have tokens from 0 to {size - 1}, the vocabulary. Received: {wrong}"
        )
    return numbers.astype("int32")
