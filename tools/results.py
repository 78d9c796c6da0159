"""Renews the table of book/reference/results.md from the records beside it."""

import json
import re
from pathlib import Path

from nncourse.experiments import results_table

REFERENCE = Path(__file__).parents[1] / "book" / "reference"
PAGE = REFERENCE / "results.md"
_TABLE = re.compile(r"^\| Rung \|.*?\n(?=\n)", re.MULTILINE | re.DOTALL)


def committed_records() -> list[dict]:
    """The records of the MNIST ladder that are part of the book."""
    return [json.loads(path.read_text()) for path in (REFERENCE / "records/mnist").glob("*.json")]


def renewed(page: str, records: list[dict]) -> str:
    """The page with the table of these records in the place of the one that it has."""
    page, tables = _TABLE.subn(lambda _: results_table(records), page)
    if tables != 1:
        raise ValueError(f"The page must have one table of rungs. Received: {tables}")
    return page


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(), committed_records()))
