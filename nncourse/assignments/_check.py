"""Checks an answer to an exercise."""

import builtins
import difflib
import json
import os

import numpy as np

from nncourse.assignments import (
    attention,
    backpropagation,
    convolution_arithmetic,
    convolutional_networks,
    filters,
    gated_memory,
    generalization,
    language_models,
    losses,
    multilayer_perceptron,
    neural_turing_machines,
    perceptron,
    recurrent_networks,
    sequence_to_sequence,
    time_series,
    training,
)
from nncourse.assignments._attempt import Outcome, attempt, is_blank
from nncourse.assignments._exercise import Exercise
from nncourse.assignments._report import Report

EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise
    for chapter in (
        perceptron,
        multilayer_perceptron,
        backpropagation,
        losses,
        generalization,
        training,
        filters,
        convolution_arithmetic,
        convolutional_networks,
        time_series,
        recurrent_networks,
        gated_memory,
        language_models,
        sequence_to_sequence,
        attention,
        neural_turing_machines,
    )
    for exercise in chapter.EXERCISES
}

# While a notebook is graded, this variable names the file that its reports are handed in by.
GRADING_FILE = "NNCOURSE_GRADING_FILE"

_TIME_LIMIT = 10.0  # seconds


def list() -> builtins.list[str]:
    """The names of all exercises, in the order of the chapters.

    Example:
        >>> from nncourse import assignments
        >>> assignments.list()[:2]
        ['perceptron.nand_weights', 'perceptron.hebbian_update']
    """
    return builtins.list(EXERCISES)


def check(name: str, answer, seed: int | None = None) -> Report:
    """Says whether an answer to an exercise is right, and if not which input broke it.

    The answer is tried on edge cases and on fresh random inputs, without a network. Whatever it
    does (crash, exit, change its arguments, print without end) the check returns a report and
    raises nothing; what it prints is not shown. After 10 s it is stopped. An answer that never
    lets an exception pass, or that is inside one long call of a library written in C, is left
    behind in a thread of its own; one that keeps Python's lock in such a call (`10**10**9`) holds
    up the check, and one that kills the process, of course, kills it.

    Args:
        name: The exercise, `"chapter.name"`; `assignments.list()` has them all.
        answer: A function, or a plain value where the exercise asks for one. A stub, which is or
            returns `...` or None, counts as not attempted.
        seed: Makes the random inputs the same in every call. Ignored while a notebook is graded.

    Returns:
        A `Report`: `passed`, `score`, `status`, `failing_input`, `expected`, `received`, `hint`.

    Raises:
        ValueError: If there is no exercise of that name.

    Example:
        >>> from nncourse import assignments
        >>> assignments.check("multilayer_perceptron.parameter_count", sum)
        multilayer_perceptron.parameter_count: failed (0 of 12 inputs right)
          First input that fails: sizes = [784, 30, 10]
          Expected: 23860
          Received: 824
          Hint: This counts the units. Count weights between neighboring layers, and biases.
    """
    if not isinstance(name, str) or name not in EXERCISES:
        close = difflib.get_close_matches(str(name), EXERCISES, n=3, cutoff=0.5)
        raise ValueError(
            f"`name` must be one of the exercises in assignments.list(). Received: {name=}."
            + (f" Did you mean {' or '.join(close)}?" if close else "")
        )
    handed_in = os.environ.get(GRADING_FILE)
    rng = np.random.default_rng(None if handed_in else seed)
    report = _examine(EXERCISES[name], answer, rng, _TIME_LIMIT)
    if handed_in:
        with open(handed_in, "a", encoding="utf-8") as file:
            file.write(json.dumps(report.to_dict()) + "\n")
    return report


def _examine(exercise: Exercise, answer, rng: np.random.Generator, seconds: float) -> Report:
    if is_blank(answer):
        return _not_attempted(exercise)
    if exercise.is_value == callable(answer):
        return Report(exercise.name, "failed", hint=_other_kind(exercise))
    inputs = [*exercise.cases(rng)]
    outcomes = attempt(exercise, answer, inputs, seconds)
    if all(outcome.blank and not outcome.changed for outcome in outcomes):
        return _not_attempted(exercise)
    expected = [exercise.outcome(exercise.solution, arguments) for arguments in inputs]
    right = [
        outcome.value is not None and not outcome.changed and exercise.agree(outcome.value, value)
        for outcome, value in zip(outcomes, expected, strict=False)
    ]
    if all(right):
        return Report(exercise.name, "passed", right=len(inputs), inputs=len(inputs))
    first = right.index(False)
    return Report(
        exercise.name,
        "failed",
        hint=_hint(exercise, inputs, outcomes, first, expected[first]),
        failing_input=dict(zip(exercise.parameters, inputs[first], strict=True)),
        expected=expected[first],
        received=_received(outcomes[first]),
        right=sum(right),
        inputs=len(inputs),
    )


def _hint(exercise, inputs, outcomes: builtins.list[Outcome], first: int, expected) -> str:
    """The hint of the one mistake that explains all results, else for the first that is wrong."""
    outcome = outcomes[first]
    if outcome.changed:
        name = outcome.changed[0]
        return (
            f"Your function changes its argument {name} itself, as `{name} += ...` or "
            f"`{name}[0] = ...` do to an array or a list. Make a new one: `{name} = {name} + ...`, "
            f"or begin with a copy."
        )
    if outcome.blank:
        return "For this input your function returns nothing: every branch needs a `return`."
    if outcome.problem:
        return outcome.hint
    for mistake, hint in exercise.mistakes:
        if all(
            outcome.value is not None
            and exercise.agree(outcome.value, exercise.outcome(mistake, arguments))
            for outcome, arguments in zip(outcomes, inputs, strict=False)
        ):
            return hint
    if outcome.value.shape != expected.shape:
        return (
            f"The answer must have the shape {expected.shape}, and yours has "
            f"{outcome.value.shape}; () is a single number. {exercise.hint}"
        )
    if not np.isfinite(outcome.value).all():
        return f"Your answer holds NaN or infinity. {exercise.hint}"
    return exercise.hint


def _received(outcome: Outcome) -> np.ndarray | str:
    if outcome.changed:
        return f"a changed {outcome.changed[0]}"
    if outcome.blank:
        return "None"
    return outcome.problem if outcome.value is None else outcome.value


def _not_attempted(exercise: Exercise) -> Report:
    hint = "Write your answer in place of the dots, then check it again."
    if not exercise.is_value:
        hint += " If you have, does the function end with `return`?"
    return Report(exercise.name, "not attempted", hint=hint)


def _other_kind(exercise: Exercise) -> str:
    if exercise.is_value:
        return f"The answer is a value, not a function. {exercise.hint}"
    function = exercise.name.split(".")[1]
    return (
        f'Hand over the function itself, not what it returns: check("{exercise.name}", {function}).'
    )
