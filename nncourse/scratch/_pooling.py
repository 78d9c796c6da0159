r"""How a window becomes one number: maximum, mean and Lp norm, each with its derivatives.

The functions take windows along the last axis, `(..., pixels)`, so that the same ones serve one
window and all windows of a batch. Padding is what can't count: it is minus infinity for the
maximum, NaN for the mean (which leaves it out) and 0 for the norm.
"""

import numpy as np

FILLS = {"max": -np.inf, "mean": np.nan, "lp": 0.0}


def pool(windows, kind: str, p: float) -> np.ndarray:
    """One number for each window."""
    if kind == "max":
        return windows.max(axis=-1)
    if kind == "mean":
        return np.nanmean(windows, axis=-1)
    return _norm(windows, p)


def slopes(windows, kind: str, p: float) -> np.ndarray:
    """The derivatives of each window's number by its pixels, in the shape of the windows."""
    if kind == "max":  # of equal ones the first gets all: one of the subgradients
        return (np.arange(windows.shape[-1]) == windows.argmax(axis=-1)[..., None]).astype(
            windows.dtype
        )
    if kind == "mean":
        counts = ~np.isnan(windows)
        return (counts / counts.sum(axis=-1, keepdims=True)).astype(windows.dtype)
    # (|x| / y)^(p-1) sign(x): the norm divides first, so that high powers can't overflow.
    y = _norm(windows, p)[..., None]
    share = np.divide(np.abs(windows), y, out=np.zeros_like(windows), where=y > 0)
    return share ** (p - 1) * np.sign(windows)


def _norm(windows, p: float) -> np.ndarray:
    largest = np.abs(windows).max(axis=-1, keepdims=True)
    share = np.divide(np.abs(windows), largest, out=np.zeros_like(windows), where=largest > 0)
    return largest[..., 0] * (share**p).sum(axis=-1) ** (1 / p)
