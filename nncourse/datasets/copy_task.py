"""The copy task: to say again a sequence that was shown."""

import numpy as np

from nncourse.datasets._arguments import random_generator, whole_number
from nncourse.datasets._episodes import ask, bounds, show


def make_copy(
    batch: int, min_length: int = 1, max_length: int = 20, bits: int = 8, seed=0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""Draws sequences of random vectors of bits, to be answered after they have ended.

    A row of length $L$ has a start flag at step 0, its vectors $v_1, \dots, v_L$ at steps 1 to
    $L$ and an end flag at step $L + 1$. The next $L$ steps give nothing, and ask for

    $$y_{L+1+i} = v_i, \qquad i = 1, \dots, L.$$

    All that follows is 0. So the arrays have the same shape, whatever the lengths.

    Args:
        batch: How many sequences, at least 1.
        min_length: Vectors of the shortest sequence, at least 1.
        max_length: Vectors of the longest. The lengths between are drawn with equal chances.
        bits: Bits of a vector, at least 1.
        seed: A non-negative integer: the same seed gives the same sequences.

    Returns:
        `x`, `(batch, 2 * max_length + 2, bits + 2)`, the bits and then the start and the end flag;
        `y`, `(batch, 2 * max_length + 2, bits)`; and `mask`, `(batch, 2 * max_length + 2)`, 1 at
        the steps where an answer is asked for. All are float32.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> from nncourse import datasets
        >>> x, y, mask = datasets.make_copy(batch=1, min_length=2, max_length=2, bits=3)
        >>> print(x[0].astype(int))
        [[0 0 0 1 0]
         [1 1 1 0 0]
         [0 0 0 0 0]
         [0 0 0 0 1]
         [0 0 0 0 0]
         [0 0 0 0 0]]
        >>> y[0, mask[0] == 1].astype(int).tolist()
        [[1, 1, 1], [0, 0, 0]]

    Reference:
        Graves, Wayne and Danihelka (2014), "Neural Turing Machines", section 4.1, there with one
        flag, at the end. Taught in the chapter *Neural Turing Machines*.
    """
    batch = whole_number("batch", batch, at_least=1)
    min_length, max_length = bounds(("min_length", "max_length"), min_length, max_length)
    bits = whole_number("bits", bits, at_least=1)
    rng = random_generator(seed)
    lengths = rng.integers(min_length, max_length, size=batch, endpoint=True)
    vectors = rng.integers(2, size=(batch, max_length, bits))
    steps = 2 * max_length + 2
    x = show(vectors, lengths, steps, channels=2)
    return x, *ask(vectors, lengths, first=lengths + 2, counts=lengths, steps=steps)
