r"""Lets docstrings use Markdown's `code`, $math$ and $$display math$$ on pages made by autodoc.

Sphinx reads docstrings as reStructuredText, where a single backtick is not code and a dollar sign
nothing at all; whoever reads `help()` finds Markdown easier on the eye.
"""

import re

from sphinx.application import Sphinx

_MARKUP = re.compile(
    r"""
    (?P<keep>
        ^[ ]*>>>[^\n]*(?:\n[ ]*\S[^\n]*)*    # a doctest and what it prints
      | ``.+?`` | :[\w:-]+:`[^`]+` | `[^`]+`_ # a literal, a role, a link
    )
    | ^(?P<indent>[ ]*)\$\$(?P<display>.+?)\$\$(?P<after>\S*)[ ]*$
    | `(?P<code>[^`]+)`
    | \$(?P<math>[^\s$](?:[^$]*[^\s$])?)\$
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)


def _replacement(match: re.Match) -> str:
    if match["keep"]:
        return match["keep"]
    if match["code"] or match["math"]:
        role = f"``{match['code']}``" if match["code"] else f":math:`{match['math']}`"
        follows = match.string[match.end() : match.end() + 1]
        return role + (
            "\\ " if follows.isalnum() else ""
        )  # as in `point`s, which reStructuredText takes for no markup
    indent = match["indent"]
    equation = [f"{indent}   {line.strip()}" for line in match["display"].splitlines()]
    return "\n".join([f"{indent}.. math::", "", *equation, "", indent + match["after"]])


def to_rst(docstring: str) -> str:
    """The docstring with its Markdown code and math written as reStructuredText."""
    return _MARKUP.sub(_replacement, docstring)


def _process(app: Sphinx, what, name, obj, options, lines: list[str]) -> None:
    lines[:] = to_rst("\n".join(lines)).splitlines()


def setup(app: Sphinx) -> dict:
    """Runs before napoleon (at priority 500) takes the docstring's sections apart."""
    app.connect("autodoc-process-docstring", _process, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
