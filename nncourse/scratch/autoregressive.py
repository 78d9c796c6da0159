"""A series that is explained by its own past."""

from typing import Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nncourse.scratch._image_checks import whole
from nncourse.scratch._series_checks import checked_array


class Autoregressive:
    r"""A linear model of a series' next value from its last ones, AR(p).

    $$x_t = c + \sum_{i=1}^{p} a_i\, x_{t-i} + \varepsilon_t, \qquad
    \varepsilon_t \sim \mathcal{N}(0, \sigma^2)$$

    A shock $\varepsilon_t$ still has the share $\psi_j$ in the value $j$ steps later, where
    $\psi_0 = 1$ and $\psi_j = \sum_i a_i\, \psi_{j-i}$. The process is stationary, and the shares
    die away, where all roots of

    $$z^p - a_1 z^{p-1} - \dots - a_p = 0$$

    lie inside the unit circle.

    Args:
        order: $p$, a positive integer: how many past values count.

    Attributes:
        coefficients_: `(order,)`: $a_1, \dots, a_p$, that of the latest value first.
        intercept_: $c$.
        noise_variance_: $\sigma^2$, without bias: the sum of the squared errors over the number of
            predicted values less the $p + 1$ parameters.

    Raises:
        ValueError: For an order that is not a positive integer.

    Example:
        >>> from nncourse.scratch import Autoregressive
        >>> series = [0, 1, 1.5, 1.75, 1.875]  # x_t = 1 + x_{t-1} / 2
        >>> model = Autoregressive(order=1).fit(series)
        >>> model.coefficients_.round(6), round(model.intercept_, 6), model.is_stationary
        (array([0.5]), 1.0, True)
        >>> model.predict(series, steps=2)[-1].round(6)
        array([1.9375 , 1.96875])

    Reference:
        Yule (1927), "On a method of investigating periodicities in disturbed series"; Box and
        Jenkins (1970), "Time series analysis", Chapters 3 and 5. Taught in the chapter
        *Time series*.
    """

    def __init__(self, order: int):
        self.order = whole("order", order)

    def fit(self, series) -> Self:
        r"""Finds the coefficients that predict each value from those before with least squares.

        Args:
            series: `(steps,)` finite numbers, not all the same, $2 p + 2$ of them or more. A
                longer series that repeats itself exactly may fit many models; it gets the one with
                the smallest coefficients.

        Returns:
            Itself.

        Raises:
            ValueError: For a series that is too short, constant, or not finite.
        """
        series = self._checked_series(series, 2 * self.order + 2)
        if np.ptp(series) == 0:
            raise ValueError(f"`series` must vary. Received: {len(series)} times {series[0]}")
        past, target = self._windows(series)[:-1], series[self.order :]
        # With the intercept the errors have the mean 0: fit the deviations from the means first.
        past_mean, mean = past.mean(axis=0), target.mean()
        self.coefficients_ = np.linalg.lstsq(past - past_mean, target - mean)[0]
        self.intercept_ = float(mean - past_mean @ self.coefficients_)
        errors = target - self.intercept_ - past @ self.coefficients_
        self.noise_variance_ = float(errors @ errors) / (len(errors) - self.order - 1)
        return self

    def predict(self, series, steps: int = 1) -> np.ndarray:
        """What is to be expected after every stretch of a series, the end included.

        A forecast further ahead takes the nearer ones for values.

        Args:
            series: `(n,)` finite numbers, `order` of them or more.
            steps: How far to look ahead, a positive integer.

        Returns:
            `(n - order + 1, steps)`: row k has the forecasts of `series[order + k]` and of what
            follows it, made from the values before. The last row tells the future; with `steps=1`
            the others are the one-step predictions of `series[order:]`.

        Raises:
            ValueError: Before `fit`, for a series that is too short, or steps that are not a
                positive integer.
        """
        self._check_fitted()
        steps = whole("steps", steps)
        past = self._windows(self._checked_series(series, self.order))
        forecasts = np.empty((len(past), steps))
        for step in range(steps):
            forecasts[:, step] = self.intercept_ + past @ self.coefficients_
            past = np.column_stack([forecasts[:, step], past[:, :-1]])
        return forecasts

    def forecast_variance(self, steps: int) -> np.ndarray:
        r"""How far a forecast will be off: the variance of its error, step by step.

        $$\operatorname{Var}(x_{t+h} - \hat{x}_{t+h}) = \sigma^2 \sum_{j=0}^{h-1} \psi_j^2$$

        It grows to the variance of the series itself where the process is stationary, and without
        bound where it is not. The error of the coefficients is not counted.

        Args:
            steps: How far to look ahead, a positive integer.

        Returns:
            `(steps,)` variances, never falling.

        Raises:
            ValueError: Before `fit`, or for steps that are not a positive integer.
        """
        self._check_fitted()
        steps = whole("steps", steps)
        psi = np.zeros(self.order + steps)  # as many zeros first as there are coefficients
        psi[self.order] = 1
        for t in range(self.order + 1, len(psi)):
            psi[t] = self.coefficients_[::-1] @ psi[t - self.order : t]
        return self.noise_variance_ * np.cumsum(psi[self.order :] ** 2)

    @property
    def roots(self) -> np.ndarray:
        """The `(order,)` roots of the characteristic polynomial; complex ones make it swing."""
        self._check_fitted()
        return np.roots([1, *-self.coefficients_])

    @property
    def is_stationary(self) -> bool:
        """Whether all roots lie inside the unit circle."""
        return bool(np.abs(self.roots).max() < 1)

    def sample(self, steps: int, seed: int) -> np.ndarray:
        """Draws a series.

        Args:
            steps: Its length, a positive integer.
            seed: A non-negative integer.

        Returns:
            `(steps,)` numbers. A stationary process is in its long run from the first one on;
            another starts from values of 0.

        Raises:
            ValueError: Before `fit`, or for steps that are not a positive integer.
        """
        self._check_fitted()
        steps = whole("steps", steps)
        rng = np.random.default_rng(seed)
        series = np.concatenate([self._start(rng), np.empty(steps)])
        noise = rng.normal(scale=np.sqrt(self.noise_variance_), size=steps)
        for t in range(self.order, len(series)):
            past = series[t - self.order : t]
            series[t] = self.intercept_ + self.coefficients_[::-1] @ past + noise[t - self.order]
        return series[self.order :]

    def _start(self, rng: np.random.Generator) -> np.ndarray:
        """As many values as there are coefficients, from the long run if there is one."""
        if not self.is_stationary:
            return np.zeros(self.order)
        mean = self.intercept_ / (1 - self.coefficients_.sum())
        lags = np.abs(np.subtract.outer(np.arange(self.order), np.arange(self.order)))
        covariance = self._autocovariances()[lags]
        # Close to the unit circle rounding may leave a small negative eigenvalue.
        return rng.multivariate_normal(
            np.full(self.order, mean), covariance, check_valid="ignore", method="eigh"
        )

    def _autocovariances(self) -> np.ndarray:
        """Those at the lags 0 to p, from the equations of Yule and Walker.

        gamma_k = a_1 gamma_|k-1| + ... + a_p gamma_|k-p|, plus the noise's variance at k = 0.
        """
        equations = np.eye(self.order + 1)
        for k in range(self.order + 1):
            for i, a in enumerate(self.coefficients_, start=1):
                equations[k, abs(k - i)] -= a
        noise = np.zeros(self.order + 1)
        noise[0] = self.noise_variance_
        return np.linalg.solve(equations, noise)

    def _windows(self, series: np.ndarray) -> np.ndarray:
        """Every stretch of `order` values, the latest value first."""
        return sliding_window_view(series, self.order)[:, ::-1]

    def _checked_series(self, series, at_least: int) -> np.ndarray:
        series = checked_array(series, "series", ("steps",))
        if len(series) < at_least:
            raise ValueError(
                f"`series` must hold {at_least} values or more at order {self.order}. "
                f"Received: {len(series)}"
            )
        return series

    def _check_fitted(self) -> None:
        if not hasattr(self, "coefficients_"):
            raise ValueError("`fit` must come first: there are no coefficients yet")
