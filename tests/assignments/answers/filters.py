"""Right answers to the exercises of the chapter *Images and filters*, written another way."""

from collections import Counter

import numpy as np
from scipy import signal, spatial, stats


def correlate(x, k):
    """Kernel element by kernel element, each with a shifted part of the image."""
    h, w = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    return sum(k[u, v] * x[u : u + h, v : v + w] for u, v in np.ndindex(k.shape))


def correlate_as_lists(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return [[float(np.vdot(window, k)) for window in row] for row in windows]


def separate(k):
    """The row with the largest number, and how many of it each row is."""
    row = k[np.unravel_index(np.abs(k).argmax(), k.shape)[0]]
    return k @ row / (row @ row), row


def separate_as_matrices(k):
    column = k[:, [np.abs(k).sum(axis=0).argmax()]]
    return [column, np.linalg.lstsq(column, k, rcond=None)[0]]


def similarity(window, template):
    if np.ptp(window) == 0:
        return 0
    return stats.pearsonr(window.ravel(), template.ravel()).statistic


def similarity_of_standardized(window, template):
    if (window == window[0, 0]).all():
        return 0.0
    return np.mean(stats.zscore(window, axis=None) * stats.zscore(template, axis=None))


def nearest_class(x, t, query, k):
    ranked = sorted((np.abs(row - query).sum(), i) for i, row in enumerate(x))
    votes = Counter(int(t[i]) for _, i in ranked[:k])
    return min(votes, key=lambda label: (-votes[label], label))


def nearest_class_by_scipy(x, t, query, k):
    distances = spatial.distance.cdist(x, query[None], "cityblock")[:, 0]
    return stats.mode(t[np.lexsort((np.arange(len(t)), distances))][:k]).mode


ANSWERS = [
    ("filters.correlate", correlate),
    ("filters.correlate", correlate_as_lists),
    ("filters.correlate", lambda x, k: signal.correlate2d(x, k, mode="valid")),
    ("filters.convolution_kernel", lambda k: np.rot90(k, 2)),
    ("filters.convolution_kernel", lambda k: np.flip(k)),
    ("filters.separate", separate),
    ("filters.separate", separate_as_matrices),
    ("filters.similarity", similarity),
    ("filters.similarity", similarity_of_standardized),
    ("filters.nearest_class", nearest_class),
    ("filters.nearest_class", nearest_class_by_scipy),
]
