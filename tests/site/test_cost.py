"""What a chapter may cost: its time, as the build measured it, and the weight of its page."""

import time

import keras
import numpy as np
import pytest
from jupyter_cache import get_cache

from tests.site import html_rules
from tests.site.conftest import ROOT

MOST_SECONDS = 60  # on two cores of their own, which take STEPS_SECONDS for the steps below
STEPS_SECONDS = 0.6
MOST_BYTES = 3_000_000

CHAPTERS = [
    path.relative_to(ROOT)
    for path in sorted(ROOT.glob("book/*/*.ipynb"))
    if not path.parent.name.startswith("_")
]
pytestmark = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def slowness():
    """How many times slower than those this machine is, 1 at least: best of three trainings.

    What other guests of a shared machine do makes the same chapter take twice the time.
    """
    x, t = np.zeros((1440, 64), "float32"), np.zeros(1440)
    model = keras.Sequential(
        [keras.Input((64,)), keras.layers.Dense(64, "relu"), keras.layers.Dense(10)]
    )
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    seconds = []
    for _ in range(4):  # the first compiles
        start = time.perf_counter()
        model.fit(x, t, batch_size=32, epochs=10, verbose=0)  # 450 steps
        seconds.append(time.perf_counter() - start)
    return max(1.0, min(seconds) / STEPS_SECONDS)


def test_a_chapter_runs_in_a_minute(site, chapter, slowness):
    record = get_cache(str(site.parent / ".jupyter_cache")).match_cache_file(str(ROOT / chapter))
    assert record.data["execution_seconds"] <= MOST_SECONDS * slowness


def test_a_page_is_light(site, chapter):
    assert html_rules.weight(site / chapter.with_suffix(".html"), site) <= MOST_BYTES
