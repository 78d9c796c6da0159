"""The associative recall task: which item followed the one that is shown again?"""

import numpy as np

from nncourse.datasets._arguments import random_generator, whole_number
from nncourse.datasets._episodes import ask, bounds


def make_associative_recall(
    batch: int,
    min_items: int = 2,
    max_items: int = 6,
    item_length: int = 3,
    bits: int = 6,
    seed=0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""Draws lists of items, one of which is shown again: the one after it is to be answered.

    An item is $\ell$ vectors of bits. The items of a list all differ. Each is shown after a step
    with the item flag. Then one of them but the last, chosen by chance, is shown again between two
    steps with the query flag, and the next $\ell$ steps ask for its successor:

    $$\text{flag}, a, \text{flag}, b, \text{flag}, c, \dots; \quad \text{query}, b, \text{query}
    \ \to\ c .$$

    All that follows is 0.

    Args:
        batch: How many lists, at least 1.
        min_items: Items of the shortest list, at least 2.
        max_items: Items of the longest. The numbers between are drawn with equal chances.
        item_length: $\ell$, at least 1.
        bits: Bits of a vector, at least 1. There must be enough different items.
        seed: A non-negative integer: the same seed gives the same lists.

    Returns:
        `x`, `(batch, steps, bits + 2)`, with `steps = (item_length + 1) * max_items +
        2 * item_length + 2`: the bits, the item flag and the query flag; `y`,
        `(batch, steps, bits)`; and `mask`, `(batch, steps)`, 1 at the steps where an answer is
        asked for. All are float32.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> from nncourse import datasets
        >>> x, y, mask = datasets.make_associative_recall(
        ...     batch=1, max_items=2, item_length=1, bits=3, seed=2
        ... )
        >>> print(x[0].astype(int))
        [[0 0 0 1 0]
         [1 0 0 0 0]
         [0 0 0 1 0]
         [0 0 1 0 0]
         [0 0 0 0 1]
         [1 0 0 0 0]
         [0 0 0 0 1]
         [0 0 0 0 0]]
        >>> y[0, mask[0] == 1].astype(int).tolist()
        [[0, 0, 1]]

    Reference:
        Graves, Wayne and Danihelka (2014), "Neural Turing Machines", section 4.3. Taught in the
        chapter *Neural Turing Machines*.
    """
    batch = whole_number("batch", batch, at_least=1)
    min_items = whole_number("min_items", min_items, at_least=2)
    min_items, max_items = bounds(("min_items", "max_items"), min_items, max_items)
    item_length = whole_number("item_length", item_length, at_least=1)
    bits = whole_number("bits", bits, at_least=1)
    if max_items > 2 ** (item_length * bits):
        raise ValueError(
            f"`max_items` must be at most the {2 ** (item_length * bits)} items there are of "
            f"{item_length} x {bits} bits. Received: {max_items=}"
        )
    rng = random_generator(seed)
    counts = rng.integers(min_items, max_items, size=batch, endpoint=True)
    queried = rng.integers(counts - 1)
    items = _different_items(rng, (batch, max_items, item_length, bits))
    steps = (item_length + 1) * max_items + 2 * item_length + 2
    x = np.zeros((batch, steps, bits + 2), "float32")
    listed = x[:, : (item_length + 1) * max_items]
    listed = listed.reshape(batch, max_items, item_length + 1, bits + 2)
    listed[:, :, 0, bits] = 1
    listed[:, :, 1:, :bits] = items
    listed[np.arange(max_items) >= counts[:, np.newaxis]] = 0
    x[:, : (item_length + 1) * max_items] = listed.reshape(batch, -1, bits + 2)
    rows = np.arange(batch)
    query = (item_length + 1) * counts  # its first step
    x[rows, query, bits + 1] = 1
    for i in range(item_length):
        x[rows, query + 1 + i, :bits] = items[rows, queried, i]
    x[rows, query + item_length + 1, bits + 1] = 1
    wanted, length = items[rows, queried + 1], np.full(batch, item_length)
    return x, *ask(wanted, length, first=query + item_length + 2, counts=length, steps=steps)


def _different_items(rng, shape):
    """Random items of which no two in a row are equal."""
    batch, count = shape[:2]
    items = rng.integers(2, size=shape)
    while True:
        whole = items.reshape(batch, count, -1)
        same = (whole[:, :, np.newaxis] == whole[:, np.newaxis]).all(axis=-1)
        again = np.tril(same, -1).any(axis=-1)  # as one before it
        if not again.any():
            return items
        items[again] = rng.integers(2, size=(again.sum(), *shape[2:]))
