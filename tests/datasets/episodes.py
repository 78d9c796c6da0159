"""What the tests of the memory tasks share: a reader of their inputs, one step after the other."""

import numpy as np


def tasks_are_whole(x, y, mask, shape, channels, targets):
    """Shapes and types, only zeros and ones in the answers, and nothing where none is asked."""
    assert x.shape == (*shape, channels)
    assert y.shape == (*shape, targets)
    assert mask.shape == shape
    assert {array.dtype for array in (x, y, mask)} == {np.dtype("float32")}
    assert np.isin(y, (0, 1)).all()
    assert np.isin(mask, (0, 1)).all()
    assert not y[mask == 0].any()
    # While something is shown nothing is asked, and the other way round.
    assert not x[mask == 1].any()


def shown(row, bits):
    """The vectors between a row's start flag and its end flag, and the step of the end flag."""
    start, end = row[:, bits], row[:, bits + 1]
    assert start.sum() == end.sum() == 1
    assert start[0] == 1
    last = int(end.argmax())
    assert not row[[0, last], :bits].any()
    assert not row[last + 1 :].any()
    return row[1:last, :bits].tolist(), last


def asked(y, mask):
    """The answers of a row, and the step of the first; they have no gap."""
    steps = np.flatnonzero(mask)
    assert (np.diff(steps) == 1).all()
    return y[steps].tolist(), int(steps[0])
