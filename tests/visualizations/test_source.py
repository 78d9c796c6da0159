import ast
import inspect
import textwrap

import pytest

from nncourse import scratch, visualizations
from nncourse.scratch import Perceptron, activations
from nncourse.visualizations import show_source


class Sample:
    """A class.

    With more to say.
    """

    ratio = 0.5

    def only_docstring(self):
        """Does nothing."""

    def commented(self):
        """Says why."""

        # Because of this.
        text = "not a docstring"
        "nor is this"
        return text

    @property
    def nested(self):
        """Has a function inside."""

        def inner():
            """Inner."""
            return '''three "quotes"'''

        return inner


def one_line(): "Nothing but this."  # fmt: skip


def docstrings(text: str) -> list:
    kinds = (ast.FunctionDef, ast.ClassDef)
    return [
        ast.get_docstring(node)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, kinds) and ast.get_docstring(node) is not None
    ]


def test_docstrings_go_and_nothing_else():
    assert show_source(Sample).text == textwrap.dedent("""\
        class Sample:
            ratio = 0.5

            def only_docstring(self):
                ...

            def commented(self):
                # Because of this.
                text = "not a docstring"
                "nor is this"
                return text

            @property
            def nested(self):
                def inner():
                    return '''three "quotes"'''

                return inner""")
    assert show_source(Sample.commented).text.startswith("def commented(self):\n    # Because")
    ast.parse(show_source(one_line).text)
    assert "Nothing" not in show_source(one_line).text.split("#")[0]


IN_SCRATCH = [getattr(scratch, name) for name in scratch.__all__]
MODULES = [each for each in IN_SCRATCH if inspect.ismodule(each)]
PUBLIC = [
    *(getattr(visualizations, n) for n in visualizations.__all__ if n.islower()),
    *(each for each in IN_SCRATCH if each not in MODULES),
    *(f for module in MODULES for f in vars(module).values() if inspect.isfunction(f)),
    Perceptron.fit,
]


@pytest.mark.parametrize("definition", PUBLIC, ids=lambda definition: definition.__qualname__)
def test_the_packages_source_stays_valid_and_means_the_same(definition):
    shown = show_source(definition).text
    assert docstrings(shown) == []
    # The oracle: the syntax tree without its docstrings.
    tree = ast.parse(textwrap.dedent(inspect.getsource(definition)))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node):
            del node.body[0]
    assert ast.dump(ast.parse(shown)) == ast.dump(tree)
    assert (
        show_source(definition, docstring=True).text.strip()
        == textwrap.dedent(inspect.getsource(definition)).strip()
    )


def test_a_notebook_gets_a_fenced_block_and_a_terminal_the_source():
    source = show_source(activations.relu)
    assert repr(source) == source.text
    assert source._repr_markdown_() == f"```python\n{source.text}\n```"


def test_the_fence_is_longer_than_any_within():
    def fenced():
        return "````"

    assert show_source(fenced)._repr_markdown_().startswith("`````python\ndef fenced")


@pytest.mark.parametrize("definition", [len, 3, "text", Sample()])
def test_refuses_what_has_no_source(definition):
    with pytest.raises(ValueError, match="`definition` must be a function, method or class"):
        show_source(definition)
