r"""Losses of a batch and their gradients with respect to the network's outputs.

Each loss takes outputs and targets of shape `(N, K)`, a row for each example, and gives one
number; each `*_gradient` gives its derivative with respect to every output, of shape `(N, K)`. All
are means over the examples and, except for the categorical cross-entropy, over the K outputs, as
in Keras. The cross-entropies take the scores z (logits), not probabilities: sigmoid and softmax are
part of them, which is exact where a sigmoid has rounded to 0 or 1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncourse.scratch import activations


def mean_squared_error(y, t) -> float:
    """The mean of $(y - t)^2$ for any real targets."""
    return np.mean((y - t) ** 2)


def mean_squared_error_gradient(y, t) -> np.ndarray:
    """$2 (y - t) / (N K)$."""
    return 2 * (y - t) / y.size


def binary_crossentropy(z, t) -> float:
    r"""The mean of $-t \log \sigma(z) - (1 - t) \log(1 - \sigma(z))$ for targets 0 and 1.

    Computed as $\log(1 + e^z) - t z$, which is equal and can't overflow.
    """
    return np.mean(np.logaddexp(0, z) - t * z)


def binary_crossentropy_gradient(z, t) -> np.ndarray:
    r"""$(\sigma(z) - t) / (N K)$: the slope of the sigmoid has canceled."""
    return (activations.sigmoid(z) - t) / z.size


def categorical_crossentropy(z, t) -> float:
    r"""The mean over the examples of $-\sum_k t_k \log p_k$, $p$ the softmax of $z$, $t$ one-hot.

    Computed as $\log \sum_k e^{z_k} - \sum_k t_k z_k$.
    """
    largest = z.max(axis=1)
    log_total = largest + np.log(np.exp(z - largest[:, None]).sum(axis=1))
    return np.mean(log_total - (t * z).sum(axis=1))


def categorical_crossentropy_gradient(z, t) -> np.ndarray:
    """$(p - t) / N$: the Jacobian of the softmax has canceled."""
    return (activations.softmax(z) - t) / len(z)


def hinge(z, t) -> float:
    r"""The mean of $\max(0, 1 - t z)$ for targets -1 and +1."""
    return np.mean(np.maximum(0, 1 - t * z))


def hinge_gradient(z, t) -> np.ndarray:
    """$-t / (N K)$ where $t z < 1$, else 0."""
    return np.where(t * z < 1, -t, 0.0) / z.size


def perceptron(z, t) -> float:
    r"""The mean of $\max(0, -t z)$ for targets -1 and +1: the hinge without its margin."""
    return np.mean(np.maximum(0, -t * z))


def perceptron_gradient(z, t) -> np.ndarray:
    r"""$-t / (N K)$ where $t z \le 0$, else 0. At 0 a start with zero weights must move."""
    return np.where(t * z <= 0, -t, 0.0) / z.size


@dataclass(frozen=True)
class Loss:
    """A loss, its gradient, and what its targets may be.

    Attributes:
        value: Called as `value(outputs, targets)`, gives a number.
        gradient: Called in the same way, gives an array of the outputs' shape.
        target: The targets it wants, in words.
        accepts: Called with the targets, says whether they are of that kind.
        from_logits: Whether it contains the output's sigmoid or softmax.
    """

    value: Callable
    gradient: Callable
    target: str
    accepts: Callable
    from_logits: bool = False


def _is_one_hot(t: np.ndarray) -> bool:
    return np.isin(t, (0, 1)).all() and (t.sum(axis=1) == 1).all()


def _is_sign(t: np.ndarray) -> bool:
    return np.isin(t, (-1, 1)).all()


_LOSSES = {
    "mean_squared_error": Loss(
        mean_squared_error, mean_squared_error_gradient, "finite numbers", lambda t: True
    ),
    "binary_crossentropy": Loss(
        binary_crossentropy,
        binary_crossentropy_gradient,
        "0 and 1",
        lambda t: np.isin(t, (0, 1)).all(),
        from_logits=True,
    ),
    "categorical_crossentropy": Loss(
        categorical_crossentropy,
        categorical_crossentropy_gradient,
        "one-hot rows, a single 1 among zeros",
        _is_one_hot,
        from_logits=True,
    ),
    "hinge": Loss(hinge, hinge_gradient, "-1 and +1", _is_sign),
    "perceptron": Loss(perceptron, perceptron_gradient, "-1 and +1", _is_sign),
}


def get(name: str) -> Loss:
    """The loss of this name.

    Args:
        name: `"mean_squared_error"`, `"binary_crossentropy"`, `"categorical_crossentropy"`,
            `"hinge"` or `"perceptron"`.

    Returns:
        A `Loss`.

    Raises:
        ValueError: If there is none of that name.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import losses
        >>> loss = losses.get("binary_crossentropy")
        >>> z, t = np.array([[0.0], [2.0]]), np.array([[1], [1]])
        >>> round(float(loss.value(z, t)), 4), loss.gradient(z, t).round(3).tolist()
        (0.41, [[-0.25], [-0.06]])
    """
    if name not in _LOSSES:
        raise ValueError(f"`loss` must be one of {', '.join(_LOSSES)}. Received: {name!r}")
    return _LOSSES[name]
