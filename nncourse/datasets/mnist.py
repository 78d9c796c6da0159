"""MNIST: 70,000 handwritten digits."""

import numpy as np

from nncourse.datasets._fetch import fetch
from nncourse.datasets._registry import DATA_FILES
from nncourse.datasets.digits import Split


def fetch_mnist() -> tuple[Split, Split]:
    """Loads MNIST, from a folder of yours, from the cache, or from the network.

    `mnist.npz` is looked for in the folder that the environment variable `NNCOURSE_DATA` names,
    then in the cache; if it is in neither, its 11.5 MB are downloaded into the cache, once.
    Wherever it comes from, its contents are verified by SHA-256. A download that broke off goes
    on from there at the next call. `nncourse data fetch mnist --to FOLDER` prepares a folder for
    a class room without a network.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: images `(60000, 28, 28, 1)` and
        `(10000, 28, 28, 1)`, float32 from 0 (background) to 1 (ink); labels int64, 0 to 9. The
        form is that of `load_digits`, the order the original one.

    Raises:
        ConnectionError: If the file is not there and can't be downloaded. Says what was tried
            and where to put a copy.
        ValueError: If a file is there, or was served, whose contents are not MNIST's.

    Example:
        >>> from nncourse import datasets
        >>> (x_train, y_train), (x_test, y_test) = datasets.fetch_mnist()  # doctest: +SKIP

    Reference:
        LeCun, Bottou, Bengio and Haffner (1998), "Gradient-based learning applied to document
        recognition". Used in the chapter *Convolutional networks*.
    """
    with np.load(fetch(DATA_FILES["mnist"]), allow_pickle=False) as arrays:
        return _split(arrays, "train"), _split(arrays, "test")


def _split(arrays, part: str) -> Split:
    x = arrays[f"x_{part}"].astype("float32") / 255
    return x.reshape(-1, 28, 28, 1), arrays[f"y_{part}"].astype("int64")
