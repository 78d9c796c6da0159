"""The images that a classifier is wrong about."""

import numpy as np

from nncourse.visualizations._common import axes_or_new
from nncourse.visualizations.images import show_images
from nncourse.visualizations.style import INK


def show_misclassified(images, targets, probabilities, *, count=24, columns=8, ax=None):
    r"""Draws the images that a classifier is wrong about, the most confident mistakes first.

    Above each stand its class, the class that the classifier says, and how probable that is for it.
    Where nothing is misclassified the picture says so.

    Args:
        images: As for `show_images`.
        targets: `(n,)` class numbers, from 0.
        probabilities: `(n, classes)` numbers in [0, 1], each row with the sum 1.
        count: How many are shown at most, a positive integer.
        columns: How many stand in a row, a positive integer.
        ax: The axes to draw into; a new figure if not given.

    Returns:
        The figure and its axes. `axes.images` holds the images in order.

    Raises:
        ValueError: If the three don't fit together, the probabilities are none, or a number is out
            of range.

    Example:
        >>> import numpy as np
        >>> from nncourse.visualizations import show_misclassified
        >>> images, probabilities = np.eye(4).reshape(4, 2, 2), [[0.8, 0.2]] * 4
        >>> figure, axes = show_misclassified(images, [0, 1, 0, 1], probabilities)
        >>> [text.get_text().split("\n") for text in axes.texts]
        [['1 as 0', '0.80'], ['1 as 0', '0.80']]

    Used in the chapter *Convolutional networks*.
    """
    images = np.asarray(images)
    targets, probabilities = _checked(len(images), targets, probabilities)
    if count != int(count) or count < 1:
        raise ValueError(f"`count` must be a positive integer. Received: {count=}")
    said, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(said != targets)
    wrong = wrong[np.argsort(-confidence[wrong], kind="stable")][: int(count)]
    if len(wrong) == 0:
        figure, ax = axes_or_new(ax, size=(6.4, 0.6))
        text = f"none of the {len(images)} images is misclassified"
        ax.text(0.5, 0.5, text, ha="center", va="center", color=INK, transform=ax.transAxes)
        ax.set_axis_off()
        return figure, ax
    titles = [f"{targets[k]} as {said[k]}\n{confidence[k]:.2f}" for k in wrong]
    return show_images(images[wrong], titles=titles, columns=columns, ax=ax)


def _checked(images: int, targets, probabilities) -> tuple[np.ndarray, np.ndarray]:
    probabilities = np.asarray(probabilities, dtype=float)
    if probabilities.ndim != 2 or len(probabilities) != images or images == 0:
        raise ValueError(
            f"`probabilities` must hold a row for each of the {images} images, of shape "
            f"(n, classes). Received: probabilities of shape {probabilities.shape}"
        )
    # Not below: a NaN is neither.
    off = ~((probabilities >= 0).all(axis=1) & (np.abs(probabilities.sum(axis=1) - 1) < 1e-3))
    if off.any():
        row = int(off.argmax())
        raise ValueError(
            "`probabilities` must hold numbers of 0 or more, with the sum 1 in each row. "
            f"Received: probabilities[{row}]={probabilities[row]}"
        )
    targets, classes = np.asarray(targets), probabilities.shape[1]
    if targets.shape != (images,) or not np.isin(targets, np.arange(classes)).all():
        raise ValueError(
            f"`targets` must hold a class number from 0 to {classes - 1} for each of the {images} "
            f"images. Received: targets of shape {targets.shape} with the values "
            f"{np.unique(targets)[:5]}"
        )
    return targets.astype(int), probabilities
