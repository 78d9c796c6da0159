"""Right answers to the exercises of the chapter *Sequence to sequence*, written another way."""

import itertools

import numpy as np
from scipy import special

from nncourse.datasets import TokenVocabulary
from nncourse.models import Seq2Seq


def teacher_forcing(targets):
    """By way of a vocabulary, which knows the signs."""
    vocabulary = TokenVocabulary([str(token) for token in range(4, 20)])
    named = [[str(token) for token in row if token] for row in targets]
    write, _ = vocabulary.encode(named)
    read, _ = vocabulary.encode(named, length=write.shape[1], go=True, eos=False)
    return read, write


def teacher_forcing_row_by_row(targets):
    read, write = [], []
    for row in targets.tolist():
        words = [token for token in row if token]
        rest = [0] * (len(row) - len(words))
        read.append([2, *words, *rest])
        write.append([*words, 3, *rest])
    return read, write


def masked_loss(logits, target):
    """Word by word."""
    losses = [
        special.logsumexp(scores) - scores[token]
        for rows, tokens in zip(logits, target, strict=True)
        for scores, token in zip(rows, tokens, strict=True)
        if token != 0
    ]
    return sum(losses) / len(losses)


def masked_loss_by_weights(logits, target):
    one_hot = np.eye(logits.shape[-1])[target]
    there = target > 0
    loss = -(special.log_softmax(logits, axis=-1) * one_hot).sum(axis=-1)
    return np.average(loss, weights=there)


def exact_share(written, target):
    """Sentences as lists, each up to its end."""

    def sentence(row):
        row = list(row)
        return row[: row.index(3) + 1] if 3 in row else [*row, "endless"]

    pairs = zip(written, target, strict=True)
    return np.mean([sentence(one) == sentence(other) for one, other in pairs])


def lags(length, reverse):
    """Two lists of steps."""
    read = list(range(1, length + 1))
    if reverse:
        read.reverse()
    return [length + i + 1 - read[i] for i in range(length)]


def parameters(source_vocabulary, target_vocabulary, width, units, bidirectional):
    model = Seq2Seq(
        source_vocabulary,
        target_vocabulary,
        units=units,
        embedding_dim=width,
        bidirectional=bidirectional,
    )
    return model.count_params()


def parameters_by_gates(source_vocabulary, target_vocabulary, width, units, bidirectional):
    n = units // 2 if bidirectional else units
    encoder = (1 + bidirectional) * sum(n * (width + n) + n for _ in range(4))
    decoder = sum(units * (width + units) + units for _ in range(4))
    embeddings = source_vocabulary * width + target_vocabulary * width
    return encoder + decoder + embeddings + units * target_vocabulary + target_vocabulary


def zero_shot_pairs(trained):
    size = range(len(trained))
    result = np.zeros(trained.shape)
    for i, j in itertools.permutations(size, 2):
        reads = any(trained[i, k] for k in size)
        writes = any(trained[k, j] for k in size)
        result[i, j] = reads and writes and not trained[i, j]
    return result


ANSWERS = [
    ("sequence_to_sequence.teacher_forcing", teacher_forcing),
    ("sequence_to_sequence.teacher_forcing", teacher_forcing_row_by_row),
    ("sequence_to_sequence.masked_loss", masked_loss),
    ("sequence_to_sequence.masked_loss", masked_loss_by_weights),
    ("sequence_to_sequence.exact_share", exact_share),
    ("sequence_to_sequence.lags", lags),
    ("sequence_to_sequence.translator_parameters", parameters),
    ("sequence_to_sequence.translator_parameters", parameters_by_gates),
    ("sequence_to_sequence.zero_shot_pairs", zero_shot_pairs),
]
