"""Checks that the generators of data share."""

from numbers import Integral, Real

import numpy as np


def whole_number(name: str, value, at_least: int) -> int:
    """Returns `value` as an int, or raises a `ValueError` if it is not one or is too small."""
    if not isinstance(value, Integral) or value < at_least:
        raise ValueError(
            f"`{name}` must be an integer of at least {at_least}. Received: {name}={value!r}"
        )
    return int(value)


def real_number(name: str, value, wanted: str, holds) -> float:
    """Returns `value` as a float, or raises a `ValueError` that says what was `wanted`."""
    if not isinstance(value, Real) or not np.isfinite(value) or not holds(value):
        raise ValueError(f"`{name}` must be {wanted}. Received: {name}={value!r}")
    return float(value)


def random_generator(seed) -> np.random.Generator:
    """NumPy's generator for a seed, or a `ValueError` that names the argument."""
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"`seed` must be a non-negative integer. Received: seed={seed!r}"
        ) from error
