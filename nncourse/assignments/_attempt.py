"""Runs an answer, whatever it is, and turns what it gives into plain data."""

import copy
import inspect
import os
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

import numpy as np

from nncourse.assignments._exercise import Exercise, WrongForm
from nncourse.assignments._time_limit import Stop, run_for

_LARGEST = 100_000  # numbers in a result; no exercise has a tenth as many


@dataclass(frozen=True)
class Outcome:
    """What an answer gave on one input. Nothing of the answer's own code is left in it.

    Attributes:
        value: The numbers it gave, or None.
        blank: Whether it gave nothing yet: None or `...`.
        changed: The names of the arguments that it changed in place.
        problem: What came where there is no value.
        hint: What to do about the problem, where that is known.
    """

    value: np.ndarray | None = None
    blank: bool = False
    changed: tuple[str, ...] = ()
    problem: str = ""
    hint: str = ""


def is_blank(answer) -> bool:
    """Whether an answer is still a stub: None, `...`, or a list or tuple of these."""
    if type(answer) in (list, tuple):
        return len(answer) > 0 and all(is_blank(part) for part in answer)
    return answer is None or answer is ...


def attempt(exercise: Exercise, answer, inputs: list[tuple], seconds: float) -> list[Outcome]:
    """One outcome for each input, up to the one at which the time was up.

    What the answer prints or warns of is thrown away.
    """
    outcomes = []

    def work() -> None:
        with np.errstate(all="ignore"):
            for arguments in inputs:
                outcomes.append(_attempt_one(exercise, answer, arguments))

    with (
        open(os.devnull, "w", encoding="utf-8", errors="replace") as sink,
        redirect_stdout(sink),
        redirect_stderr(sink),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        run_for(work, seconds)
    outcomes = outcomes[: len(inputs)]  # a copy: a thread left behind may still add to the other
    if len(outcomes) < len(inputs):
        outcomes.append(_out_of_time(seconds))
    return outcomes


def _attempt_one(exercise: Exercise, answer, arguments: tuple) -> Outcome:
    given = copy.deepcopy(arguments)
    try:
        result = answer if exercise.is_value else answer(*given)
        changed = tuple(
            name
            for name, before, after in zip(exercise.parameters, arguments, given, strict=True)
            if not np.array_equal(before, after)
        )
        if is_blank(result):
            return Outcome(blank=True, changed=changed)
        return _numeric(exercise.read(result, *arguments), changed)
    except Stop:
        raise
    except WrongForm as error:
        return Outcome(problem="an answer of another form", hint=str(error))
    except BaseException as error:  # a SystemExit of the answer's own must not end the kernel
        return _crashed(exercise, answer, arguments, error)


def _numeric(result, changed: tuple[str, ...]) -> Outcome:
    array = np.asarray(result)
    if array.dtype.kind not in "biuf":
        return Outcome(
            problem=f"a value of type {type(result).__name__}",
            hint="The answer must be a number or an array of numbers.",
        )
    if array.size > _LARGEST:
        return Outcome(problem=f"an array of shape {array.shape}", hint="It is far too large.")
    return Outcome(value=np.array(array, dtype=float), changed=changed)


def _crashed(exercise: Exercise, answer, arguments: tuple, error: BaseException) -> Outcome:
    problem = type(error).__name__
    try:
        message = str(error)
        problem = f"{problem}: {message[:300]}" if message else problem
        fits = _takes(answer, arguments)
    except Exception:  # an exception or a function whose own methods raise: its name must do
        message, fits = "", True
    if isinstance(error, NotImplementedError):
        return Outcome(blank=True)
    if exercise.is_value:
        hint = "The answer can't be read as numbers."
    elif isinstance(error, TypeError) and not fits:
        hint = f"The function is called as {exercise.call}: it must take these arguments, in order."
    elif "truth value of an array" in message:
        hint = "`if` can't decide for a whole array at once: np.where can, number by number."
    elif isinstance(error, RecursionError):
        hint = "The function calls itself without end."
    else:
        hint = (
            "Your function crashed on this input. To see where, call it yourself: "
            "your_function(*report.failing_input.values())."
        )
    return Outcome(problem=problem, hint=hint)


def _takes(function, arguments: tuple) -> bool:
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    except ValueError:  # a function written in C that does not tell
        return True
    return True


def _out_of_time(seconds: float) -> Outcome:
    return Outcome(
        problem=f"nothing: it was stopped, for the time of {seconds:g} s was up",
        hint="Is there a loop that never ends? All inputs together should take well under a "
        "second. If this kernel is slow from now on, the loop could not be stopped: restart it.",
    )
