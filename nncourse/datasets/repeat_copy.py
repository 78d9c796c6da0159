"""The repeat copy task: to say a sequence again as often as a number says, and then to stop."""

import numpy as np

from nncourse.datasets._arguments import random_generator, whole_number
from nncourse.datasets._episodes import ask, bounds, show


def make_repeat_copy(
    batch: int,
    min_length: int = 1,
    max_length: int = 10,
    min_repeats: int = 1,
    max_repeats: int = 10,
    bits: int = 8,
    trained_repeats: int | None = None,
    seed=0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""Draws sequences of random vectors of bits, to be answered $R$ times, and then an end marker.

    A row of length $L$ has a start flag at step 0, its vectors $v_1, \dots, v_L$ at steps 1 to $L$
    and at step $L + 1$ an end flag, beside the number of repeats

    $$\frac{R - \mu}{\sigma}, \qquad \mu = \frac{n + 1}{2}, \quad \sigma^2 = \frac{n^2 - 1}{12},$$

    which has mean 0 and variance 1 where $R$ is drawn evenly from $1, \dots, n$. Then $R L$ steps
    ask for the vectors, over and over, and one for the end marker alone. All that follows is 0.

    Args:
        batch: How many sequences, at least 1.
        min_length: Vectors of the shortest sequence, at least 1.
        max_length: Vectors of the longest. The lengths between are drawn with equal chances.
        min_repeats: The smallest $R$, at least 1.
        max_repeats: The largest. Those between are drawn with equal chances.
        bits: Bits of a vector, at least 1.
        trained_repeats: $n$, at least 2; `max_repeats` if not given. Give that of the training
            when more repeats are asked for than in training, or a number means another.
        seed: A non-negative integer: the same seed gives the same sequences.

    Returns:
        `x`, `(batch, steps, bits + 3)`, with `steps = (max_repeats + 1) * max_length + 3`: the
        bits, the start flag, the end flag and the number; `y`, `(batch, steps, bits + 1)`, the
        bits and the end marker; and `mask`, `(batch, steps)`, 1 at the steps where an answer is
        asked for. All are float32.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> from nncourse import datasets
        >>> x, y, mask = datasets.make_repeat_copy(
        ...     batch=1, min_length=2, max_length=2, min_repeats=2, max_repeats=2, bits=3, seed=1
        ... )
        >>> y[0, mask[0] == 1].astype(int).tolist()
        [[0, 1, 1, 0], [1, 0, 0, 0], [0, 1, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1]]

    Reference:
        Graves, Wayne and Danihelka (2014), "Neural Turing Machines", section 4.2. Taught in the
        chapter *Neural Turing Machines*.
    """
    batch = whole_number("batch", batch, at_least=1)
    min_length, max_length = bounds(("min_length", "max_length"), min_length, max_length)
    min_repeats, max_repeats = bounds(("min_repeats", "max_repeats"), min_repeats, max_repeats)
    bits = whole_number("bits", bits, at_least=1)
    name, n = "trained_repeats", trained_repeats
    if n is None:
        name, n = "max_repeats", max_repeats
    n = whole_number(name, n, at_least=2)
    rng = random_generator(seed)
    lengths = rng.integers(min_length, max_length, size=batch, endpoint=True)
    repeats = rng.integers(min_repeats, max_repeats, size=batch, endpoint=True)
    vectors = rng.integers(2, size=(batch, max_length, bits))
    steps = (max_repeats + 1) * max_length + 3
    x = show(vectors, lengths, steps, channels=3)
    rows = np.arange(batch)
    x[rows, lengths + 1, bits + 2] = (repeats - (n + 1) / 2) / np.sqrt((n**2 - 1) / 12)
    first, counts = lengths + 2, repeats * lengths
    bits_asked, mask = ask(vectors, lengths, first, counts, steps)
    y = np.zeros((batch, steps, bits + 1), "float32")
    y[..., :bits] = bits_asked
    y[rows, first + counts, bits] = 1
    mask[rows, first + counts] = 1
    return x, y, mask
