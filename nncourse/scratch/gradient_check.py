"""Finite differences against the backward pass."""

import numpy as np

# Central differences err by the cube of the step from curvature, and by rounding over the step.
_STEP = 1e-5


def gradient_check(network, x, t, masks=None, by_layer: bool = False):
    r"""Compares a network's gradient with central differences, in double precision.

    Every parameter $\theta$ is moved both ways,

    $$\frac{\partial E}{\partial \theta} \approx
    \frac{E(\theta + \varepsilon) - E(\theta - \varepsilon)}{2 \varepsilon},
    \qquad \varepsilon = 10^{-5},$$

    and the error of a layer is the largest difference over the largest derivative in it. A right
    backward pass of a smooth network stays below 1e-7. It can seem wrong where a kink (of ReLU, of
    the hinge) lies within $\varepsilon$, or where all the derivatives of a layer are below 1e-4 of
    the loss, since the difference then rounds.

    Args:
        network: An `MLP`, an `RNN`, an `LSTM`, or anything with `weights`, `loss` and
            `loss_and_gradients` like them.
        x: What the network takes, for an `MLP` `(samples, inputs)` numbers.
        t: Its targets, for an `MLP` `(samples, outputs)`.
        masks: What `loss` takes as its third argument, the same for all evaluations: the dropout
            masks of an `MLP` (no dropout if not given), or the `mask` of an `RNN`.
        by_layer: Whether to return a list with the error of every layer.

    Returns:
        The largest error of all layers, or the list of errors. The weights are left as they were.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import MLP, gradient_check
        >>> rng = np.random.default_rng(0)
        >>> network = MLP([3, 4, 2], "sigmoid", "mean_squared_error", seed=0)
        >>> gradient_check(network, rng.normal(size=(5, 3)), rng.normal(size=(5, 2))) < 1e-7
        True

    Taught in the chapter *Backpropagation*.
    """
    _, gradients = network.loss_and_gradients(x, t, masks)
    errors = []
    for layer, analytic in zip(network.weights, gradients, strict=True):
        numeric = [_central_differences(part, lambda: network.loss(x, t, masks)) for part in layer]
        errors.append(_relative_error(_flat(analytic), _flat(numeric)))
    return errors if by_layer else max(errors)


def _central_differences(parameters: np.ndarray, loss) -> np.ndarray:
    """The slope of the loss along every parameter, which is changed in place and put back."""
    slopes = np.empty_like(parameters)
    for index, value in np.ndenumerate(parameters):
        parameters[index] = value + _STEP
        above = loss()
        parameters[index] = value - _STEP
        slopes[index] = (above - loss()) / (2 * _STEP)
        parameters[index] = value
    return slopes


def _flat(parts) -> np.ndarray:
    return np.concatenate([np.ravel(part) for part in parts])


def _relative_error(one: np.ndarray, other: np.ndarray) -> float:
    largest = max(np.abs(one).max(), np.abs(other).max())
    return float(np.abs(one - other).max() / largest) if largest else 0.0
