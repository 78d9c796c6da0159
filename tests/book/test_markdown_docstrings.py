"""Markdown in docstrings becomes the reStructuredText that Sphinx reads."""

import inspect

import pytest
from docutils.core import publish_doctree
from hypothesis import given
from hypothesis import strategies as st
from sphinx.ext.napoleon import Config, GoogleDocstring

from book._ext.markdown_docstrings import to_rst
from nncourse.scratch import Perceptron, activations, boolean_network


@pytest.mark.parametrize(
    ("markdown", "rst"),
    [
        ("a `name` here", "a ``name`` here"),
        ('`"hebbian"`:', '``"hebbian"``:'),
        ("many `point`s", "many ``point``\\ s"),
        ("$w_0$ and $x^2$", ":math:`w_0` and :math:`x^2`"),
        ("the $K$th", "the :math:`K`\\ th"),
        ("over $a\n    + b$", "over :math:`a\n    + b`"),
        ("``literal`` stays", "``literal`` stays"),
        (
            ":class:`Perceptron` and :cite:p:`hebb1949`",
            ":class:`Perceptron` and :cite:p:`hebb1949`",
        ),
        ("`Keras <https://keras.io>`_", "`Keras <https://keras.io>`_"),
        ("costs 5 $ or 6 $ each", "costs 5 $ or 6 $ each"),
        ("    >>> f(`x`)\n    '$y$'", "    >>> f(`x`)\n    '$y$'"),
        ("    $$a\n    + b$$", "    .. math::\n\n       a\n       + b\n\n    "),
        ("$$a$$.", ".. math::\n\n   a\n\n."),
    ],
)
def test_conversion(markdown, rst):
    assert to_rst(markdown) == rst


@given(st.text(alphabet="abc ,.()\n"))
def test_text_without_markup_stays(text):
    assert to_rst(text) == text


@pytest.mark.parametrize("documented", [Perceptron, activations.softmax, boolean_network])
def test_docstrings_of_the_package_parse(documented):
    docstring = inspect.getdoc(documented)
    # Fields for the attributes: docutils alone does not know Sphinx's directive for them.
    settings = Config(napoleon_use_param=False, napoleon_use_ivar=True)
    rst = str(GoogleDocstring(to_rst(docstring).replace("Reference:", "References:"), settings))
    document = publish_doctree(rst, settings_overrides={"report_level": 2})
    kinds = [node.tagname for node in document.findall()]
    assert "system_message" not in kinds
    assert kinds.count("math_block") == docstring.count("$$") // 2
    assert "$" not in "".join(
        node.astext()
        for node in document.findall()
        if node.tagname == "#text" and node.parent.tagname not in ("math", "math_block")
    )
