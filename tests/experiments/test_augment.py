import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

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


@pytest.mark.parametrize("name", ["none", "shifts"])
def test_the_images_themselves_stay(name):
    images = np.random.default_rng(0).random((9, 6, 6, 1), dtype="float32")
    before = images.copy()
    first = augment(name, images, seed=0, epoch=3)
    np.testing.assert_array_equal(augment(name, images, seed=0, epoch=3), first)
    np.testing.assert_array_equal(images, before)
    if name == "none":
        np.testing.assert_array_equal(first, before)
