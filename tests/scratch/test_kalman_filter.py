import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import solve_discrete_are
from scipy.stats import multivariate_normal

from nncourse.scratch import KalmanFilter
from tests.scratch.series_examples import TRACK


def track(steps, seed):
    """The states and observations of the system above."""
    rng = np.random.default_rng(seed)
    state = rng.normal(size=2) * [5, 1]
    states = np.empty((steps, 2))
    for t in range(steps):
        states[t] = state
        state = TRACK["transition"] @ state + [0, rng.normal(scale=0.1)]
    return states, states[:, :1] + rng.normal(scale=2, size=(steps, 1))


def random_system(rng, states, outputs):
    def covariance(size, rank):
        factor = rng.normal(size=(size, rank))
        return factor @ factor.T

    return dict(
        transition=rng.normal(size=(states, states)),
        observation=rng.normal(size=(outputs, states)),
        process_noise=covariance(states, rng.integers(0, states + 1)),
        observation_noise=covariance(outputs, outputs) + 0.1 * np.eye(outputs),
        initial_mean=rng.normal(size=states),
        initial_covariance=covariance(states, rng.integers(0, states + 1)),
    )


def joint_gaussian(a, c, q, r, mean, covariance, steps):
    """Mean and covariance of all states and observations of all steps, written out."""
    n = len(a)
    power = [np.linalg.matrix_power(a, k) for k in range(steps)]
    # Every state as a sum of the first one and of each noise, carried on.
    carried = np.block(
        [[power[t - s] if s <= t else np.zeros((n, n)) for s in range(steps)] for t in range(steps)]
    )
    sources = np.kron(np.diag([0] + [1] * (steps - 1)), q)
    sources[:n, :n] = covariance
    seen = np.vstack([np.eye(n * steps), np.kron(np.eye(steps), c)])
    total = seen @ carried @ sources @ carried.T @ seen.T
    total[n * steps :, n * steps :] += np.kron(np.eye(steps), r)
    return seen @ np.concatenate([p @ mean for p in power]), total


def conditioned(mean, covariance, wanted, known, values):
    gain = covariance[np.ix_(wanted, known)] @ np.linalg.inv(covariance[np.ix_(known, known)])
    return (
        mean[wanted] + gain @ (values - mean[known]),
        covariance[np.ix_(wanted, wanted)] - gain @ covariance[np.ix_(known, wanted)],
    )


def compare(system, observations, known_steps, t, *received, tolerance=1e-8):
    """Holds a mean and covariance at t equal to the big Gaussian's, given the first steps."""
    steps, outputs = observations.shape
    states = len(system["initial_mean"])
    mean, covariance = joint_gaussian(*system.values(), steps)
    flat = observations.ravel()
    known = np.flatnonzero(~np.isnan(flat[: known_steps * outputs]))
    wanted = np.arange(t * states, (t + 1) * states)
    exact = conditioned(mean, covariance, wanted, known + states * steps, flat[known])
    for ours, theirs in zip(received, exact, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


def random_observations(rng, steps, outputs):
    """Some are missing, or parts of them."""
    observations = rng.normal(size=(steps, outputs))
    observations[rng.random(observations.shape) < 0.3] = np.nan
    return observations


SIZES = dict(
    states=st.integers(1, 3),
    outputs=st.integers(1, 2),
    steps=st.integers(1, 4),
    seed=st.integers(0),
)


@settings(max_examples=50, deadline=None)
@given(**SIZES)
def test_law_filtered_as_in_one_big_gaussian(states, outputs, steps, seed):
    rng = np.random.default_rng(seed)
    system = random_system(rng, states, outputs)
    observations = random_observations(rng, steps, outputs)
    filtered = KalmanFilter(**system).filter(observations)
    for t in range(steps):
        prediction = filtered.predicted_means[t], filtered.predicted_covariances[t]
        compare(system, observations, t, t, *prediction)
        compare(system, observations, t + 1, t, filtered.means[t], filtered.covariances[t])
    mean, covariance = joint_gaussian(*system.values(), steps)
    known = np.flatnonzero(~np.isnan(observations))
    places = known + states * steps
    density = 0.0
    if len(known):
        spread = covariance[np.ix_(places, places)]
        density = multivariate_normal(mean[places], spread).logpdf(observations.ravel()[known])
    np.testing.assert_allclose(filtered.log_likelihood, density, rtol=1e-8, atol=1e-8)


@settings(max_examples=50, deadline=None)
@given(**SIZES, forgets=st.booleans())
def test_law_smoothed_as_in_one_big_gaussian(states, outputs, steps, seed, forgets):
    """Where the transition keeps each direction of the state, or drops it altogether."""
    rng = np.random.default_rng(seed)
    system = random_system(rng, states, outputs)
    left, _, right = np.linalg.svd(system["transition"])
    system["transition"] = left @ np.diag(rng.uniform(0.5, 1.5, states)) @ right
    if forgets:
        system["transition"][0] = 0
    observations = random_observations(rng, steps, outputs)
    for t, estimate in enumerate(zip(*KalmanFilter(**system).smooth(observations), strict=True)):
        compare(system, observations, steps, t, *estimate)


def test_where_the_state_all_but_collapses():
    """Only smoothing loses digits there, and only without noise to refill what becomes tiny."""
    collapse = TRACK | {
        "transition": np.array([[1.0, 1.0], [1.0, 1.0 + 1e-4]]),
        "process_noise": np.zeros((2, 2)),
    }
    y = np.array([[1.0], [2.0], [1.0], [3.0]])
    model = KalmanFilter(**collapse)
    for t in range(4):
        filtered = model.filter(y)
        compare(collapse, y, t + 1, t, filtered.means[t], filtered.covariances[t])
    compare(collapse, y, 4, 0, *(part[0] for part in model.smooth(y)), tolerance=1e-4)
    collapse["process_noise"] = 0.01 * np.eye(2)
    compare(collapse, y, 4, 0, *(part[0] for part in KalmanFilter(**collapse).smooth(y)))


def test_a_state_that_stays_is_estimated_by_the_running_mean():
    y = np.random.default_rng(0).normal(3, 2, size=(50, 1))
    model = KalmanFilter([[1]], [[1]], [[0]], [[4]], [1], [[9]])
    filtered = model.filter(y)
    seen = np.arange(1, 51)
    certainty = 1 / 9 + seen / 4
    np.testing.assert_allclose(filtered.means[:, 0], (1 / 9 + y.cumsum() / 4) / certainty)
    np.testing.assert_allclose(filtered.covariances[:, 0, 0], 1 / certainty)
    means, covariances = model.smooth(y)  # one state for all steps: all know what the last knows
    np.testing.assert_allclose(means, filtered.means[-1] * np.ones((50, 1)))
    np.testing.assert_allclose(covariances[:, 0, 0], 1 / certainty[-1])


def test_the_covariance_settles_where_the_riccati_equation_says():
    filtered = KalmanFilter(**TRACK).filter(track(300, 0)[1])
    a, c, q, r = list(TRACK.values())[:4]
    expected = solve_discrete_are(a.T, c.T, q, r)
    np.testing.assert_allclose(filtered.predicted_covariances[-1], expected, rtol=1e-8)
    gain = expected @ c.T / (c @ expected @ c.T + r)
    np.testing.assert_allclose(
        filtered.covariances[-1], (np.eye(2) - gain @ c) @ expected, rtol=1e-8
    )


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_on_a_noisy_track(seed):
    """Better than the last observation and the running mean, and as good as it says."""
    states, y = track(2000, seed)
    model = KalmanFilter(**TRACK)
    filtered, smoothed = model.filter(y), model.smooth(y)
    running_mean = y.cumsum(axis=0) / np.arange(1, len(y) + 1)[:, None]

    def error(estimate):
        return np.mean((estimate[:, 0] - states[:, 0]) ** 2)

    assert error(filtered.means) < 0.5 * error(y) < 0.5 * error(running_mean)
    assert error(smoothed[0]) < 0.75 * error(filtered.means)
    for means, covariances in (filtered[:2], filtered[2:4], smoothed):
        off = means - states
        distances = np.einsum("ti,tij,tj->t", off, np.linalg.inv(covariances), off)
        np.testing.assert_allclose(distances.mean(), 2, rtol=0.12)  # the degrees of freedom


def test_without_observations_the_state_moves_on_unseen():
    filtered = KalmanFilter(**TRACK | {"initial_mean": [3, 1]}).filter(np.full((4, 1), np.nan))
    np.testing.assert_array_equal(filtered.means, [[3, 1], [4, 1], [5, 1], [6, 1]])
    np.testing.assert_array_equal(filtered.covariances, filtered.predicted_covariances)
    np.testing.assert_allclose(np.linalg.det(filtered.covariances)[:2], [25, 26 * 1.01 - 1])
    assert filtered.log_likelihood == 0


def test_what_is_known_for_certain_needs_no_observation():
    zero = np.zeros((2, 2))
    model = KalmanFilter(**TRACK | {"process_noise": zero, "initial_covariance": zero})
    y = track(20, 0)[1]
    np.testing.assert_array_equal(model.filter(y).means, np.zeros((20, 2)))
    np.testing.assert_array_equal(model.smooth(y)[1], np.zeros((20, 2, 2)))


def test_rounding_leaves_covariances_symmetric_and_without_negative_variances():
    """An almost exact observation of an almost unknown state, where (I - K C) P loses it all."""
    hard = TRACK | {
        "observation": np.array([[1.0, 0.3], [1.0, 0.3 + 1e-6]]),
        "observation_noise": 1e-10 * np.eye(2),
        "initial_covariance": 1e8 * np.array([[1.0, 0.9], [0.9, 1.0]]),
        "process_noise": 1e-12 * np.eye(2),
    }
    model = KalmanFilter(**hard)
    y = np.random.default_rng(0).normal(size=(500, 2)) * 1e-5
    filtered = model.filter(y)
    for covariances in (filtered.covariances, filtered.predicted_covariances, model.smooth(y)[1]):
        np.testing.assert_array_equal(covariances, covariances.transpose(0, 2, 1))
        # Scaled to the diagonal 1: an eigenvalue here is what is left of a variance.
        deviations = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
        scaled = covariances / deviations[:, :, None] / deviations[:, None, :]
        assert np.linalg.eigvalsh(scaled).min() > -1e-9


@pytest.mark.parametrize("units", [[1e-9, 1e9], [1e10, 1e-10], [1e-7, 1]])
def test_units_do_not_matter(units):
    """A place in nanometers and a speed in kilometers a year."""
    units = np.array(units)
    both = np.outer(units, units)
    other = TRACK | {
        "transition": TRACK["transition"] * units[:, None] / units,
        "observation": TRACK["observation"] / units,
        "process_noise": TRACK["process_noise"] * both,
        "initial_covariance": TRACK["initial_covariance"] * both,
    }
    y = track(40, 0)[1]
    ours, theirs = KalmanFilter(**TRACK), KalmanFilter(**other)
    np.testing.assert_allclose(theirs.filter(y).means / units, ours.filter(y).means, rtol=1e-6)
    np.testing.assert_allclose(theirs.filter(y).log_likelihood, ours.filter(y).log_likelihood)
    for mine, other_units, scale in zip(
        ours.smooth(y), theirs.smooth(y), (units, both), strict=True
    ):
        np.testing.assert_allclose(other_units / scale, mine, rtol=1e-6)


def test_shapes_and_that_nothing_is_changed():
    rng = np.random.default_rng(0)
    model, y = KalmanFilter(**random_system(rng, 3, 2)), rng.normal(size=(7, 2))
    before = y.copy()
    filtered = model.filter(y)
    assert [np.shape(part) for part in filtered] == [(7, 3), (7, 3, 3), (7, 3), (7, 3, 3), ()]
    assert [part.shape for part in model.smooth(y)] == [(7, 3), (7, 3, 3)]
    np.testing.assert_array_equal(y, before)
    for first, again in zip(filtered, model.filter(y.tolist()), strict=True):
        np.testing.assert_array_equal(first, again)
