import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Circle, FancyArrowPatch

from nncourse.visualizations import draw_unrolled

STEP, ROW = 1.5, 1.35  # from column to column, from row to row


def names(axes):
    return sorted(text.get_text() for text in axes.texts if text.get_text())


def circles(axes):
    """The name that stands in each circle, with the circle's column and row."""
    places = {}
    for patch in axes.patches:
        if isinstance(patch, Circle):
            (name,) = [
                text.get_text()
                for text in axes.texts
                if text.get_text() and np.allclose(text.get_position(), patch.center)
            ]
            places[name] = tuple(np.round(np.divide(patch.center, (STEP, ROW)), 6))
    return places


def arrows(axes, color=None):
    """The columns and rows that the arrows lead from and to, seen from the circles' centers."""
    found = set()
    for note in axes.texts:
        arrow = getattr(note, "arrow_patch", None)
        if not isinstance(arrow, FancyArrowPatch):
            continue
        if color is not None and arrow.get_edgecolor() != plt.matplotlib.colors.to_rgba(color):
            continue
        ends = [
            np.divide(place, (STEP, ROW)).round().astype(int) for place in (note.xyann, note.xy)
        ]
        found.add(tuple(int(number) for end in ends for number in end))
    return found


def expected(inputs, outputs, steps):
    states = {(k, 1, k + 1, 1) for k in range(steps - 1)}
    up = {(k - 1, 0, k - 1, 1) for k in inputs} | {(k - 1, 1, k - 1, 2) for k in outputs}
    return states | up


@pytest.mark.parametrize(
    ("shape", "steps", "inputs", "outputs"),
    [
        ("one to one", 1, [1], [1]),
        ("one to many", 3, [1], [1, 2, 3]),
        ("many to one", 3, [1, 2, 3], [3]),
        ("many to many", 3, [1, 2, 3], [1, 2, 3]),
        ("many then many", 5, [1, 2, 3], [4, 5]),
        ("many then many", 4, [1, 2], [3, 4]),
    ],
)
def test_each_shape_has_its_inputs_outputs_and_arrows(shape, steps, inputs, outputs):
    _, axes = draw_unrolled(steps, shape)
    places = {f"$h_{{{k}}}$": (k - 1, 1) for k in range(1, steps + 1)}
    places |= {f"$x_{{{k}}}$": (k - 1, 0) for k in inputs}
    places |= {f"$y_{{{k}}}$": (k - 1, 2) for k in outputs}
    assert circles(axes) == places
    assert arrows(axes) == expected(inputs, outputs, steps)


def test_the_rolled_network_stands_to_the_left_and_names_the_weights():
    _, axes = draw_unrolled(3, rolled=True)
    places = circles(axes)
    assert {places[f"${name}_t$"][1] for name in "xhy"} == {0, 1, 2}
    assert all(places[f"${name}_t$"][0] < -1 for name in "xhy")
    written = names(axes)
    assert written.count("$W_x$") == written.count("$W_y$") == 1 + 3
    assert written.count("$W_h$") == 1 + 2  # the loop, and the arrows between three states
    assert "=" in written


@pytest.mark.parametrize(
    ("truncate", "cuts"), [(1, [0, 1, 2, 3]), (2, [1, 3]), (3, [2]), (5, []), (9, [])]
)
def test_the_gradient_goes_back_but_for_the_cuts(truncate, cuts):
    from nncourse.visualizations import COLORS

    _, axes = draw_unrolled(5, truncate=truncate)
    back = {(k + 1, 1, k, 1) for k in range(4) if k not in cuts}
    assert arrows(axes, COLORS[1]) == back
    dotted = [line for line in axes.lines if line.get_linestyle() == ":"]
    assert [line.get_xdata()[0] / STEP for line in dotted] == [k + 0.5 for k in cuts]
    assert axes.get_legend() is not None


def test_feedback_leads_from_each_output_to_the_next_state():
    _, axes = draw_unrolled(3, feedback=True)
    assert {(0, 2, 1, 1), (1, 2, 2, 1)} <= arrows(axes)
    _, axes = draw_unrolled(3, "many to one", feedback=True)
    assert arrows(axes) == expected([1, 2, 3], [3], 3)  # no step comes after the only output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"steps": 0}, "`steps` must be an integer from 1 to 10. Received: steps=0"),
        ({"steps": 11}, "`steps` must be an integer from 1 to 10"),
        ({"steps": 2.0}, "`steps` must be an integer from 1 to 10"),
        ({"shape": "many to none"}, "`shape` must be one of .*'many to many'"),
        ({"shape": "one to one"}, "`steps` must be 1 for 'one to one'. Received: steps=4"),
        ({"shape": "many then many", "steps": 1}, "`steps` must be 2 or more"),
        ({"truncate": 0}, "`truncate` must be a positive integer. Received: truncate=0"),
        ({"truncate": 1.5}, "`truncate` must be a positive integer"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        draw_unrolled(**{"steps": 4, **arguments})
    assert plt.get_fignums() == []
