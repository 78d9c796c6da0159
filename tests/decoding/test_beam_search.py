import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.decoding import beam_search, greedy
from tests.decoding.markov import TABLES, all_sequences, markov, random_table


def slow_beam_search(log_p, start, length, beam, end, alpha):
    """One row, one list of hypotheses: (score, symbols, log-probability)."""
    hypotheses = [(0.0, (), 0.0)]
    for _ in range(length):
        candidates = []
        for score, symbols, total in hypotheses:
            if end in symbols:
                candidates.append((score, symbols, total))
                continue
            for symbol, new in enumerate(log_p[(start, *symbols)[-1]]):
                penalty = ((5 + len(symbols) + 1) / 6) ** alpha
                candidates.append(((total + new) / penalty, (*symbols, symbol), total + new))
        hypotheses = sorted(candidates, key=lambda found: -found[0])[:beam]
    return [(score, symbols) for score, symbols, _ in hypotheses if score > -np.inf]


ENDS = st.sampled_from([None, 0, 3])
ALPHAS = st.sampled_from([0.0, 0.6, 1.0])


@settings(max_examples=80, deadline=None)
@given(log_p=TABLES, length=st.integers(1, 4), end=ENDS, alpha=ALPHAS)
def test_law_a_wide_beam_finds_all_sequences_the_best_first(log_p, length, end, alpha):
    end = None if end is None else min(end, len(log_p) - 1)
    beam = len(log_p) ** length
    sequences, scores = beam_search(markov(log_p), 0, length, beam, end, alpha)
    expected = all_sequences(log_p, 0, length, end)
    found = {tuple(s.tolist()): score for s, score in zip(sequences, scores, strict=True)}
    possible = np.count_nonzero(scores > -np.inf)
    assert possible == len(expected)
    for sequence, (total, own) in expected.items():
        assert found[sequence] == pytest.approx(total / ((5 + own) / 6) ** alpha)
    assert list(scores) == sorted(scores, reverse=True)
    best = max(total / ((5 + own) / 6) ** alpha for total, own in expected.values())
    assert scores[0] == pytest.approx(best)


@settings(max_examples=80, deadline=None)
@given(
    log_p=TABLES,
    length=st.integers(1, 8),
    beam=st.integers(1, 6),
    end=ENDS,
    alpha=ALPHAS,
)
def test_law_equal_to_a_search_written_with_lists(log_p, length, beam, end, alpha):
    end = None if end is None else min(end, len(log_p) - 1)
    sequences, scores = beam_search(markov(log_p), 0, length, beam, end, alpha)
    assert sequences.shape == (beam, length)
    assert scores.shape == (beam,)
    expected = slow_beam_search(log_p, 0, length, beam, end, alpha)
    np.testing.assert_allclose(scores[: len(expected)], [score for score, _ in expected])
    np.testing.assert_array_equal(scores[len(expected) :], -np.inf)
    for sequence, (_, symbols) in zip(sequences.tolist(), expected, strict=False):
        assert sequence == list(symbols) + [end] * (length - len(symbols))


@settings(max_examples=60, deadline=None)
@given(log_p=TABLES, length=st.integers(1, 6), end=ENDS)
def test_law_a_beam_of_one_is_greedy(log_p, length, end):
    end = None if end is None else min(end, len(log_p) - 1)
    sequences, scores = beam_search(markov(log_p), 0, length, beam=1, end=end)
    sequence, score = greedy(markov(log_p), 0, length, end=end)
    np.testing.assert_array_equal(sequences, [sequence])
    assert scores[0] == pytest.approx(score)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0),
    starts=st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=2), min_size=1, max_size=4),
    beam=st.integers(1, 5),
    end=ENDS,
    alpha=ALPHAS,
)
def test_law_a_batch_is_searched_row_by_row(seed, starts, beam, end, alpha):
    """The model looks at two symbols, and at a source of each row."""
    rng = np.random.default_rng(seed)
    log_p = np.log(rng.dirichlet(np.ones(4), size=(len(starts), 4, 4)))

    def step(prefixes):
        source = np.repeat(np.arange(len(starts)), beam)
        assert prefixes.shape[0] == len(source)
        return log_p[source, prefixes[:, -2], prefixes[:, -1]]

    sequences, scores = beam_search(step, starts, 4, beam, end, alpha)
    assert sequences.shape == (len(starts), beam, 4)
    assert scores.shape == (len(starts), beam)
    for row, start in enumerate(starts):
        one = beam_search(
            lambda prefixes, row=row: log_p[row, prefixes[:, -2], prefixes[:, -1]],
            start,
            4,
            beam,
            end,
            alpha,
        )
        np.testing.assert_array_equal(sequences[row], one[0])
        np.testing.assert_allclose(scores[row], one[1])


def test_the_contract():
    log_p = np.log([[0.6, 0.4], [0.55, 0.45]])
    sequences, scores = beam_search(
        lambda prefixes: log_p[prefixes[:, -1]], start=0, length=3, beam=4
    )
    assert sequences.tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]]
    np.testing.assert_allclose(np.exp(scores), [0.216, 0.144, 0.132, 0.132])


def test_on_average_scores_never_fall_as_the_beam_widens():
    """Over 200 models; of single models some do worse with a wider beam."""
    tables = [random_table(seed, 5) for seed in range(200)]
    widths = [1, 2, 3, 5, 8, 13]
    best = np.array([[beam_search(markov(t), 0, 7, beam)[1][0] for beam in widths] for t in tables])
    assert np.all(np.diff(best.mean(axis=0)) > 0)
    assert np.diff(best, axis=1).min() < 0
    assert best[:, -1].mean() > best[:, 0].mean() + 0.1


def test_a_finished_sequence_competes_with_those_that_go_on():
    """0 goes on, 1 ends: ending at once has probability 0.4, going on twice 0.6 * 0.9 * 0.9."""
    log_p = np.log([[0.9, 0.1], [0.5, 0.5]])
    first = np.log([[0.6, 0.4]])

    def step(prefixes):
        return first.repeat(len(prefixes), 0) if prefixes.shape[1] == 1 else log_p[prefixes[:, -1]]

    sequences, scores = beam_search(step, 0, 3, beam=3, end=1)
    assert sequences.tolist() == [[0, 0, 0], [1, 1, 1], [0, 1, 1]]
    np.testing.assert_allclose(np.exp(scores), [0.486, 0.4, 0.06])
    # Much later ending at once is the likeliest, unless a penalty speaks for long sequences.
    sequences, scores = beam_search(step, 0, 12, beam=3, end=1)
    assert sequences[0].tolist() == [1] * 12
    np.testing.assert_allclose(np.exp(scores[:2]), [0.4, 0.6 * 0.9**11])
    sequences, scores = beam_search(step, 0, 12, beam=3, end=1, length_penalty=1.0)
    assert sequences[0].tolist() == [0] * 12
    expected = [np.log(0.6 * 0.9**11) * 6 / 17, np.log(0.4)]  # lp is (5 + 12) / 6 and 1
    np.testing.assert_allclose(scores[:2], expected)


def test_without_hypotheses_that_go_on_the_model_is_not_asked():
    calls = []

    def step(prefixes):
        calls.append(prefixes.shape)
        return np.log([[0.5, 0.5 - 1e-9, 1e-9], [1e-9, 1 - 2e-9, 1e-9]])[prefixes[:, -1] % 2]

    sequences, _ = beam_search(step, [[0], [1]], 9, beam=1, end=1)
    assert sequences.shape == (2, 1, 9)
    assert calls == [(2, 1 + t) for t in range(len(calls))]
    sequences, _ = beam_search(step, [[1]], 9, beam=1, end=1)
    assert sequences.tolist() == [[[1] * 9]]
    assert calls[-1] == (1, 1)  # the only one of its search
    sequences, _ = beam_search(step, 1, 9, beam=2, end=2)
    assert calls[-1] == (2, 9)


def test_what_the_model_is_asked():
    """`batch * beam` prefixes each time, row after row of the batch, each one symbol longer."""
    asked = []

    def step(prefixes):
        asked.append(prefixes.copy())
        return random_table(1, 4)[prefixes[:, -1]]

    starts = np.array([[3, 0], [2, 1]])
    sequences, _ = beam_search(step, starts, 3, beam=5)
    assert [prefixes.shape for prefixes in asked] == [(10, 2), (10, 3), (10, 4)]
    for prefixes in asked:
        np.testing.assert_array_equal(prefixes[:, :2], starts.repeat(5, axis=0))
    last = {tuple(row) for row in asked[-1].tolist()}
    for row, beams in zip(starts, sequences, strict=True):
        assert all((*row, *found[:2]) in last for found in beams)


def test_equal_scores_stand_in_the_order_of_their_symbols():
    log_p = np.log(np.full((3, 3), 1 / 3))
    sequences, _ = beam_search(markov(log_p), 0, 2, beam=9)
    assert sequences.tolist() == [list(pair) for pair in itertools.product(range(3), repeat=2)]


def test_places_without_a_possible_sequence_are_last():
    with np.errstate(divide="ignore"):
        log_p = np.log([[0.3, 0.7, 0.0], [0.0, 1.0, 0.0], [0.2, 0.2, 0.6]])
    sequences, scores = beam_search(markov(log_p), 0, 2, beam=6)
    assert sequences[:3].tolist() == [[1, 1], [0, 1], [0, 0]]
    np.testing.assert_allclose(np.exp(scores), [0.7, 0.21, 0.09, 0, 0, 0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"beam": 0}, "`beam` must be a positive integer. Received: beam=0"),
        ({"beam": 2.0}, "`beam` must be a positive integer. Received: beam=2.0"),
        ({"beam": None}, "`beam` must be a positive integer. Received: beam=None"),
        (
            {"length_penalty": -0.1},
            "`length_penalty` must be a finite number of 0 or more. Received: length_penalty=-0.1",
        ),
        ({"length_penalty": np.nan}, "`length_penalty` must be .* Received: length_penalty=nan"),
        ({"length_penalty": np.inf}, "`length_penalty` must be .* Received: length_penalty=inf"),
        ({"length_penalty": "1"}, "`length_penalty` must be .* Received: length_penalty='1'"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        beam_search(markov(random_table(0, 3)), 0, 3, **({"beam": 2} | arguments))
