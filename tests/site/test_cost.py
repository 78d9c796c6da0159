"""What a chapter may cost: its time, as the build measured it, and the weight of its page."""

import pytest
from jupyter_cache import get_cache

from tests.site import html_rules
from tests.site.conftest import ROOT

MOST_SECONDS = 60
MOST_BYTES = 3_000_000

CHAPTERS = [
    path.relative_to(ROOT)
    for path in sorted(ROOT.glob("book/*/*.ipynb"))
    if not path.parent.name.startswith("_")
]
pytestmark = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)


def test_a_chapter_runs_in_a_minute(site, chapter):
    record = get_cache(str(site.parent / ".jupyter_cache")).match_cache_file(str(ROOT / chapter))
    assert record.data["execution_seconds"] <= MOST_SECONDS


def test_a_page_is_light(site, chapter):
    assert html_rules.weight(site / chapter.with_suffix(".html"), site) <= MOST_BYTES
