import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from matplotlib.patches import FancyArrowPatch, Polygon, Rectangle

from nncourse.scratch import Value
from nncourse.visualizations import COLORS, draw_computation_graph, use_style
from nncourse.visualizations.style import INK


def product_and_sum():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    y = w * x + x
    y.name = "y"
    return y


def unit():
    x1, x2, w1, w2 = (Value(v, n) for v, n in ((1, "x1"), (-2, "x2"), (0.5, "w1"), (-0.3, "w2")))
    return ((w1 * x1 + w2 * x2 + Value(0.1, "b")).sigmoid() - Value(1, "t")) ** 2


def chain():
    a = Value(1.5, "x")
    for index, weight in enumerate([0.7, -1.2, 2.1, 0.4], 1):
        a = (a * Value(weight, f"w{index}")).sigmoid()
    return a


def skips():
    a = Value(0.5, "x")
    for index, weight in enumerate([0.8, -0.6], 1):
        a = a + (Value(weight, f"w{index}") * a).tanh()
        a.name = f"a{index}"
    return a


GRAPHS = {"product and sum": product_and_sum, "unit": unit, "chain": chain, "skips": skips}


PLAIN = {"+": np.add, "-": np.subtract, "*": np.multiply, "^2": np.square, "tanh": np.tanh}
PLAIN["sigmoid"] = lambda z: 1 / (1 + np.exp(-z))


def texts(axes):
    return [text.get_text() for text in axes.texts]


def nodes(axes):
    return [patch for patch in axes.patches if isinstance(patch, (Polygon, Rectangle))]


def arrows(axes):
    return [patch for patch in axes.patches if isinstance(patch, FancyArrowPatch)]


def box(patch):
    return patch.get_path().transformed(patch.get_patch_transform()).get_extents()


def content(axes, patch):
    """What stands in a node: the text at its center."""
    center = np.mean(box(patch), axis=0)
    (text,) = (t.get_text() for t in axes.texts if np.allclose(t.get_position(), center))
    return text


def ends_of(axes, arrow):
    """What an arrow leads from and to: the contents of the nodes at its ends, "" for outside."""
    curve = arrow._path_original.vertices
    near = [[n for n in nodes(axes) if box(n).padded(0.05).contains(*p)] for p in curve[[0, -1]]]
    return tuple(content(axes, found[0]) if found else "" for found in near)


def ends(axes):
    return sorted(ends_of(axes, arrow) for arrow in arrows(axes))


def written(value):
    return f"{value:.3g}".replace("-", "−")


def test_an_arrow_for_every_use_of_a_value_and_one_for_the_result():
    _, axes = draw_computation_graph(product_and_sum())
    expected = [("w", "×"), ("x", "+"), ("x", "×"), ("×", "+"), ("+", "")]
    assert ends(axes) == sorted(expected)
    assert len(nodes(axes)) == 4
    _, axes = draw_computation_graph(unit())
    leaves = ("x1", "x2", "w1", "w2", "b", "t")
    assert all(isinstance(n, Rectangle) == (content(axes, n) in leaves) for n in nodes(axes))
    expected = [(a, "×") for a in ("x1", "x2", "w1", "w2")] + [("×", "+")] * 2
    expected += [("+", "+"), ("b", "+"), ("+", "σ"), ("σ", "−"), ("t", "−")]
    assert ends(axes) == sorted([*expected, ("−", r"$(\cdot)^{2}$"), (r"$(\cdot)^{2}$", "")])
    assert len(nodes(axes)) == 6 + 7
    places = {text.get_text(): text.get_position() for text in axes.texts}
    top = [name for name in places if name[0] in "wx"]
    assert sorted(top, key=places.get) == ["w1", "x1", "w2", "x2"]  # as the operands are
    _, axes = draw_computation_graph(Value(0.5, "x"))
    assert (ends(axes), sorted(texts(axes))) == ([("x", "")], ["0.5", "x"])


def test_a_value_that_an_operation_uses_twice_has_two_arrows():
    x = Value(3, "x")
    y = x * x
    y.backward()
    _, axes = draw_computation_graph(y)
    assert ends(axes) == [("x", "×"), ("x", "×"), ("×", "")]
    assert sorted(texts(axes)) == sorted(["x", "×", "3", "3", "9", "∂ 3", "∂ 3", "∂ 1", "Σ∂ 6"])


def test_numbers_stand_at_their_edges():
    y = product_and_sum()
    y.backward()
    _, axes = draw_computation_graph(y)
    # By hand: y = wx + x = 3·2 + 2, and dy/d(wx) = 1, dy/dw = x, over the two paths dy/dx = w + 1.
    expected = {
        ("w", "×"): ("3", "∂ 2"),
        ("x", "×"): ("2", "∂ 3"),
        ("x", "+"): ("2", "∂ 1"),
        ("×", "+"): ("6", "∂ 1"),
        ("+", ""): ("8", "∂ 1"),
    }
    for arrow in arrows(axes):
        curve = arrow._path_original.vertices
        beside = tuple(
            text.get_text()
            for text in axes.texts
            if 0.01 < np.hypot(*(curve - text.get_position()).T).min() < 0.08
            and text.get_text() != "y"
        )
        assert beside == expected[ends_of(axes, arrow)]
    assert texts(axes).count("Σ∂ 4") == 1
    assert texts(axes).count("y") == 1


@pytest.mark.parametrize("name", GRAPHS)
def test_gradients_on_edges_are_those_of_finite_differences(name):
    """Along an edge comes what the result changes by when the operand changes for one use alone."""
    result = GRAPHS[name]()
    result.backward()
    _, axes = draw_computation_graph(result)
    expected = [f"∂ {written(1.0)}"]

    def value_with(shifted_user, shifted_index, shift):
        data = {}
        for each in result.graph():
            inputs = [data[id(operand)] for operand in each.operands]
            if each is shifted_user:
                inputs[shifted_index] += shift
            data[id(each)] = PLAIN[each.operation](*inputs) if inputs else each.data
        return data[id(result)]

    for user in result.graph():
        for index in range(len(user.operands)):
            change = value_with(user, index, 1e-5) - value_with(user, index, -1e-5)
            expected.append(f"∂ {written(change / 2e-5)}")
    assert sorted(t for t in texts(axes) if t.startswith("∂")) == sorted(expected)


def test_gradients_differ_by_more_than_their_color():
    y = product_and_sum()
    y.backward()
    _, axes = draw_computation_graph(y)
    for text in axes.texts:
        is_gradient = "∂" in text.get_text()
        assert (text.get_style() == "italic") == is_gradient
        assert to_rgba(text.get_color()) == to_rgba(COLORS[1] if is_gradient else INK)


def test_backward_adds_the_gradients_to_what_was_there():
    result = skips()
    _, axes = draw_computation_graph(result)
    assert not any("∂" in text for text in texts(axes))
    assert {"x", "w1", "a1", "a2", "tanh"} <= set(texts(axes))
    result.backward()
    _, axes = draw_computation_graph(result)
    assert f"a1: Σ∂ {written(result.operands[0].gradient)}" in texts(axes)
    assert "a1" not in texts(axes)


def test_constants_show_their_number_and_nothing_else():
    x = Value(3, "x")
    y = 2 - x / 4
    y.backward()
    _, axes = draw_computation_graph(y)
    assert sorted(texts(axes)) == sorted(
        ["x", "3", "∂ −0.25", "÷", "4", "0.75", "∂ −1", "−", "2", "1.25", "∂ 1"]
    )
    assert ends(axes) == sorted([("x", "÷"), ("4", "÷"), ("÷", "−"), ("2", "−"), ("−", "")])


@pytest.mark.parametrize("name", GRAPHS)
def test_shallow_graphs_run_to_the_right_and_deep_ones_down(name):
    use_style()
    figure, axes = draw_computation_graph(GRAPHS[name]())
    for arrow in arrows(axes):
        steps = np.diff(arrow._path_original.vertices, axis=0)
        assert (steps[:, 0] >= 0).all() if name == "product and sum" else (steps[:, 1] <= 0).all()
    # Text of 11.5 points is at least 7.6 pixels high where the figure is 350 pixels wide.
    assert figure.get_figwidth() <= 5.6


@st.composite
def graphs(draw):
    values = [Value(draw(st.integers(-9, 9)) / 4, name) for name in ("x", "$w_1$", "")]
    for _ in range(draw(st.integers(1, 8))):
        a, b = (values[draw(st.integers(0, len(values) - 1))] for _ in range(2))
        kind = draw(st.sampled_from("+*-t"))
        values.append({"+": a + b, "*": a * b, "-": a - b, "t": a.tanh()}[kind])
    values[-1].name = draw(st.sampled_from(["", "E"]))
    return values[-1]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(graphs())
def test_nothing_covers_anything_else(result):
    use_style()
    result.backward()
    figure, axes = draw_computation_graph(result)
    values = result.graph()
    assert len(nodes(axes)) == len(values)
    assert len(arrows(axes)) == 1 + sum(len(value.operands) for value in values)
    figure.canvas.draw()
    inside = [box(patch) for patch in nodes(axes)]
    boxes = [each.transformed(axes.transData) for each in inside]
    for text in axes.texts:
        if not any(each.contains(*text.get_position()) for each in inside):
            boxes.append(text.get_window_extent())
    for a, b in itertools.combinations(boxes, 2):
        overlap = np.minimum(a.max, b.max) - np.maximum(a.min, b.min)
        assert (overlap < 2).any()  # pixels
    plt.close(figure)


def test_refuses_what_is_no_value_and_what_is_too_large():
    with pytest.raises(ValueError, match=r"`value` must be a `scratch.Value`. Received: 2.0 of"):
        draw_computation_graph(2.0)
    result = Value(1.0, "x")
    for _ in range(59):
        result = result.tanh()
    draw_computation_graph(result)
    plt.close("all")
    with pytest.raises(ValueError, match=r"computed from less than 60 others.*Received: one of 60"):
        draw_computation_graph(result.tanh())
    assert plt.get_fignums() == []
