"""The exercises of the chapter *Sequence to sequence*."""

import numpy as np

from nncourse.assignments._exercise import Exercise
from nncourse.assignments._target_tokens import EXACT_SHARE, MASKED_LOSS, TEACHER_FORCING

# --- the lag ---------------------------------------------------------------------------------


def _lags(length, reverse):
    place = np.arange(1, length + 1)
    return 2 * place - 1 if reverse else np.full(length, length)


_LAGS = Exercise(
    "sequence_to_sequence.lags",
    solution=_lags,
    cases=lambda rng: [
        (1, False),
        (1, True),
        (4, True),
        (4, False),
        *((int(length), bool(rng.integers(2))) for length in rng.integers(3, 12, 8)),
    ],
    hint="Number the steps: the encoder takes 1 to S, and y_1 is written at step S + 1. Subtract "
    "the step at which x_i is read from the step at which y_i is written.",
    mistakes=(
        (
            lambda length, reverse: _lags(length, not reverse),
            "With reverse the last word is read first; without, the first.",
        ),
        (
            lambda length, reverse: _lags(length, reverse) - 1,
            "The first word is written a step after the last one is read, not at the same step.",
        ),
        (
            lambda length, reverse: _lags(length, reverse) + 1,
            "The step that reads GO writes the first word: there is no step between.",
        ),
        (
            lambda length, reverse: _lags(length, reverse)[::-1],
            "The lags are asked for in the order of the sentence. Read in reverse, its first word "
            "is read last and has the shortest way.",
        ),
        (
            lambda length, reverse: np.full(length, length),
            "This is right without reverse, and with it on average.",
        ),
        (
            lambda length, reverse: np.arange(1, length + 1) if reverse else _lags(length, reverse),
            "In reverse each later word is written one step later and was read one step earlier.",
        ),
    ),
)

# --- the parameters --------------------------------------------------------------------------


def _lstm(inputs, units):
    return 4 * units * (inputs + units + 1)


def _parameters(source_vocabulary, target_vocabulary, width, units, bidirectional):
    reader = 2 * _lstm(width, units // 2) if bidirectional else _lstm(width, units)
    return reader + _around_it(source_vocabulary, target_vocabulary, width, units)


def _around_it(source_vocabulary, target_vocabulary, width, units):
    """The decoder, both embeddings and the last layer."""
    tables = (source_vocabulary + target_vocabulary) * width
    return tables + _lstm(width, units) + (units + 1) * target_vocabulary


def _sizes(rng: np.random.Generator):
    yield 14, 36, 32, 64, False
    yield 14, 36, 32, 64, True
    for k in range(10):
        vocabularies, half = rng.integers(5, 60, 2), int(rng.integers(1, 40))
        width = int(rng.integers(1, 40))
        yield int(vocabularies[0]), int(vocabularies[1]), width, 2 * half, bool(k % 2)


_PARAMETERS = Exercise(
    "sequence_to_sequence.translator_parameters",
    solution=_parameters,
    cases=_sizes,
    hint="Two tables of embeddings with `width` numbers for each token, the encoder, the decoder, "
    "and a last layer with bias from the decoder's units to the target's tokens. An LSTM has "
    "4 n (m + n + 1) parameters; a bidirectional encoder is two of them with n / 2 units each.",
    rtol=0,
    mistakes=(
        (
            lambda s, t, width, units, bidirectional: _parameters(s, t, width, units, False),
            "Both directions have one half of the units: that is not the same number.",
        ),
        (
            lambda s, t, width, units, bidirectional: (
                (2 if bidirectional else 1) * _lstm(width, units) + _around_it(s, t, width, units)
            ),
            "Each direction has one half of the units, so that the two states side by side fit "
            "the decoder.",
        ),
        (
            lambda s, t, width, units, bidirectional: (
                _parameters(s, t, width, units, bidirectional) - t * width
            ),
            "The decoder reads words too: it has a table of embeddings of its own.",
        ),
        (
            lambda s, t, width, units, bidirectional: (
                _parameters(s, t, width, units, bidirectional) - t
            ),
            "The last layer has a bias for each token.",
        ),
        (
            lambda s, t, width, units, bidirectional: (
                _parameters(s, t, width, units, bidirectional) - (units + 1) * t
            ),
            "The last layer is missing, which turns a state into logits.",
        ),
        (
            lambda s, t, width, units, bidirectional: _around_it(s, t, width, units),
            "Encoder and decoder are two networks, with weights of their own.",
        ),
        (
            lambda s, t, width, units, bidirectional: _parameters(
                t, s, width, units, bidirectional
            ),
            "The last layer has the tokens of the target, not those of the source.",
        ),
    ),
)

# --- pairs that can be asked for -------------------------------------------------------------


def _parts_trained(trained):
    """Where there is an encoder for the row and a decoder for the column."""
    return np.outer(trained.any(axis=1), trained.any(axis=0))


def _zero_shot(trained):
    return _parts_trained(trained) & ~trained & ~np.eye(len(trained), dtype=bool)


def _tables(rng: np.random.Generator):
    """En-Fr, Nl-Fr, En-Nl; En-De, Fr-De, En-Nl of four; then random pairs."""
    for size, pairs in ((3, [(0, 1), (2, 1), (0, 2)]), (4, [(0, 2), (1, 2), (0, 3)])):
        trained = np.zeros((size, size), dtype=bool)
        trained[tuple(np.transpose(pairs))] = True
        yield (trained,)
    for size in rng.integers(4, 7, 10):
        trained = (rng.uniform(size=(size, size)) < 0.35) & ~np.eye(size, dtype=bool)
        trained[0] = trained[:, 1] = False  # never read, never written
        trained[1, 2] = trained[2, 0] = True
        trained[2, 3] = trained[1, 0] = trained[1, 3] = False
        trained[3, 2] = True
        yield (trained,)


_NEVER_TRAINED = Exercise(
    "sequence_to_sequence.zero_shot_pairs",
    solution=_zero_shot,
    cases=_tables,
    hint="A pair can be asked for if its row has a True somewhere (there is an encoder) and its "
    "column has one (there is a decoder). Leave out what was trained, and the diagonal.",
    mistakes=(
        (
            lambda trained: _parts_trained(trained) & ~trained,
            "From a language to itself is no translation: leave out the diagonal.",
        ),
        (
            lambda trained: ~trained & ~np.eye(len(trained), dtype=bool),
            "Some of these have no encoder or no decoder that was ever trained.",
        ),
        (
            lambda trained: (
                trained.any(axis=1)[:, None] & ~trained & ~np.eye(len(trained), dtype=bool)
            ),
            "The target language needs a decoder: its column must have been trained somewhere.",
        ),
        (
            lambda trained: trained.any(axis=0) & ~trained & ~np.eye(len(trained), dtype=bool),
            "The source language needs an encoder: its row must have been trained somewhere.",
        ),
        (
            lambda trained: _zero_shot(trained.T),
            "Rows are the languages that are read, columns those that are written.",
        ),
        (
            lambda trained: trained.T & ~trained,
            "A reversed pair has other parts: the encoder of what was written before.",
        ),
        (
            lambda trained: _parts_trained(trained) & ~np.eye(len(trained), dtype=bool),
            "Those that were trained do not count.",
        ),
    ),
)

EXERCISES = (TEACHER_FORCING, MASKED_LOSS, EXACT_SHARE, _LAGS, _PARAMETERS, _NEVER_TRAINED)
