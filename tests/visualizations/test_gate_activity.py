import matplotlib.pyplot as plt
import numpy as np
import pytest

from nncourse.visualizations import plot_gate_activity

TEXT = "one two\nthree four five six"  # 27 letters


@pytest.mark.parametrize(("columns", "lines"), [(10, [10, 10, 7]), (20, [20, 7]), (60, [27])])
def test_strips_hold_the_activity_line_by_line(columns, lines):
    activity = np.random.default_rng(0).normal(size=(3, 27))
    _, axes = plot_gate_activity(TEXT, activity, columns=columns)
    strips = [image.get_array() for image in axes.images]
    assert [strip.shape for strip in strips] == [(3, length) for length in lines]
    np.testing.assert_allclose(np.hstack(strips), activity)


def test_each_letter_stands_below_its_color_and_each_name_beside_its_row():
    activity = np.linspace(0, 1, 54).reshape(2, 27)
    _, axes = plot_gate_activity(TEXT, activity, names=["forget", "input"], columns=10)
    read, named = "", []
    for image in axes.images:
        left, right, bottom, top = image.get_extent()
        cell = (right - left) / image.get_array().shape[1]
        beside = [text for text in axes.texts if bottom < text.get_position()[1] < top]
        named += [text.get_text() for text in beside]
        assert all(text.get_position()[0] < left for text in beside)
        assert beside[0].get_position()[1] > beside[1].get_position()[1]  # the first row on top
        below = [text for text in axes.texts if 0 < bottom - text.get_position()[1] < 0.2]
        letters = {int((text.get_position()[0] - left) / cell): text.get_text() for text in below}
        read += "".join(letters.get(k, " ") for k in range(image.get_array().shape[1]))
    assert read == TEXT.replace("\n", "↵")
    assert named == ["forget", "input"] * 3


@pytest.mark.parametrize(
    ("values", "limits", "expected", "cmap"),
    [
        ((0.2, 0.7), None, (0, 1), "Blues"),
        ((0.0, 0.0), None, (0, 1), "Blues"),
        ((0.2, 3.0), None, (0, 3), "Blues"),
        ((-0.5, 0.2), None, (-0.5, 0.5), "RdBu"),
        ((-0.5, 2.0), None, (-2, 2), "RdBu"),
        ((-0.5, 2.0), (-1, 1), (-1, 1), "RdBu"),
    ],
)
def test_the_scale_has_white_at_zero(values, limits, expected, cmap):
    figure, axes = plot_gate_activity("ab" * 8, np.array(values * 8), limits=limits, columns=10)
    for image in axes.images:
        assert image.get_clim() == expected
        assert image.get_cmap().name == cmap
    (bar,) = [other for other in figure.axes if other is not axes]
    assert bar.get_ylim() == expected


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text": ""}, "`text` must be a string of one letter or more. Received: text=''"),
        ({"text": 5}, "`text` must be a string of one letter or more. Received: text=5"),
        ({"activity": np.ones(4)}, "for each of the 3 letters.*of shape .1, 4."),
        ({"activity": np.ones((1, 1, 3))}, "for each of the 3 letters.*of shape .1, 1, 3."),
        ({"activity": np.ones((0, 3))}, "for each of the 3 letters.*of shape .0, 3."),
        ({"activity": [1, np.nan, 0]}, "`activity` must hold finite numbers"),
        ({"names": ["a", "b"]}, "for each of the 1 rows. Received: names=.'a', 'b'."),
        ({"names": ["a" * 13]}, "of at most 12 letters"),
        ({"columns": 9}, "`columns` must be an integer from 10 to 60. Received: columns=9"),
        ({"columns": 10.5}, "`columns` must be an integer from 10 to 60. Received: columns=10.5"),
        ({"limits": (1, 1)}, "`limits` must be two rising numbers. Received: limits=.1, 1."),
    ],
)
def test_refuses(changes, message):
    arguments = {"text": "abc", "activity": [0, 1, 0], **changes}
    with pytest.raises(ValueError, match=message):
        plot_gate_activity(**arguments)
    assert plt.get_fignums() == []
