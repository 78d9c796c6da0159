"""Grades a student's notebook."""

import json
import math
import os
import re
import subprocess
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

from nncourse.assignments._check import EXERCISES, GRADING_FILE

# A line of each cell that holds the book's own solution. The cell is not run in grading: its check
# would count in place of the student's. (Colab copies lose a cell's tags and put a title first.)
SOLUTION_MARK = "# Solution (not graded)"


def grade(notebook, timeout: float = 600) -> dict[str, Any]:
    """Runs a notebook in a fresh kernel and returns what its checks say.

    The notebook is run in a temporary folder, with the Python that calls this; the file itself and
    its folder stay as they are, and what its cells stored or print counts for nothing. A cell that
    raises does not stop the others. A cell with the line `# Solution (not graded)` is left out, as
    are cells that are no code.

    `assignments.check` hands its reports in by a file that only this call and the kernel know, so
    that a notebook gains nothing by printing a report or by replacing `check` with a function of
    its own. It is no safeguard against a student who sets out to forge that file, or who copies
    the package's own solution: the code runs with all rights of whoever grades it. Grade notebooks
    of strangers in a container.

    Args:
        notebook: The path of an `.ipynb` file.
        timeout: Seconds for the whole notebook, positive. When they are over the kernel is stopped
            and the checks made until then count.

    Returns:
        A dict that JSON can hold:

        - `"notebook"`: the path;
        - `"score"`: the mean over all exercises of the chapters that the notebook checks any of;
        - `"passed"`, `"attempted"`, `"total"`: how many exercises;
        - `"exercises"`: for each name its `"status"`, `"score"` and `"message"`. The last check
          counts; an exercise never checked is `"not attempted"`;
        - `"error"`: why the run ended early or there was nothing to grade, else None.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is not a notebook or the timeout is not positive.

    Example:
        >>> import tempfile
        >>> import nbformat.v4 as nb
        >>> from nncourse import assignments
        >>> answer = "check('perceptron.nand_weights', [1.5, -1, -1])"
        >>> code = "from nncourse.assignments import check; " + answer
        >>> with tempfile.NamedTemporaryFile("w", suffix=".ipynb") as file:
        ...     _ = file.write(nb.writes(nb.new_notebook(cells=[nb.new_code_cell(code)])))
        ...     _ = file.flush()
        ...     result = assignments.grade(file.name)
        >>> result["passed"], result["total"]
        (1, 6)
    """
    if not timeout > 0:
        raise ValueError(f"`timeout` must be a positive number of seconds. Received: {timeout=}")
    path = Path(notebook)
    content = _read(path)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        reports_file = Path(folder, "reports.jsonl")
        reports_file.touch()
        error = _run(content, Path(folder), reports_file, timeout)
        reports = _reports(reports_file)
    names = _asked(content, reports)
    exercises = {name: reports.get(name, _NEVER_CHECKED) for name in names}
    statuses = [exercise["status"] for exercise in exercises.values()]
    if not names:
        error = error or "No exercise is checked in this notebook."
    return {
        "notebook": str(path),
        "score": sum(entry["score"] for entry in exercises.values()) / max(len(names), 1),
        "passed": statuses.count("passed"),
        "attempted": len(statuses) - statuses.count("not attempted"),
        "total": len(names),
        "exercises": exercises,
        "error": error,
    }


_NEVER_CHECKED = {"status": "not attempted", "score": 0.0, "message": "It was never checked."}


def _read(path: Path):
    import nbformat

    if not path.is_file():
        raise FileNotFoundError(f"`notebook` must be the path of a file. Received: {str(path)!r}")
    try:
        with warnings.catch_warnings():  # of a cell without an id, which does no harm here
            warnings.simplefilter("ignore")
            content = nbformat.read(path, as_version=4)
            nbformat.validate(content)
    except Exception as error:  # nbformat raises what comes: JSON, Unicode, attribute errors
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise ValueError(
            f"`notebook` must be a Jupyter notebook. Received: {str(path)!r}, which can't be read "
            f"as one: {reason}"
        ) from error
    return content


def _run(content, folder: Path, reports_file: Path, timeout: float) -> str | None:
    """Runs the code cells in a fresh kernel; returns why it ended early, or None."""
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    class Client(NotebookClient):
        def output(self, *arguments) -> None:
            """Keeps no output: a notebook that prints without end would fill the memory."""

    work = folder / "work"
    work.mkdir()
    # Settings and start-up files of whoever grades must not reach into the student's kernel.
    settings = {GRADING_FILE: str(reports_file), "IPYTHONDIR": str(folder / "ipython")}
    until = time.monotonic() + timeout
    client = Client(
        content,
        kernel_name="python3",  # of this Python, whatever the notebook was written with
        allow_errors=True,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(work)}},
    )
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # the kernel's own log
    with client.setup_kernel(env={**os.environ, **settings}, **silent):
        for index, cell in enumerate(content.cells):
            if cell.cell_type != "code" or _is_solution(cell.source):
                continue
            left = until - time.monotonic()
            try:
                if left <= 0:
                    raise TimeoutError
                client.timeout = math.ceil(left)
                client.execute_cell(cell, index)
            except TimeoutError:  # nbclient's CellTimeoutError is one
                return f"Stopped in cell {index + 1}: {timeout:g} s for the notebook were over."
            except DeadKernelError:
                return f"The kernel died in cell {index + 1}."
    return None


def _is_solution(source: str) -> bool:
    return SOLUTION_MARK in source.splitlines()


def _reports(file: Path) -> dict[str, dict[str, Any]]:
    """The last report of each exercise."""
    reports = {}
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            report = json.loads(line)
            reports[report["name"]] = {
                "status": report["status"],
                "score": float(report["score"]),
                "message": report["hint"],
            }
        except (ValueError, TypeError, KeyError):
            continue  # a line that was being written when the kernel was stopped, or no report
    return {name: report for name, report in reports.items() if name in EXERCISES}


def _asked(content, reports: dict[str, Any]) -> list[str]:
    """All exercises of the chapters that the notebook names an exercise of."""
    source = "\n".join(cell.source for cell in content.cells if cell.cell_type == "code")
    named = set(re.findall(r"\w+\.\w+", source)) & set(EXERCISES) | set(reports)
    chapters = {name.split(".")[0] for name in named}
    return [name for name in EXERCISES if name.split(".")[0] in chapters]
