"""What the three ways of decoding have in common: what goes in, and what a step may return."""

from functools import partial

import keras
import numpy as np
import pytest

from nncourse.decoding import beam_search, greedy, sample
from tests.decoding.markov import markov, random_table

WAYS = [greedy, partial(sample, seed=1), partial(beam_search, beam=2)]
EVERY_WAY = pytest.mark.parametrize("decode", WAYS, ids=["greedy", "sample", "beam_search"])
LOG_P = random_table(3, 4)
HALVES = np.log(np.full((1, 2), 0.5))


@EVERY_WAY
def test_shapes_follow_the_start(decode):
    """A symbol or a prefix gives one result; a batch of prefixes one for each."""
    each = (2,) if decode is WAYS[2] else ()
    for start in (1, np.int32(1), [1], [0, 2, 1], (3, 1), np.array([1], "uint8")):
        sequences, scores = decode(markov(LOG_P), start, 5)
        assert sequences.shape == (*each, 5)
        assert np.shape(scores) == each
        np.testing.assert_array_equal(sequences, decode(markov(LOG_P), 1, 5)[0])
    for start in ([[1], [0], [1]], np.ones((3, 6), int), keras.ops.ones((3, 2), "int32")):
        sequences, scores = decode(markov(LOG_P), start, np.int64(5))
        assert sequences.shape == (3, *each, 5)
        assert scores.shape == (3, *each)
        assert sequences.dtype.kind == "i"


@EVERY_WAY
@pytest.mark.parametrize("start", [[], np.zeros((3, 0))])
def test_an_empty_prefix_is_a_start(decode, start):
    asked = []

    def step(prefixes):
        asked.append(prefixes)
        return np.log(np.full((len(prefixes), 3), 1 / 3))

    sequences, _ = decode(step, start, 2)
    assert sequences.shape[-1] == 2
    assert asked[0].shape[1] == 0
    assert asked[0].dtype.kind == "i"


@EVERY_WAY
def test_the_end_has_no_meaning_in_the_start(decode):
    log_p = np.log([[0.001, 0.998, 0.001], [0.001, 0.001, 0.998], [0.998, 0.001, 0.001]])
    sequences, _ = decode(markov(log_p), [0, 0], 6, end=0)
    assert np.ravel(sequences)[:6].tolist() == [1, 2, 0, 0, 0, 0]


@EVERY_WAY
def test_the_model_is_asked_until_all_have_ended(decode):
    lengths = []

    def step(prefixes):
        lengths.append(prefixes.shape[1])
        log_p = np.full((len(prefixes), 3), -np.inf)
        log_p[:, 0] = 0.0
        log_p[prefixes[:, 0] == prefixes.shape[1]] = [-np.inf, 0.0, -np.inf]
        return log_p

    starts = [[2], [4], [3]]  # which end when they have as many symbols
    sequences, _ = decode(step, starts, 9, end=1)
    first = sequences[:, 0] if sequences.ndim == 3 else sequences
    expected = [[0] * (n - 1) + [1] * (10 - n) for (n,) in starts]
    np.testing.assert_array_equal(first, expected)
    if sequences.ndim == 2:  # a beam of 2 has an empty place, which never ends
        assert lengths == [1, 2, 3, 4]


@EVERY_WAY
def test_a_step_keeps_its_own_numbers(decode):
    """What is forbidden after an end is not written into the model's table."""
    log_p = np.log([[0.001, 0.999], [0.999, 0.001], [0.998, 0.002], [0.999, 0.001]])
    before = log_p.copy()
    sequences, _ = decode(lambda prefixes: log_p[: len(prefixes)], [[0], [1]], 5, end=1)
    assert 1 in sequences[0]  # one ends while the other goes on
    np.testing.assert_array_equal(log_p, before)


@EVERY_WAY
def test_symbols_can_be_forbidden(decode):
    """By a log-probability of minus infinity, with no need to make the others sum to one."""
    forbidden = LOG_P.copy()
    forbidden[:, [0, 2]] = -np.inf
    sequences, scores = decode(markov(forbidden), [[0], [1], [2]], 4)
    assert set(np.unique(sequences)) <= {1, 3}
    assert np.isfinite(scores).all()


@EVERY_WAY
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_a_step_may_return_a_tensor(decode, dtype):
    """Of the backend, with a gradient or without; a list will do too."""
    logits = keras.Variable(np.random.default_rng(1).normal(size=(4, 4)), dtype=dtype)

    def step(prefixes):
        return keras.ops.log_softmax(keras.ops.take(logits, prefixes[:, -1], axis=0))

    rows = np.asarray(keras.ops.convert_to_numpy(keras.ops.log_softmax(logits)), float)
    sequences, scores = decode(step, [[0], [3]], 5)
    expected = decode(markov(rows), [[0], [3]], 5)
    np.testing.assert_array_equal(sequences, expected[0])
    np.testing.assert_allclose(scores, expected[1], rtol=1e-12)
    assert scores.dtype == "float64"
    listed = decode(lambda prefixes: rows[prefixes[:, -1]].tolist(), [[0], [3]], 5)
    np.testing.assert_array_equal(listed[0], expected[0])


@EVERY_WAY
def test_whole_numbers_are_log_probabilities_too(decode):
    """Also where one sequence has ended, which brings in minus infinity."""
    log_p = np.array([[0, -1000], [-1000, 0]])
    sequences, scores = decode(markov(log_p), [[0], [1]], 4, end=0)
    first = sequences[:, 0] if sequences.ndim == 3 else sequences
    assert first.tolist() == [[0] * 4, [1] * 4]
    assert np.all(scores.reshape(2, -1)[:, 0] == 0)


# --- bad input -----------------------------------------------------------------------------------


@EVERY_WAY
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"length": 0}, "`length` must be a positive integer. Received: length=0"),
        ({"length": 2.5}, "`length` must be a positive integer. Received: length=2.5"),
        ({"end": -1}, "`end` must be an integer of 0 or more. Received: end=-1"),
        ({"end": 1.0}, "`end` must be an integer of 0 or more. Received: end=1.0"),
        ({"end": 4}, "`end` must be one of the 4 symbols of `step`. Received: end=4"),
        ({"start": -1}, "`start` must hold integers of 0 or more. Received: -1"),
        ({"start": 0.0}, "`start` must be a symbol, a prefix .* of integers. Received: 0.0"),
        ({"start": None}, "`start` must be a symbol, a prefix .* Received: None"),
        ({"start": True}, "`start` must be a symbol, a prefix .* Received: True"),
        ({"start": [[[1]]]}, "`start` must be a symbol, a prefix .* Received: "),
        ({"start": np.zeros((0, 2), int)}, "`start` must be a symbol, a prefix .* Received: "),
        ({"start": [[1, 2], [1]]}, "`start` must hold prefixes of the same length"),
    ],
)
def test_bad_arguments_are_named(decode, arguments, message):
    arguments = {"start": 0, "length": 3} | arguments
    with pytest.raises(ValueError, match=message):
        decode(markov(LOG_P), **arguments)


@EVERY_WAY
@pytest.mark.parametrize(
    ("returned", "received"),
    [
        (HALVES[0], r"shape \(2,\)"),
        (HALVES[None], r"shape \(1, 1, 2\)"),
        (np.zeros((7, 1)), r"shape \(7, 1\)"),
        (np.zeros((2, 0)), r"shape \(2, 0\)"),
        (0.0, r"shape \(\)"),
    ],
)
def test_a_wrong_shape_is_told(decode, returned, received):
    message = rf"`step` must return log-probabilities of the shape \(\d, vocabulary\).*{received}"
    with pytest.raises(ValueError, match=message):
        decode(lambda prefixes: returned, 0, 3)


@EVERY_WAY
@pytest.mark.parametrize(
    "row",
    [
        [np.nan, -1.0],
        [-1.0, np.nan],
        [0.2, -5.0],  # above 0
        [0.5, 0.5],  # probabilities
        [-0.1, -0.1],  # scores whose exponentials sum to more than 1
        [np.inf, -1.0],
        [2000.0, -1.0],
    ],
)
def test_what_cannot_be_log_probabilities_is_told(decode, row):
    def step(prefixes):
        good = np.resize(HALVES, (len(prefixes), 2))
        if prefixes.shape[1] == 3:
            good[-1] = row
        return good

    message = r"`step` must return log-probabilities: no NaN.* for the prefix \[0 . .\]"
    with pytest.raises(ValueError, match=message):
        decode(step, 0, 3)


@EVERY_WAY
def test_rounded_log_probabilities_are_accepted(decode):
    rounded = np.array([[1e-6, -20.0], [np.log(0.5) + 1e-3, np.log(0.5) + 1e-3]])
    _, scores = decode(markov(rounded), 0, 3)
    assert np.isfinite(np.ravel(scores)[0])
