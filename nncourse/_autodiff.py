"""Gradients with respect to any tensors: the only file that imports a backend.

Keras has no public reverse-mode gradient; the day it has one, it replaces this file.
"""

import keras
from keras import ops


def value_and_gradient(function, inputs):
    r"""The value of a scalar function and its gradient with respect to its input.

    $$\Big(f(x),\ \frac{\partial f}{\partial x}\Big)$$

    Args:
        function: Takes one tensor, or the tensors of a list or tuple as separate arguments, and
            returns a scalar tensor. It may call layers and models; their weights are constants.
        inputs: A floating-point tensor or array, or a list or tuple of them.

    Returns:
        The value, and the gradient in the form of `inputs`: a tensor of the same shape and type,
        or a list of them. An input that the function does not use gets zeros.

    Raises:
        ValueError: If an input is not floating-point or the value is not a scalar.

    Example:
        >>> import numpy as np
        >>> from keras import ops
        >>> from nncourse._autodiff import value_and_gradient
        >>> square, slope = value_and_gradient(lambda x: ops.sum(x**2), np.array([1.0, -3.0]))
        >>> print(float(square), ops.convert_to_numpy(slope))
        10.0 [ 2. -6.]
    """
    several = isinstance(inputs, list | tuple)
    tensors = [ops.convert_to_tensor(x) for x in (inputs if several else [inputs])]
    for tensor in tensors:
        dtype = keras.backend.standardize_dtype(tensor.dtype)
        if "float" not in dtype:
            raise ValueError(f"`inputs` must be floating-point. Received: an input of type {dtype}")

    def scalar(*arguments):
        value = function(*arguments)
        if len(value.shape) != 0:
            raise ValueError(
                f"`function` must return a scalar. Received: a value of shape {tuple(value.shape)}"
            )
        return value

    value, gradients = _BACKENDS[keras.backend.backend()](scalar, tensors)
    return value, (gradients if several else gradients[0])


def gradient(function, inputs):
    """The gradient of a scalar function with respect to its input.

    Args:
        function: As for `value_and_gradient`.
        inputs: As for `value_and_gradient`.

    Returns:
        The gradient in the form of `inputs`.

    Example:
        >>> import numpy as np
        >>> from keras import ops
        >>> from nncourse._autodiff import gradient
        >>> print(ops.convert_to_numpy(gradient(ops.sin, np.array(0.0))))
        1.0
    """
    return value_and_gradient(function, inputs)[1]


def _tensorflow(function, tensors):
    import tensorflow as tf

    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(tensors)
        value = function(*tensors)
    zero = tf.UnconnectedGradients.ZERO
    return value, tape.gradient(value, tensors, unconnected_gradients=zero)


def _jax(function, tensors):
    import jax

    value, gradients = jax.value_and_grad(function, argnums=tuple(range(len(tensors))))(*tensors)
    return value, list(gradients)


def _torch(function, tensors):
    import torch

    tensors = [tensor.detach().clone().requires_grad_() for tensor in tensors]
    with torch.enable_grad():
        value = function(*tensors)
    gradients = torch.autograd.grad(value, tensors, allow_unused=True, materialize_grads=True)
    return value.detach(), list(gradients)


_BACKENDS = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}
