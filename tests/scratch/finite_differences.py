"""The referee of every backward pass."""

import numpy as np


def differences(function, array, step=1e-6):
    """Central differences of a function of no arguments by an array that it reads."""
    slopes = np.empty_like(array)
    for index, value in np.ndenumerate(array):
        array[index] = value + step
        above = function()
        array[index] = value - step
        slopes[index] = (above - function()) / (2 * step)
        array[index] = value
    return slopes
