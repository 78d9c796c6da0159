"""The priority sort task: to say vectors again in the order of numbers shown beside them."""

import numpy as np

from nncourse.datasets._arguments import random_generator, whole_number
from nncourse.datasets._episodes import ask, show


def make_priority_sort(
    batch: int, items: int = 20, outputs: int = 16, bits: int = 8, seed=0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""Draws vectors of bits, each with a priority, to be answered from the highest priority down.

    A row has a start flag at step 0, the vectors $v_1, \dots, v_n$ beside their priorities
    $p_1, \dots, p_n$, drawn evenly from -1 to 1, at steps 1 to $n$, and an end flag at step
    $n + 1$. The steps after it ask for the $m$ vectors of highest priority:

    $$y_{n+1+i} = v_{\pi(i)}, \quad i = 1, \dots, m, \qquad p_{\pi(1)} \ge p_{\pi(2)} \ge \dots$$

    Args:
        batch: How many sequences, at least 1.
        items: $n$, at least 1.
        outputs: $m$, from 1 to `items`.
        bits: Bits of a vector, at least 1.
        seed: A non-negative integer: the same seed gives the same sequences.

    Returns:
        `x`, `(batch, items + outputs + 2, bits + 3)`, the bits, the start flag, the end flag and
        the priority; `y`, `(batch, items + outputs + 2, bits)`; and `mask`,
        `(batch, items + outputs + 2)`, 1 at the steps where an answer is asked for. All are
        float32.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> from nncourse import datasets
        >>> x, y, mask = datasets.make_priority_sort(batch=1, items=3, outputs=2, bits=2)
        >>> print(x[0, 1:4].round(2))
        [[ 1.    1.    0.    0.   -0.97]
         [ 1.    0.    0.    0.    0.63]
         [ 0.    0.    0.    0.    0.83]]
        >>> y[0, mask[0] == 1].astype(int).tolist()
        [[0, 0], [1, 0]]

    Reference:
        Graves, Wayne and Danihelka (2014), "Neural Turing Machines", section 4.5. Taught in the
        chapter *Neural Turing Machines*.
    """
    batch = whole_number("batch", batch, at_least=1)
    items = whole_number("items", items, at_least=1)
    outputs = whole_number("outputs", outputs, at_least=1)
    if outputs > items:
        raise ValueError(
            f"`outputs` must be at most `items`, of which there are {items}. Received: {outputs=}"
        )
    bits = whole_number("bits", bits, at_least=1)
    rng = random_generator(seed)
    vectors = rng.integers(2, size=(batch, items, bits))
    priorities = rng.uniform(-1, 1, size=(batch, items)).astype("float32")
    steps = items + outputs + 2
    all_items, asked = np.full(batch, items), np.full(batch, outputs)
    x = show(vectors, all_items, steps, channels=3)
    x[:, 1 : items + 1, bits + 2] = priorities
    order = np.argsort(-priorities, axis=1, kind="stable")
    ordered = np.take_along_axis(vectors, order[..., np.newaxis], axis=1)
    return x, *ask(ordered, all_items, first=all_items + 2, counts=asked, steps=steps)
