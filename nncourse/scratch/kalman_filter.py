"""A hidden state, followed through noisy observations."""

from typing import NamedTuple

import numpy as np

from nncourse.scratch._series_checks import checked_array, checked_covariance


class FilteredStates(NamedTuple):
    """What `KalmanFilter.filter` knows of the state at every step.

    Attributes:
        means: `(steps, states)`, given the observations up to this one.
        covariances: `(steps, states, states)`, of the error of these means.
        predicted_means: `(steps, states)`, given only the observations before.
        predicted_covariances: `(steps, states, states)`, of the error of the predictions.
        log_likelihood: The logarithm of the density of all observations.
    """

    means: np.ndarray
    covariances: np.ndarray
    predicted_means: np.ndarray
    predicted_covariances: np.ndarray
    log_likelihood: float


class KalmanFilter:
    r"""Estimates the state of a linear system from noisy observations.

    The state moves on, and a noisy linear function of it is seen:

    $$z_t = A z_{t-1} + w_t, \quad w_t \sim \mathcal{N}(0, Q), \qquad
    y_t = C z_t + v_t, \quad v_t \sim \mathcal{N}(0, R).$$

    All is Gaussian, so a mean and a covariance are all there is to know. Each step first predicts,

    $$\hat{m}_t = A m_{t-1}, \qquad \hat{P}_t = A P_{t-1} A^\top + Q,$$

    then corrects by what the observation adds to the prediction, the more the surer it is:

    $$K_t = \hat{P}_t C^\top (C \hat{P}_t C^\top + R)^{-1}, \quad
    m_t = \hat{m}_t + K_t (y_t - C \hat{m}_t), \quad P_t = (I - K_t C) \hat{P}_t.$$

    Args:
        transition: $A$, `(states, states)`.
        observation: $C$, `(outputs, states)`.
        process_noise: $Q$, `(states, states)`, symmetric and positive semidefinite: 0 for a part of
            the state that moves on without noise.
        observation_noise: $R$, `(outputs, outputs)`, symmetric and positive definite.
        initial_mean: $\hat{m}_1$, `(states,)`: the state at the first observation, before it.
        initial_covariance: $\hat{P}_1$, `(states, states)`, symmetric and positive semidefinite.

    Raises:
        ValueError: For arrays whose shapes don't match or that are not finite, or for a covariance
            that cannot be one.

    Example:
        >>> from nncourse.scratch import KalmanFilter
        >>> walk = KalmanFilter([[1]], [[1]], [[2]], [[4]], initial_mean=[0],
        ...                     initial_covariance=[[4]])
        >>> states = walk.filter([[6], [float("nan")], [5]])
        >>> states.means.ravel()  # half way from 0 to 6; nothing seen; 6/10 of the way to 5
        array([3. , 3. , 4.2])
        >>> states.covariances.ravel()
        array([2. , 4. , 2.4])

    Reference:
        Kalman (1960), "A new approach to linear filtering and prediction problems", Theorem 3;
        Rauch, Tung and Striebel (1965), "Maximum likelihood estimates of linear dynamic systems".
        Taught in the chapter *Time series*.
    """

    def __init__(
        self,
        transition,
        observation,
        process_noise,
        observation_noise,
        initial_mean,
        initial_covariance,
    ):
        self.transition = checked_array(transition, "transition", ("states", "states"))
        states = len(self.transition)
        self.observation = checked_array(observation, "observation", ("outputs", states))
        outputs = len(self.observation)
        self.process_noise = checked_covariance(
            process_noise, "process_noise", states, definite=False
        )
        self.observation_noise = checked_covariance(
            observation_noise, "observation_noise", outputs, definite=True
        )
        self.initial_mean = checked_array(initial_mean, "initial_mean", (states,))
        self.initial_covariance = checked_covariance(
            initial_covariance, "initial_covariance", states, definite=False
        )

    def filter(self, observations) -> FilteredStates:
        """Follows the state, each estimate from the observations so far.

        Args:
            observations: `(steps, outputs)` numbers; NaN is an observation, or a part of one, that
                is missing.

        Returns:
            `FilteredStates`.

        Raises:
            ValueError: For observations of another shape, or infinite ones.
        """
        observations = checked_array(
            observations, "observations", ("steps", len(self.observation)), nan_is_missing=True
        )
        mean, covariance = self.initial_mean, self.initial_covariance
        predicted, filtered, log_likelihood = [], [], 0.0
        for t, y in enumerate(observations):
            if t > 0:
                mean, covariance = self._predict(mean, covariance)
            predicted.append((mean, covariance))
            mean, covariance, log_density = self._correct(mean, covariance, y)
            filtered.append((mean, covariance))
            log_likelihood += log_density
        columns = [*zip(*filtered, strict=True), *zip(*predicted, strict=True)]
        return FilteredStates(*map(np.array, columns), log_likelihood)

    def smooth(self, observations) -> tuple[np.ndarray, np.ndarray]:
        r"""Looks back: each estimate from all observations, those that came later too.

        From the last step to the first, with $\tilde{m}_T = m_T$ and $\tilde{P}_T = P_T$,

        $$J_t = P_t A^\top \hat{P}_{t+1}^{-1}, \quad
        \tilde{m}_t = m_t + J_t (\tilde{m}_{t+1} - \hat{m}_{t+1}), \quad
        \tilde{P}_t = P_t + J_t (\tilde{P}_{t+1} - \hat{P}_{t+1}) J_t^\top.$$

        It runs the system backward. Where $A$ shrinks a part of the state to almost nothing, and no
        process noise refills it, that part is lost in rounding and so are digits of the result.

        Args:
            observations: As `filter` takes them.

        Returns:
            `(steps, states)` means and `(steps, states, states)` covariances.

        Raises:
            ValueError: As `filter` does.
        """
        means, covariances, predicted_means, predicted_covariances, _ = self.filter(observations)
        for t in reversed(range(len(means) - 1)):  # in place: what is filtered becomes smoothed
            gain = _solve(predicted_covariances[t + 1], self.transition @ covariances[t]).T
            means[t] += gain @ (means[t + 1] - predicted_means[t + 1])
            news = covariances[t + 1] - predicted_covariances[t + 1]
            covariances[t] = _symmetric(covariances[t] + gain @ news @ gain.T)
        return means, covariances

    def _predict(self, mean: np.ndarray, covariance: np.ndarray):
        covariance = self.transition @ covariance @ self.transition.T + self.process_noise
        return self.transition @ mean, _symmetric(covariance)

    def _correct(self, mean: np.ndarray, covariance: np.ndarray, y: np.ndarray):
        """The state after an observation, and the logarithm of the observation's density."""
        seen = ~np.isnan(y)
        if not seen.any():
            return mean, covariance, 0.0
        c, noise = self.observation[seen], self.observation_noise[np.ix_(seen, seen)]
        surprise = y[seen] - c @ mean
        spread = c @ covariance @ c.T + noise
        gain = np.linalg.solve(spread, c @ covariance).T
        keep = np.eye(len(mean)) - gain @ c
        # Joseph's form of keep @ covariance: a sum of squares stays positive in spite of rounding.
        corrected = keep @ covariance @ keep.T + gain @ noise @ gain.T
        distance = surprise @ np.linalg.solve(spread, surprise)
        log_determinant = np.linalg.slogdet(2 * np.pi * spread).logabsdet
        return (
            mean + gain @ surprise,
            _symmetric(corrected),
            -0.5 * float(distance + log_determinant),
        )


def _symmetric(matrix: np.ndarray) -> np.ndarray:
    return (matrix + matrix.T) / 2


def _solve(covariance: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Solves `covariance @ x = right`, also where a part of the state is known for certain."""
    units = np.sqrt(np.diag(covariance))[:, None]
    units[units == 0] = 1  # in these units no variance is so small that it passes for 0
    return np.linalg.lstsq(covariance / units / units.T, right / units)[0] / units
