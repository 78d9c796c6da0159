"""The tree of a beam search: what it keeps, what it drops, and the path that wins."""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_hex

from nncourse import visualizations as vis
from nncourse.visualizations.style import COLORS, UNIT

LOG_P = np.log([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.05, 0.9, 0.05]])  # a row for each last symbol


def step(prefixes):
    return LOG_P[prefixes[:, -1]]


def nodes(axes):
    """(column, row, name, score, is it kept?) of all nodes."""
    texts = axes.texts
    return [
        (
            int(name.get_position()[0]),
            round(0.12 - name.get_position()[1]),
            name.get_text(),
            score.get_text(),
            to_hex(name.get_bbox_patch().get_facecolor()) == UNIT.lower(),
        )
        for name, score in itertools.pairwise(texts)
        if name.get_fontsize() == 12
    ]


def by_hand(length, beam, dropped):
    """The same nodes from a search written out."""
    beams, expected = [((0,), 0.0)], []
    for column in range(1, length + 1):
        grown = sorted(
            (
                ((*prefix, s), score + LOG_P[prefix[-1], s])
                for prefix, score in beams
                for s in range(3)
            ),
            key=lambda each: -each[1],
        )
        for row, (prefix, score) in enumerate(grown[: beam + dropped]):
            note = f"{score:.2f}".replace("-", "−")
            expected.append((column, row, "abc"[prefix[-1]], note, row < beam))
        beams = grown[:beam]
    return expected


@pytest.mark.parametrize(("beam", "dropped"), [(1, 2), (2, 0), (2, 3), (3, 2)])
def test_draws_the_nodes_of_the_search(beam, dropped):
    _, axes = vis.draw_beam_tree(step, 0, 4, beam, names="abc", dropped=dropped)
    assert nodes(axes) == by_hand(4, beam, dropped)
    for text in axes.texts:
        assert axes.viewLim.contains(*text.get_position())


def test_the_heavy_path_is_the_result():
    _, axes = vis.draw_beam_tree(step, [1, 0], 3, 2, names=["x", "y", "z"])
    heavy = [line for line in axes.lines if line.get_color() == COLORS[1]]
    assert len(heavy) == 3  # from the start through one node of each column
    for one, other in itertools.pairwise(heavy):
        assert (one.get_xdata()[1], one.get_ydata()[1]) == (
            other.get_xdata()[0],
            other.get_ydata()[0],
        )
    ends = [round(0.12 - line.get_ydata()[1]) for line in heavy]
    names = {(column, row): name for column, row, name, _, _ in nodes(axes)}
    path = [names[column, row] for column, row in enumerate(ends, 1)]
    best = max(
        itertools.product(range(3), repeat=3),
        key=lambda y: sum(LOG_P[a, b] for a, b in itertools.pairwise((0, *y))),
    )
    assert path == ["xyz"[s] for s in best]


def test_an_impossible_symbol_is_not_drawn():
    def two_of_three(prefixes):
        return np.log([[0.5, 0.5, 1e-300]] * len(prefixes)) + np.array([0, 0, -np.inf])

    _, axes = vis.draw_beam_tree(two_of_three, 0, 2, 3, names="abc")
    assert {name for _, _, name, _, _ in nodes(axes)} == {"a", "b"}
    assert sum(column == 1 for column, *_ in nodes(axes)) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"length": 0}, "`length` must be an integer from 1 to 6. Received: length=0"),
        ({"length": 7}, "length=7"),
        ({"beam": 0}, "`beam` must be a positive integer. Received: beam=0"),
        ({"dropped": -1}, "`dropped` must be an integer of 0 or more. Received: dropped=-1"),
        ({"beam": 7}, "must be 8 or less together. Received: beam=7, dropped=2"),
        ({"start": [[0], [1]]}, "must be one prefix, not a batch"),
        ({"names": "ab"}, "2 names, but the search met symbol 2"),
    ],
)
def test_bad_input(arguments, message):
    with pytest.raises(ValueError, match=message):
        vis.draw_beam_tree(
            **{"step": step, "start": 0, "length": 3, "beam": 2, "names": "abc", **arguments}
        )
