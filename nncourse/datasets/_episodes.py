"""What the tasks for machines with a memory share: vectors are shown, then something is asked."""

import numpy as np

from nncourse.datasets._arguments import whole_number


def bounds(names: tuple[str, str], low, high) -> tuple[int, int]:
    """A smallest and a largest number as ints, or a `ValueError` that names the wrong one."""
    low = whole_number(names[0], low, at_least=1)
    return low, whole_number(names[1], high, at_least=low)


def show(vectors, lengths, steps: int, channels: int) -> np.ndarray:
    """Each row's first vectors, after a step with a start flag and before one with an end flag.

    Args:
        vectors: `(batch, longest, bits)`.
        lengths: How many vectors of each row are shown, `(batch,)`.
        steps: Length of the result in time.
        channels: How many there are after the bits; the first two are the flags.

    Returns:
        `(batch, steps, bits + channels)` float32.
    """
    batch, longest, bits = vectors.shape
    x = np.zeros((batch, steps, bits + channels), "float32")
    is_shown = np.arange(longest) < lengths[:, np.newaxis]
    x[:, 1 : longest + 1, :bits] = vectors * is_shown[..., np.newaxis]
    x[:, 0, bits] = 1
    x[np.arange(batch), lengths + 1, bits + 1] = 1
    return x


def ask(vectors, lengths, first, counts, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """What is to be answered: each row's first vectors, over and over, and a mask of when.

    Args:
        vectors: `(batch, longest, bits)`.
        lengths: How many vectors of each row are answered before they start again, `(batch,)`.
        first: The step of the first answer, `(batch,)`.
        counts: How many steps are answered, `(batch,)`.
        steps: Length of the results in time.

    Returns:
        Targets `(batch, steps, bits)`, 0 where there is none, and the mask `(batch, steps)`, 1
        where an answer is asked for; both float32.
    """
    since = np.arange(steps) - first[:, np.newaxis]  # steps since the first answer
    mask = ((since >= 0) & (since < counts[:, np.newaxis])).astype("float32")
    which = since % lengths[:, np.newaxis]
    y = np.take_along_axis(vectors, which[..., np.newaxis], axis=1)
    return (y * mask[..., np.newaxis]).astype("float32"), mask
