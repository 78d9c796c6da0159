"""The exercises of the chapter *Losses*."""

import numpy as np

from nncourse.assignments._exercise import Exercise
from nncourse.assignments._likelihoods import GAUSSIAN, LAPLACE
from nncourse.assignments._score_losses import BINARY_CROSSENTROPY, HINGE_GRADIENT

# --- the strength of weight decay ------------------------------------------------------------


def _weight_decay(sigma, sigma_w, samples):
    return sigma**2 / (samples * sigma_w**2)


_WEIGHT_DECAY = Exercise(
    "losses.weight_decay",
    solution=_weight_decay,
    cases=lambda rng: [
        (0.5, 2.0, 10),
        *(
            (
                round(rng.uniform(0.3, 0.9), 2),
                round(rng.uniform(1.1, 2.0), 2),
                int(rng.integers(5, 50)),
            )
            for _ in range(9)
        ),
    ],
    hint="Multiply the negative log-posterior by 2 sigma^2 / N, so that the data's term becomes "
    "the mean squared error, and see what then stands before |w|^2.",
    mistakes=(
        (
            lambda sigma, sigma_w, samples: (sigma / sigma_w) ** 2,
            "This belongs to the sum of the squares (scikit-learn's Ridge). For their mean it is "
            "divided by N.",
        ),
        (
            lambda sigma, sigma_w, samples: (sigma_w / sigma) ** 2 / samples,
            "Upside down: a narrow prior, a small sigma_w, asks for a strong decay.",
        ),
        (
            lambda sigma, sigma_w, samples: _weight_decay(sigma, sigma_w, samples) / 2,
            "The prior's factor 1/2 and the noise's cancel: both terms have one.",
        ),
        (
            lambda sigma, sigma_w, samples: 2 * _weight_decay(sigma, sigma_w, samples),
            "The prior has a factor 1/2 of its own, which cancels that of the noise.",
        ),
        (
            lambda sigma, sigma_w, samples: sigma / (samples * sigma_w),
            "These are the deviations. The exponents of the two Gaussians hold the variances.",
        ),
        (
            lambda sigma, sigma_w, samples: 1 / (2 * samples * sigma_w**2),
            "This belongs to a cross-entropy. The squared error brings its noise variance in.",
        ),
        (
            lambda sigma, sigma_w, samples: 1 / (samples * sigma_w**2),
            "The noise's variance is missing: the noisier the data, the more the prior counts.",
        ),
    ),
)

# --- counts ----------------------------------------------------------------------------------


def _gammaln(z):
    from scipy.special import gammaln  # slow to import

    return gammaln(z)


def _poisson_loss(z, t):
    return np.mean(np.exp(z) - t * z + _gammaln(t + 1.0))


_POISSON = Exercise(
    "losses.poisson_loss",
    solution=_poisson_loss,
    cases=lambda rng: [
        (np.array([0.0, 1.0]), np.array([0, 2])),
        (np.array([-2.0, 3.0]), np.array([1, 20])),
        (np.array([5.0, 5.5]), np.array([200, 250])),
        *(
            (z, rng.poisson(np.exp(z)) + 2)
            for z in [rng.uniform(-1, 3, size).round(2) for size in rng.integers(2, 8, 9)]
        ),
    ],
    hint="The rate is exp(z), and log P(t) = t log(rate) - rate - log t!, with log t! from "
    "scipy.special.gammaln(t + 1). The loss is minus the mean.",
    mistakes=(
        (
            lambda z, t: np.mean(np.exp(z) - t * z),
            "log t! is missing. It does not depend on z, but it is asked for here.",
        ),
        (
            lambda z, t: np.mean(z - t * np.log(z) + _gammaln(t + 1.0)),
            "z is the logarithm of the rate, so the rate is exp(z): z itself may be negative.",
        ),
        (
            lambda z, t: -_poisson_loss(z, t),
            "This is the mean log-likelihood. A loss is its negative.",
        ),
        (
            lambda z, t: len(z) * _poisson_loss(z, t),
            "This is the sum over the examples. Take the mean.",
        ),
        (
            lambda z, t: np.mean(np.exp(z) - t * z + _gammaln(t)),
            "gammaln(t) is log (t - 1)!. For log t! it takes t + 1.",
        ),
        (
            lambda z, t: np.mean((np.exp(z) - t) ** 2),
            "This is the squared error of the rate. Counts have a distribution of their own.",
        ),
        (
            lambda z, t: np.mean(np.exp(z) - t * z + np.log(np.cumprod([1.0, *range(1, 301)])[t])),
            "t! overflows for counts above 170. Its logarithm is gammaln(t + 1).",
        ),
    ),
)

EXERCISES = (
    GAUSSIAN,
    BINARY_CROSSENTROPY,
    HINGE_GRADIENT,
    _WEIGHT_DECAY,
    _POISSON,
    LAPLACE,
)
