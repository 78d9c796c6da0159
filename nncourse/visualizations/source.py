"""The package's source, shown where it is taught."""

import ast
import inspect
import re
import textwrap


class Source:
    """Python source that a notebook shows highlighted and a terminal as it is."""

    def __init__(self, text: str):
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        # A fence must be longer than any run of backticks within.
        longest = max((len(run) for run in re.findall(r"`+", self.text)), default=0)
        fence = "`" * max(3, longest + 1)
        return f"{fence}python\n{self.text}\n{fence}"


def show_source(definition, /, *, docstring: bool = False) -> Source:
    """Shows the source of a function, a method or a class.

    Args:
        definition: A function, method or class that is written in Python.
        docstring: Whether docstrings are shown, which the text around the cell often repeats.

    Returns:
        A `Source`: the last line of a cell shows it. `.text` is the source itself.

    Raises:
        ValueError: If there is no Python source of `definition`.

    Example:
        >>> from nncourse.scratch import activations
        >>> from nncourse.visualizations import show_source
        >>> show_source(activations.relu)
        def relu(z) -> np.ndarray:
            return np.maximum(_float(z), 0)
    """
    try:
        text = textwrap.dedent(inspect.getsource(definition)).rstrip()
        shown = text if docstring else _without_docstrings(text)
    except (TypeError, OSError, SyntaxError) as error:  # built in, or a lambda amid other code
        raise ValueError(
            "`definition` must be a function, method or class that is written in Python. "
            f"Received: {definition!r}"
        ) from error
    return Source(shown)


def _without_docstrings(text: str) -> str:
    lines = text.splitlines()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]
    # From the last line to the first, so that the numbers of those before stay right.
    for node in sorted(nodes, key=lambda node: -node.lineno):
        if ast.get_docstring(node) is None:
            continue
        first = node.body[0]
        start, end = first.lineno - 1, first.end_lineno
        if len(node.body) == 1:
            before = lines[start].encode()[: first.col_offset].decode()
            lines[start:end] = [before + "..."]
            continue
        while not lines[end].strip():
            end += 1
        del lines[start:end]
    return "\n".join(lines)
