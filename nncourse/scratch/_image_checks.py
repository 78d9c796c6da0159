"""Checks of images, kernels and the steps between windows; each returns what it has checked."""

from numbers import Integral

import numpy as np


def checked_finite(values, name: str) -> np.ndarray:
    """`values` as floats, those of an array of floats in their own precision."""
    values = np.asarray(values)
    values = values.astype(
        np.result_type(values, np.float32) if values.dtype.kind == "f" else float
    )
    if not np.isfinite(values).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(values))[0])
        raise ValueError(
            f"`{name}` must hold finite numbers. Received: {name}{list(place)}={values[place]}"
        )
    return values


def checked_image(image, name: str = "image") -> np.ndarray:
    """`image` as `(height, width)` finite numbers."""
    image = checked_finite(image, name)
    if image.ndim != 2 or 0 in image.shape:
        hint = " Take one channel at a time." if image.ndim == 3 else ""
        raise ValueError(
            f"`{name}` must have the shape (height, width). "
            f"Received: {name} of shape {image.shape}.{hint}"
        )
    return image


def checked_batch(x, channels: int | None = None) -> np.ndarray:
    """`x` as `(samples, height, width, channels)` finite numbers."""
    x = checked_finite(x, "x")
    wanted = "channels" if channels is None else channels
    if x.ndim != 4 or 0 in x.shape or channels not in (None, x.shape[-1]):
        raise ValueError(
            f"`x` must have the shape (samples, height, width, {wanted}). "
            f"Received: x of shape {x.shape}"
        )
    return x


def checked_gradient(dy, shape: tuple[int, ...] | None) -> np.ndarray:
    """`dy` as finite numbers in the shape of a layer's last outputs."""
    if shape is None:
        raise ValueError("`forward` must come first: `backward` goes back through its last batch")
    dy = checked_finite(dy, "dy")
    if dy.shape != shape:
        raise ValueError(
            f"`dy` must have the shape of the outputs, {shape}. Received: dy of shape {dy.shape}"
        )
    return dy


def pair(name: str, value, at_least: int = 1) -> tuple[int, int]:
    """`value`, for both axes or one for each, as `(vertical, horizontal)`."""
    both = tuple(value) if np.ndim(value) == 1 else (value, value)
    if len(both) != 2:
        raise ValueError(f"`{name}` must be one number, or two. Received: {name}={value!r}")
    return tuple(whole(name, number, at_least) for number in both)


def whole(name: str, value, at_least: int = 1) -> int:
    """`value` as an int of at least 0 or 1."""
    if not isinstance(value, Integral) or value < at_least:
        wanted = "a positive integer" if at_least else "an integer of 0 or more"
        raise ValueError(f"`{name}` must be {wanted}. Received: {name}={value!r}")
    return int(value)
