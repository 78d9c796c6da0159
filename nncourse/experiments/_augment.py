"""What is done to the training images anew in every epoch.

Each change is a function of the seed and the epoch alone, so that a resumed training sees the same
images as one that was never interrupted.
"""

import numpy as np

from nncourse.experiments._warp import warp

_ONE_PIXEL = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))  # rows down, columns right


def augment(name: str, images: np.ndarray, seed: int, epoch: int) -> np.ndarray:
    """Changes every image in the way of that name.

    Args:
        name: "none"; "shifts", the image or one of its four neighbors at one pixel's distance, in
            turn: each image passes through all five in five epochs; or "warp", a random affine
            map and a smooth displacement.
        images: `(images, height, width, 1)`.
        seed: Where chance starts.
        epoch: From 0.
    """
    return _AUGMENTATIONS[name](images, seed, epoch)


def _none(images, seed, epoch):
    return images


def _shifts(images, seed, epoch):
    start = np.random.default_rng(seed).integers(len(_ONE_PIXEL), size=len(images))
    turn = (start + epoch) % len(_ONE_PIXEL)
    shifted = np.empty_like(images)
    for index, (down, right) in enumerate(_ONE_PIXEL):
        shifted[turn == index] = shift(images[turn == index], down, right)
    return shifted


def shift(images: np.ndarray, down: int, right: int) -> np.ndarray:
    """Moves images by whole pixels; what enters is background, what leaves is lost."""
    height, width = images.shape[1:3]
    shifted = np.zeros_like(images)
    shifted[:, max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)] = (
        images[:, max(-down, 0) : height - max(down, 0), max(-right, 0) : width - max(right, 0)]
    )
    return shifted


_AUGMENTATIONS = {"none": _none, "shifts": _shifts, "warp": warp}
