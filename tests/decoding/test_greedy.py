import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.decoding import greedy
from tests.decoding.markov import TABLES, markov


@settings(max_examples=60, deadline=None)
@given(log_p=TABLES, length=st.integers(1, 6), end=st.sampled_from([None, 0]))
def test_law_each_symbol_is_the_likeliest(log_p, length, end):
    starts = np.arange(len(log_p))[:, None]
    sequences, scores = greedy(markov(log_p), starts, length, end)
    for (last,), sequence, score in zip(starts, sequences, scores, strict=True):
        total, ended = 0.0, False
        for symbol in sequence:
            if ended:
                assert symbol == end
                continue
            assert log_p[last, symbol] == log_p[last].max()
            total, last, ended = total + log_p[last, symbol], symbol, symbol == end
        assert score == pytest.approx(total)


def test_by_hand():
    log_p = np.log([[0.6, 0.4], [0.2, 0.8]])
    sequence, score = greedy(markov(log_p), 0, 3)
    assert sequence.tolist() == [0, 0, 0]
    assert isinstance(score, float)
    assert np.exp(score) == pytest.approx(0.216)
    sequences, scores = greedy(markov(log_p), [[1], [0]], 2, end=0)
    assert sequences.tolist() == [[1, 1], [0, 0]]
    np.testing.assert_allclose(np.exp(scores), [0.64, 0.6])


def test_of_equally_likely_symbols_the_smallest_is_taken():
    log_p = np.log([[0.2, 0.4, 0.4], [0.4, 0.2, 0.4], [0.25, 0.375, 0.375]])
    assert greedy(markov(log_p), 0, 3)[0].tolist() == [1, 0, 1]
