import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from nncourse.visualizations import plot_alignment
from nncourse.visualizations.style import COLORS

WEIGHTS = np.array([[0.1, 0.2, 0.7], [0.9, 0.05, 0.05]])
WORDS = ["zwei", "und"]


def test_the_matrix_has_a_row_for_each_word_and_a_column_for_each_digit():
    _, axes = plot_alignment(WEIGHTS, "321", WORDS)
    (image,) = axes.images
    np.testing.assert_array_equal(image.get_array(), WEIGHTS)
    assert image.get_clim() == (0, 1)
    assert image.origin == "upper"
    assert [label.get_text() for label in axes.get_xticklabels()] == ["3", "2", "1"]
    assert [label.get_text() for label in axes.get_yticklabels()] == WORDS
    assert not axes.patches


def test_labels_may_be_numbers():
    _, axes = plot_alignment(WEIGHTS, range(1, 4), [7, 8])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "2", "3"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["7", "8"]


def test_frames_stand_around_the_true_cells():
    _, axes = plot_alignment(WEIGHTS, "321", WORDS, truth=[(1, 2), ()])
    centers = [tuple(np.round(frame.get_center(), 6)) for frame in axes.patches]
    assert centers == [(1, 0), (2, 0)]
    assert all(0.8 < frame.get_width() < 1 and not frame.get_fill() for frame in axes.patches)
    assert all(to_hex(frame.get_edgecolor()).upper() == COLORS[1] for frame in axes.patches)


def test_a_figure_of_its_own_tells_the_scale():
    figure, axes = plot_alignment(WEIGHTS, "321", WORDS)
    (bar,) = [other for other in figure.axes if other is not axes]
    assert bar.get_ylim() == (0, 1)
    figure, ax = plt.subplots()
    plot_alignment(WEIGHTS, "321", WORDS, ax=ax)
    assert figure.axes == [ax]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"source": "32"}, r"a row for each of the 2 labels .* each of the 2 of .* shape \(2, 3\)"),
        ({"target": ["zwei"]}, r"a row for each of the 1 labels .* shape \(2, 3\)"),
        ({"weights": np.zeros((0, 0)), "source": "", "target": []}, r"shape \(0, 0\)"),
        ({"weights": WEIGHTS - 0.2}, "from 0 to 1. Received: some that are not"),
        ({"weights": WEIGHTS * 1.2}, "from 0 to 1. Received: some that are not"),
        ({"weights": WEIGHTS * np.nan}, "from 0 to 1. Received: some that are not"),
        ({"truth": [(1,)]}, r"columns from 0 to 2 for each of the 2 rows. Received: truth=\[\(1,"),
        ({"truth": [(1,), (3,)]}, "columns from 0 to 2 for each of the 2 rows"),
        ({"truth": [(1,), (-1,)]}, "columns from 0 to 2 for each of the 2 rows"),
    ],
)
def test_bad_input(changes, message):
    with pytest.raises(ValueError, match=message):
        plot_alignment(**{"weights": WEIGHTS, "source": "321", "target": WORDS} | changes)
