"""The oldest series that autoregression was made for."""

from importlib import resources

import numpy as np


def load_sunspots() -> tuple[np.ndarray, np.ndarray]:
    """Loads the yearly means of the sunspot number, 1700 to 2008.

    Returns:
        `(years, numbers)`, each of shape `(309,)`: the years as int64 and the sunspot number of
        each, float64, from 0 to 190.2. It is no count: Wolf's number adds the spots and ten times
        their groups, and allows for the observer and his telescope.

    Example:
        >>> from nncourse import datasets
        >>> years, numbers = datasets.load_sunspots()
        >>> int(years[numbers.argmax()]), float(numbers.max())
        (1957, 190.2)

    Reference:
        National Geophysical Data Center, in the public domain (the series before its revision of
        2015). Yule (1927), "On a method of investigating periodicities in disturbed series",
        invented autoregression for its first two centuries. Used in the chapter *Time series*.
    """
    source = resources.files("nncourse.datasets").joinpath("sunspots.csv")
    with source.open(encoding="ascii") as lines:
        table = np.loadtxt(lines, delimiter=",", skiprows=1)
    return table[:, 0].astype("int64"), table[:, 1]
