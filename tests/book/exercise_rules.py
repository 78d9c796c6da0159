"""What the exercises of a chapter must keep to."""

import ast
import re
from dataclasses import dataclass, field

from nbformat import NotebookNode

from nncourse.assignments._grade import SOLUTION_MARK

FEWEST = 4
_DIRECTIVE = re.compile(
    r"^(?:`{3,}|:{3,})\{(?P<kind>exercise|solution)(?P<part>-start|-end)?\} *(?P<argument>.*)"
    r"(?P<options>(?:\n *:\w+:.*)*)|^(?P<heading>#{1,2} )",
    re.MULTILINE,
)


@dataclass
class Exercise:
    """An exercise with the code cells that follow it and those of its solution."""

    label: str
    stub: list[NotebookNode] = field(default_factory=list)
    solution: list[NotebookNode] = field(default_factory=list)
    is_solved: bool = False
    is_folded: bool = False


def find_exercises(notebook: NotebookNode) -> list[Exercise]:
    """The exercises of a chapter in their order."""
    exercises: list[Exercise] = []
    cells: list[NotebookNode] = []  # where the next code cell belongs
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cells.append(cell)
            continue
        for match in _DIRECTIVE.finditer(cell.source):
            is_end = match["part"] == "-end"
            if match["kind"] == "exercise" and not is_end:
                label = re.search(r":label: *(\S+)", match["options"])
                exercises.append(Exercise(label[1] if label else ""))
                cells = exercises[-1].stub
            elif match["kind"] == "solution" and not is_end:
                solved = [e for e in exercises if e.label == match["argument"].strip()]
                for exercise in solved:
                    exercise.is_solved = True
                    exercise.is_folded = "dropdown" in match["options"]
                    cells = exercise.solution
            elif match["heading"] or match["kind"] == "solution":
                cells = []
    return exercises


def checked_names(cells: list[NotebookNode]) -> set[str]:
    """What the cells hand to `assignments.check`."""
    return {
        ast.literal_eval(node.args[0])
        for cell in cells
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "assignments.check"
    }


def _problems(exercise: Exercise) -> list[str]:
    if exercise.is_solved and not exercise.is_folded:
        return ["its solution must be folded away: `:class: dropdown`"]
    if not exercise.stub:  # without code it may be open-ended
        return []
    problems = []
    if not any("..." in cell.source for cell in exercise.stub):
        problems.append("it has code but no stub (`...`)")
    if not checked_names(exercise.stub):
        problems.append("it has code but no `assignments.check`")
    if not exercise.is_solved:
        problems.append("it has code but no solution")
    elif missing := checked_names(exercise.stub) - checked_names(exercise.solution):
        problems.append(f"its solution is not checked for {sorted(missing)}")
    elif not any(re.search(r"assert .*\.passed", cell.source) for cell in exercise.solution):
        problems.append("its solution must `assert ... .passed`")
    elif any(checked_names([c]) and SOLUTION_MARK not in c.source for c in exercise.solution):
        problems.append(f"its solution must have the line `{SOLUTION_MARK}`, or it is graded")
    return problems


def has_exercises(notebook: NotebookNode) -> list[str]:
    """Four or more; those with code have a stub, a check, and a folded solution that passes it."""
    exercises = find_exercises(notebook)
    labels = [exercise.label for exercise in exercises]
    problems = [f"exercise {e.label}: {problem}" for e in exercises for problem in _problems(e)]
    if len(exercises) < FEWEST:
        problems.append(f"a chapter has {FEWEST} exercises or more; this has {len(exercises)}")
    if "" in labels or len(set(labels)) < len(labels):
        problems.append(f"every exercise has a label of its own; these are {labels}")
    return problems
