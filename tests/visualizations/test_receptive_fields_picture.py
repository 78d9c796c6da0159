import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from nncourse.scratch import receptive_field
from nncourse.visualizations import COLORS, draw_receptive_fields

STACKS = [
    ([{"kernel": 3}] * 3, 11, 2),
    ([{"kernel": 3, "dilation": 2**k} for k in range(3)], 24, 9),
    ([{"kernel": 3, "padding": 1}, {"kernel": 2, "stride": 2}] * 2, 12, 0),
    ([{"kernel": 3, "padding": "half", "dilation": 2}, {"kernel": 2, "stride": 3}], 14, 3),
]


def squares(axes):
    """What stands where: for each row, input first, the centers, fills and dashes from the left."""
    found = {}
    for patch in axes.patches:
        box = patch.get_bbox()
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        is_dashed = patch.get_linestyle() not in ("-", "solid")
        found.setdefault(round(y, 6), []).append((x, patch.get_facecolor()[:3], is_dashed))
    return [sorted(found[y]) for y in sorted(found, reverse=True)]


def poked(layers, size, unit):
    """The oracle: which pixels a unit of the last layer depends on, and all layers' sizes."""
    values, sizes = np.eye(size), [size]  # a row for each pixel that is poked
    for layer in layers:
        kernel, dilation = layer["kernel"], layer.get("dilation", 1)
        padding = layer.get("padding", 0)
        if padding == "half":
            padding = (kernel - 1) * dilation // 2
        padded = np.pad(values, ((0, 0), (padding, padding)))
        reach = (kernel - 1) * dilation + 1
        starts = range(0, padded.shape[1] - reach + 1, layer.get("stride", 1))
        values = np.array([padded[:, s : s + reach : dilation].sum(axis=1) for s in starts]).T
        sizes.append(len(starts))
    return set(np.flatnonzero(values[:, unit])), sizes


@pytest.mark.parametrize(("layers", "size", "unit"), STACKS)
def test_the_filled_pixels_are_those_that_the_unit_depends_on(layers, size, unit):
    _, axes = draw_receptive_fields(layers, size, unit=unit)
    expected, sizes = poked(layers, size, unit)
    rows = squares(axes)
    assert [sum(not dashed for _, _, dashed in row) for row in rows] == sizes
    pixels = [(x, fill) for x, fill, dashed in rows[0] if not dashed]
    seen = {k for k, (_, fill) in enumerate(pixels) if fill == to_rgb(COLORS[0])}
    assert seen == expected
    top = [fill == to_rgb(COLORS[1]) for _, fill, _ in rows[-1]]
    assert top == [k == unit for k in range(sizes[-1])]
    # The bracket, in pixels from the first one's center.
    spacing = pixels[1][0] - pixels[0][0]
    (bracket,) = axes.lines
    ends = (np.array([min(bracket.get_xdata()), max(bracket.get_xdata())]) - pixels[0][0]) / spacing
    field = receptive_field(layers)[-1]
    first, last = field.pixels(unit)
    np.testing.assert_allclose(ends, [first - 0.5, last + 0.5], atol=1e-6)
    texts = [text.get_text() for text in axes.texts]
    outside = max(0, -first) + max(0, last - size + 1)
    said = f"unit {unit} sees {field.size} pixels"
    assert (f"{said}, {outside} of them padding" if outside else said) in texts
    # Each unit stands over the center of its field.
    chosen = next(x for x, fill, _ in rows[-1] if fill == to_rgb(COLORS[1]))
    assert (chosen - pixels[0][0]) / spacing == pytest.approx((first + last) / 2)


@pytest.mark.parametrize(("layers", "size", "unit"), STACKS)
def test_lines_lead_from_units_to_what_they_see(layers, size, unit):
    _, axes = draw_receptive_fields(layers, size, unit=unit)
    rows = squares(axes)
    (lines,) = axes.collections
    height = {round(patch.get_bbox().y0 + patch.get_bbox().height / 2, 6) for patch in axes.patches}
    heights = sorted(height, reverse=True)
    below = [set() for _ in layers]
    for upper, lower in lines.get_segments():
        depth = heights.index(round(lower[1], 6))
        assert heights.index(round(upper[1], 6)) == depth + 1
        below[depth].add(round(lower[0], 6))
        white = to_rgb("white")
        (fill,) = {fill for x, fill, _ in rows[depth + 1] if x == pytest.approx(upper[0])}
        assert fill != white
    for row, ends in zip(rows, below, strict=False):
        filled = {round(x, 6) for x, fill, dashed in row if fill == to_rgb(COLORS[0])}
        dashed = {round(x, 6) for x, _, is_dashed in row if is_dashed}
        assert filled <= ends <= filled | dashed
        # The padding that is seen is dark, but not as a unit is.
        dark = {round(x, 6) for x, fill, is_dashed in row if is_dashed and max(fill) < 0.6}
        assert dark == ends - filled
        assert not dashed & filled


def test_names_the_layers_and_takes_the_middle_unit():
    layers = [{"kernel": 3, "stride": 2, "padding": 1}, {"kernel": 4}]
    _, axes = draw_receptive_fields(layers, 12)
    texts = [text.get_text() for text in axes.texts]
    expected = ["12 pixels", "6 units, field 3", "3 units, field 9"]
    expected += ["kernel 3, stride 2,\npadding 1", "kernel 4", "unit 1 sees 9 pixels"]
    assert sorted(texts) == sorted(expected)
    _, axes = draw_receptive_fields([{"kernel": 12}], 12)
    assert "1 unit, field 12" in [text.get_text() for text in axes.texts]


@pytest.mark.parametrize(
    ("layers", "size", "unit", "message"),
    [
        ([], 5, None, "`layers` must hold one layer or more. Received: none"),
        ([{"size": 3}], 5, None, "Each of `layers` must be a dict with 'kernel'"),
        ([{"kernel": 6}], 5, None, "`kernel` must not be larger than the padded input"),
        ([{"kernel": 3}], 0, None, "`size` must be a positive integer. Received: size=0"),
        ([{"kernel": 3}], 5, 3, "`unit` must be one .* from 0 to 2. Received: unit=3"),
        ([{"kernel": 3}], 5, -1, "`unit` must be one .* from 0 to 2. Received: unit=-1"),
    ],
)
def test_refuses(layers, size, unit, message):
    with pytest.raises(ValueError, match=message):
        draw_receptive_fields(layers, size, unit=unit)
    assert plt.get_fignums() == []
