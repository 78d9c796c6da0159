import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from nncourse.decoding import greedy, sample
from tests.decoding.markov import TABLES, markov

P = np.array([0.1, 0.4, 0.04, 0.3, 0.16])


def always(p):
    log_p = np.log(p)
    return lambda prefixes: np.tile(log_p, (len(prefixes), 1))


def drawn_from(p, draws=4000, **arguments):
    """How often each symbol is the first."""
    sequences, _ = sample(always(p), np.zeros((draws, 1), int), length=1, **arguments)
    return np.bincount(sequences[:, 0], minlength=len(p))


def assert_frequencies(seen, p):
    p = np.asarray(p) / np.sum(p)
    assert np.all(seen[p == 0] == 0)
    if np.count_nonzero(p) > 1:
        assert chisquare(seen[p > 0], seen.sum() * p[p > 0]).pvalue > 0.01


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, P),
        ({"temperature": 0.5}, P**2),
        ({"temperature": 3.0}, P ** (1 / 3)),
        ({"top_k": 2}, [0, 0.4, 0, 0.3, 0]),
        ({"top_k": 3}, [0, 0.4, 0, 0.3, 0.16]),
        ({"top_k": 5}, P),
        ({"top_k": 99}, P),
        ({"top_p": 0.69}, [0, 0.4, 0, 0.3, 0]),
        ({"top_p": 0.7}, [0, 0.4, 0, 0.3, 0]),  # 0.4 + 0.3 is enough, whatever is rounded
        ({"top_p": 0.71}, [0, 0.4, 0, 0.3, 0.16]),
        ({"top_p": 0.96}, [0.1, 0.4, 0, 0.3, 0.16]),
        ({"top_p": 1}, P),
        # Of the two that are left 0.4 has 4/7 of the probability: less than 0.6.
        ({"top_k": 2, "top_p": 0.57}, [0, 1, 0, 0, 0]),
        ({"top_k": 2, "top_p": 0.6}, [0, 0.4, 0, 0.3, 0]),
        # Squared, 0.16 and 0.09 of 0.2872: 0.56 and 0.87 together.
        ({"temperature": 0.5, "top_p": 0.86}, [0, 0.16, 0, 0.09, 0]),
        ({"temperature": 0.5, "top_p": 0.88}, [0, 0.16, 0, 0.09, 0.0256]),
    ],
)
def test_frequencies(arguments, expected):
    assert_frequencies(drawn_from(P, seed=11, **arguments), expected)


def test_every_step_and_row_is_drawn_for_itself():
    log_p = np.log([[0.2, 0.8], [0.7, 0.3]])
    sequences, _ = sample(markov(log_p), np.tile([[0], [1]], (1000, 1)), length=3, seed=2)
    for start in (0, 1):
        rows = sequences[start::2]
        p = np.exp(log_p)
        for t in range(3):
            now = np.linalg.matrix_power(p, t + 1)[start]
            assert_frequencies(np.bincount(rows[:, t], minlength=2), now)
        pairs = np.bincount(rows[:, 1] * 2 + rows[:, 2], minlength=4)
        joint = np.linalg.matrix_power(p, 2)[start][:, None] * p
        assert_frequencies(pairs, joint.ravel())


@pytest.mark.parametrize("arguments", [{"top_k": 1}, {"top_p": 1e-9}, {"top_k": 1, "top_p": 0.5}])
def test_at_least_one_symbol_is_kept(arguments):
    assert drawn_from(P, draws=50, **arguments).tolist() == [0, 50, 0, 0, 0]


def test_a_top_p_of_one_keeps_the_unlikeliest():
    class LuckForTheLast(np.random.Generator):
        def gumbel(self, size):
            return np.where(np.arange(size[1]) == size[1] - 1, 1000.0, 0.0) * np.ones(size)

    p, seed = np.array([1 - 9e-8, 9e-8]), LuckForTheLast(np.random.PCG64())
    assert drawn_from(p, draws=3, top_p=1, seed=seed).tolist() == [0, 3]
    assert drawn_from(p, draws=3, top_p=0.99, seed=seed).tolist() == [3, 0]


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        ({"top_k": 2}, [1, 2]),
        ({"top_k": 3}, [1, 2, 4]),
        ({"top_p": 0.4}, [1, 2]),
        ({"top_p": 0.55}, [1, 2, 4]),
    ],
)
def test_of_equally_likely_symbols_the_smaller_are_kept(arguments, kept):
    seen = drawn_from(np.array([0.1, 0.2, 0.2, 0.1, 0.2, 0.2]), draws=200, **arguments)
    assert np.flatnonzero(seen).tolist() == kept
    # Many symbols, for a sort that is not stable does keep the order of a few.
    seen = drawn_from(np.full(300, 1 / 300), draws=2000, top_k=20)
    assert np.flatnonzero(seen).tolist() == list(range(20))


@settings(max_examples=60, deadline=None)
@given(
    log_p=TABLES,
    length=st.integers(1, 6),
    end=st.sampled_from([None, 0]),
    cold=st.sampled_from(
        [{"temperature": 1e-9}, {"temperature": 1e-320}, {"top_k": 1}, {"top_p": 1e-12}]
    ),
)
def test_law_a_cold_sample_is_greedy(log_p, length, end, cold):
    expected, score = greedy(markov(log_p), 0, length, end)
    sequence, total = sample(markov(log_p), 0, length, end=end, **cold)
    np.testing.assert_array_equal(sequence, expected)
    assert total == pytest.approx(score)


@settings(max_examples=60, deadline=None)
@given(log_p=TABLES, length=st.integers(1, 6), end=st.sampled_from([None, 0]), seed=st.integers(0))
def test_law_scores_are_the_model_s_own(log_p, length, end, seed):
    """Whatever the temperature; nothing follows `end` but itself, and that costs nothing."""
    starts = np.arange(len(log_p))[:, None]
    sequences, scores = sample(
        markov(log_p), starts, length, temperature=2.0, top_p=0.9, end=end, seed=seed
    )
    assert sequences.shape == (len(starts), length)
    assert scores.shape == (len(starts),)
    for (last,), sequence, score in zip(starts, sequences, scores, strict=True):
        total = 0.0
        for t, symbol in enumerate(sequence):
            if end is not None and end in sequence[:t]:
                assert symbol == end
                continue
            total, last = total + log_p[last, symbol], symbol
        assert score == pytest.approx(total)
        assert np.isfinite(score)  # what is impossible is never drawn


def test_seeds():
    def drawn(**arguments):
        return sample(always(P), 0, length=30, **arguments)[0].tolist()

    assert drawn(seed=1) == drawn(seed=1) != drawn(seed=2)
    assert drawn() == drawn(seed=0)
    assert drawn(top_p=1, top_k=5, seed=1) == drawn(seed=1)
    assert drawn(seed=np.random.default_rng(1)) == drawn(seed=1)


def test_a_step_that_leaves_nothing_possible():
    with pytest.raises(ValueError, match="`step` must leave a symbol possible"):
        sample(lambda prefixes: np.full((1, 3), -np.inf), 0, length=2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"temperature": 0},
            "`temperature` must be a positive number. Received: temperature=0",
        ),
        ({"temperature": -1.0}, "`temperature` must be .* Received: temperature=-1.0"),
        ({"temperature": np.nan}, "`temperature` must be .* Received: temperature=nan"),
        ({"temperature": np.inf}, "`temperature` must be .* Received: temperature=inf"),
        ({"temperature": None}, "`temperature` must be .* Received: temperature=None"),
        ({"top_k": 0}, "`top_k` must be a positive integer. Received: top_k=0"),
        ({"top_k": 1.5}, "`top_k` must be a positive integer. Received: top_k=1.5"),
        ({"top_p": 0}, r"`top_p` must lie in \(0, 1\]. Received: top_p=0"),
        ({"top_p": 1.01}, r"`top_p` must lie in \(0, 1\]. Received: top_p=1.01"),
        ({"top_p": np.nan}, r"`top_p` must lie in \(0, 1\]. Received: top_p=nan"),
        ({"top_p": "all"}, r"`top_p` must lie in \(0, 1\]. Received: top_p='all'"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        sample(always(P), 0, length=2, **arguments)
