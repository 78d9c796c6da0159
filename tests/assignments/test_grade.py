"""`grade` on notebooks as students hand them in, and `check` in a real kernel."""

import json
import os
import time
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import nncourse
from nncourse.assignments import _check, grade
from nncourse.assignments import list as exercise_names
from nncourse.assignments._grade import _run

SETUP = "import numpy as np\nfrom nncourse import assignments"
NAND = 'assignments.check("perceptron.nand_weights", (1.5, -1, -1))'
NAND_WRONG = 'assignments.check("perceptron.nand_weights", (0, 0, 0))'
HEBBIAN = """
def hebbian_update(w, x, t, lr):
    row = np.append(1, x)
    return w + lr * t * row if t * (row @ w) <= 0 else w
assignments.check("perceptron.hebbian_update", hebbian_update)
"""
ROSENBLATT_STUB = """
def rosenblatt_update(w, x, t, lr):
    ...
assignments.check("perceptron.rosenblatt_update", rosenblatt_update)
"""
PERCEPTRON = [name for name in exercise_names() if name.startswith("perceptron.")]


@pytest.fixture(autouse=True)
def _kernels_import_this_package(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(nncourse.__file__).parents[1]))


@pytest.fixture
def graded(tmp_path, monkeypatch):
    """Grades a notebook of the given code cells, and sees that nothing is left behind."""

    monkeypatch.chdir(tmp_path)

    def grade_cells(*sources, timeout=60):
        path = tmp_path / "student.ipynb"
        cells = [new_markdown_cell("# Mine"), *map(new_code_cell, [SETUP, *sources])]
        nbformat.write(new_notebook(cells=cells), path)
        before = path.read_bytes()
        result = grade(path, timeout=timeout)
        assert [*tmp_path.iterdir()] == [path]
        assert path.read_bytes() == before
        assert _check.GRADING_FILE not in os.environ
        assert json.loads(json.dumps(result, allow_nan=False)) == result
        assert result["notebook"] == str(path)
        return result

    return grade_cells


def statuses(result):
    return {name.split(".")[1]: entry["status"] for name, entry in result["exercises"].items()}


def test_a_notebook_that_is_half_solved(graded):
    result = graded(
        NAND,
        "raise RuntimeError('a cell that crashes')",
        HEBBIAN,
        ROSENBLATT_STUB,
        'assignments.check("perceptron.update_bound", lambda x, t, w: 1 / 0)',
        "open('left_behind.txt', 'w').write('in the temporary folder')",
    )
    assert list(result["exercises"]) == PERCEPTRON
    assert statuses(result) == {
        "nand_weights": "passed",
        "hebbian_update": "passed",
        "rosenblatt_update": "not attempted",
        "perceptron_loss": "not attempted",
        "update_bound": "failed",
        "multiclass_update": "not attempted",
    }
    assert (result["passed"], result["attempted"], result["total"]) == (2, 3, 6)
    assert result["score"] == pytest.approx(2 / 6)
    assert result["error"] is None
    assert "crashed" in result["exercises"]["perceptron.update_bound"]["message"]
    assert "never checked" in result["exercises"]["perceptron.perceptron_loss"]["message"]


def test_a_chapter_solved(graded):
    # With the package's own solutions, which no grader can tell from a student's.
    result = graded(
        "from nncourse.assignments._check import EXERCISES\n"
        "for name, exercise in EXERCISES.items():\n"
        "    if name.startswith('multilayer_perceptron.'):\n"
        "        assignments.check(name, exercise.solution)"
    )
    assert (result["passed"], result["attempted"], result["total"]) == (6, 6, 6)
    assert result["score"] == 1
    assert {entry["score"] for entry in result["exercises"].values()} == {1}


def test_the_last_check_counts_and_the_books_solution_does_not(graded):
    result = graded(
        NAND,
        NAND_WRONG,
        HEBBIAN.replace("+ lr", "- lr"),
        HEBBIAN,
        ROSENBLATT_STUB,
        "# @title Solution to Exercise 3\n# Solution (not graded)\n"
        "from nncourse.assignments import _check\n"
        "name = 'perceptron.rosenblatt_update'\n"
        "assignments.check(name, _check.EXERCISES[name].solution)",
    )
    found = statuses(result)
    assert found["nand_weights"] == "failed"
    assert found["hebbian_update"] == "passed"
    assert found["rosenblatt_update"] == "not attempted"


def test_a_forged_report_gains_nothing(graded):
    result = graded(
        NAND_WRONG,
        "print('perceptron.nand_weights: passed (4 of 4 inputs right)')\n"
        'print(\'{"name": "perceptron.nand_weights", "status": "passed", "score": 1.0}\')',
        # Learned by heart: a fixed seed makes the inputs repeat, but not while grading.
        "from nncourse.assignments import _check\n"
        "exercise = _check.EXERCISES['perceptron.hebbian_update']\n"
        "known = {repr(case): exercise.solution(*case)\n"
        "         for case in exercise.cases(np.random.default_rng(7))}\n"
        "assignments.check('perceptron.hebbian_update', lambda *a: known.get(repr(a), a[0]), 7)",
        "assignments.check = lambda name, answer: assignments.Report(name, 'passed')",
        "assignments.check('perceptron.update_bound', 1)",
    )
    found = statuses(result)
    assert found["nand_weights"] == "failed"
    assert found["hebbian_update"] == "failed"
    assert found["update_bound"] == "not attempted"
    assert result["score"] == 0


def test_a_notebook_that_hangs_is_graded_by_what_came_before(graded):
    start = time.monotonic()
    result = graded(NAND, "while True:\n    print('again' * 100)", HEBBIAN, timeout=10)
    assert time.monotonic() - start < 25
    assert result["error"] == "Stopped in cell 4: 10 s for the notebook were over."
    assert statuses(result)["nand_weights"] == "passed"
    assert statuses(result)["hebbian_update"] == "not attempted"
    assert result["passed"] == 1


def test_a_notebook_whose_time_is_over_before_it_begins(graded):
    result = graded(NAND, timeout=0.01)
    assert result["error"] == "Stopped in cell 2: 0.01 s for the notebook were over."
    assert (result["score"], result["attempted"], result["total"]) == (0, 0, 6)


def test_settings_of_the_grader_do_not_reach_the_student(graded, tmp_path_factory, monkeypatch):
    settings = tmp_path_factory.mktemp("ipython")
    startup = settings / "profile_default" / "startup" / "00.py"
    startup.parent.mkdir(parents=True)
    startup.write_text("answer = (1.5, -1, -1)")
    monkeypatch.setenv("IPYTHONDIR", str(settings))
    result = graded('assignments.check("perceptron.nand_weights", answer)')
    assert statuses(result)["nand_weights"] == "not attempted"


def test_no_output_is_kept_or_shown(tmp_path, capfd):
    cells = [new_code_cell("print('much')\n'more'\n1 / 0"), new_code_cell("open('done', 'w')")]
    content = new_notebook(cells=cells)
    assert _run(content, tmp_path, tmp_path / "reports", timeout=60) is None
    assert (tmp_path / "work" / "done").exists()
    assert [cell.outputs for cell in content.cells] == [[], []]
    assert capfd.readouterr() == ("", "")


def test_a_kernel_that_dies(graded):
    result = graded(NAND, "import os\nos._exit(1)", HEBBIAN)
    assert result["error"] == "The kernel died in cell 4."
    assert (result["passed"], result["total"]) == (1, 6)


def test_a_notebook_without_exercises(graded):
    result = graded("assignments.list()")
    assert (result["score"], result["total"], result["exercises"]) == (0, 0, {})
    assert result["error"] == "No exercise is checked in this notebook."


def test_a_kernel_that_this_computer_lacks_does_no_harm(tmp_path):
    path = tmp_path / "student.ipynb"
    spec = {"kernelspec": {"name": "conda-env-mine", "display_name": "Mine"}}
    nbformat.write(
        new_notebook(cells=[new_code_cell(SETUP), new_code_cell(NAND)], metadata=spec), path
    )
    assert grade(path)["passed"] == 1


@pytest.mark.parametrize(
    "content", ["", "not JSON", "[]", "{}", '{"cells": 5}', "\xff\x00", "null"]
)
def test_a_file_that_is_no_notebook(tmp_path, content):
    path = tmp_path / "student.ipynb"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(ValueError, match=r"`notebook` must be a Jupyter notebook.*student\.ipynb"):
        grade(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"path of a file.*nowhere"):
        grade(tmp_path / "nowhere.ipynb")
    with pytest.raises(FileNotFoundError, match="path of a file"):
        grade(tmp_path)


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_a_timeout_must_be_positive(timeout):
    with pytest.raises(ValueError, match="`timeout` must be a positive number"):
        grade("student.ipynb", timeout=timeout)


def test_a_kernel_outlives_an_endless_loop_and_can_grade(tmp_path):
    student = tmp_path / "student.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(SETUP), new_code_cell(NAND)]), student)
    sources = [
        "from nncourse import assignments\n"
        "from nncourse.assignments import _check\n"
        "_check._TIME_LIMIT = 0.5",
        "def endless(w, x, t, lr):\n    while True:\n        pass",
        "assignments.check('perceptron.hebbian_update', endless)",
        "import threading\n1 + 1, [t.name for t in threading.enumerate() if 'contained' in t.name]",
        f"assignments.grade({str(student)!r})['passed']",  # where an event loop is running already
    ]
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    [report] = notebook.cells[2].outputs
    assert "a loop that never ends" in report.data["text/plain"]
    assert "a loop that never ends" in report.data["text/html"]
    assert notebook.cells[3].outputs[0].data["text/plain"] == "(2, [])"
    assert notebook.cells[4].outputs[0].data["text/plain"] == "1"
