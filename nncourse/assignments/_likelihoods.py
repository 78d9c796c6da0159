"""The exercises on the likelihood of plain observations."""

import numpy as np

from nncourse.assignments._exercise import Exercise, WrongForm, draw, numbers
from nncourse.scratch import likelihood

# --- the likelihood of a Gaussian ------------------------------------------------------------


def _gaussian_log_likelihood(x, mu, sigma):
    return likelihood.gaussian(x, mu, sigma)


def _squares(x, mu, sigma, factor: float = 0.5) -> float:
    return -factor * ((x - mu) ** 2).sum() / sigma**2


def _deviation(rng: np.random.Generator) -> float:
    """One whose square, root and logarithm are all told apart from it."""
    return float(rng.choice([0.1, 0.3, 0.7, 2.0, 3.0]))


GAUSSIAN = Exercise(
    "losses.gaussian_log_likelihood",
    solution=_gaussian_log_likelihood,
    cases=lambda rng: [
        (np.array([1.0, 3.0]), 2.0, 0.5),
        (np.array([0.5]), 0.0, 2.0),
        (draw(rng, 1000), 0.5, 2.0),
        *((draw(rng, rng.integers(2, 9)), float(draw(rng)), _deviation(rng)) for _ in range(9)),
    ],
    hint="-sum((x - mu)^2) / (2 sigma^2) - N log(sqrt(2 pi) sigma), one number for all N.",
    mistakes=(
        (
            lambda x, mu, sigma: _squares(x, mu, sigma) - len(x) * np.sqrt(2 * np.pi) * sigma,
            "The constant is a logarithm, too: N log(sqrt(2 pi) sigma).",
        ),
        (
            lambda x, mu, sigma: -_gaussian_log_likelihood(x, mu, sigma),
            "This is its negative, which is a loss. The log-likelihood is to be maximized.",
        ),
        (
            lambda x, mu, sigma: np.exp(_gaussian_log_likelihood(x, mu, sigma)),
            "This is the likelihood: for 1,000 observations it is 0 on a computer. Sum logarithms.",
        ),
        (
            lambda x, mu, sigma: _gaussian_log_likelihood(x, mu, sigma) / len(x),
            "This is the mean over the observations. The log-likelihood is the sum.",
        ),
        (
            lambda x, mu, sigma: _squares(x, mu, sigma),
            "The constant is missing. It does not depend on mu, but it does on sigma.",
        ),
        (
            lambda x, mu, sigma: _squares(x, mu, sigma) - np.log(np.sqrt(2 * np.pi) * sigma),
            "Each of the N observations brings the constant with it.",
        ),
        (
            lambda x, mu, sigma: _gaussian_log_likelihood(x, mu, sigma) + _squares(x, mu, sigma),
            "The squares are divided by 2 sigma^2: the 2 is missing.",
        ),
        (
            lambda x, mu, sigma: (
                _squares(x, mu, sigma) - len(x) * np.log(np.sqrt(2 * np.pi) * sigma**2)
            ),
            "The variance belongs inside the root: sqrt(2 pi sigma^2) = sqrt(2 pi) sigma.",
        ),
        (
            lambda x, mu, sigma: _gaussian_log_likelihood(x, mu, np.sqrt(sigma)),
            "sigma is the standard deviation, and this takes it for the variance.",
        ),
    ),
)

# --- the most plausible Laplace distribution -------------------------------------------------


def _laplace_fit(x):
    median = np.median(x)
    return median, np.abs(x - median).mean()


def _pair(result, x) -> np.ndarray:
    if np.ndim(result) != 1 or len(result) != 2:
        raise WrongForm("The answer is a pair of numbers: (location, scale).")
    return numbers(result, (2,), "The pair (location, scale)")


def _skewed(rng: np.random.Generator, size: int) -> np.ndarray:
    """An odd number of observations, so that the median is one of them, and an outlier."""
    return np.append(draw(rng, 2 * size), round(rng.uniform(20, 40), 2))


LAPLACE = Exercise(
    "losses.laplace_fit",
    solution=_laplace_fit,
    cases=lambda rng: [
        (np.array([1.0, 2.0, 10.0]),),
        *((_skewed(rng, size),) for size in rng.integers(2, 8, 9)),
    ],
    read=_pair,
    hint="The location minimizes the sum of |x - location|. Then set the derivative of "
    "N log(2 s) + sum |x - location| / s with respect to s to zero.",
    mistakes=(
        (
            lambda x: (x.mean(), np.abs(x - x.mean()).mean()),
            "The mean minimizes the sum of squares. The sum of absolute values: which number?",
        ),
        (
            lambda x: (x.mean(), x.std()),
            "This is the most plausible Gaussian. In Laplace's density there are no squares.",
        ),
        (
            lambda x: (np.median(x), x.std()),
            "The scale is no standard deviation: minimize N log(2 s) + sum |x - location| / s.",
        ),
        (
            lambda x: (np.median(x), np.median(np.abs(x - np.median(x)))),
            "The scale is the mean of the absolute deviations, not their median.",
        ),
        (
            lambda x: (np.median(x), 2 * _laplace_fit(x)[1]),
            "The 2 of log(2 s) is a constant: log(2 s) = log 2 + log s. It does not enter s.",
        ),
        (
            lambda x: (np.median(x), np.abs(x - x.mean()).mean()),
            "The deviations are those from the location, the median.",
        ),
    ),
)
