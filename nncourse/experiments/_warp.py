"""Random changes of handwriting: turned, leaned, stretched, moved and bent digits."""

import numpy as np

_ANGLE = np.deg2rad(10)
_STRETCH = 0.08  # of each axis by a factor between exp(-0.08) and exp(0.08)
_LEAN = 0.1  # columns a row
_MOVE = 1.2  # pixels
_BEND = 0.6  # pixels, the typical size of the smooth displacement
_KNOTS = 6  # a side of the grid at which the displacement is drawn
_CHUNK = 1000  # images at a time, so that the work fits into the processor's cache


def warp(images: np.ndarray, seed: int, epoch: int) -> np.ndarray:
    """Changes each image by an affine map and a smooth displacement of its own.

    Args:
        images: `(images, height, width, 1)`; outside of them is background, 0.
        seed: Where chance starts.
        epoch: From 0; each draws new changes.
    """
    rng = np.random.default_rng((seed, epoch))
    chunks = [images[i : i + _CHUNK] for i in range(0, len(images), _CHUNK)]
    return np.concatenate([_bilinear(chunk, _places(chunk.shape, rng)) for chunk in chunks])


def _places(shape, rng: np.random.Generator) -> np.ndarray:
    """The places `(images, 2, height, width)` that the pixels of the changed images come from."""
    count, height, width, _ = shape
    angle, lean, *move = (rng.uniform(-a, a, count) for a in (_ANGLE, _LEAN, _MOVE, _MOVE))
    down, right = np.exp(rng.uniform(-_STRETCH, _STRETCH, (2, count)))
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.array(
        [[cos * down, lean * cos - sin * down], [sin * right, cos * right + lean * sin]]
    )
    center = np.array([height - 1, width - 1]) / 2
    grid = np.mgrid[:height, :width].reshape(2, -1) - center[:, None]
    affine = np.einsum("abn,bp->nap", matrix, grid) + (center + np.transpose(move))[:, :, None]
    knots = rng.normal(0, 1, (count, 2, _KNOTS, _KNOTS))
    bend = _smooth(height) @ knots @ _smooth(width).T
    return (affine.reshape(bend.shape) + _BEND * bend / bend.std()).astype("float32")


def _smooth(size: int) -> np.ndarray:
    """`(size, knots)` weights that make a smooth curve of numbers at evenly spread knots."""
    position = np.linspace(0, _KNOTS - 1, size)[:, None] - np.arange(_KNOTS)
    weights = np.exp(-(position**2))
    return weights / weights.sum(axis=1, keepdims=True)


def _bilinear(images: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The images' values at places between the pixels."""
    count, height, width, _ = images.shape
    # A border of one pixel on the near side and two on the far: every place has four neighbors.
    padded = np.pad(images[..., 0], ((0, 0), (1, 2), (1, 2)))
    rows = np.clip(places[:, 0] + 1, 0, height + 1)
    columns = np.clip(places[:, 1] + 1, 0, width + 1)
    top, left = rows.astype(int), columns.astype(int)
    n = np.arange(count)[:, None, None]
    down, right = rows - top.astype(rows.dtype), columns - left.astype(rows.dtype)
    above = padded[n, top, left] * (1 - right) + padded[n, top, left + 1] * right
    below = padded[n, top + 1, left] * (1 - right) + padded[n, top + 1, left + 1] * right
    return (above * (1 - down) + below * down)[..., None]
