"""Step functions that remember, with a network that anyone can compute."""

import numpy as np
import pytest
import scipy.special
from keras import ops

from nncourse.decoding import beam_search, greedy
from nncourse.models._prefix_states import remembering_step

TABLE = np.random.default_rng(0).normal(size=(50, 5)).astype("float32") * 2


class Hash:
    """Its state is a number that depends on the row of the batch and the order of all symbols."""

    def __init__(self):
        self.read_lengths = []

    def __call__(self, numbers, states):
        self.read_lengths.append(numbers.shape[1])
        state = np.full(len(numbers), 1) if states is None else ops.convert_to_numpy(states["n"][0])
        logits = []
        for column in numbers.T:
            state = (7 * state + column + 1) % len(TABLE)
            logits.append(TABLE[state])
        return ops.convert_to_tensor(np.stack(logits, axis=1)), {
            "n": [ops.convert_to_tensor(state)]
        }


def anew(rows_of):
    def step(prefixes):
        state = {"n": [ops.convert_to_tensor(rows_of(len(prefixes)))]}
        return scipy.special.log_softmax(ops.convert_to_numpy(Hash()(prefixes, state)[0])[:, -1], 1)

    return step


@pytest.mark.parametrize("decode", [lambda *a: beam_search(*a, 8, 3), lambda *a: greedy(*a, 8)])
def test_each_row_goes_on_from_its_own_states(decode):
    first = np.array([3, 11, 30])
    start = np.full((3, 1), 2)  # all three rows begin with the same symbol
    step = remembering_step(Hash(), {"n": [ops.convert_to_tensor(first)]}, rows=3)
    sequences, scores = decode(step, start)
    expected, expected_scores = decode(anew(lambda n: np.repeat(first, n // 3)), start)
    np.testing.assert_array_equal(sequences, expected)
    np.testing.assert_allclose(scores, expected_scores, atol=1e-4)
    assert (sequences[0] != sequences[1]).any()


def test_without_a_start_the_network_begins_with_its_own():
    step = remembering_step(Hash())
    start = [[4, 0], [1, 2]]
    sequences, _ = beam_search(step, start, 6, 4)
    expected, _ = beam_search(anew(lambda n: np.full(n, 1)), start, 6, 4)
    np.testing.assert_array_equal(sequences, expected)


def test_each_symbol_is_read_once():
    network = Hash()
    beam_search(remembering_step(network, rows=2), [[4, 0], [4, 0]], 5, 3)
    assert network.read_lengths == [2, 1, 1, 1, 1]


def test_prefixes_that_do_not_fit_to_the_rows():
    with pytest.raises(ValueError, match=r"each of the 2 rows\. Received: 3 prefixes"):
        remembering_step(Hash(), rows=2)(np.zeros((3, 1), int))
