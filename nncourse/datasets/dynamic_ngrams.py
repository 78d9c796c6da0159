"""The dynamic n-grams task: to predict bits whose law must be found out on the way."""

import numpy as np

from nncourse.datasets._arguments import random_generator, whole_number


def make_dynamic_ngrams(
    batch: int, length: int = 200, order: int = 6, seed=0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""Draws sequences of bits, each from an n-gram law of its own, to be predicted bit by bit.

    In a sequence the chance of a 1 depends on the $n - 1$ bits before it, its context $c$:

    $$p(b_t = 1 \mid b_1, \dots, b_{t-1}) = \theta_{b_{t-n+1} \dots b_{t-1}}, \qquad
    \theta_c \sim \mathrm{Beta}(\tfrac12, \tfrac12).$$

    The $2^{n-1}$ numbers $\theta_c$ are drawn anew for each sequence. The first $n - 1$ bits, which
    have no whole context, are 0 or 1 with equal chances. The target of a step is the next bit.
    `optimal_ngram_predictions` predicts as well as can be.

    Args:
        batch: How many sequences, at least 1.
        length: How many bits are predicted, at least a context of $n - 1$ and at least 1.
        order: $n$, from 1 to 20; 1 is a coin, of which each sequence has its own.
        seed: A non-negative integer: the same seed gives the same sequences.

    Returns:
        `x`, `(batch, length, 1)`, the bits; `y`, `(batch, length, 1)`, the next bits; and `mask`,
        `(batch, length)`, 1 where the next bit has a whole context. All are float32.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> from nncourse import datasets
        >>> x, y, mask = datasets.make_dynamic_ngrams(batch=3, length=50, order=3)
        >>> x.shape, y.shape, mask.shape, bool((x[:, 1:] == y[:, :-1]).all())
        ((3, 50, 1), (3, 50, 1), (3, 50), True)

    Reference:
        Graves, Wayne and Danihelka (2014), "Neural Turing Machines", section 4.4. Taught in the
        chapter *Neural Turing Machines*.
    """
    batch = whole_number("batch", batch, at_least=1)
    context_bits = _checked_order(order) - 1
    length = whole_number("length", length, at_least=max(1, context_bits))
    rng = random_generator(seed)
    rows = np.arange(batch)
    chances = rng.beta(0.5, 0.5, size=(batch, 2**context_bits))
    uniform = rng.random((batch, length + 1))
    bits = (uniform < 0.5).astype("float32")
    for t in range(context_bits, length + 1):
        context = _number(bits[:, t - context_bits : t])
        bits[:, t] = uniform[:, t] < chances[rows, context]
    mask = np.zeros((batch, length), "float32")
    mask[:, max(0, context_bits - 1) :] = 1
    return bits[:, :-1, np.newaxis], bits[:, 1:, np.newaxis], mask


def optimal_ngram_predictions(x, order: int = 6) -> np.ndarray:
    r"""The best predictions of `make_dynamic_ngrams`'s bits: no model can expect a lower loss.

    After each step, the chance that the next bit is 1, given all bits so far,

    $$p(b = 1 \mid N_0, N_1) = \frac{N_1 + \frac12}{N_0 + N_1 + 1},$$

    where $N_0$ and $N_1$ count how often a 0 and a 1 have followed the current context: the mean
    of $\theta_c$ once it is known what came of it.

    Args:
        x: The bits, `(batch, length, 1)`.
        order: $n$, that of the data.

    Returns:
        The chances of a 1, `(batch, length, 1)` float64; 1/2 where there is no whole context.

    Raises:
        ValueError: If an argument is out of its range or `x` is not bits of that shape.

    Example:
        >>> import numpy as np
        >>> from nncourse import datasets
        >>> x = np.array([0, 1, 0, 1, 0]).reshape(1, 5, 1)
        >>> datasets.optimal_ngram_predictions(x, order=2).ravel()
        array([0.5       , 0.5       , 0.75      , 0.25      , 0.83333333])

    Reference:
        Graves, Wayne and Danihelka (2014), "Neural Turing Machines", equation 10; Murphy (2012),
        "Machine Learning: a probabilistic perspective", section 3.3. Taught in the chapter *Neural
        Turing Machines*.
    """
    context_bits = _checked_order(order) - 1
    x = np.asarray(x)
    if x.ndim != 3 or x.shape[-1] != 1 or not np.isin(x, (0, 1)).all():
        raise ValueError(
            "`x` must be zeros and ones of shape (batch, length, 1). "
            f"Received: x of shape {x.shape}"
        )
    bits = x[..., 0].astype(int)
    batch, length = bits.shape
    rows = np.arange(batch)
    counts = np.full((batch, 2**context_bits, 2), 0.5)
    predictions = np.full((batch, length, 1), 0.5)
    for t in range(length):
        if t >= context_bits:
            counts[rows, _number(bits[:, t - context_bits : t]), bits[:, t]] += 1
        if t + 1 >= context_bits:
            zeros, ones = counts[rows, _number(bits[:, t + 1 - context_bits : t + 1])].T
            predictions[:, t, 0] = ones / (zeros + ones)
    return predictions


def _checked_order(order):
    """`order` as an int, or a `ValueError`; more than 20 would need a table of millions."""
    order = whole_number("order", order, at_least=1)
    if order > 20:
        raise ValueError(f"`order` must be at most 20. Received: {order=}")
    return order


def _number(bits):
    """The numbers that rows of bits spell, the first bit the highest."""
    return bits.astype(int) @ (2 ** np.arange(bits.shape[1])[::-1])
