import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from scipy.signal import correlate2d

from nncourse.visualizations import (
    animate_convolution,
    draw_convolution,
    show_video,
    use_style,
)
from nncourse.visualizations.style import CARD
from tests.visualizations.grids import drawn_at, framed, written

IMAGE = np.array(
    [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)
KERNEL = np.array([[0, 1, 2], [2, 2, 0], [0, 1, 2]])
rng = np.random.default_rng(0)


def direct(image, kernel, stride, padding, dilation):
    """The oracle: SciPy, with the kernel spread by hand."""
    m, n = kernel.shape
    spread = np.zeros((dilation[0] * (m - 1) + 1, dilation[1] * (n - 1) + 1))
    spread[:: dilation[0], :: dilation[1]] = kernel
    padded = np.pad(image, [(padding[0],) * 2, (padding[1],) * 2])
    return correlate2d(padded, spread, mode="valid")[:: stride[0], :: stride[1]], spread.shape


CASES = [
    # image, kernel, stride, padding, dilation
    (IMAGE, KERNEL, (1, 1), (0, 0), (1, 1)),
    (IMAGE, KERNEL, (2, 2), (1, 1), (1, 1)),
    (IMAGE[:4], KERNEL[:2] - 1, (2, 1), (1, 0), (2, 1)),
    (IMAGE[:1], KERNEL[:1, :2], (1, 2), (0, 1), (1, 3)),
]


@pytest.mark.parametrize(("image", "kernel", "stride", "padding", "dilation"), CASES)
def test_every_frame_shows_the_numbers_the_window_and_the_outputs_so_far(
    image, kernel, stride, padding, dilation
):
    expected, reach = direct(image, kernel, stride, padding, dilation)
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    animation = animate_convolution(image, kernel, **options)
    places = list(animation.new_frame_seq())
    assert places == list(np.ndindex(expected.shape))
    assert animation.event_source.interval == pytest.approx(1000 / 3, abs=1)
    height, width = np.add(image.shape, np.multiply(padding, 2))
    for index, place in [*enumerate(places), (0, places[0])]:  # a movie may start again
        axes = drawn_at(animation, place)
        source, small, result = (image.get_extent() for image in axes.images)
        inside = np.full((height, width), np.nan)
        inside[padding[0] : height - padding[0], padding[1] : width - padding[1]] = image
        np.testing.assert_array_equal(written(axes, source, inside.shape), inside)
        np.testing.assert_array_equal(written(axes, small, kernel.shape), kernel)
        so_far = np.where(np.arange(expected.size) <= index, expected.ravel(), np.nan)
        np.testing.assert_array_equal(
            written(axes, result, expected.shape), so_far.reshape(expected.shape)
        )
        start = np.multiply(place, stride)
        assert framed(axes, source, inside.shape) == (*start, *reach)
        assert framed(axes, result, expected.shape) == (*place, 1, 1)
        # The tinted cells, those that the kernel meets, are all that differ from the next frame's.
        colors = axes.images[0].get_array()
        met = {
            (start[0] + u * dilation[0], start[1] + v * dilation[1])
            for u, v in np.ndindex(kernel.shape)
        }
        tinted = (colors[..., 0] - colors[..., 2]) > 0.1
        assert set(zip(*np.nonzero(tinted), strict=True)) == met


def test_the_sum_above_is_the_output():
    for place in np.ndindex(3, 3):
        _, axes = draw_convolution(IMAGE - 1, KERNEL - 1, stride=2, padding=1, place=place)
        text = axes.texts[0].get_text()
        plt.close("all")
        if text.startswith("place"):  # too long to be written
            continue
        left, right = text.replace("−", "-").replace("·", "*").split(" = ")
        assert left.count("*") == 9
        expected = correlate2d(np.pad(IMAGE - 1, 1), KERNEL - 1, mode="valid")[::2, ::2][place]
        assert eval(left) == float(right) == expected
    _, axes = draw_convolution([[1, -2]], [[-1, -3]])
    assert axes.texts[0].get_text() == "−1·1 − (−2)·3 = 5"
    _, axes = draw_convolution([[1, 2]], [[0, 1]])
    assert axes.texts[0].get_text() == "1·0 + 2·1 = 2"
    _, axes = draw_convolution(np.ones((9, 9)), np.ones((5, 5)), place=(1, 2))
    assert axes.texts[0].get_text() == "place 8 of 25: 25"


def test_numbers_that_do_not_fit_in_three_digits_are_written_in_two():
    _, axes = draw_convolution(IMAGE, np.full((3, 3), 1 / 9))
    _, kernel, output = (image.get_extent() for image in axes.images)
    assert (written(axes, kernel, (3, 3)) == 0.11).all()
    assert written(axes, output, (3, 3))[0, 0] == pytest.approx(IMAGE[:3, :3].mean(), rel=0.05)
    _, axes = draw_convolution(IMAGE * 12345, np.full((3, 3), 1 / 9))
    assert np.isnan(written(axes, axes.images[0].get_extent(), (5, 5))).all()  # not 3.7e+04
    _, axes = draw_convolution(np.ones((12, 12)), np.ones((12, 12)))  # short, but too many
    assert np.isnan(written(axes, axes.images[0].get_extent(), (12, 12))).all()


def test_large_images_are_shades_and_signed_outputs_blue_and_red():
    image = rng.uniform(size=(20, 16))
    kernel = np.array([[-1.0, 0.0, 1.0]])
    _, axes = draw_convolution(image, kernel, place=(19, 13))
    source, _, result = (each.get_array() for each in axes.images)
    before = np.delete(source, [13, 14, 15], axis=1)  # the last row's end is tinted
    np.testing.assert_allclose(before[..., 0], np.delete(image, [13, 14, 15], axis=1), atol=4e-3)
    expected = correlate2d(image, kernel, mode="valid")
    assert ((result[..., 2] >= result[..., 0] - 0.05) == (expected > 0))[abs(expected) > 0.2].all()
    assert np.isnan(written(axes, axes.images[0].get_extent(), image.shape)).all()
    _, axes = draw_convolution(image, np.ones((8, 8)) / 64)
    np.testing.assert_allclose(axes.images[1].get_array(), 1)  # the largest element is white


@pytest.mark.parametrize("size", [6, 20])
def test_outputs_to_come_are_blank_among_numbers_and_among_shades(size):
    image = rng.integers(1, 9, (size, size)) / 10 ** (size > 6)
    _, axes = draw_convolution(image, [[1, 0], [0, 0.2]], place=(3, 2))
    result = axes.images[2].get_array().reshape(-1, 3)
    done = 3 * (size - 1) + 3
    assert (result[done:] == to_rgb(CARD)).all()
    assert (np.abs(result[:done] - to_rgb(CARD)).max(axis=1) > 0.01).all()


def test_films_of_five_by_five_are_small_and_move():
    use_style()
    plain = show_video(animate_convolution(IMAGE, KERNEL), alt="A kernel slides.")
    assert len(plain._repr_html_()) < 50_000
    film = show_video(animate_convolution(IMAGE, KERNEL, matrix=True), alt="And its matrix.")
    assert len(film.data) + len(film._poster) < 100_000
    assert plt.get_fignums() == []
    assert re.match(rb"\x89PNG", film._poster)


def test_many_places_are_thinned_to_sixty():
    animation = animate_convolution(rng.uniform(size=(12, 12)), np.ones((3, 3)))
    places = list(animation.new_frame_seq())
    assert len(set(places)) == 60
    assert (places[0], places[-1]) == ((0, 0), (9, 9))
    axes = drawn_at(animation, places[30])
    assert axes.texts[0].get_text().startswith("place ")


REFUSED = [
    ({"kernel": np.ones((6, 1))}, "`kernel` must not be larger than the padded input"),
    ({"kernel": np.ones(3)}, r"`kernel` must have the shape \(height, width\)"),
    ({"image": np.full((5, 5), np.nan)}, "`image` must hold finite numbers"),
    ({"stride": 0}, "`stride` must be a positive integer. Received: stride=0"),
    ({"padding": -1}, "`padding` must be an integer of 0 or more. Received: padding=-1"),
]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [*REFUSED, ({"dilation": 0}, "`dilation` must be a positive integer. Received: dilation=0")],
)
@pytest.mark.parametrize("function", [draw_convolution, animate_convolution])
def test_refuses(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(**{"image": IMAGE, "kernel": KERNEL, **arguments})
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ((3, 0), r"`place` must lie in the output, of shape \(3, 3\). Received: place=\(3, 0\)"),
        ((0, 3), r"`place` must lie in the output"),
        ((-1, 0), "`place` must be an integer of 0 or more. Received: place=-1"),
    ],
)
def test_refuses_a_place_that_is_none(place, message):
    with pytest.raises(ValueError, match=message):
        draw_convolution(IMAGE, KERNEL, place=place)
