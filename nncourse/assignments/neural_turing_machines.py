"""The exercises of the chapter *Neural Turing Machines*."""

import numpy as np

from nncourse.assignments._exercise import Exercise, draw
from nncourse.assignments._memory_reads import CONTENT, READ_NEXT

# --- a circular shift ------------------------------------------------------------------------


def _weighting(rng: np.random.Generator, size: int) -> np.ndarray:
    return rng.dirichlet(np.ones(size)).round(3)


def _shift_weighting(w, kernel):
    back, stay, on = kernel
    return back * np.roll(w, -1) + stay * w + on * np.roll(w, 1)


_SHIFT = Exercise(
    "neural_turing_machines.shift_weighting",
    solution=_shift_weighting,
    cases=lambda rng: [
        (np.array([0.0, 0.0, 0.5, 0.5]), np.array([0.0, 0.0, 1.0])),
        (np.array([1.0, 0.0, 0.0, 0.0]), np.array([0.25, 0.5, 0.25])),
        *((_weighting(rng, size), _weighting(rng, 3)) for size in (3, 4, 5, 6, 7, 8, 4, 5)),
    ],
    hint="The head is at slot i if it was at i + 1 and moved back, at i and stayed, or at i - 1 "
    "and moved on: kernel[0] * np.roll(w, -1) + kernel[1] * w + kernel[2] * np.roll(w, 1).",
    mistakes=(
        (
            lambda w, kernel: _shift_weighting(w, kernel[::-1]),
            "The moves are turned around: kernel[2] moves forward, to the next higher slot.",
        ),
        (
            lambda w, kernel: np.convolve(w, kernel, mode="same"),
            "What leaves at one end must come in at the other: the slots form a ring.",
        ),
        (
            lambda w, kernel: np.roll(w, int(np.argmax(kernel)) - 1),
            "Only the likeliest move is made. All three are, each with its weight.",
        ),
        (
            lambda w, kernel: _shift_weighting(w, kernel) - kernel[1] * w,
            "The part that stays where it is, kernel[1], is missing.",
        ),
    ),
)

# --- writing ---------------------------------------------------------------------------------


def _write_cases(rng: np.random.Generator) -> list[tuple]:
    cases = []
    for slots, width in [(2, 3), (3, 2), (4, 3), (3, 4), (5, 2)] * 2:
        erase = rng.uniform(0.1, 0.9, width).round(2)
        cases.append((draw(rng, slots, width), _weighting(rng, slots), erase, draw(rng, width)))
    return cases


_WRITE = Exercise(
    "neural_turing_machines.write",
    solution=lambda memory, w, erase, add: memory * (1 - np.outer(w, erase)) + np.outer(w, add),
    cases=_write_cases,
    hint="Slot i becomes memory[i] * (1 - w[i] * erase) + w[i] * add. np.outer(w, erase) has all "
    "products of a weight with an element.",
    mistakes=(
        (
            lambda memory, w, erase, add: w[:, None] * add + (1 - w[:, None]) * memory,
            "This erases everything, as if erase were 1. The erase vector says what goes.",
        ),
        (
            lambda memory, w, erase, add: (memory + np.outer(w, add)) * (1 - np.outer(w, erase)),
            "Erase first, then add: else a part of what is new goes with the old.",
        ),
        (
            lambda memory, w, erase, add: memory * (1 - np.outer(w, erase)) + add,
            "This adds at every slot in full. Weight what is added with w too.",
        ),
        (
            lambda memory, w, erase, add: memory * (1 - erase) + np.outer(w, add),
            "This erases every slot in full. Weight what is erased with w too.",
        ),
        (
            lambda memory, w, erase, add: memory + np.outer(w, add),
            "Nothing is erased.",
        ),
        (
            lambda memory, w, erase, add: memory * np.outer(w, erase) + np.outer(w, add),
            "This keeps what should go: the factor is 1 - w[i] * erase.",
        ),
    ),
)

# --- how many parameters ---------------------------------------------------------------------


def _parameters(inputs, outputs, slots, width, units, head_numbers=None, read=True, bias=1):
    """The weights of a machine with one head each, an LSTM controller and shifts of one slot."""
    lstm = 4 * units * (inputs + read * width + units + bias)
    if head_numbers is None:
        head_numbers = 2 * (width + 6) + 2 * width
    return lstm + (units + bias) * head_numbers + (units + width + bias) * outputs


_PARAMETERS = Exercise(
    "neural_turing_machines.machine_parameters",
    solution=lambda inputs, outputs, slots, width, units: _parameters(
        inputs, outputs, slots, width, units
    ),
    cases=lambda rng: [
        (10, 8, 128, 20, 100),
        *(tuple(int(rng.integers(2, 40)) for _ in range(5)) for _ in range(9)),
    ],
    hint="The LSTM hears the inputs, the last read and itself: 4 * units * (inputs + width + units "
    "+ 1). The heads need 2 * (width + 6) + 2 * width numbers, each from units + 1 weights. The "
    "output hears the units and the read.",
    mistakes=(
        (
            lambda inputs, outputs, slots, width, units: (
                _parameters(inputs, outputs, slots, width, units) + slots * width
            ),
            "The memory is a state, not a weight: the slots count for nothing.",
        ),
        (
            lambda inputs, outputs, slots, width, units: _parameters(
                inputs, outputs, slots, width, units, read=False
            ),
            "The controller also hears what was read at the step before: width more inputs.",
        ),
        (
            lambda inputs, outputs, slots, width, units: _parameters(
                inputs, outputs, slots, width, units, head_numbers=2 * (width + 6)
            ),
            "The write head also needs an erase and an add vector.",
        ),
        (
            lambda inputs, outputs, slots, width, units: (
                _parameters(inputs, outputs, slots, width, units) - width * outputs
            ),
            "The output hears the controller and what has been read.",
        ),
        (
            lambda inputs, outputs, slots, width, units: _parameters(
                inputs, outputs, slots, width, units, bias=0
            ),
            "The biases are missing.",
        ),
        (
            lambda inputs, outputs, slots, width, units: _parameters(
                inputs, outputs, slots, width, units, head_numbers=2 * (width + 4) + 2 * width
            ),
            "A head has a kernel of three numbers, one for each of the moves -1, 0 and 1.",
        ),
    ),
    rtol=0,  # a count
)

EXERCISES = (CONTENT, _SHIFT, _WRITE, _PARAMETERS, READ_NEXT)
