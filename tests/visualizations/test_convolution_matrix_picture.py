import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.signal import correlate2d

from nncourse.visualizations import animate_convolution, draw_convolution_matrix
from tests.visualizations.grids import drawn_at, framed, written

IMAGE = np.arange(25).reshape(5, 5)
KERNEL = np.array([[1, 2, 3], [3, 3, 1], [1, 2, 3]])


@pytest.mark.parametrize("options", [{}, {"stride": 2, "padding": 1}, {"dilation": (2, 1)}])
def test_the_row_of_the_matrix_holds_the_kernel_at_the_pixels_of_the_window(options):
    kernel = KERNEL[:2]
    animation = animate_convolution(IMAGE, kernel, matrix=True, **options)
    places = list(animation.new_frame_seq())
    padding, dilation = options.get("padding", 0), options.get("dilation", (1, 1))
    for index, place in enumerate(places):
        axes = drawn_at(animation, place)
        source, small, _, matrix = axes.images
        c = written(axes, matrix.get_extent(), (len(places), 25))
        assert framed(axes, matrix.get_extent(), c.shape) == (index, 0, 1, 25)
        # Spread the row over the image again: it holds the kernel in its colors, at the window.
        row = np.pad(c[index].reshape(5, 5), padding, constant_values=np.nan)
        colors = matrix.get_array()[index].reshape(5, 5, 3)
        colors = np.pad(colors, [(padding,) * 2] * 2 + [(0, 0)])
        top, left = np.multiply(place, options.get("stride", 1))
        seen = np.zeros(row.shape, bool)
        for (u, v), value in np.ndenumerate(kernel):
            cell = top + u * dilation[0], left + v * dilation[1]
            seen[cell] = True
            np.testing.assert_allclose(
                source.get_array()[cell], small.get_array()[u, v], atol=1e-12
            )
            if not np.isnan(row[cell]):
                assert row[cell] == value
                np.testing.assert_allclose(colors[cell], small.get_array()[u, v], atol=1e-12)
        is_pixel = np.pad(np.ones((5, 5), bool), padding)
        np.testing.assert_array_equal(~np.isnan(row), seen & is_pixel)


def lines(axes, width):
    """The x-coordinates of the vertical lines of a width."""
    found = [c for c in axes.collections if c.get_linewidths()[0] == width]
    return sorted({x for c in found for (x, _), (end, _) in c.get_segments() if x == end})


@pytest.mark.parametrize(
    ("kernel", "size", "stride", "padding"),
    [(KERNEL, (4, 4), (1, 1), (0, 0)), (KERNEL[:2], (3, 4), (1, 2), (0, 1)), ([[5]], (2, 2), 1, 0)],
)
def test_the_matrix_makes_the_convolution_and_has_the_kernels_colors(kernel, size, stride, padding):
    kernel, (down, right) = np.asarray(kernel), np.broadcast_to(stride, 2)
    _, axes = draw_convolution_matrix(kernel, size, stride=stride, padding=padding)
    small, matrix = axes.images
    c = written(axes, matrix.get_extent(), matrix.get_array().shape[:2])
    assert c.shape[1] == size[0] * size[1]
    image = np.random.default_rng(0).normal(size=size)
    padded = np.pad(image, np.broadcast_to(np.reshape(padding, (-1, 1)), (2, 2)))
    expected = correlate2d(padded, kernel, mode="valid")[::down, ::right]
    np.testing.assert_allclose(np.nan_to_num(c) @ image.ravel(), expected.ravel())
    np.testing.assert_array_equal(written(axes, small.get_extent(), kernel.shape), kernel)
    colors, legend = matrix.get_array(), small.get_array().reshape(-1, 3)
    assert len(np.unique(legend, axis=0)) == kernel.size
    assert (colors[np.isnan(c)] == 1).all()  # zeros are white
    assert (np.abs(legend - 1).max(axis=1) > 0.2).all()  # and no element is
    for place in zip(*np.nonzero(~np.isnan(c)), strict=True):
        (element,) = np.flatnonzero((legend == colors[place]).all(axis=1))
        assert kernel.flat[element] == c[place]
    left, end, _, _ = matrix.get_extent()
    np.testing.assert_allclose(lines(axes, 1.2), np.linspace(left, end, size[0] + 1))
    names = {text.get_text() for text in axes.texts}
    assert f"C, {c.shape[0]} × {c.shape[1]}" in names


def test_equal_elements_have_colors_of_their_own():
    _, axes = draw_convolution_matrix(np.ones((2, 2)), (2, 3))
    small, matrix = (image.get_array() for image in axes.images)
    # The kernel at the left and at the right, read row by row.
    (a, b), (c, d) = small
    white = np.ones(3)
    np.testing.assert_array_equal(matrix, [[a, b, white, c, d, white], [white, a, b, white, c, d]])


def test_a_large_matrix_has_colors_without_numbers():
    _, axes = draw_convolution_matrix(KERNEL, 8)
    _, matrix = axes.images
    colors = matrix.get_array()
    assert colors.shape == (36, 64, 3)
    assert np.isnan(written(axes, matrix.get_extent(), (36, 64))).all()
    assert (colors.min(axis=-1) < 1).sum() == 36 * 9


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kernel": np.ones((5, 5))}, "`kernel` must not be larger than the padded input"),
        ({"kernel": [[np.inf]]}, "`kernel` must hold finite numbers"),
        ({"size": 0}, "`size` must be a positive integer. Received: size=0"),
        ({"stride": 0}, "`stride` must be a positive integer. Received: stride=0"),
        ({"padding": -1}, "`padding` must be an integer of 0 or more. Received: padding=-1"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        draw_convolution_matrix(**{"kernel": KERNEL, "size": 4, **arguments})
    assert plt.get_fignums() == []
