"""Images in a grid."""

import math

import numpy as np

from nncourse.visualizations._common import axes_or_new

_GAP = 0.08  # between images, as a part of their width
_TITLE = 0.25  # room for a line of a title above an image, in inches


def show_images(images, *, titles=None, columns=8, signed=False, ax=None):
    """Draws images side by side, row by row, in one axes.

    Grayscale images that lie within [0, 1] are drawn from black at 0 to white at 1, others from
    their smallest to their largest value; all of a grid share one scale.

    Args:
        images: `(n, h, w)`, `(n, h, w, 1)` or, in color, `(n, h, w, 3)`. Colors are numbers in
            [0, 1], or `uint8` from 0 to 255.
        titles: A short title for each image, of one line or more.
        columns: How many stand in a row, a positive integer.
        signed: Whether the numbers are signed, such as weights: blue above 0 and red below, as far
            as the largest goes, with a color bar. For grayscale images only.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes. `axes.images` holds the images in order.

    Raises:
        ValueError: For another shape, colors out of range, numbers that are not finite, another
            number of titles than of images, or columns that are not a positive integer.

    Example:
        >>> import numpy as np
        >>> from nncourse.visualizations import show_images
        >>> figure, axes = show_images(np.eye(4).reshape(2, 2, 4), titles=["top", "bottom"])
        >>> len(axes.images)
        2
    """
    images = _checked_images(images, signed)
    if columns != int(columns) or columns < 1:
        raise ValueError(f"`columns` must be a positive integer. Received: {columns=}")
    if titles is not None and len(titles) != len(images):
        raise ValueError(
            f"`titles` must hold a title for each of the {len(images)} images. "
            f"Received: {len(titles)}"
        )
    columns = min(int(columns), len(images))
    rows = math.ceil(len(images) / columns)
    # 6.4 inches wide for many columns, and less for a few, which would come out huge.
    width = min(6.4, max(2.4, 1.6 * columns)) if ax is None else ax.bbox.width / ax.figure.dpi
    lines = 0 if titles is None else max(str(title).count("\n") + 1 for title in titles)
    room = lines * _TITLE * columns / width
    # An image is 1 wide; this is how far the next one is.
    height = images.shape[1] / images.shape[2]
    step_x, step_y = 1 + _GAP, height + _GAP + room
    size = (width + (0.9 if signed else 0.2), width * rows * step_y / (columns * step_x) + 0.1)
    figure, ax = axes_or_new(ax, size=size)
    scale = _scale(images, signed)
    for index, image in enumerate(images):
        row, column = divmod(index, columns)
        left, top = column * step_x, -row * step_y
        extent = (left, left + 1, top - height, top)
        drawn = ax.imshow(image, extent=extent, interpolation="nearest", **scale)
        if titles is not None:
            ax.text(left + 0.5, top + 0.1 * room / lines, titles[index], ha="center", va="bottom")
    ax.set(xlim=(0, columns * step_x - _GAP), ylim=(room - rows * step_y + _GAP, room))
    ax.set_axis_off()
    if signed:
        figure.colorbar(drawn, ax=ax, shrink=0.8, pad=0.02)
    return figure, ax


def _checked_images(images, signed: bool) -> np.ndarray:
    images = np.asarray(images)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    is_color = images.ndim == 4 and images.shape[-1] == 3
    if not (images.ndim == 3 or is_color) or 0 in images.shape:
        raise ValueError(
            "`images` must have the shape (n, h, w), (n, h, w, 1) or (n, h, w, 3), none of them 0. "
            f"Received: images of shape {images.shape}"
        )
    if images.dtype == np.uint8 and not signed:
        images = images / 255
    images = images.astype(float)
    if not np.isfinite(images).all():
        raise ValueError("`images` must hold finite numbers. Received: some that are not")
    if is_color and signed:
        raise ValueError("`signed` is for grayscale images. Received: images in color, signed=True")
    if is_color and (images.min() < 0 or images.max() > 1):
        raise ValueError(
            "`images` in color must hold numbers in [0, 1], or uint8. "
            f"Received: numbers from {images.min():g} to {images.max():g}"
        )
    return images


def _scale(images: np.ndarray, signed: bool) -> dict:
    if signed:
        largest = np.abs(images).max() or 1.0
        return {"cmap": "RdBu", "vmin": -largest, "vmax": largest}
    low, high = images.min(), images.max()
    if low >= 0 and high <= 1:
        low, high = 0, 1
    return {"cmap": "gray", "vmin": low, "vmax": high}
