"""The exercises of the chapter *Gated memory*."""

import numpy as np

from nncourse.assignments._exercise import Exercise, numbers
from nncourse.assignments._gated_steps import GRU_STEP, LSTM_STEP

# --- along the memory ------------------------------------------------------------------------


def _gate_values(rng: np.random.Generator) -> list[tuple]:
    cases = [(np.array([[0.5], [0.25], [1.0], [0.8]]), 1), (np.array([[0.5, 0.9]] * 3), 0)]
    for steps, cells in [(3, 1), (4, 2), (5, 2), (6, 3), (7, 1)] * 2:
        f = rng.uniform(0.3, 0.95, (steps, cells)).round(2)
        cases.append((f, int(rng.integers(1, steps - 1))))
    return cases


_MEMORY_GRADIENT = Exercise(
    "gated_memory.memory_gradient",
    solution=lambda f, k: f[k:].prod(axis=0),
    cases=_gate_values,
    hint="From c_k to c_T the memory is multiplied by the forget gates of the steps k + 1 to T: "
    "those are the rows f[k], f[k + 1] and so on. One number for each cell.",
    mistakes=(
        (
            lambda f, k: np.ones(f.shape[1]),
            "The derivative is not 1: each step multiplies the memory by its forget gate.",
        ),
        (
            lambda f, k: f.prod(axis=0),
            "These are all steps. Those up to k lie before c_k.",
        ),
        (
            lambda f, k: f[k + 1 :].prod(axis=0),
            "A gate is missing: f[k] is the gate of step k + 1, which makes c_{k+1} of c_k.",
        ),
        (
            lambda f, k: f[:k].prod(axis=0),
            "These are the steps before c_k. The way leads from c_k to c_T.",
        ),
        (
            lambda f, k: f[k:].sum(axis=0),
            "Along one path the derivatives are multiplied, not added.",
        ),
        (
            lambda f, k: f[k:].prod(),
            "Each cell has gates of its own: multiply over the steps only.",
        ),
        (
            lambda f, k: f[-1] ** (len(f) - k),
            "The gates differ from step to step: multiply them, in place of a power of the last.",
        ),
    ),
)

# --- how many parameters ---------------------------------------------------------------------

_BLOCKS = {"rnn": 1, "lstm": 4, "peephole": 4, "gru": 3}


def _parameters(inputs, units, cell):
    peepholes = 3 * units if cell == "peephole" else 0
    return _BLOCKS[cell] * units * (inputs + units + 1) + peepholes


_PARAMETERS = Exercise(
    "gated_memory.recurrent_parameters",
    solution=_parameters,
    cases=lambda rng: [
        (10, 20, "lstm"),
        (10, 20, "peephole"),
        (10, 20, "gru"),
        (10, 20, "rnn"),
        *(
            (int(rng.integers(2, 50)), int(rng.integers(2, 50)), cell)
            for cell in ("lstm", "peephole", "gru", "rnn") * 2
        ),
    ],
    hint="A gate or candidate has a weight for each input and each unit of h, and a bias, all this "
    "for each unit. Count the blocks: 1, 4, 4, 3. A peephole is one weight, not a matrix.",
    mistakes=(
        (
            lambda inputs, units, cell: _BLOCKS[cell] * units * (inputs + units),
            "The biases are missing: one for each unit of each block. (And a peephole LSTM has its "
            "peepholes.)",
        ),
        (
            lambda inputs, units, cell: (
                _parameters(inputs, units, cell) + (3 * units if cell == "gru" else 0)
            ),
            "That is Keras's count with reset_after, which has two biases for each block. The "
            "equations of this chapter have one.",
        ),
        (
            lambda inputs, units, cell: _BLOCKS[cell] * units * (inputs + units + 1),
            "The peepholes are missing.",
        ),
        (
            lambda inputs, units, cell: (
                _parameters(inputs, units, cell) + (units if cell == "peephole" else 0)
            ),
            "The candidate has no peephole: three gates have one.",
        ),
        (
            lambda inputs, units, cell: (
                _BLOCKS[cell] * units * (inputs + units + 1)
                + (3 * units * units if cell == "peephole" else 0)
            ),
            "A peephole joins a gate to its own cell alone: 3 * units weights, not three matrices.",
        ),
        (
            lambda inputs, units, cell: _BLOCKS[cell] * (units * (inputs + 1) + 1),
            "The matrix from h to each block is missing.",
        ),
    ),
    rtol=0,  # a count
)

# --- a bias for a half-life ------------------------------------------------------------------


def _forget_bias(half_life):
    return -np.log(2 ** (1 / half_life) - 1)


_FORGET_BIAS = Exercise(
    "gated_memory.forget_bias",
    solution=_forget_bias,
    cases=lambda rng: [
        (1,),  # a gate of 1/2
        (2,),
        (50,),
        (1000,),
        *((int(number),) for number in rng.integers(3, 200, 8)),
    ],
    hint="The gate must be f with f**half_life = 1/2, so f = 2**(-1 / half_life); the bias is "
    "where the sigmoid is f: log(f / (1 - f)).",
    mistakes=(
        (
            lambda half_life: 2 ** (-1 / half_life),
            "This is the gate itself. Which bias makes the sigmoid that large?",
        ),
        (
            lambda half_life: -_forget_bias(half_life),
            "The sign is wrong: a long half-life needs a large positive bias.",
        ),
        (
            lambda half_life: np.log(half_life),
            "Close for long half-lives, but it is not exact: log(f / (1 - f)) with "
            "f = 2**(-1 / half_life).",
        ),
        (
            lambda half_life: -np.log(np.exp(1 / half_life) - 1),
            "With this bias 1/e of the memory is left, not one half.",
        ),
        (
            lambda half_life: np.log(2 * half_life - 1),
            "This gate is 1 - 1 / (2 * half_life): what is lost in one step, times the steps, is "
            "one half. But each step takes its part of what is left.",
        ),
    ),
)

# --- diagonals -------------------------------------------------------------------------------


def _scan_steps(height, width):
    return np.add.outer(np.arange(height), np.arange(width)[::-1])


_SCAN_STEPS = Exercise(
    "gated_memory.scan_steps",
    solution=_scan_steps,
    cases=lambda rng: [
        (2, 3),
        (3, 2),
        (1, 4),
        (4, 1),
        *((int(rng.integers(2, 6)), int(rng.integers(2, 6))) for _ in range(8)),
    ],
    read=lambda result, height, width: numbers(result, (height, width), "The array"),
    hint="From the upper right corner a cell waits for the one above it and the one to the right "
    "of it: row r, column c comes at step r + (width - 1 - c).",
    mistakes=(
        (
            lambda height, width: _scan_steps(height, width)[:, ::-1],
            "This scan begins in the upper left corner. Begin in the upper right one.",
        ),
        (
            lambda height, width: _scan_steps(height, width)[::-1],
            "This scan begins in the lower right corner. Begin in the upper right one.",
        ),
        (
            lambda height, width: _scan_steps(height, width)[::-1, ::-1],
            "This scan begins in the lower left corner. Begin in the upper right one.",
        ),
        (
            lambda height, width: _scan_steps(height, width) + 1,
            "Steps are counted from 0.",
        ),
        (
            lambda height, width: np.arange(height * width).reshape(height, width)[:, ::-1],
            "This goes cell by cell. Cells of a diagonal don't wait for each other: they share a "
            "step.",
        ),
    ),
)

EXERCISES = (LSTM_STEP, _MEMORY_GRADIENT, _FORGET_BIAS, GRU_STEP, _PARAMETERS, _SCAN_STEPS)
