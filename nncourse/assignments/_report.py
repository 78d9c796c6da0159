"""What a check says about an answer: as text, as a box in a notebook, and as a dict."""

import re
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

# Text, background and border: dark text on a light box of its own, so that the page may be either.
_COLORS = {
    "passed": ("#12391c", "#e6f4ea", "#1e7e34"),
    "failed": ("#5c1410", "#fdecea", "#c62828"),
    "not attempted": ("#2b3440", "#eef1f5", "#6b7785"),
}
_LONGEST = 40  # numbers in an array that is printed in full


@dataclass(frozen=True, repr=False, eq=False)
class Report:
    """What a check found: printed as text in a terminal and shown as a box in a notebook.

    Attributes:
        name: The exercise.
        status: `"passed"`, `"failed"` or `"not attempted"`.
        hint: What to do next; empty if passed.
        failing_input: The first input that fails, as a dict of its arguments by name, so that
            `your_function(*report.failing_input.values())` repeats it; None where no input was to
            blame.
        expected: What a right answer gives on that input.
        received: What came instead: an array, or a text that describes it.
        right: On how many inputs the answer was right.
        inputs: How many inputs it was tried on.

    Example:
        >>> from nncourse import assignments
        >>> report = assignments.check("perceptron.nand_weights", (-2, 1.5, 1))
        >>> report.passed, report.failing_input
        (False, {'x1': 0, 'x2': 0})
    """

    name: str
    status: str
    hint: str = ""
    failing_input: dict[str, Any] | None = None
    expected: np.ndarray | None = None
    received: np.ndarray | str | None = None
    right: int = 0
    inputs: int = 0

    @property
    def passed(self) -> bool:
        """Whether the answer was right on every input."""
        return self.status == "passed"

    @property
    def score(self) -> float:
        """1 if passed, else 0.

        An exercise counts as a whole: an update rule that does nothing is right wherever there is
        nothing to do, and has earned no half of the points by that.
        """
        return float(self.passed)

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON can hold it."""
        return {
            "name": self.name,
            "status": self.status,
            "passed": self.passed,
            "score": self.score,
            "hint": self.hint,
            "failing_input": self.failing_input and _plain(self.failing_input),
            "expected": _plain(self.expected),
            "received": _plain(self.received),
        }

    def _lines(self) -> list[tuple[str, str]]:
        """The lines below the headline: a label and a text each."""
        lines = []
        if self.failing_input is not None:
            given = ", ".join(f"{name} = {_text(v)}" for name, v in self.failing_input.items())
            lines += [("First input that fails", given), ("Expected", _text(self.expected))]
            lines += [("Received", _text(self.received))]
        return [*lines, ("Hint", self.hint)] if self.hint else lines

    def _headline(self) -> str:
        count = f" ({self.right} of {self.inputs} inputs right)" if self.inputs else ""
        return f"{self.status}{count}"

    def __repr__(self) -> str:
        lines = [f"  {label}: {text}" for label, text in self._lines()]
        return "\n".join([f"{self.name}: {self._headline()}", *lines])

    def _repr_html_(self) -> str:
        text, background, border = _COLORS[self.status]
        # Only plain elements with styles of their own: a page's rules for code or pre, made for
        # its own background, would change the contrast.
        lines = "".join(
            f'<div style="margin-top: 0.4em">{escape(label)}: '
            f"{_words(line) if label == 'Hint' else _code(escape(line))}</div>"
            for label, line in self._lines()
        )
        return (
            f'<div style="color: {text}; background: {background}; '
            f"border-left: 0.3em solid {border}; border-radius: 0.3em; padding: 0.7em 1em; "
            'max-width: 100%; box-sizing: border-box; overflow-wrap: anywhere; line-height: 1.4">'
            f"<strong>{escape(self.name)}</strong>: {escape(self._headline())}{lines}</div>"
        )


def _code(text: str) -> str:
    return f'<span style="font-family: monospace">{text}</span>'


def _words(hint: str) -> str:
    """A hint as HTML: what stands between backticks is code."""
    return re.sub("`([^`]+)`", lambda match: _code(match[1]), escape(hint))


def _plain(value):
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        # JSON knows no NaN and no infinity: they are written out.
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, float) and not np.isfinite(value) else value


def _text(value) -> str:
    if isinstance(value, str):
        return value
    array = np.asarray(value)
    if array.size > _LONGEST:
        first = ", ".join(_number(number) for number in array.flat[:5].tolist())
        return f"an array of shape {array.shape}: {first}, ..."
    return _nested(array.tolist())


def _nested(value) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_nested, value))}]"
    return _number(value)


def _number(value: float) -> str:
    whole = np.isfinite(value) and value == int(value) and abs(value) < 1e15
    return str(int(value)) if whole else f"{value:.6g}"
