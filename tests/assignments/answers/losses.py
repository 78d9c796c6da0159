"""Right answers to the exercises of the chapter *Losses*, written another way."""

import math

import numpy as np
from scipy import stats


def gaussian_log_likelihood(x, mu, sigma):
    return stats.norm.logpdf(x, loc=mu, scale=sigma).sum()


def binary_crossentropy(z, t):
    """The distance on the wrong side, and a logarithm that is at most log 2."""
    return np.mean(np.maximum(z, 0) - t * z + np.log1p(np.exp(-np.abs(z))))


def binary_crossentropy_with_signs(z, t):
    return -np.mean(
        [-np.logaddexp(0, -score if bit else score) for score, bit in zip(z, t, strict=True)]
    )


def hinge_gradient(w, x, t):
    gradient = np.zeros(len(w))
    for features, target in zip(x, t, strict=True):
        if target * (w @ features) < 1:
            gradient = gradient - target * features
    return gradient / len(x)


def hinge_gradient_with_maximum(w, x, t):
    return np.mean(-t[:, None] * x * np.sign(np.maximum(0, 1 - t * (x @ w)))[:, None], axis=0)


def weight_decay(sigma, sigma_w, samples):
    return math.exp(2 * math.log(sigma) - 2 * math.log(sigma_w) - math.log(samples))


def poisson_loss(z, t):
    return -stats.poisson.logpmf(t, np.exp(z)).mean()


def laplace_fit(x):
    """The middle one of the sorted numbers; half the distance of the halves' means."""
    x = np.sort(x)
    below, middle, above = np.split(x, [len(x) // 2, len(x) // 2 + 1])
    return [middle[0], (above.sum() - below.sum()) / len(x)]


ANSWERS = [
    ("losses.gaussian_log_likelihood", gaussian_log_likelihood),
    ("losses.binary_crossentropy", binary_crossentropy),
    ("losses.binary_crossentropy", binary_crossentropy_with_signs),
    ("losses.hinge_gradient", hinge_gradient),
    ("losses.hinge_gradient", hinge_gradient_with_maximum),
    ("losses.weight_decay", weight_decay),
    ("losses.poisson_loss", poisson_loss),
    ("losses.laplace_fit", laplace_fit),
    ("losses.laplace_fit", lambda x: tuple(stats.laplace.fit(x))),
]
