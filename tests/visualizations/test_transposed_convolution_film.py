import numpy as np
import pytest
from matplotlib.patches import Rectangle

from nncourse.visualizations import animate_transposed_convolution
from tests.visualizations.grids import drawn_at, written

IMAGE = np.array([[3, 1, 2], [5, 4, 6]])
KERNEL = np.array([[0, 1, 2], [2, 12, 0], [0, 1, 3]])


@pytest.mark.parametrize(
    ("stride", "padding", "extra"),
    [((1, 1), (0, 0), (0, 0)), ((2, 2), (1, 1), (1, 0)), ((3, 2), (0, 2), (2, 1))],
)
def test_a_transposed_convolution_slides_over_inserted_zeros(stride, padding, extra):
    image, kernel = IMAGE, KERNEL
    animation = animate_transposed_convolution(
        image, kernel, stride=stride, padding=padding, extra=extra
    )
    # The oracle stamps the kernel for each pixel and cuts the padding off.
    size = [s * (i - 1) + 3 + a for s, i, a in zip(stride, image.shape, extra, strict=True)]
    stamped = np.zeros(size)
    for (i, j), value in np.ndenumerate(image):
        i, j = i * stride[0], j * stride[1]
        stamped[i : i + 3, j : j + 3] += value * kernel
    expected = stamped[padding[0] : size[0] - padding[0], padding[1] : size[1] - padding[1]]
    places = list(animation.new_frame_seq())
    assert places == list(np.ndindex(expected.shape))
    axes = drawn_at(animation, places[-1])
    source, small, result = (image.get_extent() for image in axes.images)
    np.testing.assert_array_equal(written(axes, result, expected.shape), expected)
    np.testing.assert_array_equal(written(axes, small, (3, 3)), kernel[::-1, ::-1])
    shape = axes.images[0].get_array().shape[:2]
    assert shape == tuple(np.add(expected.shape, 2))
    cells = written(axes, source, shape)
    first = [2 - p for p in padding]
    pixels = cells[first[0] :: stride[0], first[1] :: stride[1]][:2, :3]
    np.testing.assert_array_equal(pixels, image)
    assert np.isnan(cells).sum() == cells.size - 6
    # What each cell is, by its color away from the kernel's window: the extra ones at the far ends.
    axes = drawn_at(animation, places[0])
    colors = axes.images[0].get_array()
    kinds = {}
    for (row, column), _ in np.ndenumerate(cells):
        if row < 3 and column < 3:
            continue
        steps = [(row - first[0]) / stride[0], (column - first[1]) / stride[1]]
        if row >= shape[0] - extra[0] or column >= shape[1] - extra[1]:
            kind = "extra zeros"
        elif not (0 <= steps[0] <= 1 and 0 <= steps[1] <= 2):
            kind = "padding zeros"
        else:
            kind = "image" if steps[0] % 1 == steps[1] % 1 == 0 else "inserted zeros"
        kinds.setdefault(kind, set()).add(tuple(colors[row, column]))
    assert all(len(found) == 1 for found in kinds.values())
    assert len(set.union(*kinds.values())) == len(kinds)
    names = {text.get_text() for text in axes.texts}
    swatches = {p.get_facecolor()[:3] for p in axes.patches if isinstance(p, Rectangle)}
    for kind, found in kinds.items():
        assert kind in names
        assert found <= swatches


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kernel": np.ones(3)}, r"`kernel` must have the shape \(height, width\)"),
        ({"image": [[np.nan]]}, "`image` must hold finite numbers"),
        ({"stride": 0}, "`stride` must be a positive integer. Received: stride=0"),
        ({"padding": -1}, "`padding` must be an integer of 0 or more. Received: padding=-1"),
        ({"stride": 2, "extra": 2}, "`extra` must be"),
        ({"padding": 3}, "`padding` must be"),
    ],
)
def test_a_transposed_convolution_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        animate_transposed_convolution(**{"image": IMAGE, "kernel": KERNEL, **arguments})
