"""The exercises of the chapter *Time series*."""

import numpy as np

from nncourse.assignments._exercise import Exercise, draw
from nncourse.assignments._hidden_states import BEST_PATH, LOG_LIKELIHOOD
from nncourse.scratch import Autoregressive, KalmanFilter, receptive_field

# --- an autoregression -----------------------------------------------------------------------


def _fit_autoregression(series, p):
    model = Autoregressive(p).fit(series)
    return np.array([model.intercept_, *model.coefficients_])


def _without_intercept(series, p):
    shifted = [series[p - i : len(series) - i] for i in range(1, p + 1)]
    return np.array([0.0, *np.linalg.lstsq(np.stack(shifted, axis=1), series[p:])[0]])


def _series(rng: np.random.Generator):
    yield np.array([0, 1, 1.5, 1.75, 1.875]), 1
    for _ in range(9):
        p = int(rng.integers(2, 5))
        yield (5 + draw(rng, int(rng.integers(3 * p + 4, 25))).cumsum()).round(2), p


_FIT = Exercise(
    "time_series.fit_autoregression",
    solution=_fit_autoregression,
    cases=_series,
    hint="A row for each t from p on: (1, series[t - 1], ..., series[t - p]), with the target "
    "series[t]. Then least squares, for instance np.linalg.lstsq.",
    mistakes=(
        (
            lambda series, p: np.roll(_fit_autoregression(series, p)[::-1], 1),
            "The order of the coefficients is reversed: that of the latest value comes first.",
        ),
        (
            lambda series, p: np.roll(_fit_autoregression(series, p), -1),
            "The intercept comes first, before the coefficients.",
        ),
        (_without_intercept, "The intercept is not fitted: give the inputs a column of ones."),
        (
            lambda series, p: _without_intercept(series, p)[1:],
            "The intercept is missing: p + 1 numbers, from a column of ones and p shifted ones.",
        ),
        (
            lambda series, p: _fit_autoregression(series[::-1], p),
            "This predicts the past from the future: row t has the values before t.",
        ),
    ),
)

# --- its roots -------------------------------------------------------------------------------


def _largest_root(a):
    return np.abs(np.roots([1, *np.negative(a)])).max()


def _coefficients(rng: np.random.Generator):
    yield (np.array([0.5]),)
    yield (np.array([1.336, -0.65]),)
    yield (np.array([0.4, 0.5, 0.3]),)  # a root outside
    for _ in range(9):
        yield (rng.uniform(-1, 1, rng.integers(2, 6)).round(2),)


_ROOT = Exercise(
    "time_series.largest_root",
    solution=_largest_root,
    cases=_coefficients,
    hint="The polynomial is z^p - a_1 z^(p-1) - ... - a_p. np.roots wants its coefficients from "
    "that of z^p on; the size of a complex number is its np.abs.",
    mistakes=(
        (
            lambda a: np.abs(np.roots([1, *a])).max(),
            "The signs: in z^p - a_1 z^(p-1) - ... all but the first are negative.",
        ),
        (
            lambda a: np.roots([1, *np.negative(a)]).real.max(),
            "This is the largest real part. The size of a complex number is its absolute value.",
        ),
        (
            lambda a: 1 / _largest_root(a),
            "This is the inverse. With powers of z that grow with the lag, stationary is what has "
            "its roots outside; here they should be inside.",
        ),
        (
            lambda a: np.abs(np.roots([1, *np.negative(a)])).min(),
            "This is the smallest root. The largest decides how long a shock lasts.",
        ),
        (
            lambda a: np.abs(np.roots([1, *np.negative(a[::-1])])).max(),
            "The order of the coefficients is reversed: a_1 belongs to z^(p-1).",
        ),
        (
            lambda a: np.abs(a).sum(),
            "A sum of sizes below 1 is enough for a stationary process, but it is no root. Find "
            "the roots of the polynomial.",
        ),
    ),
)

# --- the field -------------------------------------------------------------------------------


def _causal_field(k, dilations):
    return receptive_field([{"kernel": k, "dilation": d} for d in dilations])[-1].size


def _stacks(rng: np.random.Generator):
    yield 2, [1, 2, 4, 8]
    yield 3, [1]
    for _ in range(10):
        layers = int(rng.integers(2, 7))
        yield int(rng.integers(2, 6)), rng.integers(1, 12, layers).tolist()


_FIELD = Exercise(
    "time_series.causal_field",
    solution=_causal_field,
    cases=_stacks,
    rtol=0,
    hint="A layer with the dilation d looks (k - 1) * d steps further back. Add them up, and the "
    "present value.",
    mistakes=(
        (
            lambda k, dilations: (k - 1) * sum(dilations),
            "The present value is missing: 1 more.",
        ),
        (
            lambda k, dilations: 1 + k * sum(dilations),
            "A kernel of size k reaches k - 1 elements back from its newest one, not k.",
        ),
        (
            lambda k, dilations: 1 + (k - 1) * len(dilations),
            "The dilations do not enter: in a dilated kernel the elements are d steps apart.",
        ),
        (
            lambda k, dilations: 1 + (k - 1) * dilations[-1],
            "This is the last layer alone. The fields of all layers add up.",
        ),
        (
            lambda k, dilations: k ** len(dilations),
            "k to the number of layers holds where each dilation is k times the one before, "
            "beginning with 1. Here they are any.",
        ),
    ),
)

# --- a step of the filter --------------------------------------------------------------------


def _kalman_step(m, P, y, a, c, q, r):
    model = KalmanFilter([[a]], [[c]], [[q]], [[r]], [a * m], [[a * P * a + q]])
    seen = model.filter([[y]])
    return seen.means[0, 0], seen.covariances[0, 0, 0]


def _correct(m, P, y, c, r) -> tuple:
    K = P * c / (c * P * c + r)
    return m + K * (y - c * m), (1 - K * c) * P


def _without_c(m, P, y, a, c, q, r):
    return _correct(a * m, a * P * a + q, y, 1.0, r)


def _late_noise(m, P, y, a, c, q, r):
    m, P = _correct(m, P, y, c, r)
    return a * m, a * P * a + q


def _swapped(m, P, y, a, c, q, r):
    m, P = a * m, a * P * a + q
    K = r / (c * P * c + r) / c
    return m + K * (y - c * m), (1 - K * c) * P


def _steps(rng: np.random.Generator):
    yield 0.0, 2.0, 6.0, 1.0, 1.0, 2.0, 4.0
    for _ in range(11):
        m, y = draw(rng, 2)
        a, c, P, q, r = rng.uniform(0.3, 3, 5).round(2)
        yield float(m), float(P), float(y), float(a), float(c), float(q), float(r)


_KALMAN = Exercise(
    "time_series.kalman_step",
    solution=_kalman_step,
    cases=_steps,
    hint="First predict, a * m and a * P * a + q. With these the gain K = P c / (c P c + r), the "
    "mean m + K (y - c m) and the variance (1 - K c) P.",
    mistakes=(
        (
            lambda m, P, y, a, c, q, r: _correct(m, P, y, c, r),
            "The prediction is missing: the state has moved since the last step.",
        ),
        (
            lambda m, P, y, a, c, q, r: (a * m, a * P * a + q),
            "The correction is missing: the observation has not been used.",
        ),
        (
            lambda m, P, y, a, c, q, r: _correct(a * m, a * P + q, y, c, r),
            "The variance of a z is a^2 times that of z: a * P * a.",
        ),
        (
            lambda m, P, y, a, c, q, r: _correct(a * m, a * P * a, y, c, r),
            "The process noise q is missing from the predicted variance.",
        ),
        (
            lambda m, P, y, a, c, q, r: _correct(a * m, a * P * a + q**2, y, c, r**2),
            "q and r are variances already: don't square them.",
        ),
        (_without_c, "The state is not seen itself, but c times it: c enters the gain."),
        (_late_noise, "First predict, then correct: y is the observation of the new state."),
        (_swapped, "The gain is the wrong way around: the noisier y is, the smaller it must be."),
    ),
)

EXERCISES = (_FIT, _ROOT, _FIELD, _KALMAN, LOG_LIKELIHOOD, BEST_PATH)
