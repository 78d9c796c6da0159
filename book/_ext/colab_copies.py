"""The builder behind `make colab`: every chapter once more, as a plain notebook.

A chapter's Markdown is MyST, whose directives and roles Jupyter and Colab would show raw. A copy
has the chapter's own code cells, and between them the text as plain Markdown (plain_markdown.py).
"""

from collections.abc import Iterator
from pathlib import Path

import nbformat
from colab_button import COLAB_BRANCH
from docutils import nodes
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from plain_markdown import PlainMarkdown
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

_METADATA = {
    "colab": {"provenance": [], "toc_visible": True},
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def _is_code_cell(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


class ChapterCopy:
    """Turns one chapter's document tree into the cells of its copy."""

    def __init__(self, builder: Builder, doctree: nodes.document, source: nbformat.NotebookNode):
        links = (n.get("refid") or n.get("refuri", "") for n in doctree.findall(nodes.reference))
        notes = (n["refid"] for n in doctree.findall(nodes.footnote_reference))
        self.markdown = PlainMarkdown(builder, {link.lstrip("#") for link in (*links, *notes)})
        self.source = source.cells
        self.unseen = [i for i, cell in enumerate(self.source) if self._is_left_out(cell)]
        self.text: list[str] = []
        self.solution = ""  # the title of the solution that is being walked through
        self.cells = [*self._walk(doctree), *self._flush()]

    @staticmethod
    def _is_left_out(cell: nbformat.NotebookNode) -> bool:
        return cell.cell_type == "code" and "remove-cell" in cell.metadata.get("tags", [])

    def _flush(self) -> Iterator[nbformat.NotebookNode]:
        text = "\n\n".join(piece for piece in self.text if piece.strip())
        self.text = []
        if text:
            text = self.markdown.folded(self.solution, text) if self.solution else text
            yield new_markdown_cell(text)

    def _walk(self, parent: nodes.Element) -> Iterator[nbformat.NotebookNode]:
        for node in parent.children:
            if _is_code_cell(node):
                yield from self._flush()
                yield from self._code(node["cell_index"])
            elif isinstance(node, nodes.section) and self.markdown.title(node):
                yield from self._flush()
                self.markdown.section_level += 1
                self.text.append(self.markdown.heading(node))
                yield from self._walk(node)
                self.markdown.section_level -= 1
            elif is_solution_node(node):
                yield from self._flush()
                self.solution = node.children[0].astext()
                yield from (*self._walk(node), *self._flush())
                self.solution = ""
            elif any(node.findall(_is_code_cell)):  # a box around cells
                if is_exercise_node(node):
                    self.text.append(self.markdown.exercise_heading(node))
                yield from self._walk(node)
            elif not isinstance(node, nodes.title):
                self.text.append(self.markdown(node))

    def _code(self, index: int) -> Iterator[nbformat.NotebookNode]:
        """The chapter's own cell, after those before it that the site leaves out (the install)."""
        while self.unseen and self.unseen[0] < index:
            yield self._plain(self.source[self.unseen.pop(0)])
        cell = self._plain(self.source[index])
        if self.solution:
            # Colab folds a cell away under its form title, Jupyter by `source_hidden`.
            cell.source = f"# @title {self.solution}\n{cell.source}"
            cell.metadata.update(cellView="form", jupyter={"source_hidden": True})
        yield cell

    @staticmethod
    def _plain(cell: nbformat.NotebookNode) -> nbformat.NotebookNode:
        """The cell without its outputs, and without the tags that only this project reads."""
        kept = [tag for tag in cell.metadata.get("tags", []) if tag == "raises-exception"]
        return new_code_cell(cell.source, id=cell.id, metadata={"tags": kept} if kept else {})


class ColabBuilder(Builder):
    """Writes the chapters that are notebooks, and no other page."""

    name = "colab"
    format = "ipynb"
    epilog = "The copies for Colab are in %(outdir)s."

    def get_outdated_docs(self) -> set[str]:
        """Every page: there are few, and their links depend on one another."""
        return self.env.found_docs

    def _is_chapter(self, docname: str) -> bool:
        return self.env.doc2path(docname).endswith(".ipynb")

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Chapters link to each other's copies, and to the site for every other page."""
        if not self._is_chapter(docname):
            return f"{self.config.html_baseurl}{docname}.html"
        repository = self.config.html_theme_options["repository_url"].removeprefix("https://")
        repository = repository.replace("github.com", "github", 1)
        colab = self.config.html_theme_options["launch_buttons"]["colab_url"]
        return f"{colab}/{repository}/blob/{COLAB_BRANCH}/{docname}.ipynb"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Nothing for a link within the page, else the whole address."""
        return "" if from_ == to else self.get_target_uri(to, typ)

    def prepare_writing(self, docnames: set[str]) -> None:
        """Nothing to prepare."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Writes one copy, under the chapter's own path."""
        if not self._is_chapter(docname):
            return
        self.fignumbers = self.env.toc_fignumbers.get(docname, {})
        source = nbformat.read(self.env.doc2path(docname), as_version=4)
        cells = ChapterCopy(self, doctree, source).cells
        for number, cell in enumerate(cells):
            if cell.cell_type == "markdown":
                cell["id"] = f"text-{number}"  # the same on every build
        path = Path(self.outdir) / f"{docname}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(new_notebook(cells=cells, metadata=_METADATA), path)


def _silence(app: Sphinx) -> None:
    if app.builder.name == ColabBuilder.name:  # copies hold no outputs, so their types don't matter
        app.config.suppress_warnings.append("mystnb.mime_priority")


def setup(app: Sphinx) -> dict:
    """Adds the builder."""
    app.add_builder(ColabBuilder)
    app.connect("builder-inited", _silence)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
