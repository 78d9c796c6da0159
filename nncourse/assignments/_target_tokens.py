"""The exercises on targets as tokens: shifted, masked and compared."""

import numpy as np

from nncourse.assignments._exercise import Exercise, WrongForm, draw, numbers

_PAD, _GO, _EOS = 0, 2, 3

# --- teacher forcing -------------------------------------------------------------------------


def _filled(rows, width):
    return np.array([[*row, *[_PAD] * (width - len(row))] for row in rows])


def _teacher_forcing(targets):
    read = np.pad(targets, ((0, 0), (1, 0)), constant_values=_GO)
    return read, _ended(targets, (targets != _PAD).sum(axis=1))


def _ended(targets, places, fill=_PAD):
    """What is to be written, with EOS at these places."""
    write = np.pad(np.where(targets == _PAD, fill, targets), ((0, 0), (0, 1)), constant_values=fill)
    write[np.arange(len(write)), places] = _EOS
    return write


def _padded_in_front(targets):
    read, write = _teacher_forcing(targets)
    shift = (targets == _PAD).sum(axis=1)
    return tuple(
        np.stack([np.roll(row, by) for row, by in zip(part, shift, strict=True)])
        for part in (read, write)
    )


def _read_pair(pair, targets):
    if not isinstance(pair, (tuple, list, np.ndarray)) or len(pair) != 2:
        raise WrongForm("Return two arrays: what the decoder reads, and what it is to write.")
    shape = (len(targets), targets.shape[1] + 1)
    names = ("What the decoder reads", "What it is to write")
    return np.stack([numbers(part, shape, name) for part, name in zip(pair, names, strict=True)])


def _sentences(rng: np.random.Generator):
    yield (np.array([[4, 5, 6], [7, 0, 0]]),)
    yield (np.array([[9]]),)
    for count in rng.integers(2, 5, 8):
        lengths = rng.permutation([5, *rng.integers(1, 5, count - 1)])
        yield (_filled([rng.integers(4, 20, length) for length in lengths], 5),)


TEACHER_FORCING = Exercise(
    "sequence_to_sequence.teacher_forcing",
    solution=_teacher_forcing,
    cases=_sentences,
    hint="The decoder reads the targets with a column of GO, 2, in front. It writes them with a "
    "column of 0 behind, in which each row's EOS, 3, takes the place after its last word.",
    read=_read_pair,
    mistakes=(
        (
            lambda targets: _teacher_forcing(targets)[::-1],
            "The two are exchanged: the decoder reads GO first, and writes EOS last.",
        ),
        (
            lambda targets: (_teacher_forcing(targets)[0], _ended(targets, -1)),
            "EOS follows the last word at once, before the padding.",
        ),
        (
            lambda targets: (_teacher_forcing(targets)[1],) * 2,
            "The decoder would read the very word that it is to write. Shift what it reads by one, "
            "with GO in front.",
        ),
        (
            lambda targets: (_teacher_forcing(targets)[0], np.pad(targets, ((0, 0), (0, 1)))),
            "The decoder must learn to end: EOS is missing.",
        ),
        (
            _padded_in_front,
            "Padding comes at the end, so that GO is read first.",
        ),
        (
            lambda targets: (_teacher_forcing(targets)[0], _ended(targets, -1, fill=_EOS)),
            "What follows EOS is padding, 0, and is not to be written.",
        ),
    ),
)

# --- the masked loss -------------------------------------------------------------------------


def _log_p(logits, target):
    """The log-probability of each token of the target, padding included."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return np.take_along_axis(log_p, target[..., None], axis=-1)[..., 0]


def _masked_loss(logits, target):
    return -_log_p(logits, target)[target != _PAD].mean()


def _mean_of_sentences(logits, target):
    there = target != _PAD
    return np.mean(-(_log_p(logits, target) * there).sum(axis=1) / there.sum(axis=1))


def _batches(rng: np.random.Generator):
    yield draw(rng, 2, 3, 5), np.array([[4, 4, 3], [3, 0, 0]])
    yield draw(rng, 1, 4, 6) + 1000, np.array([[5, 3, 0, 0]])
    for count, vocabulary in zip(rng.integers(2, 4, 8), rng.integers(5, 7, 8), strict=True):
        target = rng.integers(4, vocabulary, (count, 5))
        for row, end in zip(target, rng.permutation(5)[:count], strict=True):
            row[end], row[end + 1 :] = _EOS, _PAD
        yield draw(rng, count, 5, vocabulary), target


MASKED_LOSS = Exercise(
    "sequence_to_sequence.masked_loss",
    solution=_masked_loss,
    cases=_batches,
    hint="Take the logarithm of the softmax along the last axis (less the largest logit first, or "
    "it overflows), pick the target's with np.take_along_axis, and average where target != 0.",
    mistakes=(
        (
            lambda logits, target: -_log_p(logits, target).mean(),
            "Here padding counts as a word. Leave the places out where the target is 0.",
        ),
        (
            lambda logits, target: -np.where(target == _PAD, 0, _log_p(logits, target)).mean(),
            "The padding adds nothing to the sum any more, but it is still counted below it.",
        ),
        (
            _mean_of_sentences,
            "This is the mean of the sentences' means, in which the words of short ones weigh "
            "more. Every word counts the same.",
        ),
        (
            lambda logits, target: -_log_p(logits, target)[target != _PAD].sum(),
            "This is the sum; divide it by the number of words that are there.",
        ),
        (
            lambda logits, target: _log_p(logits, target)[target != _PAD].mean(),
            "A log-probability is never positive. The loss is minus their mean.",
        ),
        (
            lambda logits, target: -_log_p(logits, target)[(target != _PAD) & (target != 3)].mean(),
            "The end counts: EOS is a word that the decoder must learn.",
        ),
        (
            lambda logits, target: (
                -np.take_along_axis(logits, target[..., None], -1)[..., 0][target != _PAD].mean()
            ),
            "The softmax is missing: logits are no log-probabilities.",
        ),
    ),
)

# --- the share of exact translations ---------------------------------------------------------


def _right(written, target):
    return (written == target) | (target == _PAD)


def _until_written_end(written, target):
    ended = np.cumsum(written == _EOS, axis=1) > 0
    return ((written == target) | ended).all(axis=1).mean()


def _translations(rng: np.random.Generator):
    """One that goes on behind its end, one that stops too soon, one that does not stop."""
    target = np.array([[4, 5, 3, 0], [4, 5, 6, 3], [4, 3, 0, 0]])
    yield np.array([[4, 5, 3, 7], [4, 5, 3, 0], [4, 6, 3, 0]]), target
    for _ in range(9):
        lengths = rng.integers(1, 5, 8)
        target = _filled([[*rng.integers(4, 8, n), _EOS] for n in lengths], 6)
        written = np.where(target == _PAD, rng.integers(3, 8, target.shape), target)
        written[0, 0] = written[0, 0] % 4 + 4  # a wrong word
        written[1, lengths[1]] = 4  # no end
        written[2, lengths[2] - 1] = _EOS  # an end too soon
        for row in range(3, 3 + rng.integers(3)):
            written[row, 0] = _EOS
        yield written, target


EXACT_SHARE = Exercise(
    "sequence_to_sequence.exact_share",
    solution=lambda written, target: _right(written, target).all(axis=1).mean(),
    cases=_translations,
    hint="A translation is right if it agrees with the target wherever that is not PAD: in all "
    "words and in EOS. What was written behind that place does not count.",
    mistakes=(
        (
            lambda written, target: (written == target).all(axis=1).mean(),
            "What the decoder wrote after its EOS is nobody's business.",
        ),
        (
            lambda written, target: (written == target)[target != _PAD].mean(),
            "This is the share of right words. One wrong word makes the translation wrong.",
        ),
        (
            lambda written, target: _right(written, np.where(target == 3, 0, target)).all(1).mean(),
            "A translation that goes on where it should end is wrong: EOS must be in its place.",
        ),
        (
            _until_written_end,
            "Where the decoder stopped too soon, the rest of the target is missing.",
        ),
        (
            lambda written, target: _right(written, target).all(axis=1).sum(),
            "This is how many are right. Asked is their share.",
        ),
    ),
)
