"""Checks of what a network is made from and fed with; each returns what it has checked."""

from itertools import pairwise
from numbers import Integral

import numpy as np

from nncourse.scratch import activations


def is_positive_integer(value) -> bool:
    return isinstance(value, Integral) and value >= 1


def checked_sizes(sizes) -> list[int]:
    sizes = list(sizes)
    if len(sizes) < 2 or not all(map(is_positive_integer, sizes)):
        raise ValueError(
            "`sizes` must hold two or more positive integers: the inputs, then the units of every "
            f"layer. Received: {sizes=}"
        )
    return [int(size) for size in sizes]


def checked_activations(activation, sizes: list[int], loss) -> list[str]:
    """A name for every layer."""
    layers = len(sizes) - 1
    one_name = isinstance(activation, str)
    names = [activation] * (layers - 1) + ["linear"] if one_name else list(activation)
    if len(names) != layers:
        raise ValueError(
            f"`activation` must be one name, or one for each of the {layers} layers. "
            f"Received: {activation!r}"
        )
    if loss.from_logits and names[-1] != "linear":
        raise ValueError(
            "A cross-entropy takes scores and contains the sigmoid or softmax, so the output's "
            f"activation must be 'linear'. Received: {names[-1]!r}"
        )
    for name in [activation] if one_name else names:
        activations.get(name)
    return names


def checked_rates(dropout: float, l2: float) -> tuple[float, float]:
    if not 0 <= dropout < 1:
        raise ValueError(f"`dropout` must lie in [0, 1). Received: {dropout=}")
    if not (np.isfinite(l2) and l2 >= 0):
        raise ValueError(f"`l2` must be a finite number of 0 or more. Received: {l2=}")
    return dropout, l2


def checked_weights(weights, sizes: list[int]) -> list[tuple[np.ndarray, np.ndarray]]:
    return checked_parts(weights, "(W, b)", [((i, j), (j,)) for i, j in pairwise(sizes)])


def checked_parts(weights, meaning: str, expected: list[tuple]) -> list[tuple]:
    """`weights` as a tuple of arrays for every layer, in the shapes expected."""
    weights = [tuple(np.asarray(part, dtype=float) for part in layer) for layer in weights]
    received = [tuple(part.shape for part in layer) for layer in weights]
    if received != expected:
        raise ValueError(
            f"`weights` must be a list of {meaning} of the shapes {expected}. Received: {received}"
        )
    return weights


def checked_inputs(x, features: int) -> np.ndarray:
    return _checked_matrix(x, "x", features, "inputs")


def checked_examples(x, t, sizes: list[int], loss) -> tuple[np.ndarray, np.ndarray]:
    x, t = checked_inputs(x, sizes[0]), _checked_matrix(t, "t", sizes[-1], "outputs")
    if len(x) != len(t):
        raise ValueError(f"`x` and `t` must have the same length. Received: {len(x)} and {len(t)}")
    if not loss.accepts(t):
        row = next(n for n in range(len(t)) if not loss.accepts(t[n : n + 1]))
        raise ValueError(
            f"`t` must hold {loss.target} under this loss. Received: t[{row}]={t[row].tolist()}"
        )
    return x, t


def _checked_matrix(values, name: str, columns: int, meaning: str) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    if values.ndim != 2 or len(values) == 0 or values.shape[1] != columns:
        is_column = values.ndim == 1 and columns == 1
        hint = f" A single column is `{name}[:, None]`." if is_column else ""
        raise ValueError(
            f"`{name}` must have the shape (samples, {columns}), a column for each of the "
            f"network's {meaning}. Received: {name} of shape {values.shape}.{hint}"
        )
    if not np.isfinite(values).all():
        row, column = np.argwhere(~np.isfinite(values))[0]
        raise ValueError(
            f"`{name}` must hold finite numbers. "
            f"Received: {name}[{row}, {column}]={values[row, column]}"
        )
    return values
