"""Any Boolean function as a two-layer network of threshold units, written down unlearned."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class BooleanNetwork:
    """A two-layer network of threshold units with inputs and outputs -1 and +1.

    Attributes:
        hidden_weights: `(M, D)`: a row for each of the M hidden units.
        hidden_bias: `(M,)`.
        output_weights: `(M,)`.
        output_bias: One number.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import BooleanNetwork
        >>> either = BooleanNetwork(np.eye(2), np.zeros(2), np.ones(2), 1)  # OR, of two copies
        >>> either([[-1, -1], [-1, +1], [+1, +1]])
        array([-1,  1,  1])
    """

    hidden_weights: np.ndarray
    hidden_bias: np.ndarray
    output_weights: np.ndarray
    output_bias: float

    def hidden(self, bits) -> np.ndarray:
        """The hidden units' outputs, `(samples, M)`, for `(samples, D)` inputs of -1 and +1."""
        bits = _checked_bits(bits)
        if bits.shape[1] != self.hidden_weights.shape[1]:
            raise ValueError(
                f"`bits` must have {self.hidden_weights.shape[1]} columns, one for each input of "
                f"the network. Received: bits of shape {bits.shape}"
            )
        return _sign(bits @ self.hidden_weights.T + self.hidden_bias)

    def __call__(self, bits) -> np.ndarray:
        """The network's outputs, `(samples,)` values -1 and +1."""
        return _sign(self.hidden(bits) @ self.output_weights + self.output_bias)


def boolean_network(bits, target) -> BooleanNetwork:
    r"""Builds the two-layer network that implements a Boolean function.

    One hidden unit recognizes one input $x_m$ with target +1 and no other,

    $$z_m = \operatorname{sign}\Big(\sum_{i=1}^{D} w_{mi} x_i + 1 - D\Big),
    \qquad w_{mi} = x_{mi},$$

    for its sum is $D$ minus twice the number of bits that differ from $x_m$: 1 at $x_m$ itself
    and -1 or less anywhere else. The output unit is the OR of the $M$ hidden units,

    $$y = \operatorname{sign}\Big(\sum_{m=1}^{M} z_m + M - 1\Big).$$

    $M$ is the number of positive cases, up to $2^D$: the price of a network that stores its
    function as a table.

    Args:
        bits: `(cases, D)` inputs, each bit -1 or +1, no case twice. An input that is not listed
            gets the output -1.
        target: `(cases,)` outputs, each -1 or +1.

    Returns:
        A `BooleanNetwork`, to be called on `(samples, D)` bits.

    Raises:
        ValueError: If a bit or a target is neither -1 nor +1, a case is listed twice, or the
            lengths differ.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import boolean_network
        >>> bits = np.array([[-1, -1], [-1, +1], [+1, -1], [+1, +1]])
        >>> xor = boolean_network(bits, [-1, +1, +1, -1])
        >>> xor(bits)
        array([-1,  1,  1, -1])
        >>> xor.hidden_weights, xor.hidden_bias, xor.output_bias
        (array([[-1,  1],
                [ 1, -1]]), array([-1, -1]), 1)

    Taught in the chapter *Multilayer perceptrons*.
    """
    bits, target = _checked_bits(bits), np.asarray(target)
    if target.shape != (len(bits),) or not np.isin(target, (-1, 1)).all():
        raise ValueError(
            f"`target` must hold one value, -1 or +1, for each of the {len(bits)} cases. "
            f"Received: target of shape {target.shape} with the values {np.unique(target)[:5]}"
        )
    if len(np.unique(bits, axis=0)) < len(bits):
        raise ValueError("`bits` must list every case once. Received: a case that is there twice")
    positive = bits[target == 1].astype(int)
    count, inputs = positive.shape
    return BooleanNetwork(
        hidden_weights=positive,
        hidden_bias=np.full(count, 1 - inputs),
        output_weights=np.ones(count, dtype=int),
        output_bias=count - 1,
    )


def _sign(z: np.ndarray) -> np.ndarray:
    return np.where(z > 0, 1, -1)


def _checked_bits(bits) -> np.ndarray:
    bits = np.asarray(bits)
    if bits.ndim != 2 or not np.isin(bits, (-1, 1)).all():
        raise ValueError(
            "`bits` must be a matrix of -1 and +1, of shape (cases, inputs). "
            f"Received: bits of shape {bits.shape} with the values {np.unique(bits)[:5]}"
        )
    return bits
