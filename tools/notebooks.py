"""Runs the chapters and stores what git should hold of them; `make notebooks` calls this.

Of a chapter's outputs only those that nbval compares are stored: they are small and they are what
the text claims. Figures and the rest are made by every build. Usage:

    python tools/notebooks.py [--check] [CHAPTER ...]

`--check` runs nothing: it tells which files are not as this tool would write them.
"""

import argparse
import re
import sys
import time
from pathlib import Path

import nbformat

COMPARED = "nbval-check-output"
LOCAL_PATH = re.compile(
    r"(?<![\w.:/])/(?:home|root|tmp|Users|usr|var|opt|mnt|work)/\w|\b[A-Z]:\\\w"
)
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_KEPT_CELL_METADATA = ("mystnb", "tags")


def is_compared(cell: nbformat.NotebookNode) -> bool:
    """Whether nbval compares the cell's output with the stored one."""
    return cell.cell_type == "code" and COMPARED in cell.metadata.get("tags", [])


def texts(output: nbformat.NotebookNode) -> str:
    """All the text of an output, whatever its types."""
    data = output.get("data", {})
    return "\n".join(
        [output.get("text", ""), *output.get("traceback", []), *map(str, data.values())]
    )


def normalize(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy of the notebook with nothing in it that depends on who ran it, where or when."""
    notebook = nbformat.from_dict(notebook)
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(
            {key: cell.metadata[key] for key in _KEPT_CELL_METADATA if cell.metadata.get(key)}
        )
        cell.pop("attachments", None)
        if cell.cell_type == "code" and not is_compared(cell):
            cell.outputs, cell.execution_count = [], None
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = {}
    return notebook


def unfit_outputs(notebook: nbformat.NotebookNode) -> list[str]:
    """What must not be stored: local paths, and pictures, which nbval never compares."""
    problems = []
    for cell in filter(is_compared, notebook.cells):
        for output in cell.outputs:
            if match := LOCAL_PATH.search(texts(output)):
                problems.append(f"cell {cell.id}: its output holds a local path: {match.group()}")
            if any(kind.startswith("image/") for kind in output.get("data", {})):
                problems.append(f"cell {cell.id}: a compared cell draws; draw in a cell of its own")
            if output.output_type == "error":
                problems.append(f"cell {cell.id}: its output is a traceback")
    return problems


def run(path: Path) -> None:
    """Executes a chapter and writes it back, or raises and leaves the file as it was."""
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        coalesce_streams=True,
    )
    client.execute()
    notebook = normalize(notebook)
    if problems := unfit_outputs(notebook):
        raise ValueError(f"{path} was not written:\n  " + "\n  ".join(problems))
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def check(path: Path) -> list[str]:
    """What `run` would change in the file, as far as that shows without running it."""
    text = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    problems = unfit_outputs(notebook)
    for cell in filter(is_compared, notebook.cells):
        if not cell.outputs or cell.execution_count is None:
            problems.append(f"cell {cell.id}: tagged {COMPARED} without a stored output")
    if nbformat.writes(normalize(notebook)) + "\n" != text:
        problems.append("holds outputs or metadata that are not stored")
    return [f"{path}: {problem}" for problem in problems]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="run nothing, tell what is not in order"
    )
    parser.add_argument(
        "chapters", nargs="*", type=Path, help="notebooks; all chapters if none is given"
    )
    options = parser.parse_args(arguments)
    chapters = options.chapters or sorted(Path(__file__).parents[1].glob("book/*/*.ipynb"))
    if options.check:
        problems = [problem for path in chapters for problem in check(path)]
        print(*problems, *["Run `make notebooks`."] * bool(problems), sep="\n", end="")
        return bool(problems)
    for path in chapters:
        start = time.perf_counter()
        print(f"{path.stem} ...", end=" ", flush=True)
        run(path)
        print(f"{time.perf_counter() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
