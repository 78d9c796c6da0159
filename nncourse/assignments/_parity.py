"""The exercise on a recurrent network with weights set by hand."""

from itertools import product

import numpy as np

from nncourse.assignments._exercise import Exercise, WrongForm, numbers
from nncourse.scratch import activations


def _parities(answer, bits) -> list[float]:
    try:
        W_x, W_h, b = answer
    except (TypeError, ValueError):
        raise WrongForm("The answer consists of three parts: (W_x, W_h, b).") from None
    W_x = numbers(W_x, (1, 2), "W_x")
    W_h = numbers(W_h, (2, 2), "W_h, a row for each unit of the state before,")
    b = numbers(b, (2,), "b")
    h, outputs = np.zeros(2), []
    for bit in bits:
        h = activations.step(bit * W_x[0] + h @ W_h + b)
        outputs.append(h[0] - h[1])
    return outputs


_COUNTERS = [-0.5, -1.5]  # the first unit fires for a sum of 1 or more, the second for 2

PARITY = Exercise(
    "recurrent_networks.parity_weights",
    solution=([[1, 1]], [[1, 1], [-1, -1]], _COUNTERS),
    cases=lambda rng: [
        (bits,) for length in range(1, 7) for bits in product((0, 1), repeat=length)
    ],
    read=_parities,
    hint="The parity so far is h[0] - h[1], so W_h can feed it into both units: a row of 1 and a "
    "row of -1. With the new bit that makes a sum of 0, 1 or 2. Let the first unit fire for 1 or "
    "more, the second for 2. A sum of exactly 0 does not fire.",
    mistakes=(
        (
            ([[1, 1]], [[0, 0], [0, 0]], _COUNTERS),
            "Your network remembers nothing: its output is the last bit.",
        ),
        (
            ([[1, 1]], [[1, -1], [1, -1]], _COUNTERS),
            "W_h is transposed: its row holds what one unit of the state before gives to all.",
        ),
        (
            ([[1, 1]], [[1, 1], [0, 0]], _COUNTERS),
            "This feeds back the first unit alone. The parity is h[0] - h[1].",
        ),
        (
            ([[1, 1]], [[1, 1], [-1, -1]], [-0.5, -0.5]),
            "Both units fire at the same sums, so that the output is always 0.",
        ),
        (
            ([[1, 1]], [[1, 1], [-1, -1]], [0.5, -0.5]),
            "The thresholds are too low by 1: a bit of 0 after zeros must leave both units off.",
        ),
    ),
)
