"""Records of the tasks for machines with a memory, and the networks that come with the package."""

import dataclasses
import hashlib
import json
from pathlib import Path

import jsonschema
import pytest

import nncourse
from nncourse.experiments import machine_table
from nncourse.experiments._machine import Machine, answers, draw, kinds, score
from nncourse.experiments.machine_results import machine_lines, solved_after
from nncourse.experiments.ntm import RECIPES, TASKS
from nncourse.models import load_trained, trained_names
from tests.experiments.record_schema import machine_schema
from tools.results import PAGE, REFERENCE, committed_records

TRAINED = Path(nncourse.__file__).parent / "models" / "trained_networks"


def record(model="ntm", task="copy", seed=0, wrong=(20, 3, 0.05, 0.02), **others):
    """What the table needs of a record."""
    recipe = {"epochs": len(wrong), "epoch_steps": 50, "batch_size": 16, "units": 100}
    recipe |= {"depth": 2} if model == "lstm" else {
        "controller": "lstm", "heads": 1, "memory_slots": 128, "memory_width": 20
    }  # fmt: skip
    test = {"sequences": 512, "asked": 84.06, "wrong_bits": 0.123, "faultless": 0.5, "cost": 2.345}
    return {
        "model": model,
        "data": task,
        "seed": seed,
        "recipe": recipe,
        "parameters": 62660,
        "test": [test | {"kind": "as in training"}, test | {"kind": "length 40", "wrong_bits": 7}],
        "history": [{"epoch": i + 1, "val_wrong_bits": w} for i, w in enumerate(wrong)],
        "seconds": {"wall": 100.0, "cpu": 90.0},
    } | others


# --- the book's ---------------------------------------------------------------------------------


def test_the_books_records_are_whole():
    records = committed_records("ntm")
    assert machine_table(records) in PAGE.read_text()
    for path in sorted((REFERENCE / "records/ntm").glob("*.json")):
        found = json.loads(path.read_text())
        model, task = found["model"], found["data"]
        jsonschema.validate(found, machine_schema(model, task))
        assert path.stem == f"{model}-{task}-seed{found['seed']}"
        assert found["recipe"] == dataclasses.asdict(RECIPES[model][task])
        assert [row["epoch"] for row in found["history"]] == [
            epoch + 1 for epoch in range(found["recipe"]["epochs"])
        ]
        assert [test["kind"] for test in found["test"]] == [
            *kinds(task, RECIPES[model][task].episodes)
        ]
        assert all(test["sequences"] == 512 for test in found["test"])
        assert found["commit"] is not None


def test_the_copy_task_is_learned():
    """Within 10,000 sequences, and it stays there; the LSTM beside it never does."""
    solved = {
        (found["model"], found["seed"]): solved_after(found)
        for found in committed_records("ntm")
        if found["data"] == "copy"
    }
    assert {seed for model, seed in solved if model == "ntm"} >= {0, 1, 2}
    for (model, _), sequences in solved.items():
        assert sequences is None if model == "lstm" else sequences <= 10_000


def test_the_networks_that_come_along_are_those_of_records():
    made = {found["network_sha256"]: found for found in committed_records("ntm")}
    files = sorted(TRAINED.iterdir())
    assert [path.stem for path in files] == trained_names()
    for path in files:
        found = made[hashlib.sha256(path.read_bytes()).hexdigest()]
        assert path.name == f"{found['model']}-{found['data']}.keras"
    assert sum(path.stat().st_size for path in files) <= 900_000


@pytest.mark.parametrize("name", trained_names())
def test_a_network_that_comes_along_does_what_its_record_says(name):
    digest = hashlib.sha256((TRAINED / f"{name}.keras").read_bytes()).hexdigest()
    (found,) = [r for r in committed_records("ntm") if r["network_sha256"] == digest]
    network = load_trained(name)
    network.jit_compile = False
    assert network.count_params() == found["parameters"]
    test = found["test"][0]
    episodes = draw(found["data"], found["recipe"]["episodes"], 512, 2**31 + 1)
    scored = score(answers(network, episodes.x), episodes)
    assert scored["cost"] == pytest.approx(test["cost"], rel=0.01, abs=0.05)
    assert scored["wrong_bits"] == pytest.approx(test["wrong_bits"], rel=0.01, abs=0.05)


def test_a_network_that_does_not_come_along():
    with pytest.raises(ValueError, match=r"`name` must be one of .*ntm-copy.* name='ntm-chess'"):
        load_trained("ntm-chess")


# --- tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "epochs"),
    [
        ([5, 0.05, 0], 2),
        ([0, 0, 0], 1),
        ([0.05, 5, 0.0999], 3),
        ([5, 0.05, 0.1], None),  # there at some time, but it did not stay there
        ([5, 5, 5], None),
    ],
)
def test_solved_is_what_stays_solved(wrong, epochs):
    sequences = None if epochs is None else epochs * 50 * 16
    assert solved_after(record(wrong=wrong)) == sequences


def test_the_table():
    guesses = [{"order": 1, "cost": 150.0}, {"order": 2, "cost": 131.0}, {"order": 3, "cost": 140}]
    table = machine_table(
        [
            record(task="dynamic_ngrams", guesses=guesses),
            record("lstm"),
            record(seed=1, wrong=(9, 8, 7, 6)),
            record(),
        ]
    )
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
    assert {len(row) for row in rows} == {9}
    assert rows[2] == [
        "copy", "NTM, LSTM 100, 128×20", "62,660", "3,200", "2,400, –", "as in training",
        "0.12&nbsp;(0), 0.12&nbsp;(1)", "84", "1.5, 1.5",
    ]  # fmt: skip
    assert rows[3] == ["", "", "", "", "", "length 40", "7.00&nbsp;(0), 7.00&nbsp;(1)", "84", ""]
    assert rows[4][:2] == ["copy", "LSTM, 2 × 100 units"]
    assert rows[6][0] == "dynamic ngrams"
    assert rows[8][5:7] == ["cost in bits", "2.3; the best there is 131.0, with one bit less 140.0"]
    assert len(rows) == 9


def test_a_table_has_a_record_once():
    with pytest.raises(ValueError, match=r"Received: seeds \[3, 3\] of lstm on copy"):
        machine_table([record("lstm", seed=3)] * 2)


def test_what_a_terminal_shows():
    guesses = [{"order": 1, "cost": 150.0}]
    lines = machine_lines(record(guesses=guesses)).splitlines()
    assert lines[1].split() == ["as", "in", "training", "84.1", "0.12", "2.35", "50.0%"]
    assert lines[3].split() == ["best", "of", "order", "1", "150.00"]
    assert lines[3].index("150.00") + 6 == lines[1].index("2.35") + 4  # one column of costs


def test_every_task_has_recipes_for_both_networks():
    for recipes in RECIPES.values():
        assert list(recipes) == list(TASKS)
        for task in TASKS:
            assert Machine(recipes[task], task).steps == recipes[task].epoch_steps
