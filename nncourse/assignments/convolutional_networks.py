"""The exercises of the chapter *Convolutional networks*."""

import numpy as np

from nncourse.assignments._exercise import Exercise
from nncourse.assignments._image_layers import KERNEL_GRADIENT, MAX_POOL_BACKWARD, WINDOW_ROWS

# --- parameters ------------------------------------------------------------------------------


def _network_parameters(size, channels, filters, k, classes):
    return _count(size, channels, filters, k, classes)


def _count(size, channels, filters, k, classes, bias=1, halves=True, deep=True, flat=True):
    """The number of parameters, or what it becomes where something is forgotten."""
    total, depth = 0, channels
    for f in filters:
        total += (k * k * (depth if deep else 1) + bias) * f
        depth, size = f, size // 2 if halves else size
    return total + ((size * size if flat else 1) * depth + bias) * classes


def _networks(rng: np.random.Generator):
    yield 28, 1, [20], 5, 10
    yield 28, 1, [20, 40], 5, 10
    yield 32, 3, [], 5, 10
    for _ in range(9):
        filters = [int(f) for f in rng.integers(2, 30, rng.integers(1, 4))]
        size, channels = int(rng.integers(9, 40)), int(rng.integers(2, 5))
        yield size, channels, filters, int(rng.choice([3, 5])), int(rng.integers(2, 20))


_PARAMETERS = Exercise(
    "convolutional_networks.network_parameters",
    solution=_network_parameters,
    cases=_networks,
    rtol=0,
    hint="A convolution has (k * k * its input's channels + 1) * f parameters, and leaves f "
    "channels of half the size, rounded down. The dense layer sees size * size * channels inputs.",
    mistakes=(
        (
            lambda size, channels, filters, k, classes: _count(
                size, channels, filters, k, classes, bias=0
            ),
            "The biases are missing: one for each filter and for each class.",
        ),
        (
            lambda size, channels, filters, k, classes: _count(
                size, channels, filters, k, classes, halves=False
            ),
            "The dense layer sees maps that are too large: each pooling halves them.",
        ),
        (
            lambda size, channels, filters, k, classes: _count(
                size, channels, filters, k, classes, deep=False
            ),
            "Each kernel goes through all channels of its input: k * k * channels weights.",
        ),
        (
            lambda size, channels, filters, k, classes: _count(
                size, channels, filters, k, classes, flat=False
            ),
            "The dense layer has a weight for every place of every map, not one for each map.",
        ),
        (
            lambda size, channels, filters, k, classes: (
                _count(size, channels, filters, k, classes)
                - (_count(size, channels, filters, k, 1) - _count(size, channels, filters, k, 0))
                * classes
            ),
            "The dense layer is missing.",
        ),
        (
            lambda size, channels, filters, k, classes: (
                sum((k * k * channels + 1) * f for f in filters)
                + ((size // 2 ** len(filters)) ** 2 * [channels, *filters][-1] + 1) * classes
            ),
            "The second convolution's input has as many channels as the first has filters.",
        ),
    ),
)

# --- the gain --------------------------------------------------------------------------------


def _paired_gain(before, after):
    gains = after - before
    return gains.mean(), gains.std(ddof=1) / np.sqrt(len(gains))


def _accuracies(rng: np.random.Generator):
    yield np.array([0.9, 0.8]), np.array([0.9, 0.9])
    for _ in range(9):
        folds = int(rng.integers(3, 11))
        hard = rng.uniform(0.7, 0.9, folds)  # what the folds have in common
        yield hard.round(3), (hard + rng.normal(0.03, 0.02, folds)).round(3)


_GAIN = Exercise(
    "convolutional_networks.paired_gain",
    solution=_paired_gain,
    cases=_accuracies,
    hint="With the differences after - before, fold by fold: their mean, and their standard "
    "deviation (divided by n - 1 under the root) over the root of n.",
    mistakes=(
        (
            lambda before, after: (
                (after - before).mean(),
                (after - before).std() / np.sqrt(len(after)),
            ),
            "The standard deviation of a sample divides by n - 1: ddof=1.",
        ),
        (
            lambda before, after: ((after - before).mean(), (after - before).std(ddof=1)),
            "This is the deviation of one difference. Their mean has it divided by the root of n.",
        ),
        (
            lambda before, after: (
                (after - before).mean(),
                (after - before).std(ddof=1) / len(after),
            ),
            "Divide by the root of n, not by n.",
        ),
        (
            lambda before, after: (
                (after - before).mean(),
                np.sqrt((before.var(ddof=1) + after.var(ddof=1)) / len(after)),
            ),
            "This takes the two for independent. Both were tested on the same folds: take the "
            "deviation of the differences.",
        ),
        (
            lambda before, after: (-_paired_gain(before, after)[0], _paired_gain(before, after)[1]),
            "The sign is the other way around: a gain is after - before.",
        ),
        (
            lambda before, after: _paired_gain(before, after)[::-1],
            "The order is (gain, standard error).",
        ),
    ),
)

EXERCISES = (_PARAMETERS, WINDOW_ROWS, KERNEL_GRADIENT, MAX_POOL_BACKWARD, _GAIN)
