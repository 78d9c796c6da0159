"""The pictures that come with scikit-image."""

import warnings

import numpy as np

_NAMES = ("astronaut", "brick", "camera", "chelsea", "coffee", "coins", "grass", "moon", "page")


def load_picture(name: str) -> np.ndarray:
    """Loads a picture that scikit-image brings along.

    Args:
        name: `"astronaut"`, `"chelsea"` (a cat) or `"coffee"`, which are in color; `"brick"`,
            `"camera"`, `"coins"`, `"grass"`, `"moon"` or `"page"`, which are gray.

    Returns:
        `(height, width, 3)` or `(height, width, 1)`, float32 from 0 (black) to 1.

    Raises:
        ValueError: For another name.

    Example:
        >>> from nncourse import datasets
        >>> datasets.load_picture("camera").shape, datasets.load_picture("astronaut").shape
        ((512, 512, 1), (512, 512, 3))

    Reference:
        Van der Walt et al. (2014), "scikit-image: image processing in Python"; its `skimage.data`
        names where each picture is from. Used in the chapters *Images and filters* and
        *Convolution arithmetic*.
    """
    from skimage import data

    if name not in _NAMES:
        raise ValueError(f"`name` must be one of {_NAMES}. Received: {name=}")
    with warnings.catch_warnings():  # of a progress bar that nobody needs, where it is first called
        warnings.filterwarnings("ignore", "IProgress not found")
        picture = getattr(data, name)()
    return (picture.reshape(*picture.shape[:2], -1) / 255).astype("float32")
