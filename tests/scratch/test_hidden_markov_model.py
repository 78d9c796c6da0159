import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.scratch import HiddenMarkovModel
from tests.scratch.series_examples import WEATHER, all_paths, random_model


@settings(max_examples=120, deadline=None)
@given(
    states=st.integers(1, 3), count=st.integers(1, 3), steps=st.integers(1, 5), seed=st.integers(0)
)
def test_law_all_paths_one_by_one(states, count, steps, seed):
    rng = np.random.default_rng(seed)
    model = random_model(rng, states, count)
    symbols = rng.integers(0, count, steps)
    paths, probabilities = all_paths(model, symbols)
    if probabilities.sum() == 0:
        assert model.log_likelihood(symbols) == -np.inf
        for method in (model.viterbi, model.posterior, lambda x: model.fit([x])):
            with pytest.raises(ValueError, match="must be possible"):
                method(symbols)
        return
    np.testing.assert_allclose(
        model.log_likelihood(symbols), np.log(probabilities.sum()), atol=1e-12
    )
    shares = [
        [(probabilities * (paths[:, t] == k)).sum() for k in range(states)] for t in range(steps)
    ]
    np.testing.assert_allclose(
        model.posterior(symbols), np.array(shares) / probabilities.sum(), atol=1e-12
    )
    path, log_probability = model.viterbi(symbols)
    np.testing.assert_allclose(log_probability, np.log(probabilities.max()), atol=1e-12)
    itself = (paths == path).all(axis=1).argmax()
    np.testing.assert_allclose(probabilities[itself], probabilities.max())


def test_the_contract():
    path, log_probability = HiddenMarkovModel(**WEATHER).viterbi([0, 1, 2])
    assert list(path) == [1, 0, 0]
    assert abs(np.exp(log_probability) - 0.01344) < 1e-9  # 0.4 * 0.6 * 0.4 * 0.4 * 0.7 * 0.5


def test_the_best_path_is_not_the_best_state_at_each_step():
    """State 0 is the likeliest single start, but state 1's only path outdoes each of its two."""
    model = HiddenMarkovModel(
        [0.6, 0.4, 0], [[0, 0.5, 0.5], [0, 1, 0], [0, 0, 1]], [[1, 0], [1, 0], [1, 0]]
    )
    path, log_probability = model.viterbi([0, 0])
    np.testing.assert_array_equal(path, [1, 1])
    np.testing.assert_allclose(np.exp(log_probability), 0.4)
    np.testing.assert_array_equal(model.posterior([0, 0]).argmax(axis=1), [0, 1])
    # And where the way from 0 to 1 is shut as well, the best states are no possible path.
    model = HiddenMarkovModel(
        [0.4, 0.3, 0.3],
        [[1, 0, 0], [0, 0, 1], [0, 0, 1]],
        np.ones((3, 1)),
    )
    best = model.posterior([0, 0]).argmax(axis=1)
    np.testing.assert_array_equal(best, [0, 2])
    assert model.transition[best[0], best[1]] == 0
    np.testing.assert_array_equal(model.viterbi([0, 0])[0], [0, 0])


def test_of_equal_paths_the_smaller_state_counts_from_the_end():
    half = np.full((2, 2), 0.5)
    path, log_probability = HiddenMarkovModel([0.5, 0.5], half, half).viterbi([0, 1, 1, 0])
    np.testing.assert_array_equal(path, [0, 0, 0, 0])
    np.testing.assert_allclose(log_probability, 8 * np.log(0.5))
    # Two equal paths, (0, 1) and (1, 0): the last state decides, not the first.
    swap = HiddenMarkovModel([0.5, 0.5], [[0, 1], [1, 0]], half)
    np.testing.assert_array_equal(swap.viterbi([0, 0])[0], [1, 0])
    # Equal up to the middle: (0, 0, 2) and (1, 1, 2) part before a common end.
    merge = HiddenMarkovModel(
        [0.5, 0.5, 0], [[0.5, 0, 0.5], [0, 0.5, 0.5], [0, 0, 1]], [[1, 0], [1, 0], [0, 1]]
    )
    np.testing.assert_array_equal(merge.viterbi([0, 0, 1])[0], [0, 0, 2])


def by_scaling(model, symbols):
    """The other way to keep a long product in range: normalize at every step."""
    total, p = 0.0, model.initial
    for t, symbol in enumerate(symbols):
        p = (p if t == 0 else p @ model.transition) * model.emission[:, symbol]
        total += np.log(p.sum())
        p = p / p.sum()
    return total, p


def test_long_chains():
    model = random_model(np.random.default_rng(0), 4, 6, zeros=False)
    states, symbols = model.sample(10_000, seed=1)
    start = time.perf_counter()
    log_likelihood, posterior = model.log_likelihood(symbols), model.posterior(symbols)
    path, log_probability = model.viterbi(symbols)
    assert time.perf_counter() - start < 10  # about 0.2 s; a loop over the states takes minutes
    expected, last = by_scaling(model, symbols)
    np.testing.assert_allclose(log_likelihood, expected)
    assert log_likelihood < -10_000  # exp of it is 0 in any float
    np.testing.assert_allclose(posterior[-1], last)
    np.testing.assert_allclose(posterior.sum(axis=1), 1)
    assert log_probability < log_likelihood
    found = np.mean(posterior.argmax(axis=1) == states)
    np.testing.assert_allclose(found, posterior.max(axis=1).mean(), atol=0.02)  # calibrated
    assert found >= np.mean(path == states)


def test_a_path_that_is_far_behind_is_not_lost():
    """Until the last step one path is 1e600 times as probable, and then it is shut."""
    rare = 1e-3
    model = HiddenMarkovModel(
        [0.5, 0.5], np.eye(2), [[1 - rare, rare, 0], [rare, 1 - 2 * rare, rare]]
    )
    symbols = [0] * 200 + [2]
    expected = np.log(0.5) + 201 * np.log(rare)
    np.testing.assert_allclose(model.log_likelihood(symbols), expected)
    np.testing.assert_array_equal(model.posterior(symbols), [[0, 1]] * 201)
    path, log_probability = model.viterbi(symbols)
    assert path.all()
    np.testing.assert_allclose(log_probability, expected)


def test_sample_frequencies():
    model = HiddenMarkovModel(
        [0.2, 0.8, 0], [[0.5, 0.5, 0], [0, 0.3, 0.7], [1, 0, 0]], [[1, 0], [0.25, 0.75], [0, 1]]
    )
    states, symbols = model.sample(20_000, seed=0)
    moves, shows = np.zeros((3, 3)), np.zeros((3, 2))
    np.add.at(moves, (states[:-1], states[1:]), 1)
    np.add.at(shows, (states, symbols), 1)
    moves, shows = (counts / counts.sum(axis=1, keepdims=True) for counts in (moves, shows))
    np.testing.assert_allclose(moves, model.transition, atol=0.02)
    np.testing.assert_allclose(shows, model.emission, atol=0.02)
    np.testing.assert_array_equal(moves == 0, model.transition == 0)
    np.testing.assert_array_equal(shows == 0, model.emission == 0)
    firsts = np.bincount([model.sample(1, seed)[0][0] for seed in range(1000)], minlength=3)
    np.testing.assert_allclose(firsts / 1000, model.initial, atol=0.04)
    for once, again in zip(model.sample(9, 5), model.sample(9, 5), strict=True):
        assert once.shape == (9,)
        np.testing.assert_array_equal(once, again)
    assert (model.sample(99, 5)[1] != model.sample(99, 6)[1]).any()


def test_probabilities_of_less_precision_are_made_to_sum_to_one():
    rows = np.random.default_rng(0).random((3, 3), dtype=np.float32)
    rows /= rows.sum(axis=1, keepdims=True)
    model = HiddenMarkovModel(rows[0], rows, rows)
    sums = [model.log_likelihood(s) for s in itertools.product(range(3), repeat=3)]
    np.testing.assert_allclose(np.exp(sums).sum(), 1, rtol=1e-12)
