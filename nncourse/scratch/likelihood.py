r"""Log-likelihoods of independent observations.

Each sums the logarithm of what a model said of every observation. Maximizing one is minimizing a
loss: each equals minus a loss times the number of examples, up to a constant that does not depend
on the model. Taught in the chapter *Losses*.
"""

import numpy as np


def gaussian(t, mean, deviation: float = 1.0) -> float:
    r"""Real targets that scatter about the model's output with a known standard deviation.

    $$\log \mathcal{L} = -\frac{1}{2 \sigma^2} \sum_n (t_n - \mu_n)^2
    - N \log(\sqrt{2 \pi}\,\sigma)$$

    The density of a point may exceed 1, so this can be positive. It is $-N / (2 \sigma^2)$ times
    the mean squared error, less the constant at the end.

    Args:
        t: Observations, N numbers in any shape.
        mean: The model's outputs, of the same shape, or one number.
        deviation: $\sigma > 0$, in the unit of `t`.

    Raises:
        ValueError: If the deviation is not positive or the shapes differ.

    Example:
        >>> from nncourse.scratch import likelihood
        >>> round(likelihood.gaussian([1.0, 3.0], 2.0), 4)
        -2.8379
    """
    if not (np.isfinite(deviation) and deviation > 0):
        raise ValueError(f"`deviation` must be a positive number. Received: {deviation=}")
    t, mean = _same_shape(t, mean, "mean")
    squares = (t - mean) ** 2 / (2 * deviation**2)
    return float(-squares.sum() - t.size * np.log(np.sqrt(2 * np.pi) * deviation))


def bernoulli(t, p) -> float:
    r"""Targets 0 and 1 that the model expects to be 1 with probability p.

    $$\log \mathcal{L} = \sum_n t_n \log p_n + (1 - t_n) \log(1 - p_n)$$

    Minus N times the binary cross-entropy.

    Args:
        t: Observations 0 and 1, N of them in any shape.
        p: Probabilities in [0, 1], of the same shape, or one number.

    Returns:
        The log-likelihood; minus infinity where the model called impossible what has happened.

    Raises:
        ValueError: If a target is neither 0 nor 1, p is no probability, or the shapes differ.

    Example:
        >>> from nncourse.scratch import likelihood
        >>> round(likelihood.bernoulli([1, 1, 0], 2 / 3), 4)  # log(2/3 * 2/3 * 1/3)
        -1.9095
    """
    t, p = _same_shape(t, p, "p")
    if not np.isin(t, (0, 1)).all():
        raise ValueError(f"`t` must hold 0 and 1. Received: values {np.unique(t)[:5]}")
    return _sum_of_logs(np.where(t == 1, _probabilities(p), 1 - p))


def categorical(t, p) -> float:
    r"""One-hot targets of K classes, to which the model gives probabilities.

    $$\log \mathcal{L} = \sum_n \sum_k t_{nk} \log p_{nk}$$

    Minus N times the categorical cross-entropy.

    Args:
        t: `(N, K)` one-hot rows.
        p: `(N, K)` probabilities, each row with the sum 1.

    Returns:
        The log-likelihood; minus infinity where the model called impossible what has happened.

    Raises:
        ValueError: If a row is not one-hot, or holds no probabilities, or the shapes differ.

    Example:
        >>> from nncourse.scratch import likelihood
        >>> round(likelihood.categorical([[1, 0], [0, 1]], [[0.5, 0.5], [0.2, 0.8]]), 4)
        -0.9163
    """
    t, p = _same_shape(t, p, "p")
    if t.ndim != 2 or not (np.isin(t, (0, 1)).all() and (t.sum(axis=1) == 1).all()):
        raise ValueError(f"`t` must hold one-hot rows. Received: t of shape {t.shape}")
    if not np.allclose(_probabilities(p).sum(axis=1), 1, atol=1e-6):
        raise ValueError(f"Each row of `p` must have the sum 1. Received: {p.sum(axis=1)[:5]}")
    return _sum_of_logs(p[t == 1])


def _same_shape(t, model, name: str) -> tuple[np.ndarray, np.ndarray]:
    t, model = np.asarray(t, dtype=float), np.asarray(model, dtype=float)
    if model.shape not in ((), t.shape):  # no broadcasting of (N,) against (N, 1)
        raise ValueError(
            f"`{name}` must have the shape of `t` or be one number. "
            f"Received: t of shape {t.shape}, {name} of shape {model.shape}"
        )
    return t, np.broadcast_to(model, t.shape)


def _probabilities(p: np.ndarray) -> np.ndarray:
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"`p` must hold probabilities. Received: from {p.min()} to {p.max()}")
    return p


def _sum_of_logs(p: np.ndarray) -> float:
    with np.errstate(divide="ignore"):  # log 0 is what it should be
        return float(np.log(p).sum())
