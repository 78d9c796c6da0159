"""The handwritten digits that come with scikit-learn."""

import numpy as np

Split = tuple[np.ndarray, np.ndarray]


def load_digits() -> tuple[Split, Split]:
    """Loads 1,797 handwritten digits of 8x8 pixels, which scikit-learn brings along.

    A fifth of them, the same at every call and with every digit in its proportion, is the test
    set. The form is that of `fetch_mnist`.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: images `(1437, 8, 8, 1)` and `(360, 8, 8, 1)`,
        float32 from 0 (background) to 1 (ink); labels int64, 0 to 9.

    Example:
        >>> from nncourse import datasets
        >>> (x_train, y_train), (x_test, y_test) = datasets.load_digits()
        >>> x_train.shape, y_train.shape, x_test.shape
        ((1437, 8, 8, 1), (1437,), (360, 8, 8, 1))

    Reference:
        Alpaydin and Kaynak (1998), "Optical recognition of handwritten digits", UCI Machine
        Learning Repository; scikit-learn has its test set. Used in most chapters.
    """
    from sklearn.datasets import load_digits as load
    from sklearn.model_selection import train_test_split

    digits = load()
    x = (digits.images / 16).astype("float32")[..., np.newaxis]
    y = digits.target.astype("int64")
    x_train, x_test, y_train, y_test = train_test_split(
        x, y, test_size=360, stratify=y, random_state=0
    )
    return (x_train, y_train), (x_test, y_test)
