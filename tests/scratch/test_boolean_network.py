import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncourse.scratch import boolean_network


def all_cases(inputs):
    return np.array(list(itertools.product([-1, 1], repeat=inputs)))


@pytest.mark.parametrize("inputs", [1, 2, 3])
def test_every_function_of_up_to_three_inputs(inputs):
    bits = all_cases(inputs)
    for target in itertools.product([-1, 1], repeat=2**inputs):
        network = boolean_network(bits, target)
        assert (network(bits) == target).all()
        assert len(network.hidden_bias) == target.count(1)


@given(inputs=st.integers(1, 8), seed=st.integers(0, 2**32 - 1))
def test_law_any_function_and_one_hidden_unit_fires_for_each_positive_case(inputs, seed):
    bits = all_cases(inputs)
    target = np.random.default_rng(seed).choice([-1, 1], len(bits))
    network = boolean_network(bits, target)
    assert (network(bits) == target).all()
    assert ((network.hidden(bits) == 1).sum(axis=1) == (target == 1)).all()


def test_the_weights_are_those_of_the_construction():
    bits = all_cases(5)
    target = np.where(bits.sum(axis=1) > 0, 1, -1)
    network = boolean_network(bits, target)
    np.testing.assert_array_equal(network.hidden_weights, bits[target == 1])
    np.testing.assert_array_equal(network.hidden_bias, np.full(16, -4))
    np.testing.assert_array_equal(network.output_weights, np.ones(16))
    assert network.output_bias == 15


def test_cases_that_are_not_listed_get_minus_one():
    network = boolean_network([[1, 1, -1]], [1])
    bits = all_cases(3)
    assert (network(bits) == np.where((bits == [1, 1, -1]).all(axis=1), 1, -1)).all()


@pytest.mark.parametrize(
    ("bits", "target", "message"),
    [
        ([[0, 1], [1, 1]], [1, -1], r"`bits` must be a matrix of -1 and \+1.*values \[0 1\]"),
        ([1, -1], [1, -1], r"`bits` must be a matrix.*Received: bits of shape \(2,\)"),
        ([[-1], [1]], [0, 1], r"`target` must hold one value, -1 or \+1.*values \[0 1\]"),
        ([[-1], [1]], [1], r"each of the 2 cases. Received: target of shape \(1,\)"),
        ([[1], [1]], [1, -1], "`bits` must list every case once"),
    ],
)
def test_bad_tables_are_named(bits, target, message):
    with pytest.raises(ValueError, match=message):
        boolean_network(bits, target)


def test_inputs_of_another_width_are_refused():
    with pytest.raises(ValueError, match=r"must have 2 columns.*Received: bits of shape \(2, 1\)"):
        boolean_network([[1, 1]], [1])([[1], [-1]])
