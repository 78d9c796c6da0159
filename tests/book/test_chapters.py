"""Every chapter keeps every rule of tests/book/rules.py, and an environment can be made for it."""

from pathlib import Path

import nbformat
import pytest

from tests.book.rules import RULES

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted(ROOT.glob("book/*/*.ipynb"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_chapter(chapter, rule):
    assert rule(nbformat.read(chapter, as_version=4)) == []


def test_there_are_chapters():
    assert CHAPTERS


def test_every_chapter_is_in_the_table_of_contents():
    import yaml

    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    listed = {c["file"] for part in toc["parts"] for c in part["chapters"]}
    written = {str(path.relative_to(ROOT).with_suffix("")) for path in CHAPTERS}
    assert {name for name in written if "_template" not in name} <= listed
    assert all(
        any((ROOT / f"{name}{end}").exists() for end in (".md", ".ipynb")) for name in listed
    )
