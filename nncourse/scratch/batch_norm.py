r"""Batch normalization, forward and backward.

In training every feature is normalized with the mean and variance of the batch; afterwards with
running averages of those, and the layer is affine, so it can be folded into the layer before it.
Taught in the chapter *Training*. Reference: Ioffe and Szegedy (2015), algorithms 1 and 2.
"""

import numpy as np


def forward(x, gamma, beta, epsilon: float = 1e-3):
    r"""Normalizes the columns of a batch, then scales and shifts them.

    $$\hat x = \frac{x - \mu}{\sqrt{v + \varepsilon}}, \qquad y = \gamma \hat x + \beta,$$

    with the mean $\mu$ and the variance $v$ (over N, not N - 1) of the batch. $\gamma$ and
    $\beta$ are learned; set to the batch's own deviation and mean they would undo the work.

    Args:
        x: `(N, features)` numbers.
        gamma: `(features,)` or a number.
        beta: `(features,)` or a number.
        epsilon: A small positive number, for features that don't vary.

    Returns:
        The outputs, `(N, features)`; the mean and variance for the running averages, both
        `(features,)`; and a cache for `backward`.

    Raises:
        ValueError: If x is not a matrix, or epsilon not positive.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import batch_norm
        >>> y, mean, variance, cache = batch_norm.forward([[1.0], [3.0], [8.0]], 1.0, 0.0)
        >>> y.ravel().round(3), mean, variance.round(2)
        (array([-1.019, -0.34 ,  1.359]), array([4.]), array([8.67]))
    """
    x = np.asarray(x, dtype=float)
    if x.ndim != 2 or len(x) == 0:
        raise ValueError(f"`x` must have the shape (N, features). Received: x of shape {x.shape}")
    mean, variance = x.mean(axis=0), x.var(axis=0)
    deviation = np.sqrt(variance + _checked_epsilon(epsilon))
    normalized = (x - mean) / deviation
    return gamma * normalized + beta, mean, variance, (normalized, deviation, gamma)


def backward(dy, cache) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""The gradients of a loss from that of the outputs.

    Every input moves the mean and the variance of its column, and so all outputs of it:

    $$\frac{\partial E}{\partial x_n} = \frac{\gamma}{\sqrt{v + \varepsilon}} \Bigl(\delta_n
    - \frac1N \sum_m \delta_m - \hat x_n \frac1N \sum_m \delta_m \hat x_m\Bigr),
    \qquad \delta_n = \frac{\partial E}{\partial y_n}.$$

    Args:
        dy: `(N, features)` derivatives of the loss with respect to the outputs.
        cache: What `forward` returned last.

    Returns:
        The derivatives with respect to x, `(N, features)`, gamma and beta, `(features,)`.
    """
    normalized, deviation, gamma = cache
    dgamma, dbeta = (dy * normalized).sum(axis=0), dy.sum(axis=0)
    samples = len(normalized)
    dx = gamma / deviation * (dy - dbeta / samples - normalized * dgamma / samples)
    return dx, dgamma, dbeta


def update_average(average, value, momentum: float = 0.99) -> np.ndarray:
    r"""A running average of batch statistics: $\text{momentum} \cdot a + (1 - \text{momentum}) v$.

    Args:
        average: So far; Keras starts means at 0 and variances at 1.
        value: The mean or variance of a batch.
        momentum: In [0, 1): the average goes back over about 1 / (1 - momentum) batches.
    """
    if not 0 <= momentum < 1:
        raise ValueError(f"`momentum` must lie in [0, 1). Received: {momentum=}")
    return momentum * np.asarray(average) + (1 - momentum) * np.asarray(value)


def inference(x, gamma, beta, mean, variance, epsilon: float = 1e-3) -> np.ndarray:
    """Normalizes with running averages instead of the batch's own statistics.

    Args:
        x: `(..., features)` numbers, one example or many.
        gamma: `(features,)` or a number.
        beta: `(features,)` or a number.
        mean: `(features,)` running averages of the means.
        variance: `(features,)` running averages of the variances.
        epsilon: As in training.
    """
    scale = gamma / np.sqrt(np.asarray(variance) + _checked_epsilon(epsilon))
    return scale * (np.asarray(x) - mean) + beta


def fold(kernel, bias, gamma, beta, mean, variance, epsilon: float = 1e-3):
    r"""Folds a trained batch normalization into the layer before it.

    After training $\gamma (W^\top x + b - \mu) / \sqrt{v + \varepsilon} + \beta$ is affine in x:

    $$W \leftarrow W s, \qquad b \leftarrow (b - \mu) s + \beta, \qquad
    s = \gamma / \sqrt{v + \varepsilon}.$$

    Args:
        kernel: `(..., features)`, of a dense layer or a convolution in Keras's order.
        bias: `(features,)`, or 0 for a layer without one.
        gamma: `(features,)`, or 1 for a normalization that does not scale.
        beta: `(features,)`, or 0 for one that does not shift.
        mean: `(features,)` running averages of the means.
        variance: `(features,)` running averages of the variances.
        epsilon: That of the normalization.

    Returns:
        The kernel and bias of a layer that computes both in one.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import batch_norm
        >>> kernel, bias = batch_norm.fold(np.eye(2), 0, 2.0, 1.0, [0.0, 3.0], [1.0, 4.0], 1e-9)
        >>> kernel.round(3).tolist(), bias.round(3).tolist()
        ([[2.0, 0.0], [0.0, 1.0]], [1.0, -2.0])
    """
    scale = gamma / np.sqrt(np.asarray(variance, dtype=float) + _checked_epsilon(epsilon))
    return np.asarray(kernel) * scale, (np.asarray(bias) - mean) * scale + beta


def _checked_epsilon(epsilon: float) -> float:
    if not (np.isfinite(epsilon) and epsilon > 0):
        raise ValueError(f"`epsilon` must be a positive number. Received: {epsilon=}")
    return epsilon
