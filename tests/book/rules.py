"""What every chapter must keep to: each rule takes a notebook and returns a list of problems."""

import ast
import importlib
import re
from collections.abc import Callable, Iterator

from nbformat import NotebookNode

from tests.book.exercise_rules import has_exercises
from tools.notebooks import LOCAL_PATH, is_compared, texts

PROMISE = "At the end of this chapter you can "
LAST_SECTIONS = ["Exercises", "Summary", "Further reading"]
MAX_LINES = 20
INSTALL = 'import sys\n\nif "google.colab" in sys.modules:\n    %pip install -q nncourse'
_DRAWS_NOTHING = {"close", "rcParams", "show_source", "use_style", "style"}


# --- reading a chapter -----------------------------------------------------------------------


def markdown(notebook: NotebookNode) -> str:
    """The chapter's text without its fenced listings."""
    text = "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    return re.sub(r"^```(?:python|bash|text)\n.*?^```$", "", text, flags=re.M | re.S)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The code cells but the install cell, which is IPython rather than Python."""
    return [c for c in notebook.cells if c.cell_type == "code" and not is_install(c)]


def is_install(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and "google.colab" in cell.source


def calls(source: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a piece of code, with the dotted name of what is called."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


# --- the rules -------------------------------------------------------------------------------


def has_one_title(notebook: NotebookNode) -> list[str]:
    titles = re.findall(r"^# .+", markdown(notebook), flags=re.M)
    opens = re.match(r"(\([\w-]+\)=\n)?# ", notebook.cells[0].source) if notebook.cells else None
    if len(titles) == 1 and opens:
        return []
    return [f"a chapter opens with its one title (`# ...`); this has {titles}"]


def has_promise(notebook: NotebookNode) -> list[str]:
    after_title = re.split(r"^# .+\n", markdown(notebook), maxsplit=1, flags=re.M)[-1]
    first = after_title.strip().split("\n\n")[0]
    if first.replace("\n", " ").startswith(PROMISE) and len(first) > len(PROMISE) + 20:
        return []
    return [f"the first paragraph must begin {PROMISE!r}; it begins {first[:40]!r}"]


def has_last_sections(notebook: NotebookNode) -> list[str]:
    sections = re.findall(r"^## (.+?)\s*$", markdown(notebook), flags=re.M)
    if sections[-3:] == LAST_SECTIONS:
        return []
    return [f"the last sections must be {LAST_SECTIONS}; they are {sections[-3:]}"]


def has_install_cell(notebook: NotebookNode) -> list[str]:
    first = next((c for c in notebook.cells if c.cell_type == "code"), None)
    tags = first.metadata.get("tags", []) if first else []
    if first and first.source == INSTALL and {"remove-cell", "nbval-skip"} <= set(tags):
        return []
    return [f"the first code cell must be, tagged remove-cell and nbval-skip:\n{INSTALL}"]


def figures_have_alt_text(notebook: NotebookNode) -> list[str]:
    problems = []
    for cell in code_cells(notebook):
        drawn = [
            called
            for called, _ in calls(cell.source)
            if called.split(".")[0] in ("plt", "visualizations")
            and called.split(".")[-1] not in _DRAWS_NOTHING
        ]
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        is_video = any(called.endswith("show_video") for called in drawn)  # has an alt of its own
        if drawn and not is_video and len(alt.strip()) <= 20:
            problems.append(f"cell {cell.id} draws ({drawn[0]}) without alt text of 20 letters")
    return problems


def is_seeded(notebook: NotebookNode) -> list[str]:
    problems, seeds = [], 0
    uses_keras = any("keras" in c.source for c in code_cells(notebook))
    for cell in code_cells(notebook):
        for called, call in calls(cell.source):
            given = bool(call.args or call.keywords)
            if called.endswith("default_rng") and not given:
                problems.append(f"cell {cell.id}: `default_rng()` without a seed")
            elif (
                re.fullmatch(r"(np|numpy)\.random\.[a-z]\w*", called)
                and "default_rng" not in called
            ):
                problems.append(f"cell {cell.id}: `{called}` draws from a shared, unseeded state")
            elif called.endswith("default_rng") or called == "keras.utils.set_random_seed":
                seeds += 1
            seeds += any(keyword.arg == "seed" for keyword in call.keywords)
    if uses_keras and not any("keras.utils.set_random_seed(" in c.source for c in notebook.cells):
        problems.append("uses Keras without `keras.utils.set_random_seed(...)`")
    if not seeds:
        problems.append("sets no seed: `np.random.default_rng(0)` or `seed=`")
    return problems


def has_checked_outputs(notebook: NotebookNode) -> list[str]:
    compared = list(filter(is_compared, notebook.cells))
    if not compared:
        return ["no output is compared: tag a cell nbval-check-output"]
    # nbval passes over a compared cell in silence if its count is missing.
    return [
        f"cell {cell.id} is compared but stores no {what}; run `make notebooks`"
        for cell in compared
        for what, there in (("output", cell.outputs), ("execution count", cell.execution_count))
        if not there
    ]


def stores_nothing_else(notebook: NotebookNode) -> list[str]:
    return [
        f"cell {cell.id} stores an output that is not compared; run `make notebooks`"
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.outputs and not is_compared(cell)
    ]


def has_no_local_path(notebook: NotebookNode) -> list[str]:
    return [
        f"cell {cell.id} holds a local path: {match.group()}"
        for cell in notebook.cells
        for text in (cell.source, *map(texts, cell.get("outputs", [])))
        if (match := LOCAL_PATH.search(text))
    ]


def has_short_cells(notebook: NotebookNode) -> list[str]:
    return [
        f"cell {cell.id} has {lines} lines, more than {MAX_LINES}"
        for cell in notebook.cells
        if cell.cell_type == "code" and (lines := len(cell.source.splitlines())) > MAX_LINES
    ]


def names_exist(notebook: NotebookNode) -> list[str]:
    """Every name of the package that the chapter imports, or looks up in what it imported."""
    trees = [ast.parse(cell.source) for cell in code_cells(notebook)]
    found: dict[str, object] = {}
    problems = []
    for node in (n for tree in trees for n in ast.walk(tree)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                module = getattr(node, "module", None) or alias.name
                if module.split(".")[0] != "nncourse":
                    continue
                try:
                    package = importlib.import_module(module)
                    is_from = isinstance(node, ast.ImportFrom)
                    value = getattr(package, alias.name) if is_from else package
                    found[alias.asname or alias.name.split(".")[0]] = value
                except (ImportError, AttributeError):
                    problems.append(f"nncourse has no `{ast.unparse(node)}`")
    for node in (n for tree in trees for n in ast.walk(tree)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = found.get(node.value.id)
            if owner is not None and not hasattr(owner, node.attr):
                problems.append(f"nncourse has no `{ast.unparse(node)}`")
    return problems


RULES: list[Callable[[NotebookNode], list[str]]] = [
    has_one_title,
    has_promise,
    has_last_sections,
    has_install_cell,
    has_exercises,
    figures_have_alt_text,
    is_seeded,
    has_checked_outputs,
    stores_nothing_else,
    has_no_local_path,
    has_short_cells,
    names_exist,
]
