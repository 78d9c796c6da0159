"""Checks of series and of the models of them; each returns what it has checked."""

from collections.abc import Iterable

import numpy as np

# What the rounding of an honest computation may do to a matrix whose diagonal is 1.
_ROUNDING = 1e-8


def checked_array(values, name: str, wanted: tuple, nan_is_missing: bool = False) -> np.ndarray:
    """`values` as numbers in the shape `wanted`: a word there stands for any size but 0."""
    received = values
    shape = str(wanted).replace("'", "")
    try:
        values = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:  # words, or rows of different lengths
        raise ValueError(
            f"`{name}` must hold numbers in the shape {shape}. Received: {name}={received!r}"
        ) from error
    sizes = {}  # of the words; one that comes twice has one size
    if values.ndim != len(wanted) or not all(
        size > 0 and sizes.setdefault(want, size) == size if isinstance(want, str) else size == want
        for size, want in zip(values.shape, wanted, strict=True)
    ):
        hint = f" A single column is `{name}[:, None]`." if wanted[1:] == (values.ndim,) else ""
        raise ValueError(
            f"`{name}` must have the shape {shape}. Received: {name} of shape {values.shape}.{hint}"
        )
    bad = np.isinf(values) if nan_is_missing else ~np.isfinite(values)
    if bad.any():
        place = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(
            f"`{name}` must hold finite numbers. Received: {name}{list(place)}={values[place]}"
        )
    return values


def checked_probabilities(values, name: str, wanted: tuple) -> np.ndarray:
    """`values` as probabilities that sum to one along the last axis."""
    values = checked_array(values, name, wanted)
    if (values < 0).any():
        raise ValueError(f"`{name}` must hold probabilities. Received: {values.min()}")
    sums = values.sum(axis=-1, keepdims=True)
    if np.abs(sums - 1).max() > 1e-6:  # float32 passes
        whose = f"`{name}`" if values.ndim == 1 else f"each row of `{name}`"
        raise ValueError(
            f"The probabilities of {whose} must have the sum 1. Received: {sums.ravel()}"
        )
    return values / sums


def checked_covariance(values, name: str, size: int, definite: bool) -> np.ndarray:
    """`values` as a symmetric matrix without negative eigenvalues, or with positive ones only."""
    values = checked_array(values, name, (size, size))
    # Units of the size of each deviation: a variance in square micrometers is not a rounding error.
    units = np.sqrt(np.abs(np.diag(values)))
    units[units == 0] = 1
    scaled = values / np.outer(units, units)
    if np.abs(scaled - scaled.T).max() > _ROUNDING:
        raise ValueError(f"`{name}` must be a symmetric matrix. Received: {values.tolist()}")
    smallest = np.linalg.eigvalsh(scaled).min()
    if smallest < (1e-12 if definite else -_ROUNDING):
        kind = "definite" if definite else "semidefinite"
        raise ValueError(
            f"`{name}` must be positive {kind}, as a covariance is. Received: {values.tolist()}, "
            f"which has the eigenvalue {np.linalg.eigvalsh(values).min():.3g}"
        )
    return (values + values.T) / 2


def checked_symbols(symbols, name: str, count: int) -> np.ndarray:
    """`symbols` as a sequence of one or more integers below `count`."""
    wanted = f"`{name}` must be a sequence of one or more integers from 0 to {count - 1}. Received:"
    try:
        values = np.asarray(symbols)
    except ValueError as error:  # rows of different lengths
        raise ValueError(f"{wanted} {symbols!r}. A sequence at a time.") from error
    if values.ndim != 1 or len(values) == 0:
        raise ValueError(f"{wanted} {name} of shape {values.shape}")
    if values.dtype.kind not in "iu":
        raise ValueError(f"{wanted} {name} of type {values.dtype}")
    unknown = np.flatnonzero((values < 0) | (values >= count))
    if len(unknown):
        raise ValueError(f"{wanted} {name}[{unknown[0]}]={values[unknown[0]]}")
    return values


def checked_sequences(sequences) -> list:
    """`sequences` as a list of one or more, whose symbols are still to be checked."""
    sequences = list(sequences)
    if len(sequences) == 0:
        raise ValueError("`sequences` must hold one sequence of symbols or more. Received: []")
    if not isinstance(sequences[0], Iterable):
        raise ValueError(
            "`sequences` must hold sequences of symbols, so one of them is `[symbols]`. "
            f"Received: sequences[0]={sequences[0]!r}"
        )
    return sequences
