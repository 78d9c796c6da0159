import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncourse.datasets import make_temporal_order

CLASSES = {"XX": 0, "XY": 1, "YX": 2, "YY": 3}


def strings(x):
    assert np.isin(x, (0, 1)).all()
    assert (x.sum(axis=2) == 1).all()
    return ["".join("abcdXYBE"[symbol] for symbol in row) for row in x.argmax(axis=2)]


@given(samples=st.integers(1, 40), lag=st.integers(2, 60), seed=st.integers(0, 2**32))
def test_the_class_is_the_order_of_the_two_symbols(samples, lag, seed):
    x, y = make_temporal_order(samples, lag, seed=seed)
    assert x.shape == (samples, lag + 10, 8)
    assert y.shape == (samples,)
    for string, label in zip(strings(x), y.tolist(), strict=True):
        found = re.fullmatch("B([a-d]*)([XY])([a-d]*)([XY])[a-d]*E", string)
        assert CLASSES[found[2] + found[4]] == label
        assert found.start(2) < 10 <= found.start(4)
        assert len(string) - 1 - found.start(2) >= lag


def test_symbols_places_and_classes_are_drawn_evenly():
    x, y = make_temporal_order(20_000, lag=15, seed=1)
    np.testing.assert_allclose(np.bincount(y) / len(y), 1 / 4, atol=0.015)
    relevant = x[..., 4:6].sum(axis=2).mean(axis=0)
    np.testing.assert_allclose(relevant[1:10], 1 / 9, atol=0.01)
    np.testing.assert_allclose(relevant[10:24], 1 / 14, atol=0.01)
    letters = x[..., :4].sum(axis=(0, 1))
    np.testing.assert_allclose(letters / letters.sum(), 1 / 4, atol=0.005)
    # The letters in between tell nothing of the class.
    of_class = np.array([x[y == k, :, :4].mean(axis=(0, 1)) for k in range(4)])
    assert np.ptp(of_class, axis=0).max() < 0.01


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"samples": 0}, "`samples` must be an integer of at least 1. Received: samples=0"),
        ({"samples": 1, "lag": 1}, "`lag` must be an integer of at least 2. Received: lag=1"),
        ({"samples": 1, "lag": 2.5}, "`lag` must be an integer of at least 2. Received: lag=2.5"),
        ({"samples": 1, "seed": "a"}, "`seed` must be a non-negative integer. Received: seed='a'"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_temporal_order(**arguments)
