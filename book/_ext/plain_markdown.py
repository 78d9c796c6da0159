"""Writes a Sphinx document tree as the plain Markdown that Jupyter and Colab both show well.

By the time a builder sees the tree, directives and roles have become nodes, and citations, numbers
and links are resolved. What Markdown lacks (folding, captions) is written as HTML.
"""

import base64
import mimetypes
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from textwrap import indent

from docutils import nodes
from sphinx.util.math import get_node_equation_number


class PlainMarkdown:
    """Renders nodes of one document.

    Args:
        builder: The Sphinx builder, with the `fignumbers` of this document.
        anchors: The ids that links on this page point to; the others get no anchor.
    """

    def __init__(self, builder, anchors: set[str]):
        self.builder = builder
        self.anchors = anchors
        self.section_level = 0

    def __call__(self, node: nodes.Node) -> str:
        """The Markdown of a node, with the anchors that are linked to before it."""
        render = next(
            (
                method
                for kind in type(node).__mro__
                if (method := getattr(self, f"_{kind.__name__}", None)) is not None
            ),
            None,
        )
        if render is None:
            raise NotImplementedError(f"the Colab copies can't show a <{node.tagname}> yet")
        return self.anchor(node) + render(node)

    def anchor(self, node: nodes.Node) -> str:
        """An HTML anchor for each id of the node that a link on this page points to."""
        ids = node.get("ids", []) if isinstance(node, nodes.Element) else []
        found = [i for i in ids if i in self.anchors]
        self.anchors.difference_update(found)  # a target and its section share an id
        return "".join(f'<a id="{i}" name="{i}"></a>' for i in found) + ("\n\n" * bool(found))

    def title(self, node: nodes.Element) -> str:
        """The heading of the titled node that a box (exercise, theorem, dropdown) stands for."""
        first = node.children[0] if node.children else None
        is_title = isinstance(first, nodes.title | nodes.rubric)
        return self.inline(first).strip() if is_title else ""

    def inline(self, node: nodes.Element) -> str:
        """The node's children in a row."""
        return "".join(self(child) for child in node.children)

    def blocks(self, node: nodes.Element) -> str:
        """The node's children one below the other, without a title."""
        children = node.children[1:] if self.title(node) else node.children
        return "\n\n".join(text for c in children if (text := self(c).strip("\n")))

    # --- words ---------------------------------------------------------------------------------

    def _Text(self, node: nodes.Text) -> str:
        return re.sub(r"([\\`*$])", r"\\\1", str(node)).replace("<", "&lt;")

    def _around(before: str, after: str | None = None) -> Callable:
        return lambda self, node: before + self.inline(node) + (before if after is None else after)

    _emphasis = _title_reference = _around("*")
    _strong = _around("**")
    _superscript = _around("<sup>", "</sup>")
    _subscript = _around("<sub>", "</sub>")
    _inline = _abbreviation = _label = _around("")

    def _literal(self, node: nodes.literal) -> str:
        if "xref" in node["classes"]:  # a number that refers to an equation or exercise
            return self.inline(node)
        fence = "``" if "`" in node.astext() else "`"
        return f"{fence}{node.astext()}{fence}"

    def _math(self, node: nodes.math) -> str:
        return f"${node.astext().strip()}$"

    def _reference(self, node: nodes.reference) -> str:
        uri = node["refuri"] if "refuri" in node else f"#{node['refid']}"
        return f"[{self.inline(node)}]({uri})"

    def _footnote_reference(self, node: nodes.footnote_reference) -> str:
        return f"<sup>[{node.astext()}](#{node['refid']})</sup>"

    def _nothing(self, node: nodes.Node) -> str:
        return ""

    _comment = _index = _target = _substitution_definition = _nothing

    # --- blocks --------------------------------------------------------------------------------

    _paragraph = _around("")
    _rubric = _around("**")
    _compound = _definition_list_item = blocks

    def heading(self, section: nodes.section) -> str:
        """The section's title with its #."""
        return f"{self.anchor(section)}{'#' * self.section_level} {self.title(section)}"

    def _section(self, node: nodes.section) -> str:
        if not self.title(node):  # sphinx-proof and sphinx-exercise wrap their content in sections
            return self.blocks(node)
        self.section_level += 1
        text = f"{self.heading(node)}\n\n{self.blocks(node)}"
        self.section_level -= 1
        return text

    def _transition(self, node: nodes.transition) -> str:
        return "---"

    def _math_block(self, node: nodes.math_block) -> str:
        equation = node.astext().strip()
        if node.get("nowrap"):  # \begin{align} and its like stand on their own
            return equation
        if r"\\" in equation:  # as Sphinx's HTML does
            equation = rf"\begin{{split}}{equation}\end{{split}}"
        if node.get("label"):
            equation += rf" \tag{{{get_node_equation_number(self, node)}}}"
        return f"$$\n{equation}\n$$"

    def _literal_block(self, node: nodes.literal_block) -> str:
        language = node.get("language", "")
        return f"```{'' if language == 'default' else language}\n{node.astext().rstrip()}\n```"

    def _doctest_block(self, node: nodes.doctest_block) -> str:
        return f"```python\n{node.astext()}\n```"

    def _items(self, node: nodes.Element, bullets: list[str]) -> str:
        pieces = []
        for bullet, item in zip(bullets, node.children, strict=True):
            body = indent(self.blocks(item), " " * len(bullet))
            pieces.append(bullet + body.lstrip())
        loose = any("\n\n" in piece for piece in pieces)
        return ("\n\n" if loose else "\n").join(pieces)

    def _bullet_list(self, node: nodes.bullet_list) -> str:
        return self._items(node, ["- "] * len(node))

    def _enumerated_list(self, node: nodes.enumerated_list) -> str:
        start = node.get("start", 1)
        return self._items(node, [f"{start + i}. " for i in range(len(node))])

    _definition_list = blocks
    _term = _around("**")

    def _definition(self, node: nodes.definition) -> str:
        return self._block_quote(node)

    def _block_quote(self, node: nodes.Element) -> str:
        return "\n".join(f"> {line}".rstrip() for line in self.blocks(node).splitlines())

    def _attribution(self, node: nodes.attribution) -> str:
        return "— " + self.inline(node)

    def _raw(self, node: nodes.raw) -> str:
        return node.astext() if "html" in node["format"].split() else ""

    def _image(self, node: nodes.image) -> str:
        source = node["uri"]
        if "://" not in source:
            data = (Path(self.builder.srcdir) / source).read_bytes()
            kind = mimetypes.guess_type(source)[0]
            source = f"data:{kind};base64,{base64.b64encode(data).decode()}"
        return f'<img src="{source}" alt="{escape(node.get("alt", ""))}">'

    _figure = blocks
    _caption = _around("*")
    _legend = blocks

    def _table(self, node: nodes.table) -> str:
        rows = [
            [" ".join(self.blocks(cell).split()).replace("|", "\\|") for cell in row.children]
            for row in node.findall(nodes.row)
        ]
        first_cells = next(node.findall(nodes.row)).children
        rule = ["---:" if "text-right" in cell["classes"] else "---" for cell in first_cells]
        lines = ["| " + " | ".join(row) + " |" for row in [rows[0], rule, *rows[1:]]]
        return (f"**{self.title(node)}**\n\n" if self.title(node) else "") + "\n".join(lines)

    def _footnote(self, node: nodes.footnote) -> str:
        label, *rest = node.children
        return f"[{label.astext()}] " + "\n\n".join(self(child) for child in rest)

    # --- boxes ---------------------------------------------------------------------------------

    def folded(self, title: str, body: str) -> str:
        """What the reader sees after a click."""
        return f"<details>\n<summary>{title}</summary>\n\n{body}\n\n</details>"

    def numbered_title(self, node: nodes.Element, kind: str) -> str:
        """The title of an exercise or a theorem as on the site: "Exercise 1.2 (NAND)"."""
        number = self.builder.fignumbers.get(kind, {}).get(node["ids"][0], ())
        name = node.get("realtype", kind).capitalize()
        return " ".join(filter(None, [name, ".".join(map(str, number)), self.title(node)]))

    def _box(self, title: str, node: nodes.Element) -> str:
        if {"dropdown", "toggle"} & set(node["classes"]):
            return self.folded(title, self.blocks(node))
        return f"> **{title}**\n>\n{self._block_quote(node)}"

    def _Admonition(self, node: nodes.Element) -> str:
        if "realtype" in node:  # a theorem, a definition, ...
            return self._box(self.numbered_title(node, node["countertype"]), node)
        return self._box(self.title(node) or node.tagname.capitalize(), node)

    _topic = _sidebar = _Admonition

    def _proof_node(self, node: nodes.Element) -> str:
        # sphinx-proof has put "Proof." before the first word.
        return self.blocks(node.children[0]).replace("Proof.", "**Proof.**", 1)

    def exercise_heading(self, node: nodes.Element) -> str:
        """A heading, so that the notebook's table of contents lists the exercise."""
        title = self.numbered_title(node, "exercise")
        return f"{self.anchor(node)}{'#' * (self.section_level + 1)} {title}"

    def _exercise_node(self, node: nodes.Element) -> str:
        return f"{self.exercise_heading(node)}\n\n{self.blocks(node)}"

    _exercise_enumerable_node = _exercise_node

    def _solution_node(self, node: nodes.Element) -> str:
        return self.folded(self.title(node), self.blocks(node))

    def _container(self, node: nodes.container) -> str:
        if node.get("design_component") == "dropdown":
            return self.folded(self.title(node), self.blocks(node))
        return self.blocks(node)
