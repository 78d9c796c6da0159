"""A generator's seed makes its arrays, all of them."""

import numpy as np
import pytest

from nncourse import datasets

# The first argument is how many; the shape is that of the first array, with the defaults.
SHAPES = {
    datasets.make_adding_problem: (20, 60, 2),
    datasets.make_temporal_order: (20, 60, 8),
    datasets.make_copy: (20, 42, 10),
    datasets.make_repeat_copy: (20, 113, 11),
    datasets.make_associative_recall: (20, 32, 8),
    datasets.make_dynamic_ngrams: (20, 200, 1),
    datasets.make_priority_sort: (20, 38, 11),
    datasets.make_dyck: (20, 20, 4),
    datasets.make_anbn: (20, 20, 2),
    datasets.make_binary_arithmetic: (20, 13),
}


@pytest.mark.parametrize("make", SHAPES, ids=lambda make: make.__name__)
def test_the_seed_makes_the_arrays(make):
    one, same, other = make(20, seed=3), make(20, seed=3), make(20, seed=4)
    assert one[0].shape == SHAPES[make]
    for array, again in zip(one, same, strict=True):
        np.testing.assert_array_equal(array, again)
    assert not np.array_equal(one[0], other[0])
    assert not np.array_equal(one[1], other[1])
