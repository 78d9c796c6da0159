import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.feature import match_template

from nncourse.datasets import load_picture
from nncourse.scratch import correlate2d, normalized_cross_correlation

CROSS = np.array([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]])
TEMPLATES = st.tuples(st.integers(1, 5), st.integers(1, 5)).filter(lambda shape: max(shape) > 1)
MORE = st.tuples(st.integers(0, 6), st.integers(0, 6))


def drawn(seed, template, more):
    rng = np.random.default_rng(seed)
    shape = tuple(np.add(template, more))
    return rng.normal(size=shape), rng.normal(size=template)


def by_loops(image, template):
    """The correlation coefficient of each window by NumPy, in long precision; 0 of a flat one."""
    image, template = np.asarray(image, np.longdouble), np.asarray(template, np.longdouble)
    m, n = template.shape
    gamma = np.zeros((image.shape[0] - m + 1, image.shape[1] - n + 1))
    t = template - template.mean()
    for i, j in np.ndindex(gamma.shape):
        w = image[i : i + m, j : j + n]
        if w.min() < w.max():
            w = w - w.mean()
            gamma[i, j] = (w * t).sum() / np.sqrt((w**2).sum() * (t**2).sum())
    return gamma


@settings(max_examples=60, deadline=None)
@given(TEMPLATES, MORE, st.integers(0))
def test_law_equal_to_scikit_image_and_to_loops(template, more, seed):
    image, template = drawn(seed, template, more)
    gamma = normalized_cross_correlation(image, template)
    np.testing.assert_allclose(gamma, match_template(image, template), atol=1e-8)
    np.testing.assert_allclose(gamma, by_loops(image, template), atol=1e-8)


@settings(max_examples=40, deadline=None)
@given(
    TEMPLATES, MORE, st.integers(0), st.sampled_from([0.01, 0.5, 30.0]), st.floats(-50, 50)
)  # fmt: skip
def test_law_brightness_and_contrast_change_nothing(template, more, seed, a, b):
    image, template = drawn(seed, template, more)
    gamma = normalized_cross_correlation(image, template)
    for image_factor, template_factor in ((a, 1), (1, a), (a, a)):
        changed = normalized_cross_correlation(
            image_factor * image + b, template_factor * template - b
        )
        np.testing.assert_allclose(changed, gamma, atol=1e-6)
    np.testing.assert_allclose(
        normalized_cross_correlation(-a * image + b, template), -gamma, atol=1e-6
    )


@settings(max_examples=40, deadline=None)
@given(TEMPLATES, MORE, st.integers(0))
def test_law_a_window_cut_out_is_found_where_it_was(template, more, seed):
    image, _ = drawn(seed, template, more)
    i, j = np.random.default_rng(seed).integers(0, np.add(more, 1))
    cut = image[i : i + template[0], j : j + template[1]]
    gamma = normalized_cross_correlation(image, 3 * cut + 1)
    np.testing.assert_allclose(gamma[i, j], 1)
    assert np.abs(gamma).max() <= 1


def test_slip_raw_correlation_rewards_brightness():
    scene = np.zeros((11, 14))
    scene[1:4, 1:4], scene[4:9, 6:12] = CROSS, 1
    raw = correlate2d(scene, CROSS, mode="valid")
    assert (raw.max(), (raw == 5).sum()) == (5, 13)
    gamma = normalized_cross_correlation(scene, CROSS)
    assert np.argwhere(gamma > 0.999).tolist() == [[1, 1]]
    assert np.sort(gamma.ravel())[-2] < 0.75
    # Black on white: of a black cross raw correlation sees its white corners only.
    dark = 1 - scene
    assert (correlate2d(dark, 1 - CROSS, mode="valid") == 4).sum() > 20
    assert np.argwhere(normalized_cross_correlation(dark, 1 - CROSS) > 0.999).tolist() == [[1, 1]]


@pytest.mark.parametrize("gray", [0, 0.1, 1 / 3, 255, 1e6])
def test_flat_windows_get_0(gray):
    image = np.full((6, 9), gray, float)
    np.testing.assert_array_equal(normalized_cross_correlation(image, CROSS), 0)
    image[:, 6:] = gray + np.random.default_rng(0).uniform(0.5, 1, (6, 3))
    gamma = normalized_cross_correlation(image, CROSS)
    np.testing.assert_array_equal(gamma[:, :4], 0)
    assert np.abs(gamma[:, 4:]).min() > 0


@pytest.mark.parametrize("offset", [1e3, -1e6, 1e6])
def test_a_large_offset_costs_no_digits(offset):
    image, template = drawn(0, (4, 3), (8, 9))
    gamma = normalized_cross_correlation(image + offset, template + offset)
    np.testing.assert_allclose(gamma, by_loops(image, template), atol=1e-7)


def test_a_faint_pattern_beside_a_bright_one():
    """Contrast 1e-4 of the largest: its square is 1e-8 of it, far above the flat windows' bound."""
    image = np.zeros((8, 20))
    image[2:5, 2:5], image[2:5, 12:18] = 1e-4 * CROSS, 1.0
    gamma = normalized_cross_correlation(image, CROSS)
    assert np.unravel_index(gamma.argmax(), gamma.shape) == (2, 2)
    np.testing.assert_allclose(gamma, by_loops(image, CROSS), atol=1e-5)


@pytest.mark.parametrize("offset", [0, 1, 200])
def test_single_precision_is_summed_in_double(offset):
    image, template = drawn(0, (5, 6), (20, 20))
    image, template = (image + offset).astype("float32"), template.astype("float32")
    gamma = normalized_cross_correlation(image, template)
    np.testing.assert_allclose(gamma, by_loops(image, template), atol=1e-8)


@pytest.mark.parametrize("gray", [0.1, 0.7, 200.3])
def test_flat_windows_of_a_picture_in_single_precision_get_0(gray):
    image = np.random.default_rng(0).uniform(size=(40, 60)).astype("float32")
    image[:, 30:] = gray
    gamma = normalized_cross_correlation(image, image[10:17, 5:12])
    np.testing.assert_array_equal(gamma[:, 30:], 0)
    assert np.argwhere(gamma > 0.999).tolist() == [[10, 5]]


def test_integers_of_a_byte_do_not_overflow():
    image = np.random.default_rng(0).integers(0, 256, (9, 9), dtype=np.uint8)
    np.testing.assert_allclose(
        normalized_cross_correlation(image, image[2:5, 3:6]), by_loops(image, image[2:5, 3:6])
    )


def test_a_coin_is_found_in_another_light():
    coins = load_picture("coins")[150:, :, 0]
    template = coins[28:58, 198:228]
    gamma = normalized_cross_correlation(0.3 * coins + 0.6, template)
    assert np.unravel_index(gamma.argmax(), gamma.shape) == (28, 198)
    np.testing.assert_allclose(gamma, match_template(coins, template), atol=1e-3)


@pytest.mark.parametrize(
    ("image", "template", "message"),
    [
        (np.ones(4), CROSS, r"`image` must have the shape \(height, width\).*\(4,\)"),
        (np.ones((4, 4, 3)), CROSS, "Take one channel at a time"),
        (np.eye(4), np.ones((0, 2)), r"`template` must have the shape .*\(0, 2\)"),
        (
            np.eye(4),
            [[1, np.nan]],
            r"`template` must hold finite numbers. Received: template\[0, 1",
        ),
        ([[1, np.inf]], [[0, 1]], r"`image` must hold finite numbers. Received: image\[0, 1\]=inf"),
        (np.eye(2), CROSS, r"larger than the image.* shape \(3, 3\), an image of shape \(2, 2\)"),
        (np.eye(4), [[2, 2]], "`template` must hold a pattern, not a single value. Received: 2 "),
        (np.eye(4), np.full((3, 3), 0.1), "must hold a pattern.* Received: 0.1 everywhere"),
        (np.eye(8), np.full((7, 7), 0.3), "must hold a pattern.* Received: 0.3 everywhere"),
        (np.eye(4), [[3]], "must hold a pattern"),
    ],
)
def test_bad_arguments_are_named(image, template, message):
    with pytest.raises(ValueError, match=message):
        normalized_cross_correlation(image, template)
