"""The exercises on what a text holds: perplexity, smoothed counts, continuation counts."""

import itertools

import numpy as np

from nncourse.assignments._exercise import Exercise

# --- perplexity ------------------------------------------------------------------------------


def _perplexity(p):
    return 2 ** -np.log2(p).mean()


PERPLEXITY = Exercise(
    "language_models.perplexity",
    solution=_perplexity,
    cases=lambda rng: [
        (np.array([0.25, 0.25, 0.25, 0.25]),),
        (np.array([1.0, 0.5, 0.125]),),
        (np.full(5000, 0.1),),
        *((rng.uniform(0.01, 1, size).round(3),) for size in rng.integers(3, 9, 9)),
    ],
    hint="Take -log2 of each probability, then the mean, then 2 to the power of that.",
    mistakes=(
        (
            lambda p: 1 / np.mean(p),
            "This is one over the mean probability. Average the bits, not the probabilities.",
        ),
        (
            lambda p: np.mean(1 / p),
            "This averages 1 / p. The mean is taken of the logarithms: a geometric mean of 1 / p.",
        ),
        (
            lambda p: -np.log2(p).mean(),
            "These are the bits a symbol. The perplexity is 2 to that power.",
        ),
        (
            lambda p: 2 ** -np.log(p).mean(),
            "Two kinds of logarithm are mixed: 2 belongs to log2, and e to log.",
        ),
        (
            lambda p: 2 ** np.log2(p).mean(),
            "The sign: this is below 1. A perplexity is at least 1.",
        ),
        (
            lambda p: 2 ** -np.log2(p).sum(),
            "This is one over the probability of the whole text. Take the mean, not the sum.",
        ),
        (
            lambda p: np.prod(p) ** (-1 / len(p)),
            "Right on paper. The product of thousands of probabilities is 0 on a computer: add "
            "logarithms.",
        ),
    ),
)

# --- add-k -----------------------------------------------------------------------------------


def _counts(text, context, symbol):
    pairs = list(itertools.pairwise(text))
    return pairs.count((context, symbol)), sum(first == context for first, _ in pairs)


def _add_k(text, context, symbol, k):
    count, total = _counts(text, context, symbol)
    return (count + k) / (total + k * len(set(text)))


def _divided_by(denominator):
    def mistake(text, context, symbol, k):
        count, total = _counts(text, context, symbol)
        return np.divide(count + k, denominator(text, context, total, k))

    return mistake


def _texts(rng: np.random.Generator):
    """The last symbol is the context in some of them, so that it is followed by nothing."""
    yield "abracadabra", "a", "b", 1.0
    yield "abracadabra", "b", "c", 0.5
    yield "xyyzx", "x", "x", 2.0
    yield "baaab", "a", "a", 0.5
    for size in rng.integers(12, 25, 9):
        text = "abcd" + "".join(rng.choice([*"aabbcd"], size))
        last = text[-1]
        other = "abcd"[rng.integers(4)]
        yield text, last, other, round(rng.uniform(0.05, 0.9), 2)


ADD_K = Exercise(
    "language_models.add_k",
    solution=_add_k,
    cases=_texts,
    hint="Count the pairs (context, symbol), add k, and divide by the number of pairs that begin "
    "with the context plus k for each different symbol of the text.",
    mistakes=(
        (
            _divided_by(lambda text, context, total, k: text.count(context) + k * len(set(text))),
            "A context at the very end of the text is followed by nothing. Count it only where a "
            "symbol follows, or the probabilities do not sum to 1.",
        ),
        (
            lambda text, context, symbol, k: (
                (text.count(context + symbol) + k)
                / (_counts(text, context, symbol)[1] + k * len(set(text)))
            ),
            "str.count passes over pairs that overlap: 'aaa' has the pair 'aa' twice.",
        ),
        (
            _divided_by(lambda text, context, total, k: total + k),
            "k is added to each of the V counts, so the total grows by k V.",
        ),
        (
            _divided_by(lambda text, context, total, k: total + k * len(text)),
            "V is the number of different symbols, not the length of the text.",
        ),
        (
            _divided_by(
                lambda text, context, total, k: (
                    total + k * len({b for a, b in itertools.pairwise(text) if a == context})
                )
            ),
            "V counts all symbols of the text: those never seen after the context get k as well.",
        ),
        (
            lambda text, context, symbol, k: _add_k(text, context, symbol, 1),
            "This adds 1, whatever k is.",
        ),
        (
            lambda text, context, symbol, k: _add_k(text, symbol, context, k),
            "Context and symbol are exchanged: the context comes first in the text.",
        ),
        (
            _divided_by(lambda text, context, total, k: len(text) - 1 + k * len(set(text)) ** 2),
            "This is the probability of the pair. Given the context, divide by its own count.",
        ),
    ),
)

# --- continuation counts ---------------------------------------------------------------------


def _pairs_before(words, word):
    return [first for first, second in itertools.pairwise(words) if second == word]


def _continuation_count(words, word):
    return len(set(_pairs_before(words, word)))


_WORDS = ("san", "francisco", "the", "bay", "of")


def _sentences(rng: np.random.Generator):
    yield ["san", "francisco", "and", "san", "francisco", "or", "san", "francisco"], "francisco"
    yield ["the", "bay", "of", "san", "francisco", "of", "the", "bay", "of", "the"], "the"
    yield ["bay", "bay", "bay", "san"], "bay"
    yield ["the", "bay", "of", "the", "bay"], "north"
    for size in rng.integers(25, 40, 9):
        yield [str(w) for w in rng.choice(_WORDS, size)] + ["bay", "of"], "of"


CONTINUATION_COUNT = Exercise(
    "language_models.continuation_count",
    solution=_continuation_count,
    cases=_sentences,
    hint="Collect the word before each occurrence in a set, and return the set's size.",
    mistakes=(
        (
            lambda words, word: words.count(word),
            "This is how often the word occurs. Asked is after how many different words.",
        ),
        (
            lambda words, word: len(_pairs_before(words, word)),
            "A word that precedes it several times counts once.",
        ),
        (
            lambda words, word: len({b for a, b in itertools.pairwise(words) if a == word}),
            "These are the words that come after it. Look at those before.",
        ),
        (
            lambda words, word: len(set(_pairs_before(words, word)) - {word}),
            "A word may come after itself, and that counts too.",
        ),
        (
            lambda words, word: len({words[i - 1] for i, w in enumerate(words) if w == word}),
            "For the first word words[-1] is the last one, and nothing comes before the first.",
        ),
    ),
)
