"""Finding a pattern in an image."""

import numpy as np

from nncourse.scratch._image_checks import checked_image
from nncourse.scratch.correlation import correlate2d


def normalized_cross_correlation(image, template) -> np.ndarray:
    r"""How alike a template and each window are, whatever their brightness and contrast.

    With the window $w$ at $(i, j)$, its mean $\bar w$ and the template's mean $\bar t$,

    $$\gamma_{ij} = \frac{\sum (w - \bar w)(t - \bar t)}
    {\sqrt{\sum (w - \bar w)^2 \sum (t - \bar t)^2}},$$

    the correlation coefficient of their pixels: 1 where the window is the template up to a
    positive factor and a constant, -1 where it is its negative. A window of a single gray value
    has none; it gets 0.

    Args:
        image: `(h, w)` numbers.
        template: `(m, n)` numbers, not larger than the image and not all equal.

    Returns:
        `(h - m + 1, w - n + 1)` numbers in [-1, 1], one for each place of the template.

    Raises:
        ValueError: If an argument is not a matrix of finite numbers, the template is larger than
            the image, or all its pixels are equal.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import normalized_cross_correlation
        >>> image = np.full((4, 4), 9.0)
        >>> image[1:3, 2:4] = [[3, 4], [4, 3]]
        >>> match = normalized_cross_correlation(image, [[0, 1], [1, 0]])
        >>> np.argwhere(match.round(6) == 1)
        array([[1, 2]])

    Reference:
        Lewis (1995), "Fast template matching", section 2. Taught in the chapter *Images and
        filters*.
    """
    # In double precision: sums of squares cancel, and pictures come in single.
    image = checked_image(image).astype(float)
    template = checked_image(template, "template").astype(float)
    if template.min() == template.max():
        raise ValueError(
            "`template` must hold a pattern, not a single value. "
            f"Received: {template[0, 0]:g} everywhere"
        )
    t = template - template.mean()
    ones = np.ones_like(t)
    x = image - image.mean()  # changes no result, and keeps the squares small
    sums = correlate2d(x, ones, mode="valid")
    squares = correlate2d(x**2, ones, mode="valid") - sums**2 / t.size
    # The template's mean is 0, so the mean of the window drops out of the numerator.
    products = correlate2d(x, t, mode="valid")
    scale = np.sqrt(np.maximum(squares, 0) * (t**2).sum())
    # Of a flat window rounding leaves a little: far less than any pattern in eight digits has.
    flat = squares <= 1e-12 * max((x**2).sum(), np.finfo(float).tiny)
    return np.clip(np.divide(products, scale, out=np.zeros_like(scale), where=~flat), -1, 1)
