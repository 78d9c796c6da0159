"""Each exercise: right answers written another way pass, and the usual mistakes get their hint."""

from importlib import import_module

import numpy as np
import pytest

from nncourse import assignments
from nncourse.assignments._check import EXERCISES
from tests.assignments.answers.multilayer_perceptron import parameter_count
from tests.assignments.answers.perceptron import hebbian, rosenblatt

SEEDS = range(5)
CHAPTERS = dict.fromkeys(name.split(".")[0] for name in assignments.list())
ANSWERS = [
    answer
    for chapter in CHAPTERS
    for answer in import_module(f"tests.assignments.answers.{chapter}").ANSWERS
]


def test_every_exercise_has_an_answer_written_another_way():
    assert {name for name, _ in ANSWERS} == set(assignments.list())


@pytest.mark.parametrize(("name", "answer"), ANSWERS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_right_answer_passes(name, answer, seed):
    report = assignments.check(name, answer, seed=seed)
    assert report.passed, report
    assert report.score == 1
    assert report.hint == ""
    assert report.right == report.inputs >= 4


@pytest.mark.parametrize("name", assignments.list())
@pytest.mark.parametrize("seed", SEEDS)
def test_the_solution_passes(name, seed):
    assert assignments.check(name, EXERCISES[name].solution, seed=seed).passed


@pytest.mark.parametrize("name", assignments.list())
def test_every_known_mistake_fails_with_a_hint_of_its_own(name):
    hints = [hint for _, hint in EXERCISES[name].mistakes]
    assert len(set(hints)) == len(hints) >= 3
    for mistake, hint in EXERCISES[name].mistakes:
        for seed in SEEDS:
            report = assignments.check(name, mistake, seed=seed)
            assert not report.passed
            assert report.score == 0
            assert report.hint == hint


def mistakes(name):
    """Wrong answers for every exercise: what costs no thought, and a right one spoiled."""
    exercise = EXERCISES[name]
    if exercise.is_value:
        size = 3 if name.startswith("perceptron") else 4
        yield from (0, (0,) * size, (1,) * size, np.zeros(size), (np.nan,) * size, [], {}, "xor")
        yield ([[0, 0], [0, 0]], [0, 0], [0, 0], 0)
        yield ([[1, 1], [1, 1]], [1, 1], [1, 1], 1)
        return
    solution = exercise.solution
    for position in range(len(exercise.parameters)):
        yield lambda *arguments, i=position: arguments[i]
    for constant in (0, 1, -1, 0.5, True, [], (), {}, "", np.zeros(3), np.zeros((1, 1)), np.nan):
        yield lambda *arguments, c=constant: c
    yield lambda *arguments: arguments
    yield lambda *arguments: np.zeros_like(EXERCISES[name].outcome(solution, arguments))
    yield lambda *arguments: np.negative(solution(*arguments))
    yield lambda *arguments: np.multiply(solution(*arguments), 1.01)
    yield lambda *arguments: np.add(solution(*arguments), 0.01)
    yield lambda *arguments: np.expand_dims(solution(*arguments), 0)
    yield lambda *arguments: np.random.default_rng(0).normal(size=np.shape(solution(*arguments)))

    cache = []

    def first_answer(*arguments):
        cache.append(solution(*arguments))
        return cache[0]

    yield first_answer

    seen = []

    def right_for_half(*arguments):
        seen.append(1)
        return solution(*arguments) if len(seen) <= 6 else arguments[0]

    yield right_for_half

    known = {
        repr(arguments): solution(*arguments)
        for arguments in exercise.cases(np.random.default_rng(1))
    }
    yield lambda *arguments: known.get(repr(arguments), arguments[0])  # learned by heart


@pytest.mark.parametrize("name", assignments.list())
@pytest.mark.parametrize("seed", [0, None])
def test_an_answer_without_thought_does_not_pass(name, seed):
    for answer in mistakes(name):
        report = assignments.check(name, answer, seed=seed)
        assert report.status == "failed"
        assert report.hint


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda w, x, t, lr: w, "unchanged"),
        (
            lambda w, x, t, lr: w + lr * ((1 if w[0] + w[1:] @ x > 0 else -1) - t) * np.r_[1, x],
            "wrong way",
        ),
        (lambda w, x, t, lr: np.r_[w[0], rosenblatt(w, x, t, lr)[1:]], "bias w[0] never changes"),
        (lambda w, x, t, lr: w + 2 * lr * t * np.r_[1, x], "even where the output is right"),
        (lambda w, x, t, lr: rosenblatt(w, x, t, 1), "learning rate lr is missing"),
        (
            lambda w, x, t, lr: rosenblatt(w, x, t, lr) if t * (w[0] + w[1:] @ x) < 0 else w,
            "score of exactly 0",
        ),
        (lambda w, x, t, lr: hebbian(w, x, t, lr), "half as long"),
        (
            lambda w, x, t, lr: np.r_[rosenblatt(np.r_[w[-1], w[:-1]], x, t, lr)[1:], 0],
            "w[0] + w[1:] @ x",
        ),
    ],
)
def test_the_mistakes_of_rosenblatts_rule_are_told_apart(answer, hint):
    assert hint in assignments.check("perceptron.rosenblatt_update", answer).hint


def test_the_published_parameter_count():
    seen = {}

    def count(sizes):
        seen[tuple(sizes)] = True
        return 23860

    report = assignments.check("multilayer_perceptron.parameter_count", count)
    assert report.right == 1
    assert (784, 30, 10) in seen


def test_one_parameter_too_many_is_too_many():
    report = assignments.check(
        "multilayer_perceptron.parameter_count",
        lambda sizes: parameter_count(sizes) + (parameter_count(sizes) > 20_000),
    )
    assert report.failing_input == {"sizes": [784, 30, 10]}


def test_softmax_that_overflows_is_told_why():
    report = assignments.check(
        "multilayer_perceptron.softmax",
        lambda z, temperature: (
            np.exp(z / temperature) / np.exp(z / temperature).sum(axis=-1, keepdims=True)
        ),
    )
    assert "overflows" in report.hint
    assert np.isnan(report.received).any()


def test_the_first_failing_input_of_nand_is_named():
    report = assignments.check("perceptron.nand_weights", (-1, 2, 2))
    assert report.failing_input == {"x1": 0, "x2": 0}
    assert (report.expected, report.received) == (1, 0)
    assert "OR" in report.hint
