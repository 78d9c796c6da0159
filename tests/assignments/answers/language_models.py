"""Right answers to the exercises of the chapter *Language models*, written another way."""

import itertools
import math
from collections import Counter
from fractions import Fraction

import numpy as np
from scipy import special, stats

from nncourse.scratch import NGram


def perplexity(p):
    return math.exp(math.fsum(-math.log(each) for each in p) / len(p))


def geometric(p):
    return stats.gmean(1 / np.asarray(p))


def add_k(text, context, symbol, k):
    return NGram(2, smoothing="add-k", k=k).fit(text).probability(symbol, context)


def add_k_by_slices(text, context, symbol, k):
    followers = [b for a, b in itertools.pairwise(text) if a == context]
    k = Fraction(k)
    return float((followers.count(symbol) + k) / (len(followers) + k * len(set(text))))


def continuation_count(words, word):
    pairs = Counter(itertools.pairwise(words))
    return sum(second == word for _, second in pairs)


def nucleus(p, top_p):
    """Symbols are added one by one, the likeliest that is left at each turn."""
    left, kept = dict(enumerate(p)), {}
    while sum(kept.values()) < top_p - 1e-9:
        symbol = max(left, key=left.get)
        kept[symbol] = left.pop(symbol)
    return [kept.get(symbol, 0) / sum(kept.values()) for symbol in range(len(p))]


def beam_step(scores, log_p, beam):
    candidates = [
        (scores[row] + log_p[row, symbol], row, symbol)
        for row in range(len(scores))
        for symbol in range(log_p.shape[1])
    ]
    best = sorted(candidates, reverse=True)[:beam]
    return [row for _, row, _ in best], [symbol for _, _, symbol in best]


def beam_step_by_flat_places(scores, log_p, beam):
    totals = (scores[:, np.newaxis] + log_p).ravel()
    return np.array(np.divmod(np.argsort(-totals)[:beam], log_p.shape[1]))


def own_symbol(i, k):
    return special.expit(i / k - math.log(k))


def second_symbol_uniform(joint, epsilon):
    """Bayes: how much of a row's visits are real."""
    v = len(joint)
    rows = []
    for pairs in joint:
        real = (1 - epsilon) * pairs.sum()
        share = real / (real + epsilon / v)
        rows.append(share * pairs / pairs.sum() + (1 - share) * joint.sum(axis=0))
    return np.array(rows)


ANSWERS = [
    ("language_models.perplexity", perplexity),
    ("language_models.perplexity", geometric),
    ("language_models.add_k", add_k),
    ("language_models.add_k", add_k_by_slices),
    ("language_models.continuation_count", continuation_count),
    ("language_models.nucleus", nucleus),
    ("language_models.beam_step", beam_step),
    ("language_models.beam_step", beam_step_by_flat_places),
    ("language_models.own_symbol", own_symbol),
    ("language_models.second_symbol_uniform", second_symbol_uniform),
]
