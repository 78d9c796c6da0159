"""What a chapter's copy for Colab must keep to: each rule returns a list of problems."""

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.book.exercise_rules import find_exercises
from tests.book.rules import is_install

_ROLE = re.compile(r"(?<!`)\{[a-z][\w:-]*\}`[^`]+`")
# A directive's fence, a label, a numbered equation, a footnote, a substitution.
_RAW = re.compile(
    r"^[\s>]*(?::{3,}|[`~]{3,}\{).*|^\([\w-]+\)=$|^\$\$ *\([\w-]+\)|\[\^[\w-]+\]|\{\{.+?\}\}", re.M
)
_LINK = re.compile(r"\]\(([^)\s]*(?:\([^)\s]*\)[^)\s]*)*)\)")
_LISTING = re.compile(r"^```\w*\n.*?^```$", re.M | re.S)


def text(copy: NotebookNode) -> str:
    return "\n\n".join(cell.source for cell in copy.cells if cell.cell_type == "markdown")


def code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def is_valid(copy: NotebookNode) -> list[str]:
    try:
        nbformat.validate(copy)
    except nbformat.ValidationError as error:
        return [f"no valid notebook: {error}"]
    return []


def installs_first(copy: NotebookNode) -> list[str]:
    first = code(copy)[0]
    if is_install(first) and first.source.endswith("%pip install -q nncourse"):
        return []
    return [f"the first code cell must install nncourse on Colab; it is {first.source[:40]!r}"]


def shows_nothing_raw(copy: NotebookNode) -> list[str]:
    prose = _LISTING.sub("", text(copy))
    found = [*_ROLE.findall(prose), *_RAW.findall(re.sub(r"(?<!`)`[^`\n]+`(?!`)", "", prose))]
    return [f"raw MyST is left: {raw!r}" for raw in found]


def has_the_code_of(copy: NotebookNode, chapter: NotebookNode) -> list[str]:
    """The code is the chapter's, cell for cell; a folded solution has a title line before it."""
    copied = [re.sub(r"\A# @title .*\n", "", cell.source) for cell in code(copy)]
    written = [cell.source for cell in code(chapter)]
    return [] if copied == written else ["its code is not that of the chapter"]


def folds_solutions(copy: NotebookNode, chapter: NotebookNode) -> list[str]:
    solutions = {cell.id for e in find_exercises(chapter) for cell in e.solution}
    problems = []
    for cell in code(copy):
        on_colab = cell.source.startswith("# @title") and cell.metadata.get("cellView") == "form"
        in_jupyter = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        if (on_colab, in_jupyter) != (cell.id in solutions,) * 2:
            is_open = "a solution is open" if cell.id in solutions else "a cell is hidden"
            problems.append(f"{is_open}: {cell.source[:60]!r}")
    # What is said in a solution stands in <details>: no paragraph of it may stand in the open.
    for cell in copy.cells:
        before = cell.source.split("<details>")[0]
        if cell.cell_type == "markdown" and re.search(r"^Solution to", before, re.MULTILINE):
            problems.append(f"a solution's text is open: {before[:60]!r}")
    return problems


def links(copy: NotebookNode) -> Iterator[str]:
    for match in _LINK.finditer(_LISTING.sub("", text(copy))):
        yield match[1]


def links_lead_somewhere(copy: NotebookNode, colab: str, copies: Path, site: str) -> list[str]:
    """Links stay in the notebook, lead to another copy, to a page of the book, or outside.

    Args:
        copy: The copy.
        colab: The address before the path of a copy.
        copies: The folder of the copies.
        site: The address of the book's pages.
    """
    anchors = set(re.findall(r'<a id="([^"]+)"', text(copy)))
    problems = []
    for link in links(copy):
        address, _, anchor = link.partition("#")
        if not address:
            missing = anchor not in anchors
        elif address.startswith(colab):
            missing = not (copies / address.removeprefix(colab)).exists()
        elif address.startswith(site):
            page = address.removeprefix(site).removesuffix(".html")
            missing = not (copies.parents[1] / f"{page}.md").exists()
        else:
            missing = not address.startswith(("https://", "http://", "mailto:"))
        if missing:
            problems.append(f"a link leads nowhere: {link}")
    return problems


def pictures_have_words(copy: NotebookNode) -> list[str]:
    images = re.findall(r"<img [^>]*>|!\[[^\]]*\]\([^)]*\)", text(copy))
    return [
        f"an image without alt text: {image[:60]}"
        for image in images
        if not re.search(r'alt="[^"]+"|!\[[^\]]+\]', image)
    ]


def stores_no_outputs(copy: NotebookNode) -> list[str]:
    stored = [cell.id for cell in code(copy) if cell.outputs or cell.execution_count]
    return [f"cell {name} stores an output" for name in stored]
