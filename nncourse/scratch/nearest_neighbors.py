"""Classification by the nearest examples."""

import numpy as np

from nncourse.scratch._network_checks import is_positive_integer

_METRICS = ("l1", "l2")


class KNearestNeighbors:
    r"""Gives an image the class that most of its k nearest training images have.

    Nearness is the distance of pixel values, with $d_1 = \sum_i |x_i - y_i|$ or
    $d_2 = \sqrt{\sum_i (x_i - y_i)^2}$. Training is remembering; all the work is done when a class
    is asked for.

    Args:
        k: How many neighbors vote, a positive integer.
        metric: `"l1"` or `"l2"`.

    Raises:
        ValueError: For a k that is not a positive integer, or another metric.

    Example:
        >>> from nncourse.scratch import KNearestNeighbors
        >>> KNearestNeighbors(k=1).fit([[0.0], [1.0], [5.0]], [0, 0, 1]).predict([[4.0], [2.0]])
        array([1, 0])

    Reference:
        Cover and Hart (1967), "Nearest neighbor pattern classification". Taught in the chapter
        *Images and filters*.
    """

    def __init__(self, k: int = 1, metric: str = "l2"):
        if not is_positive_integer(k):
            raise ValueError(f"`k` must be a positive integer. Received: {k=}")
        if metric not in _METRICS:
            raise ValueError(f"`metric` must be one of {_METRICS}. Received: {metric=}")
        self.k, self.metric = int(k), metric

    def fit(self, x, t) -> "KNearestNeighbors":
        """Remembers examples.

        Args:
            x: `(samples, features)` numbers, or images `(samples, height, width, ...)`.
            t: `(samples,)` classes, integers of 0 or more.

        Returns:
            Itself.

        Raises:
            ValueError: For data or classes of another shape or kind, or fewer samples than k.
        """
        t = np.asarray(t)
        x = _rows(x, None)
        if t.shape != (len(x),) or t.dtype.kind not in "iu" or t.min() < 0:
            raise ValueError(
                f"`t` must hold a class, an integer of 0 or more, for each of {len(x)} samples. "
                f"Received: t of shape {t.shape} and type {t.dtype}"
            )
        if len(x) < self.k:
            raise ValueError(f"`x` must hold k = {self.k} samples or more. Received: {len(x)}")
        self.x, self.t = x, t
        return self

    def neighbors(self, x) -> tuple[np.ndarray, np.ndarray]:
        """The distances and indices of the k nearest examples, nearest first.

        Args:
            x: `(samples, features)` numbers, or images of the shape that `fit` got.

        Returns:
            `(samples, k)` distances and `(samples, k)` indices into the training data. Of equally
            near ones the first comes first.

        Raises:
            ValueError: Before `fit`, or for samples of another size.
        """
        if not hasattr(self, "x"):
            raise ValueError("`fit` must come first: there are no examples to be near to")
        x = _rows(x, self.x.shape[1])
        distances = np.array([self._distances(row) for row in x])
        nearest = np.argsort(distances, axis=1, kind="stable")[:, : self.k]
        return np.take_along_axis(distances, nearest, axis=1), nearest

    def predict(self, x) -> np.ndarray:
        """The class of the majority of the neighbors, `(samples,)`; of a tie, the smallest one."""
        _, nearest = self.neighbors(x)
        return np.array([np.bincount(votes).argmax() for votes in self.t[nearest]])

    def _distances(self, row: np.ndarray) -> np.ndarray:
        difference = self.x - row
        if self.metric == "l1":
            return np.abs(difference).sum(axis=1)
        return np.sqrt((difference**2).sum(axis=1))


def _rows(x, features: int | None) -> np.ndarray:
    """Every sample as one row of numbers."""
    x = np.asarray(x, dtype=float)
    wanted = "features" if features is None else features
    if x.ndim < 2 or 0 in x.shape or features not in (None, x[0].size):
        raise ValueError(
            f"`x` must have the shape (samples, {wanted}), or be images of as many pixels. "
            f"Received: x of shape {x.shape}"
        )
    if not np.isfinite(x).all():
        raise ValueError("`x` must hold finite numbers. Received: some that are not")
    return x.reshape(len(x), -1)
