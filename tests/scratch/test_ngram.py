import copy
import itertools
import math
import pickle
from collections import Counter
from pydoc_data.topics import topics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from nncourse.scratch import NGram

SMOOTHINGS = ["kneser-ney", "witten-bell", "add-k"]
EVERY_SMOOTHING = pytest.mark.parametrize("smoothing", SMOOTHINGS)
SEQUENCES = st.lists(st.text("abcd", min_size=1, max_size=25), min_size=1, max_size=4)


# --- what it should compute, slowly --------------------------------------------------------------


def occurrences(sequences, order, size):
    """Every part of a padded sequence that is `size` long and ends in a symbol, one by one."""
    for sequence in sequences:
        padded = ["<s>"] * (order - 1) + list(sequence)
        for end in range(order, len(padded) + 1):
            yield tuple(padded[end - size : end])


def slow_counts(sequences, order, size, smoothing):
    """c(hs) for all n-grams of a size; Kneser-Ney counts what stands before the shorter ones."""
    if smoothing == "kneser-ney" and size < order:
        longer = set(occurrences(sequences, order, size + 1))
        return Counter(gram[1:] for gram in longer)
    return Counter(occurrences(sequences, order, size))


def slow_probability(sequences, vocabulary, order, smoothing, symbol, context):
    """Chen and Goodman's recursions; `context` is padded and of any length below the order."""
    counts = slow_counts(sequences, order, len(context) + 1, smoothing)
    after = {s: counts[(*context, s)] for s in vocabulary if counts[(*context, s)]}
    total, kinds = sum(after.values()), len(after)
    if smoothing == "add-k":
        return (after.get(symbol, 0) + 0.3) / (total + 0.3 * len(vocabulary))
    if context:
        lower = slow_probability(sequences, vocabulary, order, smoothing, symbol, context[1:])
    else:
        lower = 1 / len(vocabulary)
    if not total:
        return lower
    if smoothing == "witten-bell":
        return (after.get(symbol, 0) + kinds * lower) / (total + kinds)
    n1, n2 = list(counts.values()).count(1), list(counts.values()).count(2)
    d = n1 / (n1 + 2 * n2) if n1 * n2 else 0.5
    return max(after.get(symbol, 0) - d, 0) / total + d * kinds / total * lower


def model_of(smoothing, order, sequences, **options):
    k = 0.3 if smoothing == "add-k" else None
    return NGram(order, smoothing, k=k, **options).fit(*sequences)


@settings(max_examples=60, deadline=None)
@given(
    sequences=SEQUENCES,
    order=st.integers(1, 4),
    smoothing=st.sampled_from(SMOOTHINGS),
    context=st.text("abcd", max_size=4),
)
def test_law_equal_to_the_definitions(sequences, order, smoothing, context):
    model = model_of(smoothing, order, ["abcd", *sequences])
    start = ("<s>",) * (order - 1)
    padded = (*start, *context)[len(context) :]
    expected = [
        slow_probability(["abcd", *sequences], "abcd", order, smoothing, symbol, padded)
        for symbol in "abcd"
    ]
    np.testing.assert_allclose(model.distribution(context), expected, rtol=1e-12)
    found = [model.probability(symbol, context) for symbol in "abcd"]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    sequences=SEQUENCES,
    order=st.integers(1, 5),
    smoothing=st.sampled_from(SMOOTHINGS),
    context=st.text("abcdz", max_size=6),
    text=st.text("abcdz", min_size=1, max_size=12),
)
def test_laws_of_probability(sequences, order, smoothing, context, text):
    """They sum to one after every context, and multiply along a sequence."""
    model = model_of(smoothing, order, sequences, unknown="?")
    p = model.distribution(context)
    assert p.shape == (len(model.vocabulary_),)
    assert p.min() > 0
    assert abs(p.sum() - 1) < 1e-12
    factors = [model.probability(symbol, text[:i]) for i, symbol in enumerate(text)]
    log_p = model.log_probability(text)
    assert log_p == pytest.approx(sum(map(math.log, factors)), rel=1e-12)
    assert model.bits(text) == pytest.approx(-log_p / math.log(2) / len(text))
    assert model.perplexity(text) == pytest.approx(np.prod(factors) ** (-1 / len(text)))
    assert model.log_probability(text, sequences[0]) == pytest.approx(
        log_p + model.log_probability(sequences[0])
    )
    both = len(text) * model.bits(text) + len(sequences[0]) * model.bits(sequences[0])
    assert model.bits(text, sequences[0]) * len(text + sequences[0]) == pytest.approx(both)


# --- by hand -------------------------------------------------------------------------------------


def test_kneser_ney_by_hand():
    model = NGram(2).fit("abracadabra")
    # Before a stand 4 different symbols (start, r, c, d), before each of b, r, c, d stands one.
    # Of these 8 counts none is 2, so d = 1/2: 5 x 1/2 is taken and shared by 5 symbols.
    one_a, one_b = 3.5 / 8 + 2.5 / 8 / 5, 0.5 / 8 + 2.5 / 8 / 5
    # Pairs that occur once: <a, ac, ca, ad, da. Twice: ab, br, ra.
    d = 5 / (5 + 2 * 3)
    # After a: b twice, c and d once; so d is taken 3 times from 4.
    assert model.probability("b", "a") == pytest.approx((2 - d) / 4 + 3 * d / 4 * one_b)
    assert model.probability("c", "a") == pytest.approx((1 - d) / 4 + 3 * d / 4 * one_b)
    assert model.probability("a", "a") == pytest.approx(3 * d / 4 * one_a)
    assert model.probability("a") == pytest.approx((1 - d) / 1 + d * one_a)  # the beginning


def test_kneser_ney_counts_contexts_where_frequency_misleads():
    """Francisco is as frequent as the rest together, and after something new the least likely."""
    text = "san francisco " * 5 + "a dog the dog my dog a cat the cat"
    model = NGram(2, unknown="?").fit(text.split())
    frequency = Counter(text.split())
    assert frequency["francisco"] > frequency["dog"] > frequency["cat"]
    after_new = {word: model.probability(word, ["?"]) for word in ("francisco", "dog", "cat")}
    assert after_new["dog"] > after_new["cat"] > after_new["francisco"]
    witten_bell = NGram(2, "witten-bell", unknown="?").fit(text.split())
    assert witten_bell.probability("francisco", ["?"]) > witten_bell.probability("dog", ["?"])


def test_witten_bell_by_hand():
    model = NGram(2, "witten-bell").fit("abracadabra")
    one_b = (2 + 5 / 5) / (11 + 5)  # 5 kinds among 11
    assert model.probability("b", "a") == pytest.approx((2 + 3 * one_b) / (4 + 3))
    assert model.probability("b", "b") == pytest.approx((0 + 1 * one_b) / (2 + 1))


@pytest.mark.parametrize("k", [None, 1, 0.25, 40])
def test_add_k_of_order_one_in_closed_form(k):
    model = NGram(1, "add-k", k=k).fit("abracadabra")
    assert model.vocabulary_ == ("a", "b", "r", "c", "d")
    added = 1 if k is None else k
    expected = (np.array([5, 2, 2, 1, 1]) + added) / (11 + 5 * added)
    np.testing.assert_allclose(model.distribution("bra"), expected)
    bits = np.dot([5, 2, 2, 1, 1], -np.log2(expected)) / 11
    assert model.bits("abracadabra") == pytest.approx(bits)


@EVERY_SMOOTHING
def test_a_symbol_that_is_alone_is_certain(smoothing):
    model = NGram(3, smoothing).fit("aaaa")
    assert model.probability("a", "aa") == pytest.approx(1)
    assert model.perplexity("aaaaaaa") == pytest.approx(1)


# --- what is counted -----------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(sequences=SEQUENCES, order=st.integers(1, 5))
def test_law_counts(sequences, order):
    counts = NGram(order).fit(*sequences).counts_
    assert sum(counts.values()) == sum(map(len, sequences))
    for gram in itertools.product("ab", repeat=order):
        expected = sum(
            sequence[i : i + order] == "".join(gram)
            for sequence in sequences
            for i in range(len(sequence))
        )
        assert counts[gram] == expected


@EVERY_SMOOTHING
def test_sequences_begin_where_they_begin(smoothing):
    """What follows the beginning is learned from beginnings, and no n-gram spans two sequences."""
    sentences = ["the end", "the cat", "to be"] * 9
    model = NGram(4, smoothing).fit(*sentences)
    together = NGram(4, smoothing).fit("".join(sentences))
    assert model.probability("t") > 0.7 > 2 * model.probability("t", "end")
    assert together.probability("t", "end") > 0.5 > model.probability("t", "end") + 0.1
    assert together.counts_[tuple("endt")] == 9 > 0 == model.counts_[tuple("endt")]


def test_only_the_last_symbols_of_a_context_count():
    model = NGram(3).fit("abracadabra")
    long = model.distribution("abracadab")
    np.testing.assert_array_equal(model.distribution(list("ab")), model.distribution(tuple("ab")))
    np.testing.assert_array_equal(long, model.distribution("dab"))
    np.testing.assert_array_equal(long, model.distribution("zdab"))  # z was never seen
    # ab at the beginning and ab elsewhere are the same two symbols; a alone is not.
    np.testing.assert_array_equal(long, model.distribution("ab"))
    assert not np.array_equal(model.distribution("a"), model.distribution("ca"))


def test_symbols_of_any_kind():
    words = NGram(2).fit(["a", "rose", "is", "a", "rose"], ("is", "a"))
    assert words.vocabulary_ == ("a", "rose", "is")
    assert words.counts_["is", "a"] == 2
    numbers = NGram(2).fit(np.array([3, 1, 3, 1, 2]))
    assert numbers.vocabulary_ == (3, 1, 2)
    assert all(type(symbol) is int for symbol in numbers.vocabulary_)
    assert numbers.probability(np.int64(1), np.array([3])) == numbers.probability(1, [3])
    assert NGram(2).fit(letter for letter in "aab").vocabulary_ == ("a", "b")
    pairs = NGram(2).fit([(1, "x"), (2, "y"), (1, "x")])
    assert pairs.probability((2, "y"), [(1, "x")]) > pairs.probability((1, "x"), [(1, "x")])


def test_no_symbol_is_taken_for_the_mark_of_the_start():
    for mark in (None, "start", "<s>", "<start>", "START", "_Mark.START", ""):
        model = NGram(2).fit(["a", "b"], ["a", mark], [mark, "c"])
        assert model.probability("c", [mark]) > model.probability("a", [mark])
        assert model.probability("a") > model.probability("c")


def test_fit_forgets_and_returns_itself():
    model = NGram(np.int64(2))
    assert model.fit("zzz") is model
    model.fit("abra")
    assert model.vocabulary_ == ("a", "b", "r")
    np.testing.assert_array_equal(model.distribution("a"), NGram(2).fit("abra").distribution("a"))


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_knows_the_beginning(clone):
    model = NGram(3).fit("abra", "arba", "abab")
    np.testing.assert_array_equal(clone(model).distribution("a"), model.distribution("a"))


def test_unknown_symbols():
    model = NGram(2, unknown="?").fit("abracadabra")
    assert model.vocabulary_ == ("a", "b", "r", "c", "d", "?")
    assert model.probability("z", "a") == model.probability("?", "a") > 0
    np.testing.assert_array_equal(model.distribution("z"), model.distribution("!"))
    assert model.bits("azb") == model.bits("a?b")
    # Where the text has the symbol itself, it is counted like any other.
    trained = NGram(2, unknown="?").fit("a?a?ab")
    assert trained.vocabulary_ == ("a", "?", "b")
    assert trained.probability("z", "a") > trained.probability("b", "a")


# --- on a real text ------------------------------------------------------------------------------


def test_better_smoothings_and_longer_contexts_predict_better():
    text = "".join(topics[name] for name in sorted(topics))
    train, held_out = text[:150_000], text[150_000:160_000]
    bits = {
        (order, smoothing): NGram(order, smoothing, unknown="?").fit(train).bits(held_out)
        for order, smoothing in [(1, "kneser-ney"), (2, "kneser-ney")]
        + [(5, smoothing) for smoothing in SMOOTHINGS]
    }
    kneser_ney, witten_bell, add_one = (bits[5, smoothing] for smoothing in SMOOTHINGS)
    assert kneser_ney + 0.05 < witten_bell < add_one - 0.5
    assert kneser_ney + 1 < bits[2, "kneser-ney"] < bits[1, "kneser-ney"] - 0.5


# --- sampling ------------------------------------------------------------------------------------


@pytest.mark.parametrize("temperature", [1.0, 0.5, 2.5])
def test_samples_have_the_model_s_frequencies(temperature):
    model = NGram(2, "witten-bell").fit("abracadabra", "barb")
    drawn = model.sample(6000, start="a", seed=3, temperature=temperature)
    pairs = Counter(itertools.pairwise(["a", *drawn]))
    for context in "ab":
        p = model.distribution(context) ** (1 / temperature)
        seen = np.array([pairs[context, symbol] for symbol in model.vocabulary_])
        assert seen.sum() > 300
        assert chisquare(seen, seen.sum() * p / p.sum()).pvalue > 0.01


def test_sampling_starts_where_it_is_told():
    model = NGram(4, "add-k", k=1e-9).fit("once upon a time\n", "once more\n")
    assert "".join(model.sample(5, seed=1)) == "once "
    assert "".join(model.sample(4, start="a ti", seed=1)) == "me\n" + model.sample(4, "a ti", 1)[3]
    assert "".join(model.sample(9, start="once u", seed=1)) == "pon a tim"
    assert NGram(1).fit("a").sample(3) == ["a", "a", "a"]


def test_sampling_repeats_with_its_seed():
    model = NGram(3).fit("abracadabra")
    assert model.sample(30, seed=5) == model.sample(30, seed=5) != model.sample(30, seed=6)


@pytest.mark.parametrize("temperature", [1e-3, 1e-320])
def test_a_cold_sample_takes_the_likeliest(temperature):
    model = NGram(3, "witten-bell").fit("abracadabra")
    drawn = "".join(model.sample(40, start="b", temperature=temperature))
    for i, symbol in enumerate(drawn):
        p = model.distribution("b" + drawn[:i])
        assert p.max() - model.probability(symbol, "b" + drawn[:i]) < 1e-12


# --- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"order": 0}, "`order` must be a positive integer. Received: order=0"),
        ({"order": 2.0}, "`order` must be a positive integer. Received: order=2.0"),
        (
            {"order": 2, "smoothing": "laplace"},
            r"`smoothing` must be one of \('kneser-ney'.* Received: smoothing='laplace'",
        ),
        ({"order": 2, "k": 1}, "`k` is for smoothing='add-k' alone. Received: k=1"),
        (
            {"order": 2, "smoothing": "add-k", "k": 0},
            "`k` must be a positive number. Received: k=0",
        ),
        (
            {"order": 2, "smoothing": "add-k", "k": math.nan},
            "`k` must be a positive number. Received: k=nan",
        ),
        ({"order": 2, "unknown": ["?"]}, "`unknown` must hold symbols that can be keys"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        NGram(**arguments)


@pytest.mark.parametrize(
    ("sequences", "message"),
    [
        ([], "`sequences` must be one or more sequences of one or more symbols. Received: none"),
        ([""], "`sequences` must be .* Received: an empty one in place 0"),
        (["ab", []], "`sequences` must be .* Received: an empty one in place 1"),
        ([5], "`sequences` must hold symbols .* Received: 'int' object is not iterable"),
        ([[["a", "b"], ["c"]]], r"for several sequences write `\*sequences`. .* unhashable"),
        ([np.zeros((2, 2))], "`sequences` must hold symbols that can be keys of a dictionary"),
    ],
)
def test_bad_sequences_are_named(sequences, message):
    with pytest.raises(ValueError, match=message):
        NGram(2).fit(*sequences)
    if "`sequences` must be" in message:
        with pytest.raises(ValueError, match=message):
            NGram(2).fit("ab").perplexity(*sequences)


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda m: m.bits("abz"), "`sequences` must hold symbols that `fit` has seen.*: 'z'$"),
        (lambda m: m.bits("vwxyzz"), "Received: 'v', 'w', 'x', 'y', 'z'$"),
        (lambda m: m.bits("uvwxyz"), "Received: 'u', 'v', 'w', 'x', 'y', ...$"),
        (lambda m: m.probability("ab", "a"), "`symbol` must hold symbols that .*: 'ab'$"),
        (lambda m: m.probability(["a"]), "`symbol` must hold symbols that can be keys"),
        (lambda m: m.probability("a", "z"), "`context` must hold symbols that .*: 'z'$"),
        (lambda m: m.distribution(7), "`context` must hold symbols that can be keys"),
        (lambda m: m.sample(0), "`length` must be a positive integer. Received: length=0"),
        (lambda m: m.sample(3, start="z"), "`start` must hold symbols that .*: 'z'$"),
        (
            lambda m: m.sample(3, temperature=0),
            "`temperature` must be a positive number. Received: temperature=0",
        ),
        (
            lambda m: m.sample(3, temperature=math.nan),
            "`temperature` must be a positive number. Received: temperature=nan",
        ),
    ],
)
def test_bad_uses_are_named(use, message):
    with pytest.raises(ValueError, match=message):
        use(NGram(2).fit("abracadabra"))


@pytest.mark.parametrize(
    "use",
    [
        lambda m: m.bits("a"),
        lambda m: m.distribution(),
        lambda m: m.probability("a"),
        lambda m: m.sample(3),
    ],
)
def test_fit_must_come_first(use):
    with pytest.raises(ValueError, match="`fit` must come first"):
        use(NGram(2))
