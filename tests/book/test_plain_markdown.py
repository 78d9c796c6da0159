"""The Markdown of the copies for Colab, from document trees."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.core import publish_doctree

from book._ext.plain_markdown import PlainMarkdown

BUILDER = SimpleNamespace(
    fignumbers={"theorem": {"thm-one": (1, 2)}, "displaymath": {"eq-one": (1, 3)}},
    config=SimpleNamespace(math_numfig=True, numfig=True, math_numsep="."),
    name="colab",
    srcdir=".",
)


def render(node: nodes.Element, anchors=()) -> str:
    return PlainMarkdown(BUILDER, set(anchors))(node)


@pytest.mark.parametrize(
    ("rst", "markdown"),
    [
        ("*a* **b** ``c``", "*a* **b** `c`"),
        ("costs 5 $ or a < b", r"costs 5 \$ or a &lt; b"),
        ("where :math:`x_1 < 2`", "where $x_1 < 2$"),
        (".. math:: x", "$$\nx\n$$"),
        (
            ".. math::\n\n   a &= b \\\\\n   c &= d",
            "$$\n\\begin{split}a &= b \\\\\nc &= d\\end{split}\n$$",
        ),
        ("- a\n- b", "- a\n- b"),
        ("- a\n\n  c\n\n- b", "- a\n\n  c\n\n- b"),
        ("1. a\n2. b", "1. a\n2. b"),
        (".. code:: python\n\n   x = 1", "```\nx = 1\n```"),
        (".. note:: Mind\n   this.", "> **Note**\n>\n> Mind\n> this."),
        (".. admonition:: A slip\n\n   Mind.", "> **A slip**\n>\n> Mind."),
        (".. admonition:: A slip\n   :class: dropdown\n\n   Mind.", "<summary>A slip</summary>"),
        ("a__\n\n__ https://keras.io", "[a](https://keras.io)"),
        ("== ==\na  b\n== ==\n1  2\n== ==", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        (".. comment", ""),
        (".. image:: https://keras.io/a.png\n   :alt: A < B", 'alt="A &lt; B"'),
    ],
)
def test_markdown(rst, markdown):
    document = publish_doctree(rst, settings_overrides={"report_level": 3})
    assert markdown in PlainMarkdown(BUILDER, set()).blocks(document)


def test_a_theorem_has_its_number():
    theorem = nodes.admonition(ids=["thm-one"], countertype="theorem", realtype="lemma")
    theorem += [nodes.title("", "(Novikoff)"), nodes.paragraph("", "It ends.")]
    assert render(theorem) == "> **Lemma 1.2 (Novikoff)**\n>\n> It ends."


def test_a_numbered_equation_has_its_tag():
    equation = nodes.math_block("", "x", ids=["eq-one"], label="one")
    assert render(equation, ["eq-one"]) == (
        '<a id="eq-one" name="eq-one"></a>\n\n$$\nx \\tag{1.3}\n$$'
    )


def test_only_what_is_linked_to_gets_an_anchor():
    paragraph = nodes.paragraph("", "Text", ids=["here"])
    assert render(paragraph) == "Text"
    assert render(paragraph, ["here"]).startswith('<a id="here"')


def test_an_unknown_node_is_refused():
    with pytest.raises(NotImplementedError, match="can't show a <line_block>"):
        render(nodes.line_block())
