import numpy as np
import pytest

from nncourse.scratch import KalmanFilter
from tests.scratch.series_examples import TRACK


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("transition", np.ones((2, 3)), r"must have the shape \(states, states\).*shape \(2, 3\)"),
        ("transition", 1.0, r"must have the shape \(states, states\).*shape \(\)"),
        ("transition", [[1, 2], [3]], r"must hold numbers in the shape \(states, states\)"),
        ("transition", [[1, np.nan], [0, 1]], r"finite numbers.*transition\[0, 1\]=nan"),
        ("observation", [[1, 0, 0]], r"must have the shape \(outputs, 2\).*shape \(1, 3\)"),
        ("observation", np.ones((0, 2)), r"must have the shape \(outputs, 2\).*shape \(0, 2\)"),
        ("observation", [1.0, 0.0], r"must have the shape \(outputs, 2\).*shape \(2,\)"),
        ("process_noise", [[1]], r"must have the shape \(2, 2\).*shape \(1, 1\)"),
        ("process_noise", [[1, 0.5], [0, 1]], "must be a symmetric matrix"),
        ("process_noise", [[1, 2], [2, 1]], "must be positive semidefinite.*eigenvalue -1"),
        ("process_noise", [[0, 0], [0, -1e-30]], "positive semidefinite.*eigenvalue -1e-30"),
        ("process_noise", [[np.inf, 0], [0, 1]], r"finite numbers.*process_noise\[0, 0\]=inf"),
        ("observation_noise", [[0]], "must be positive definite.*eigenvalue 0"),
        ("observation_noise", [[-4]], "must be positive definite.*eigenvalue -4"),
        ("observation_noise", [4.0], r"must have the shape \(1, 1\).*shape \(1,\)"),
        ("initial_mean", [0, 0, 0], r"must have the shape \(2,\).*shape \(3,\)"),
        ("initial_mean", [0, np.inf], r"finite numbers.*initial_mean\[1\]=inf"),
        ("initial_covariance", [[1, 0], [0, -1]], "must be positive semidefinite.*eigenvalue -1"),
        ("initial_covariance", [[1, 2], [3, 4]], "must be a symmetric matrix"),
    ],
)
def test_bad_arguments_are_named(name, value, message):
    with pytest.raises(ValueError, match=rf"`{name}` .*{message}"):
        KalmanFilter(**TRACK | {name: value})


def test_a_singular_observation_noise_is_refused_and_a_tiny_one_is_not():
    both = TRACK | {"observation": np.eye(2)}
    with pytest.raises(ValueError, match="`observation_noise` must be positive definite"):
        KalmanFilter(**both | {"observation_noise": np.ones((2, 2))})
    KalmanFilter(**both | {"observation_noise": np.diag([1e-20, 1e20])})


@pytest.mark.parametrize("method", ["filter", "smooth"])
@pytest.mark.parametrize(
    ("observations", "message"),
    [
        ([1.0, 2.0], r"must have the shape \(steps, 1\).*column is `observations\[:, None\]`"),
        (np.ones((3, 2)), r"must have the shape \(steps, 1\).*shape \(3, 2\)"),
        (np.ones((0, 1)), r"must have the shape \(steps, 1\).*shape \(0, 1\)"),
        ([[1], []], r"must hold numbers in the shape \(steps, 1\)"),
        ([[1], [np.inf]], r"must hold finite numbers.*observations\[1, 0\]=inf"),
    ],
)
def test_bad_observations_are_named(method, observations, message):
    with pytest.raises(ValueError, match=f"`observations` {message}"):
        getattr(KalmanFilter(**TRACK), method)(observations)
