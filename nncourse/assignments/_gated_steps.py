"""The exercises that compute a step of a gated cell."""

import numpy as np

from nncourse.assignments._exercise import Exercise
from nncourse.scratch.activations import sigmoid


def _weights(rng: np.random.Generator, gates: int, memories: int) -> list[tuple]:
    """A step's input, its state (h, or h and c) and weights, small enough for open gates."""
    cases = []
    for inputs, units in [(1, 1), (2, 1), (1, 2), (2, 2), (3, 2)] * 2:
        shapes = [(inputs,), *[(units,)] * memories, (inputs, gates * units)]
        shapes += [(units, gates * units), (gates * units,)]
        cases.append(tuple(rng.uniform(-1.5, 1.5, shape).round(2) for shape in shapes))
    return cases


def _lstm_step(x, h, c, W_x, W_h, b, order="ifgo", keep=1.0):
    parts = dict(zip(order, np.split(x @ W_x + h @ W_h + b, 4), strict=True))
    i, f, o = (sigmoid(parts[gate]) for gate in "ifo")
    c = keep * f * c + i * np.tanh(parts["g"])
    return o * np.tanh(c), c


def _linear_candidate(x, h, c, W_x, W_h, b):
    z_i, z_f, z_g, z_o = np.split(x @ W_x + h @ W_h + b, 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * z_g
    return sigmoid(z_o) * np.tanh(c), c


def _coupled(x, h, c, W_x, W_h, b):
    _, z_f, z_g, z_o = np.split(x @ W_x + h @ W_h + b, 4)
    c = sigmoid(z_f) * c + (1 - sigmoid(z_f)) * np.tanh(z_g)
    return sigmoid(z_o) * np.tanh(c), c


def _without_forget_gate(x, h, c, W_x, W_h, b):
    z_i, _, z_g, z_o = np.split(x @ W_x + h @ W_h + b, 4)
    c = c + sigmoid(z_i) * np.tanh(z_g)
    return sigmoid(z_o) * np.tanh(c), c


def _memory_not_squashed(x, h, c, W_x, W_h, b):
    z_o = np.split(x @ W_x + h @ W_h + b, 4)[3]
    c = _lstm_step(x, h, c, W_x, W_h, b)[1]
    return sigmoid(z_o) * c, c


def _read_step(result, x, h, c, W_x, W_h, b):
    return np.stack([np.asarray(part, dtype=float) for part in result])


def _old_memory_read(x, h, c, W_x, W_h, b):
    z_o = np.split(x @ W_x + h @ W_h + b, 4)[3]
    return sigmoid(z_o) * np.tanh(c), _lstm_step(x, h, c, W_x, W_h, b)[1]


LSTM_STEP = Exercise(
    "gated_memory.lstm_step",
    solution=lambda x, h, c, W_x, W_h, b: _lstm_step(x, h, c, W_x, W_h, b),
    cases=lambda rng: _weights(rng, gates=4, memories=2),
    hint="z = x @ W_x + h @ W_h + b, split into four: i, f and o are sigmoids, g is a tanh. Then "
    "c = f * c + i * g and h = o * tanh(c), with the new c. Return (h, c).",
    read=lambda result, x, h, c, W_x, W_h, b: _read_step(result, x, h, c, W_x, W_h, b),
    mistakes=(
        (
            lambda x, h, c, W_x, W_h, b: _lstm_step(x, h, c, W_x, W_h, b)[::-1],
            "Return h first, then c.",
        ),
        (
            _memory_not_squashed,
            "The memory goes through a tanh before the output gate: h = o * tanh(c).",
        ),
        (_old_memory_read, "h reads the old memory. Compute the new c first."),
        (
            lambda x, h, c, W_x, W_h, b: _lstm_step(x, h, c, W_x, W_h, b, "figo"),
            "The columns are those of i, f, g, o: you took the first for f and the second for i.",
        ),
        (
            lambda x, h, c, W_x, W_h, b: _lstm_step(x, h, c, W_x, W_h, b, "ifog"),
            "The columns are those of i, f, g, o: you took the third for o and the last for g.",
        ),
        (_linear_candidate, "The candidate g goes through a tanh."),
        (
            lambda x, h, c, W_x, W_h, b: _lstm_step(x, h, c, W_x, W_h, 0 * b),
            "The biases b are missing.",
        ),
        (
            lambda x, h, c, W_x, W_h, b: _lstm_step(x, 0 * h, c, W_x, W_h, b),
            "The gates and the candidate also hear from h, through W_h.",
        ),
        (
            lambda x, h, c, W_x, W_h, b: _lstm_step(x, h, c, W_x, W_h, b, keep=0.0),
            "The old memory is lost: c = f * c + i * g.",
        ),
        (
            _without_forget_gate,
            "This is the cell of 1997, without a forget gate: the old memory is multiplied by f.",
        ),
        (_coupled, "The input gate is a gate of its own: i, not 1 - f."),
    ),
)


def _gru_step(x, h, W_x, W_h, b, keeps=True, order="zr", reset="before"):
    z_x, r_x, n_x = np.split(x @ W_x + b, 3)
    z_h, r_h, n_h = np.split(W_h, 3, axis=1)
    z, r = sigmoid(z_x + h @ z_h), sigmoid(r_x + h @ r_h)
    if order == "rz":
        z, r = r, z
    heard = {"before": (r * h) @ n_h, "after": r * (h @ n_h), "never": h @ n_h}[reset]
    new = np.tanh(n_x + heard)
    return z * h + (1 - z) * new if keeps else (1 - z) * h + z * new


GRU_STEP = Exercise(
    "gated_memory.gru_step",
    solution=lambda x, h, W_x, W_h, b: _gru_step(x, h, W_x, W_h, b),
    cases=lambda rng: _weights(rng, gates=3, memories=1),
    hint="The first two blocks of x @ W_x + h @ W_h + b give z and r through sigmoids. The "
    "candidate is tanh of its block of x @ W_x + b, plus (r * h) @ its block of W_h. Return "
    "z * h + (1 - z) * candidate.",
    mistakes=(
        (
            lambda x, h, W_x, W_h, b: _gru_step(x, h, W_x, W_h, b, keeps=False),
            "Here z multiplies the old state, as in Cho et al. and in Keras. You have the other "
            "convention, in which z multiplies the candidate.",
        ),
        (
            lambda x, h, W_x, W_h, b: _gru_step(x, h, W_x, W_h, b, order="rz"),
            "The columns are those of z, r and the candidate: you took r for z and z for r.",
        ),
        (
            lambda x, h, W_x, W_h, b: _gru_step(x, h, W_x, W_h, b, reset="after"),
            "You reset after the product with W_h, as Keras does by default. Here r multiplies h "
            "before it.",
        ),
        (
            lambda x, h, W_x, W_h, b: _gru_step(x, h, W_x, W_h, b, reset="never"),
            "The reset gate does nothing: the candidate hears from r * h, not from h.",
        ),
        (
            lambda x, h, W_x, W_h, b: _gru_step(x, h, W_x, W_h, 0 * b),
            "The biases b are missing.",
        ),
        (
            lambda x, h, W_x, W_h, b: _gru_step(x, h, W_x, W_h, b, keeps=False, order="rz"),
            "The columns are those of z, r and the candidate; and z multiplies the old state.",
        ),
    ),
)
