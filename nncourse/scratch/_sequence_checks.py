"""Checks of what a recurrent network is fed with; each returns what it has checked."""

import numpy as np

from nncourse.scratch._series_checks import checked_array


def checked_sequence_examples(x, t, mask, inputs: int, outputs: int, loss) -> tuple:
    """Inputs, targets and mask with an entry for every step, whichever form they came in."""
    x = checked_array(x, "x", ("samples", "steps", inputs))
    samples, steps, _ = x.shape
    t = _checked_targets(t, (samples, steps, outputs))
    if t.ndim == 2:
        if mask is not None:
            raise ValueError(
                "`mask` says which of the steps have a target, so it needs targets of the shape "
                f"({samples}, {steps}, {outputs}). Received: t of shape {t.shape}"
            )
        t = np.broadcast_to(t[:, None], (samples, steps, outputs))
        mask = np.arange(steps) == steps - 1  # only the last step's output is judged
        mask = np.broadcast_to(mask, (samples, steps))
    mask = _checked_mask(mask, (samples, steps))
    if not loss.accepts(t[mask]):
        places = [(n, step) for n, step in np.argwhere(mask) if not loss.accepts(t[n, step][None])]
        n, step = places[0]
        raise ValueError(
            f"`t` must hold {loss.target} under this loss. "
            f"Received: t[{n}, {step}]={t[n, step].tolist()}"
        )
    return x, t, mask


def _checked_targets(t, shape: tuple[int, int, int]) -> np.ndarray:
    samples, _, outputs = shape
    try:
        received = np.shape(t)
    except ValueError:  # rows of different lengths, which `checked_array` tells
        received = shape
    if received not in (shape, (samples, outputs)):
        raise ValueError(
            f"`t` must have the shape {shape}, targets for every step, or {samples, outputs}, for "
            f"the last step alone. Received: t of shape {received}"
        )
    return checked_array(t, "t", shape if len(received) == 3 else (samples, outputs))


def _checked_mask(mask, shape: tuple[int, int]) -> np.ndarray:
    if mask is None:
        return np.ones(shape, dtype=bool)
    mask = checked_array(mask, "mask", shape)
    if not np.isin(mask, (0, 1)).all():
        raise ValueError("`mask` must hold True and False, or 1 and 0, one for every step.")
    empty = np.flatnonzero(~mask.any(axis=1))
    if len(empty):
        raise ValueError(
            "`mask` must be True for one step or more of every sequence. "
            f"Received: mask[{empty[0]}] without any"
        )
    return mask.astype(bool)
