import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.datasets import make_priority_sort
from tests.datasets.episodes import asked, shown, tasks_are_whole


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_the_answer_is_the_vectors_of_highest_priority(data):
    items = data.draw(st.integers(1, 9))
    outputs = data.draw(st.integers(1, items))
    bits = data.draw(st.integers(1, 6))
    seed = data.draw(st.integers(0, 2**32))
    x, y, mask = make_priority_sort(5, items, outputs, bits, seed=seed)
    tasks_are_whole(x, y, mask, (5, items + outputs + 2), bits + 3, bits)
    for row, answers, when in zip(x, y, mask, strict=True):
        vectors, end = shown(row, bits)
        assert len(vectors) == items
        priorities = row[:, bits + 2]
        assert not np.delete(priorities, np.arange(1, items + 1)).any()
        left, wanted = dict(zip(priorities[1:end].tolist(), vectors, strict=True)), []
        for _ in range(outputs):
            wanted.append(left.pop(max(left)))
        assert asked(answers, when) == (wanted, end + 1)


def test_the_sizes_of_the_paper_and_even_priorities():
    x, y, mask = make_priority_sort(2000, seed=1)
    assert x.shape == (2000, 38, 11)
    assert y.shape == (2000, 38, 8)
    assert (mask.sum(axis=1) == 16).all()
    shares, _ = np.histogram(x[:, 1:21, -1], bins=8, range=(-1, 1))
    np.testing.assert_allclose(shares / 40_000, 1 / 8, atol=0.01)
    np.testing.assert_allclose(x[:, 1:21, :8].mean(axis=(0, 1)), 1 / 2, atol=0.02)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"batch": 0}, "`batch` must be an integer of at least 1. Received: batch=0"),
        ({"items": 0}, "`items` must be an integer of at least 1. Received: items=0"),
        ({"outputs": 0}, "`outputs` must be an integer of at least 1. Received: outputs=0"),
        ({"outputs": 21}, "`outputs` must be at most `items`, of which there are 20. Received: ou"),
        ({"bits": 0}, "`bits` must be an integer of at least 1. Received: bits=0"),
        ({"seed": -1}, "`seed` must be a non-negative integer. Received: seed=-1"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_priority_sort(**{"batch": 2} | arguments)
