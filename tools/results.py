"""Renews the tables of book/reference/results.md from the records beside it."""

import json
import re
from pathlib import Path

from nncourse.experiments import corpus_table, machine_table, results_table

REFERENCE = Path(__file__).parents[1] / "book" / "reference"
PAGE = REFERENCE / "results.md"


def committed_records(experiment: str) -> list[dict]:
    """The records of an experiment that are part of the book."""
    folder = REFERENCE / "records" / experiment
    return [json.loads(path.read_text()) for path in folder.glob("*.json")]


def renewed(page: str) -> str:
    """The page with the tables of the committed records in the place of those that it has."""
    page = replaced(page, results_table(committed_records("mnist")))
    page = replaced(page, corpus_table(committed_records("charlm")))
    return replaced(page, machine_table(committed_records("ntm")))


def replaced(page: str, table: str) -> str:
    """The page with this table in the place of the one that begins with the same column."""
    first = re.match(r"\| \w+ \|", table)[0]
    old = re.compile(rf"^{re.escape(first)}.*?\n(?=\n)", re.MULTILINE | re.DOTALL)
    page, tables = old.subn(lambda _: table, page)
    if tables != 1:
        raise ValueError(
            f"The page must have one table that begins with {first!r}. Received: {tables}"
        )
    return page


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text()))
