import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from nncourse.experiments import _warp
from nncourse.experiments._augment import augment, shift

ONE_PIXEL = {(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)}


@given(
    height=st.integers(4, 9),
    width=st.integers(4, 9),
    down=st.integers(-3, 3),
    right=st.integers(-3, 3),
)
def test_a_shift_is_scipys(height, width, down, right):
    images = np.random.default_rng(0).random((3, height, width, 1), dtype="float32")
    expected = ndimage.shift(images, (0, down, right, 0), order=0)
    np.testing.assert_array_equal(shift(images, down, right), expected)


def test_every_image_passes_through_its_five_shifts():
    images = np.random.default_rng(0).random((40, 6, 5, 1), dtype="float32")
    epochs = [augment("shifts", images, seed=1, epoch=epoch) for epoch in range(10)]
    assert epochs[0].dtype == np.float32
    for index, image in enumerate(images):
        wanted = [ndimage.shift(image, (*by, 0), order=0).tobytes() for by in ONE_PIXEL]
        seen = [epoch[index].tobytes() for epoch in epochs]
        assert len(set(seen[:5])) == 5
        assert set(seen[:5]) == set(wanted)
        assert seen[5:] == seen[:5]
    # In one epoch the images are at different shifts, and another seed has another turn.
    moved = [(epochs[0][i] != images[i]).any() for i in range(40)]
    assert 20 < sum(moved) < 40
    assert (augment("shifts", images, seed=2, epoch=0) != epochs[0]).any()


@pytest.mark.parametrize("name", ["none", "shifts", "warp"])
def test_the_images_themselves_stay(name):
    images = np.random.default_rng(0).random((9, 6, 6, 1), dtype="float32")
    before = images.copy()
    first = augment(name, images, seed=0, epoch=3)
    np.testing.assert_array_equal(augment(name, images, seed=0, epoch=3), first)
    np.testing.assert_array_equal(images, before)
    if name == "none":
        np.testing.assert_array_equal(first, before)


def test_between_the_pixels_it_is_scipys_interpolation():
    rng = np.random.default_rng(0)
    images = rng.random((4, 7, 5, 1), dtype="float32")
    places = rng.uniform(-3, 9, (4, 2, 6, 8)).astype("float32")
    expected = [
        ndimage.map_coordinates(np.pad(image[..., 0], 4), place + 4, order=1)
        for image, place in zip(images, places, strict=True)
    ]
    result = _warp._bilinear(images, places)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result[..., 0], expected, atol=1e-5)


AMOUNTS = ("_ANGLE", "_STRETCH", "_LEAN", "_MOVE", "_BEND")


@pytest.mark.parametrize("amount", AMOUNTS)
def test_each_change_is_of_its_size(amount, monkeypatch):
    """Of a warp with a single change, how far the pixels move and in which way."""
    for other in set(AMOUNTS) - {amount}:
        monkeypatch.setattr(_warp, other, 0.0)
    size, limit = 21, getattr(_warp, amount)
    grid = np.mgrid[:size, :size] - (size - 1) / 2  # rows and columns from the center
    places = _warp._places((2000, size, size, 1), np.random.default_rng(0)) - (size - 1) / 2
    moved = places - grid
    if amount == "_MOVE":
        np.testing.assert_allclose(np.ptp(moved, axis=(2, 3)), 0, atol=1e-5)
        assert limit * 0.99 < np.abs(moved).max() <= limit * 1.0001
    elif amount == "_BEND":
        assert abs(moved.std() / limit - 1) < 1e-3
        assert np.diff(moved, axis=3).std() < limit / 2  # smooth: 1.4 times it if independent
    else:  # all linear: the matrices give the change
        matrix = np.einsum("naij,bij->nab", places, grid) / (grid[0] ** 2).sum()
        np.testing.assert_allclose(places, np.einsum("nab,bij->naij", matrix, grid), atol=1e-4)
        measured = {
            "_ANGLE": np.arctan2(matrix[:, 1, 0], matrix[:, 0, 0]),
            "_STRETCH": np.log(matrix[:, [0, 1], [0, 1]]),
            "_LEAN": matrix[:, 0, 1],
        }[amount]
        assert limit * 0.99 < np.abs(measured).max() <= limit * 1.0001
        determinant = np.linalg.det(matrix)
        assert amount == "_STRETCH" or np.allclose(determinant, 1, atol=1e-4)


def test_a_warp_without_any_change_is_the_image(monkeypatch):
    for amount in AMOUNTS:
        monkeypatch.setattr(_warp, amount, 0.0)
    images = np.random.default_rng(0).random((3, 8, 8, 1), dtype="float32")
    np.testing.assert_allclose(augment("warp", images, seed=0, epoch=0), images, atol=1e-5)


def test_every_epoch_and_every_image_is_warped_anew():
    images = np.repeat(np.random.default_rng(0).random((1, 8, 8, 1), dtype="float32"), 5, axis=0)
    one, other = (augment("warp", images, seed=0, epoch=epoch) for epoch in (0, 1))
    assert len({image.tobytes() for image in [*one, *other]}) == 10
