import numpy as np
import pytest
from matplotlib.patches import Circle, Rectangle

from nncourse.visualizations import draw_lstm_cell


def at(axes, text):
    """Where a text stands."""
    (found,) = [t.get_position() for t in axes.texts if t.get_text() == text]
    return np.array(found)


def arrows(axes):
    return [(np.array(a.xyann), np.array(a.xy)) for a in axes.texts if a.get_text() == ""]


def test_the_memory_meets_a_product_and_a_sum_and_nothing_else():
    _, axes = draw_lstm_cell()
    lane = at(axes, "$c_{t-1}$")[1]
    assert at(axes, "$c_t$")[1] == lane
    on_lane = [p for p in axes.patches if isinstance(p, Circle) and p.center[1] == lane]
    signs = []
    for circle in sorted(on_lane, key=lambda circle: circle.center[0]):
        signs += [t.get_text() for t in axes.texts if t.get_position() == circle.center]
    assert signs == ["×", "+"]
    assert not [
        box for box in axes.patches
        if isinstance(box, Rectangle) and box.get_y() < lane < box.get_y() + box.get_height()
    ]  # fmt: skip


def test_each_box_is_fed_and_named():
    _, axes = draw_lstm_cell()
    for name, function, word in [
        ("f", r"$\sigma$", "forget"), ("i", r"$\sigma$", "input"),
        ("g", "tanh", "candidate"), ("o", r"$\sigma$", "output"),
    ]:  # fmt: skip
        x, y = at(axes, f"${name}_t$\n{function}")
        assert [end for start, end in arrows(axes) if start[0] == end[0] == x and start[1] > y > 0]
        assert abs(at(axes, word)[0] - x) < 0.1


@pytest.mark.parametrize("peepholes", [True, False])
def test_peepholes_lead_from_the_memory_to_the_gates(peepholes):
    _, axes = draw_lstm_cell(peepholes=peepholes)
    dashed = [line for line in axes.lines if line.get_linestyle() == "--"]
    assert len(dashed) == 3 * peepholes
    if not peepholes:
        return
    products = [p.center for p in axes.patches if isinstance(p, Circle)]
    lane = min(y for _, y in products)
    (forget, _), (add, _) = sorted(center for center in products if center[1] == lane)
    boxes = {n: at(axes, f"${n}_t$\n$\\sigma$") for n in "fio"}
    seen = {}
    for line in dashed:
        (start_x, *_, end_x), (start_y, *_, end_y) = line.get_xdata(), line.get_ydata()
        assert start_y == lane
        (gate,) = [
            n for n, (x, y) in boxes.items() if abs(end_x - x) < 0.28 and 0 < y - end_y < 0.3
        ]
        seen[gate] = start_x
    assert seen["f"] == seen["i"] < forget  # the memory before the step
    assert seen["o"] > add  # the memory after it
