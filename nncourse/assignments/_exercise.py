"""What an exercise is: fresh inputs, a solution, and the mistakes that are usually made."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np


class WrongForm(Exception):
    """The answer is not of the form that the exercise asks for; the message says what is."""


@dataclass(frozen=True)
class Exercise:
    """One exercise of a chapter.

    The answer is a function, called on every input, or a plain value, such as the weights of a
    network. What it gives on an input is made comparable by `read`: for a value that is the only
    place where the input enters.

    Attributes:
        name: The chapter and the function or value that is asked for, `"chapter.name"`.
        solution: A right answer: a function, or a value.
        cases: Draws the inputs from a NumPy generator, as tuples of arguments: edge cases first,
            then random ones.
        hint: What to think of when none of the `mistakes` was made.
        mistakes: Pairs of a wrong answer and the hint for whoever gives the same results.
        read: Called as `read(result, *arguments)`; turns what the function returned, or the value,
            into numbers to compare. May raise `WrongForm`.
        rtol: The relative tolerance, which leaves room for single precision.
    """

    name: str
    solution: Any
    cases: Callable[[np.random.Generator], Iterable[tuple]]
    hint: str
    mistakes: tuple[tuple[Any, str], ...] = ()
    read: Callable = lambda result, *arguments: result
    rtol: float = 1e-4

    @property
    def is_value(self) -> bool:
        """Whether the answer is a plain value and not a function."""
        return not callable(self.solution)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the arguments that make up an input."""
        if self.is_value:
            return tuple(inspect.signature(self.read).parameters)[1:]
        return tuple(inspect.signature(self.solution).parameters)

    @property
    def call(self) -> str:
        """How the function is called, such as `softmax(z, temperature)`."""
        return f"{self.name.split('.')[1]}({', '.join(self.parameters)})"

    def outcome(self, answer, arguments: tuple) -> np.ndarray:
        """What an answer of our own, a solution or a known mistake, gives on an input."""
        # A known mistake may overflow: that it does is what makes it one.
        with np.errstate(all="ignore"):
            result = answer if self.is_value else answer(*arguments)
            return np.asarray(self.read(result, *arguments), dtype=float)

    def agree(self, one: np.ndarray, other: np.ndarray) -> bool:
        """Whether two outcomes are equal up to the tolerance, in shape as well."""
        return one.shape == other.shape and np.allclose(
            one, other, rtol=self.rtol, atol=1e-6, equal_nan=True
        )


def numbers(value, shape: tuple[int, ...], what: str) -> np.ndarray:
    """A part of an answer as finite floats of a given shape, or else a `WrongForm`."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        array = np.asarray(None)
    if array.dtype.kind not in "biuf":
        raise WrongForm(f"{what} must hold numbers and nothing else, in the shape {shape}.")
    if array.shape != shape:
        raise WrongForm(f"{what} must have the shape {shape}, and yours has {array.shape}.")
    if not np.isfinite(array).all():
        raise WrongForm(f"{what} must hold finite numbers.")
    return array.astype(float)


def draw(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Random numbers that are short enough to be typed in again."""
    return rng.normal(scale=2, size=shape).round(2)
