"""Step functions for networks with states."""

import keras
import numpy as np
from keras import ops


def remembering_step(read, start=None, rows=1):
    """A step function for `nncourse.decoding` that has a network read each symbol once.

    It keeps the states that belong to the prefixes of its last call, in whatever order and however
    often the next call goes on from them.

    Args:
        read: Takes symbol numbers `(sequences, time)` and the states before them, returns logits
            `(sequences, time, symbols)` and the states after the last symbol: nested tensors, the
            sequences first.
        start: The states before the first symbol, a row for each row of the batch; None if `read`
            is to begin with its own.
        rows: How many rows the batch has that is searched. A call has equally many prefixes for
            each of them, those of one row side by side.

    Returns:
        A function from prefixes `(sequences, symbols so far)` to log-probabilities of what comes
        next, an array `(sequences, symbols)`.
    """
    known, states = {}, None

    def step(prefixes):
        nonlocal known, states
        numbers = np.asarray(prefixes, dtype="int32")
        if len(numbers) % rows:
            raise ValueError(
                f"`prefixes` must have equally many for each of the {rows} rows. "
                f"Received: {len(numbers)} prefixes"
            )
        row = np.arange(len(numbers)) * rows // len(numbers)
        # Two rows may have the same prefix, after which their states differ.
        before = [known.get((i, p[:-1].tobytes())) for i, p in zip(row, numbers, strict=True)]
        if None in before:
            logits, states = read(numbers, None if start is None else _taken(start, row))
        else:
            logits, states = read(numbers[:, -1:], _taken(states, before))
        states = keras.tree.map_structure(ops.stop_gradient, states)
        known = {(i, p.tobytes()): n for n, (i, p) in enumerate(zip(row, numbers, strict=True))}
        return ops.convert_to_numpy(ops.log_softmax(logits[:, -1], axis=-1))

    return step


def _taken(states, rows):
    rows = np.asarray(rows, dtype="int32")
    return keras.tree.map_structure(lambda part: ops.take(part, rows, axis=0), states)
