"""A recurrent network, step by step."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class UnrolledPass:
    """What the backward pass needs to know of the forward pass.

    Attributes:
        inputs: `(samples, steps, inputs)`.
        states: `(samples, steps + 1, state)`: the state before the first step, then that after
            every step.
        memory: What each step computed on its way.
        output: `(samples, steps, outputs)`.
    """

    inputs: np.ndarray
    states: np.ndarray
    memory: list
    output: np.ndarray
