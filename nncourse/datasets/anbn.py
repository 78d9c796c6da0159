"""The words of n letters a and then n letters b, and what may follow each letter."""

import numpy as np

from nncourse.datasets._arguments import random_generator, whole_number
from nncourse.datasets._episodes import bounds


def make_anbn(
    batch: int, min_n: int = 1, max_n: int = 10, seed=0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""Draws words $a^n b^n$, the simplest language that takes counting without a limit.

    After each letter the target is the set of all that may come next, as numbers 0 and 1 side by
    side: a or b while there is no b; then b, as long as there are fewer of them than of a; and then
    the end.

    Args:
        batch: How many words, at least 1.
        min_n: The smallest $n$, at least 1.
        max_n: The largest. Those between are drawn with equal chances.
        seed: A non-negative integer: the same seed gives the same words.

    Returns:
        `x`, `(batch, 2 * max_n, 2)`, a letter a step as a one-hot vector; `y`,
        `(batch, 2 * max_n, 3)`, which of a, b and the end may follow; and `mask`,
        `(batch, 2 * max_n)`, 1 at the steps of the word. After it all is 0. All are float32.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> from nncourse import datasets
        >>> x, y, mask = datasets.make_anbn(batch=1, min_n=2, max_n=2)
        >>> x[0].astype(int).tolist()
        [[1, 0], [1, 0], [0, 1], [0, 1]]
        >>> y[0].astype(int).tolist()
        [[1, 1, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1]]

    Reference:
        Gers and Schmidhuber (2001), "LSTM recurrent networks learn simple context-free and
        context-sensitive languages". Taught in the chapter *Beyond Turing machines*.
    """
    batch = whole_number("batch", batch, at_least=1)
    min_n, max_n = bounds(("min_n", "max_n"), min_n, max_n)
    n = random_generator(seed).integers(min_n, max_n, size=(batch, 1), endpoint=True)
    t = np.arange(2 * max_n)
    is_a, is_b = t < n, (t >= n) & (t < 2 * n)
    x = np.stack([is_a, is_b], axis=2)
    y = np.stack([is_a, t < 2 * n - 1, t == 2 * n - 1], axis=2)
    return x.astype("float32"), y.astype("float32"), (t < 2 * n).astype("float32")
