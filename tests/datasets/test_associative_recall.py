import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.datasets import make_associative_recall
from tests.datasets.episodes import asked, tasks_are_whole


def read(row, length, bits):
    """The items of a row, the one that is asked about, and the step of the last query flag."""
    items, query, step = [], [], 0
    while row[step, bits]:  # an item flag
        items.append(row[step + 1 : step + 1 + length, :bits].ravel().tolist())
        step += length + 1
    query = row[step + 1 : step + 1 + length, :bits].ravel().tolist()
    last = step + length + 1
    assert np.flatnonzero(row[:, bits]).tolist() == [i * (length + 1) for i in range(len(items))]
    assert np.flatnonzero(row[:, bits + 1]).tolist() == [step, last]
    flagged = row[:, bits:].any(axis=1)
    assert not row[flagged, :bits].any()
    assert not row[last + 1 :].any()
    return items, query, last


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_the_answer_is_the_item_after_the_one_asked_about(data):
    length = data.draw(st.integers(1, 4))
    bits = data.draw(st.integers(1, 4))
    most = min(6, 2 ** (length * bits))
    low = data.draw(st.integers(2, most))
    high = data.draw(st.integers(low, most))
    seed = data.draw(st.integers(0, 2**32))
    x, y, mask = make_associative_recall(6, low, high, length, bits, seed=seed)
    steps = (length + 1) * high + 2 * length + 2
    tasks_are_whole(x, y, mask, (6, steps), bits + 2, bits)
    for row, answers, when in zip(x, y, mask, strict=True):
        items, query, last = read(row, length, bits)
        assert low <= len(items) <= high
        assert all(a != b for a, b in itertools.combinations(items, 2))
        vectors, first = asked(answers, when)
        assert first == last + 1
        assert len(vectors) == length
        assert np.ravel(vectors).tolist() == items[items.index(query) + 1]


def test_items_and_queries_are_drawn_evenly():
    x, *_ = make_associative_recall(6000, 3, 4, item_length=1, bits=2, seed=1)
    rows = [read(row, 1, 2)[:2] for row in x]
    assert np.mean([len(items) == 3 for items, _ in rows]) == pytest.approx(1 / 2, abs=0.03)
    of_four = [(items, items.index(query)) for items, query in rows if len(items) == 4]
    places = np.bincount([place for _, place in of_four], minlength=4) / len(of_four)
    np.testing.assert_allclose(places, [1 / 3, 1 / 3, 1 / 3, 0], atol=0.04)
    # All four there are, in one of 24 orders.
    orders = {}
    for items, _ in of_four:
        orders[str(items)] = orders.get(str(items), 0) + 1
    assert len(orders) == 24
    np.testing.assert_allclose(np.array([*orders.values()]) / len(of_four), 1 / 24, atol=0.02)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"batch": 0}, "`batch` must be an integer of at least 1. Received: batch=0"),
        ({"min_items": 1}, "`min_items` must be an integer of at least 2. Received: min_items=1"),
        ({"min_items": 4, "max_items": 3}, "`max_items` must be an integer of at least 4. Receiv"),
        ({"item_length": 0}, "`item_length` must be an integer of at least 1. Received"),
        ({"bits": 0}, "`bits` must be an integer of at least 1. Received: bits=0"),
        (
            {"item_length": 1, "bits": 2},
            "`max_items` must be at most the 4 items there are of 1 x 2 bits. Received: max_items",
        ),
        ({"seed": -1}, "`seed` must be a non-negative integer. Received: seed=-1"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_associative_recall(**{"batch": 2} | arguments)
