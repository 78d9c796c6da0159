r"""Activation functions and their derivatives.

Each function maps an array to one of the same shape and floating-point type, and each
`*_derivative` gives its derivative at the same points; whole numbers are taken as float64. All
stay finite, and raise no warning, for inputs of ±1e4 in float32. Where a function has a kink the
derivative is the one that TensorFlow, JAX and PyTorch use: the left-hand one.
"""

from collections.abc import Callable

import numpy as np


def get(name: str) -> tuple[Callable, Callable]:
    """The activation function of this name and its derivative.

    Softmax is none of them: it does not act on every number by itself.

    Args:
        name: `"step"`, `"linear"`, `"sigmoid"`, `"tanh"`, `"relu"`, `"leaky_relu"`, `"elu"` or
            `"swish"`.

    Raises:
        ValueError: If there is none of that name.

    Example:
        >>> from nncourse.scratch import activations
        >>> relu, relu_derivative = activations.get("relu")
        >>> relu([-2.0, 3.0]), relu_derivative([-2.0, 3.0])
        (array([0., 3.]), array([0., 1.]))
    """
    known = [n for n in globals() if f"{n}_derivative" in globals() and n != "softmax"]
    if name not in known:
        raise ValueError(f"`activation` must be one of {', '.join(known)}. Received: {name!r}")
    return globals()[name], globals()[f"{name}_derivative"]


def _float(z) -> np.ndarray:
    z = np.asarray(z)
    return z if np.issubdtype(z.dtype, np.floating) else z.astype(float)


def step(z) -> np.ndarray:
    """Heaviside's step, the threshold unit: 1 where z > 0, else 0."""
    z = _float(z)
    return (z > 0).astype(z.dtype)


def step_derivative(z) -> np.ndarray:
    """0 wherever it exists (and taken as 0 at the jump): why gradient descent can't train steps."""
    return np.zeros_like(_float(z))


def linear(z) -> np.ndarray:
    """The identity, z."""
    return _float(z)


def linear_derivative(z) -> np.ndarray:
    """1 everywhere."""
    return np.ones_like(_float(z))


def sigmoid(z) -> np.ndarray:
    r"""The logistic function $\sigma(z) = 1 / (1 + e^{-z})$, with values in (0, 1).

    For negative z computed as $e^z / (1 + e^z)$, which is equal and can't overflow.
    """
    z = _float(z)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def sigmoid_derivative(z) -> np.ndarray:
    r"""$\sigma(z)\,(1 - \sigma(z)) = e^{-|z|} / (1 + e^{-|z|})^2$, at most 1/4, at z = 0."""
    e = np.exp(-np.abs(_float(z)))
    return e / (1 + e) ** 2


def tanh(z) -> np.ndarray:
    r"""The hyperbolic tangent $(e^z - e^{-z}) / (e^z + e^{-z}) = 2 \sigma(2z) - 1$, in (-1, 1)."""
    return np.tanh(_float(z))


def tanh_derivative(z) -> np.ndarray:
    r"""$1 - \tanh^2 z$, at most 1, at z = 0."""
    return 1 - tanh(z) ** 2


def relu(z) -> np.ndarray:
    """The rectified linear unit max(0, z)."""
    return np.maximum(_float(z), 0)


def relu_derivative(z) -> np.ndarray:
    """1 where z > 0, else 0: not the input, and undefined at 0, where every library takes 0."""
    return step(z)


def leaky_relu(z, negative_slope: float = 0.2) -> np.ndarray:
    """`z` where z > 0, else `negative_slope * z`, with a slope between 0 and 1 (Keras: 0.2)."""
    z = _float(z)
    return np.where(z > 0, z, _checked_slope(negative_slope) * z).astype(z.dtype)


def leaky_relu_derivative(z, negative_slope: float = 0.2) -> np.ndarray:
    """1 where z > 0, else `negative_slope`."""
    z = _float(z)
    return np.where(z > 0, 1, _checked_slope(negative_slope)).astype(z.dtype)


def elu(z, alpha: float = 1.0) -> np.ndarray:
    r"""The exponential linear unit: z where z > 0, else $\alpha (e^z - 1)$.

    $-\alpha$ is the value it saturates at for z → -∞.
    """
    z = _float(z)
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0))).astype(z.dtype)


def elu_derivative(z, alpha: float = 1.0) -> np.ndarray:
    r"""1 where z > 0, else $\alpha e^z$: continuous at 0 only for $\alpha = 1$."""
    z = _float(z)
    return np.where(z > 0, 1, alpha * np.exp(np.minimum(z, 0))).astype(z.dtype)


def swish(z, beta: float = 1.0) -> np.ndarray:
    r"""$z\,\sigma(\beta z)$, called SiLU for $\beta = 1$. It dips below zero before it rises."""
    z = _float(z)
    return z * sigmoid(beta * z)


def swish_derivative(z, beta: float = 1.0) -> np.ndarray:
    r"""$\sigma(\beta z) + \beta z\,\sigma(\beta z)\,(1 - \sigma(\beta z))$."""
    z = _float(z)
    return sigmoid(beta * z) + beta * z * sigmoid_derivative(beta * z)


def softmax(z, temperature: float = 1.0) -> np.ndarray:
    r"""Turns the scores along the last axis into probabilities.

    $$p_k = \frac{e^{z_k / T}}{\sum_{j=1}^{K} e^{z_j / T}}$$

    Adding the same number to every score changes nothing, so the largest is subtracted first and
    no exponential overflows.

    Args:
        z: `(..., K)` scores.
        temperature: $T > 0$. Towards 0 all the probability goes to the largest score; towards
            infinity every class gets 1/K.

    Returns:
        `(..., K)` probabilities that sum to 1 along the last axis.

    Raises:
        ValueError: If the temperature is not a positive number.

    Example:
        >>> from nncourse.scratch import activations
        >>> activations.softmax([2.0, 1.0, 0.0]).round(3)
        array([0.665, 0.245, 0.09 ])
        >>> activations.softmax([2.0, 1.0, 0.0], temperature=10).round(3)
        array([0.367, 0.332, 0.301])
    """
    z = _float(z)
    z = (z - z.max(axis=-1, keepdims=True)) / _checked_temperature(temperature)
    exponentials = np.exp(z)
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def softmax_derivative(z, temperature: float = 1.0) -> np.ndarray:
    r"""The Jacobian $\partial p_k / \partial z_j = p_k (\delta_{kj} - p_j) / T$.

    Every probability depends on every score, so each vector of K scores gives a K x K matrix, with
    k along the rows: the shape is `(..., K, K)`.
    """
    p = softmax(z, temperature)
    rows, columns = p[..., :, None], p[..., None, :]
    return rows * (np.eye(p.shape[-1], dtype=p.dtype) - columns) / temperature


def _checked_slope(negative_slope: float) -> float:
    if not 0 < negative_slope < 1:
        raise ValueError(f"`negative_slope` must lie between 0 and 1. Received: {negative_slope=}")
    return negative_slope


def _checked_temperature(temperature: float) -> float:
    if not (np.isfinite(temperature) and temperature > 0):
        raise ValueError(f"`temperature` must be a positive number. Received: {temperature=}")
    return temperature
