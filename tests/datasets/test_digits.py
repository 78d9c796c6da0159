import hashlib

import numpy as np
from sklearn.datasets import load_digits as sklearn_digits

from nncourse.datasets import load_digits


def test_form():
    for (x, y), count in zip(load_digits(), (1437, 360), strict=True):
        assert x.shape == (count, 8, 8, 1)
        assert x.dtype == np.float32
        assert (x.min(), x.max()) == (0, 1)
        assert y.shape == (count,)
        assert y.dtype == np.int64


def test_the_two_parts_are_scikit_learns_digits_each_once():
    (x_train, y_train), (x_test, y_test) = load_digits()
    bunch = sklearn_digits()

    def sorted_rows(images, labels):
        rows = np.column_stack([images.reshape(len(images), -1), labels])
        return rows[np.lexsort(rows.T)]

    both = sorted_rows(np.concatenate([x_train, x_test]) * 16, np.concatenate([y_train, y_test]))
    np.testing.assert_array_equal(both, sorted_rows(bunch.images, bunch.target))


def test_every_digit_is_in_the_test_set_in_its_proportion():
    (_, y_train), (_, y_test) = load_digits()
    total = np.bincount(np.concatenate([y_train, y_test]))
    assert np.abs(np.bincount(y_test) - total * 360 / 1797).max() < 1


def test_the_split_is_the_one_that_the_chapters_were_written_with():
    (_, y_train), (_, y_test) = load_digits()
    digest = hashlib.sha256(np.concatenate([y_train, y_test]).astype("uint8").tobytes())
    assert digest.hexdigest() == "859da86469a170c7f72b5d431a12fb95becccf2f1044e310fc3eb5c07db0d7f1"
