import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.scratch import HiddenMarkovModel
from tests.scratch.series_examples import WEATHER, all_paths, random_model

SIZES = dict(states=st.integers(1, 3), count=st.integers(1, 3), seed=st.integers(0))


@settings(max_examples=40, deadline=None)
@given(**SIZES, lengths=st.lists(st.integers(1, 4), min_size=1, max_size=3))
def test_law_a_step_of_baum_and_welch_by_counting_in_all_paths(states, count, lengths, seed):
    rng = np.random.default_rng(seed)
    model = random_model(rng, states, count)
    sequences = [model.sample(steps, n)[1] for n, steps in enumerate(lengths)]
    starts, moves = np.zeros(states), np.zeros((states, states))
    shows = np.zeros((states, count))
    total = 0
    for symbols in sequences:
        paths, probabilities = all_paths(model, symbols)
        total += np.log(probabilities.sum())
        for path, p in zip(paths, probabilities / probabilities.sum(), strict=True):
            starts[path[0]] += p
            np.add.at(moves, (path[:-1], path[1:]), p)
            np.add.at(shows, (path, symbols), p)
    old_transition, old_emission = model.transition, model.emission
    history = model.fit(sequences, iterations=1)
    assert len(history) == 2
    np.testing.assert_allclose(history[0], total, atol=1e-12)  # log 1 is 0
    np.testing.assert_allclose(history[1], sum(map(model.log_likelihood, sequences)), atol=1e-12)
    np.testing.assert_allclose(model.initial, starts / len(sequences), atol=1e-12)
    for new, old, counts in (
        (model.transition, old_transition, moves),
        (model.emission, old_emission, shows),
    ):
        for row, old_row, row_counts in zip(new, old, counts, strict=True):
            visited = row_counts.sum() > 0
            expected = row_counts / row_counts.sum() if visited else old_row
            np.testing.assert_allclose(row, expected, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(**SIZES, lengths=st.lists(st.integers(1, 12), min_size=1, max_size=3), zeros=st.booleans())
def test_law_the_likelihood_never_falls(states, count, lengths, seed, zeros):
    rng = np.random.default_rng(seed)
    source = random_model(rng, states, count, zeros)
    sequences = [source.sample(steps, n)[1] for n, steps in enumerate(lengths)]
    model = random_model(rng, states, count, zeros=False)
    history = np.array(model.fit(sequences, iterations=12, tolerance=0))
    assert (np.diff(history) >= -1e-9).all()
    assert np.isfinite(history).all()
    for p in (model.initial, model.transition, model.emission):
        np.testing.assert_allclose(p.sum(axis=-1), 1)
        assert (p >= 0).all()


def test_learning_from_visible_states_is_counting():
    model = HiddenMarkovModel([0.5, 0.5], [[0.5, 0.5], [0.1, 0.9]], np.eye(2))
    history = model.fit([[0, 0, 1, 0], (1, 1), np.array([0], np.uint8)])
    np.testing.assert_allclose(model.initial, [2 / 3, 1 / 3])
    np.testing.assert_allclose(model.transition, [[1 / 2, 1 / 2], [1 / 2, 1 / 2]])
    np.testing.assert_array_equal(model.emission, np.eye(2))
    assert len(history) == 3  # the start, the step that learns all, the one that finds no more


def test_learning_from_symbols():
    """From a poor start it finds the maximum that it finds from the truth."""

    def truth():
        return HiddenMarkovModel(
            [0.5, 0.5], [[0.9, 0.1], [0.2, 0.8]], [[0.8, 0.2, 0], [0.05, 0.15, 0.8]]
        )

    sequences = [truth().sample(steps, steps)[1] for steps in (300, 100, 200)]
    new = truth().sample(600, 0)[1]
    poor = HiddenMarkovModel(
        [0.5, 0.5], [[0.6, 0.4], [0.4, 0.6]], [[0.4, 0.3, 0.3], [0.3, 0.3, 0.4]]
    )
    untrained, best = poor.log_likelihood(new), truth()
    poor_history, best_history = poor.fit(sequences, 40, 1e-4), best.fit(sequences, 40, 1e-4)
    np.testing.assert_allclose(poor_history[-1], best_history[-1], atol=0.01)
    np.testing.assert_allclose(poor.transition, best.transition, atol=0.01)
    np.testing.assert_allclose(poor.emission, best.emission, atol=0.01)
    assert best_history[0] < best_history[-1] < best_history[0] + 10
    assert poor_history[0] < best_history[0] - 50
    assert truth().log_likelihood(new) - poor.log_likelihood(new) < 10
    assert truth().log_likelihood(new) - untrained > 50


def test_when_learning_stops():
    symbols = HiddenMarkovModel(**WEATHER).sample(100, 0)[1]

    def history(**arguments):
        return np.array(HiddenMarkovModel(**WEATHER).fit([symbols], **arguments))

    assert len(history(iterations=5, tolerance=0)) == 6
    gains = np.diff(history(tolerance=1e-2))
    assert gains[-1] < 1e-2
    assert (gains[:-1] >= 1e-2).all()
    assert len(gains) < 100
    # A step that adds nothing does not add less than a tolerance of 0.
    assert HiddenMarkovModel([1], [[1]], [[1]]).fit([[0, 0]], 4, tolerance=0) == [0] * 5
