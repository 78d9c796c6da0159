"""How a head of a Neural Turing Machine finds its place in a memory, and how it writes there.

A *weighting* has one number for each of the N slots of a memory, none negative, of sum 1: how much
of the head is at that slot. Four steps make the next one of the last one. Each is differentiable.
"""

from keras import ops

_EPSILON = 1e-8


def content_addressing(memory, keys, strengths):
    r"""A weighting by likeness: large where a slot holds what resembles the key.

    $$w_i = \mathrm{softmax}_i\big(\beta\, K(k, M_i)\big), \qquad
    K(k, m) = \frac{k \cdot m}{\sqrt{|k|^2 + \epsilon}\,\sqrt{|m|^2 + \epsilon}}$$

    The $\epsilon = 10^{-8}$ stands inside the roots, so that a slot or key of zeros has a slope.

    Args:
        memory: $M$, `(..., slots, width)`.
        keys: $k$ of each head, `(..., heads, width)`.
        strengths: $\beta$ of each head, `(..., heads, 1)`, not negative. 0 makes all slots equal.

    Returns:
        Weightings `(..., heads, slots)`.

    Example:
        >>> import numpy as np
        >>> from keras import ops
        >>> from nncourse.layers import addressing
        >>> memory = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
        >>> w = addressing.content_addressing(memory, np.array([[0.0, 9.0]]), np.array([[50.0]]))
        >>> print(ops.convert_to_numpy(w).round(3))
        [[0. 1. 0.]]

    Reference:
        Graves, Wayne and Danihelka (2014), "Neural Turing Machines", equations 5 and 6.
    """
    memory, keys, strengths = _tensors(memory, keys, strengths)
    # The memory as it lies: to transpose it would cost a tenth of a training step.
    products = ops.swapaxes(ops.matmul(memory, ops.swapaxes(keys, -1, -2)), -1, -2)
    lengths = _length(keys) * ops.swapaxes(_length(memory), -1, -2)
    return ops.softmax(strengths * products / lengths, axis=-1)


def interpolate(weights, previous, gates):
    r"""Blends the weighting by content with the one of the step before.

    $$w' = g\, w + (1 - g)\, w_{t-1}$$

    Args:
        weights: $w$ by content, `(..., heads, slots)`.
        previous: $w_{t-1}$, of the same shape.
        gates: $g$ of each head, `(..., heads, 1)`, from 0 (stay where the head was) to 1 (go by
            content).

    Returns:
        Weightings `(..., heads, slots)`.

    Reference:
        Graves, Wayne and Danihelka (2014), "Neural Turing Machines", equation 7.
    """
    weights, previous, gates = _tensors(weights, previous, gates)
    return gates * weights + (1 - gates) * previous


def shift(weights, kernels):
    r"""Moves a weighting along the slots, around the end: a circular convolution.

    $$w'_i = \sum_{j=-s}^{s} \kappa_j\, w_{(i - j) \bmod N}$$

    Args:
        weights: $w$, `(..., heads, slots)`.
        kernels: $\kappa$ of each head, `(..., heads, 2 s + 1)`, itself a weighting of the moves
            $-s, \dots, s$ in this order. A kernel of a single 1 moves like `numpy.roll`.

    Returns:
        Weightings `(..., heads, slots)`.

    Example:
        >>> import numpy as np
        >>> from keras import ops
        >>> from nncourse.layers import addressing
        >>> w = np.array([[0.0, 0.0, 0.5, 0.5]])
        >>> print(ops.convert_to_numpy(addressing.shift(w, np.array([[0.0, 0.0, 1.0]]))))
        [[0.5 0.  0.  0.5]]

    Reference:
        Graves, Wayne and Danihelka (2014), "Neural Turing Machines", equation 8.
    """
    weights, kernels = _tensors(weights, kernels)
    moves = kernels.shape[-1]
    return sum(
        kernels[..., j : j + 1] * ops.roll(weights, j - moves // 2, axis=-1) for j in range(moves)
    )


def sharpen(weights, exponents):
    r"""Raises a weighting to a power, against the blur that every soft shift leaves.

    $$w'_i = \frac{w_i^\gamma}{\sum_j w_j^\gamma}
    = \mathrm{softmax}_i\big(\gamma \log (w_i + \epsilon)\big), \qquad \epsilon = 10^{-8}$$

    The form on the right has no power of a tiny weight, which would underflow to 0/0 for large
    $\gamma$.

    Args:
        weights: $w$, `(..., heads, slots)`.
        exponents: $\gamma$ of each head, `(..., heads, 1)`, at least 1. 1 changes nothing.

    Returns:
        Weightings `(..., heads, slots)`.

    Reference:
        Graves, Wayne and Danihelka (2014), "Neural Turing Machines", equation 9.
    """
    weights, exponents = _tensors(weights, exponents)
    return ops.softmax(exponents * ops.log(weights + _EPSILON), axis=-1)


def erase_and_add(memory, weights, erase, add):
    r"""Writes: each head erases where it is, and then each adds there.

    $$M'_i = M_i \odot \prod_h \big(1 - w_{hi}\, e_h\big) + \sum_h w_{hi}\, a_h$$

    Args:
        memory: $M$, `(..., slots, width)`.
        weights: $w_h$, `(..., heads, slots)`.
        erase: $e_h$, `(..., heads, width)`, from 0 (keep) to 1 (erase).
        add: $a_h$, `(..., heads, width)`.

    Returns:
        The new memory, `(..., slots, width)`.

    Reference:
        Graves, Wayne and Danihelka (2014), "Neural Turing Machines", equations 3 and 4.
    """
    memory, weights, erase, add = _tensors(memory, weights, erase, add)
    for head in range(weights.shape[-2]):
        memory = memory * (1 - weights[..., head, :, None] * erase[..., head, None, :])
    return memory + ops.matmul(ops.swapaxes(weights, -1, -2), add)


def _length(vectors):
    """The Euclidean length of each row, kept as an axis."""
    return ops.sqrt(ops.sum(vectors * vectors, axis=-1, keepdims=True) + _EPSILON)


def _tensors(*arrays):
    """The arguments as tensors: PyTorch's don't mix with arrays."""
    return [ops.convert_to_tensor(array) for array in arrays]
