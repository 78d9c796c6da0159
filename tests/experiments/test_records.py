"""Records: those that are part of the book, the tables made of them, what a record says."""

import copy
import json
import subprocess
import sys

import jsonschema
import keras
import numpy as np
import pytest

import nncourse
from nncourse.experiments import _environment, results_table, train_mnist
from nncourse.experiments._files import replacing
from nncourse.experiments._recipes import RECIPES, SOURCES
from nncourse.experiments.results import terminal_table
from tests.experiments.record_schema import LADDER_RECORD
from tools.results import PAGE, REFERENCE, committed_records, renewed, replaced


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A record as it is made today."""
    folder = tmp_path_factory.mktemp("made")
    train_mnist("baseline", epochs=1, quick=True, output=folder, report=lambda line: None)
    return json.loads((folder / "baseline-seed0-quick.json").read_text())


def on_mnist(made, model, seed, errors, members=()):
    record = copy.deepcopy(made) | {"model": model, "data": "mnist", "seed": seed}
    record["test"] = {"images": 10_000, "errors": errors, "accuracy": 1 - errors / 10_000}
    record["members"] = [
        {"seed": 1, "test": {**record["test"], "errors": alone}} for alone in members or [errors]
    ]
    record["recipe"] |= {"members": len(members) or 1, "epochs": 7}
    return record | {"parameters": 12_345, "seconds": {"wall": 90.0, "cpu": 100.0}}


# --- the book's ---------------------------------------------------------------------------------


def test_the_page_has_the_table_of_the_records():
    page = PAGE.read_text()
    assert renewed(page) == page
    assert results_table(committed_records("mnist")) in page


def test_the_books_records_are_whole():
    for path in (REFERENCE / "records/mnist").glob("*.json"):
        record = json.loads(path.read_text())
        check(record)
        assert path.stem == f"{record['model']}-seed{record['seed']}"
        assert record["data"] == "mnist"
        assert record["test"]["images"] == record["validation"]["images"] == 10_000
        assert record["commit"] is not None
        assert record["recipe"]["epochs"] <= 20 or record["model"] == "v8"
        assert record["seconds"]["cpu"] < 2 * 45 * 60  # 45 minutes on two cores


def check(record):
    jsonschema.validate(record, LADDER_RECORD)
    recipe, history = record["recipe"], record["history"]
    assert len(record["members"]) == recipe["members"]
    places = [(row["member"], row["epoch"]) for row in history]
    assert places == [
        (member + 1, epoch + 1)
        for member in range(recipe["members"])
        for epoch in range(recipe["epochs"])
    ]
    for part in (record["validation"], record["test"], *(m["test"] for m in record["members"])):
        assert part["accuracy"] == pytest.approx(1 - part["errors"] / part["images"], abs=1e-6)
    if recipe["members"] == 1:
        assert history[-1]["val_accuracy"] == record["validation"]["accuracy"]
        assert record["members"][0]["test"] == record["test"]
    assert sum(row["seconds"] for row in history) <= record["seconds"]["wall"] + 0.1 * len(history)


# --- one made today -----------------------------------------------------------------------------


def test_a_record_as_it_is_made_today(made):
    check(made)
    backend = keras.backend.backend()
    assert made["backend"] == backend
    assert made["versions"] == {
        "python": sys.version.split()[0],
        "keras": keras.__version__,
        backend: sys.modules[backend].__version__,
        "numpy": np.__version__,
        "nncourse": nncourse.__version__,
    }
    assert len(made["network_sha256"]) == 64
    assert made["hardware"]["cores"] >= 1
    assert made["seconds"]["cpu"] > 0


@pytest.mark.parametrize("lacking", sorted(LADDER_RECORD["required"]))
def test_a_record_that_lacks_something_would_be_found(lacking, made):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({k: v for k, v in made.items() if k != lacking}, LADDER_RECORD)


def git(folder, *words):
    options = ("-c", "user.name=n", "-c", "user.email=e@x", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *options, *words], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_commit_is_that_of_the_package(tmp_path, monkeypatch):
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.setattr(_environment, "_PACKAGE", package)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert _environment.commit() is None
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "another project's")
    assert _environment.commit() is None  # installed there, and not a part of it
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "its own")
    head = git(tmp_path, "rev-parse", "HEAD")
    (tmp_path / "notes.txt").touch()
    assert _environment.commit() == {"hash": head, "dirty": False}
    (package / "new.py").touch()
    assert _environment.commit() == {"hash": head, "dirty": True}
    monkeypatch.setenv("PATH", str(tmp_path))  # no git
    assert _environment.commit() is None


# --- tables -------------------------------------------------------------------------------------


def test_every_rung_has_a_recipe_and_a_figure():
    assert list(RECIPES) == list(SOURCES) == LADDER_RECORD["properties"]["model"]["enum"]
    ladder = {rung: recipe for rung, recipe in RECIPES.items() if rung != "v8"}
    assert all(1 <= recipe.epochs <= 20 for recipe in ladder.values())


def test_the_table_of_records(made):
    records = [
        on_mnist(made, "v7", 1, 33, members=(41, 39)),
        on_mnist(made, "v1", 1, 130),
        on_mnist(made, "v1", 0, 116),
    ]
    rows = results_table(records).splitlines()
    cells = {row.split("|")[1].strip(): [c.strip() for c in row.split("|")[2:-1]] for row in rows}
    assert len(rows) == 2 + len(RECIPES)
    assert cells["v1"] == [
        "98.78", "98.84&nbsp;(0), 98.70&nbsp;(1)", "116, 130", "12,345", "7", "1.7, 1.7"
    ]  # fmt: skip
    assert cells["v7"][2:] == ["33 (members 39 to 41)", "12,345", "2 × 7", "1.7"]
    assert set(cells["v2"][1:]) == {"–"}
    assert len({row.count("|") for row in rows}) == 1
    page = replaced(f"# Page\n\n{results_table([])}\nThe end.\n", results_table(records))
    assert page == f"# Page\n\n{results_table(records)}\nThe end.\n"


def test_records_that_make_no_table(made):
    with pytest.raises(ValueError, match=r"must be trained on MNIST\. Received: data='digits'"):
        results_table([made])
    with pytest.raises(ValueError, match="Received: two of v1, seed 0"):
        results_table([on_mnist(made, "v1", 0, 1)] * 2)
    with pytest.raises(ValueError, match=r"one table that begins with '\| Rung \|'\. Received: 0"):
        replaced("# Page\n", results_table([]))


def test_the_table_for_a_terminal(made):
    lines = terminal_table(
        [on_mnist(made, "v1", 0, 116), on_mnist(made, "v7", 1, 33, members=(41, 39))]
    ).splitlines()
    assert lines[1].split() == ["v1", "98.84", "98.78", "12,345", "7", "90"]
    assert lines[2].split() == ["v7", "99.67", "99.67", "12,345", "2", "x", "7", "90"]
    assert len({len(line) for line in lines}) == 1


# --- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_a_file_is_replaced_whole_or_not_at_all(error, tmp_path):
    path = tmp_path / "folder" / "file.txt"
    with replacing(path) as new:
        new.write_text("old")
        assert not path.exists()

    def fail():
        with replacing(path) as new:
            new.write_text("half")
            raise error

    with pytest.raises(error):
        fail()
    assert path.read_text() == "old"
    assert list(path.parent.iterdir()) == [path]
