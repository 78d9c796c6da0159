"""Rosenblatt's perceptron: one threshold unit that learns from its mistakes."""

from collections.abc import Iterator, Sequence
from typing import Self

import numpy as np

_RULES = ("rosenblatt", "hebbian")


class Perceptron:
    r"""A threshold unit trained online, one example after the other.

    The unit computes a score and fires when it is positive:

    $$f(x) = w_0 + \sum_{i=1}^{D} w_i x_i, \qquad
    y = \begin{cases} +1 & \text{if } f(x) > 0 \\ -1 & \text{otherwise.} \end{cases}$$

    An example with target $t \in \{-1, +1\}$ counts as a mistake when $t f(x) \le 0$: a point on
    the boundary is wrong for either class, or a start at $w = 0$ would never move. Only mistakes
    change the weights, and with $x_0 = 1$ both rules change them along $t x$:

    - `"rosenblatt"`: $w \leftarrow w + \eta\,(t - y)\,x$, where $y = -t$ is the wrong output, so
      the step is $2 \eta\, t x$;
    - `"hebbian"`: $w \leftarrow w + \eta\, t x$.

    Args:
        rule: `"rosenblatt"` or `"hebbian"`.
        learning_rate: The step $\eta > 0$. From a start at zero it scales the weights and changes
            no decision.
        max_epochs: The largest number of passes over the data, a positive integer.
        initial_weights: `(features + 1,)` numbers, bias first; zeros if not given.
        seed: If given, every epoch visits the examples in a new random order drawn from this seed;
            otherwise in the order of the data.

    Attributes:
        weights_: `(features + 1,)` learned weights, bias first.
        updates_: How many mistakes were made, and so how many updates.
        history_: `(updates_ + 1, features + 1)`: the start, then the weights after every update.
        epochs_: How many passes were made, the last one included.
        converged_: Whether the last pass made no mistake. If not, the data may not be linearly
            separable, or `max_epochs` was too small.

    Raises:
        ValueError: For an unknown rule, a learning rate or number of epochs that is not positive,
            data that are not a finite matrix, targets other than -1 and +1, or the wrong number of
            features.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import Perceptron
        >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
        >>> unit = Perceptron(rule="hebbian").fit(x, [-1, -1, -1, +1])  # logical AND
        >>> unit.predict(x)
        array([-1, -1, -1,  1])
        >>> unit.weights_, unit.updates_
        (array([-4.,  3.,  2.]), 18)

    Reference:
        Rosenblatt (1958), "The perceptron: a probabilistic model for information storage and
        organization in the brain". Taught in the chapter *The perceptron*.
    """

    def __init__(
        self,
        rule: str = "rosenblatt",
        learning_rate: float = 1.0,
        max_epochs: int = 1000,
        initial_weights=None,
        seed: int | None = None,
    ):
        if rule not in _RULES:
            raise ValueError(f'`rule` must be "rosenblatt" or "hebbian". Received: rule={rule!r}')
        if not (np.isfinite(learning_rate) and learning_rate > 0):
            raise ValueError(
                f"`learning_rate` must be a positive number. Received: {learning_rate=}"
            )
        if int(max_epochs) != max_epochs or max_epochs < 1:
            raise ValueError(f"`max_epochs` must be a positive integer. Received: {max_epochs=}")
        self.rule = rule
        self.learning_rate = learning_rate
        self.max_epochs = int(max_epochs)
        self.initial_weights = initial_weights
        self.seed = seed

    def fit(self, x, t) -> Self:
        """Learns from examples until a whole epoch makes no mistake.

        Args:
            x: `(samples, features)` finite numbers.
            t: `(samples,)` targets, each -1 or +1.

        Returns:
            The perceptron itself.
        """
        x, t = _checked_examples(x, t)
        rows = np.column_stack([np.ones(len(x)), x])  # x_0 = 1
        weights = self._start(x.shape[1])
        history = [weights]
        # After a mistake Rosenblatt's factor t - y is 2 t.
        step = self.learning_rate * (2 if self.rule == "rosenblatt" else 1)
        orders = self._orders(len(rows))
        epochs, mistakes = 0, len(rows)
        while mistakes and epochs < self.max_epochs:
            epochs, mistakes = epochs + 1, 0
            for n in next(orders):
                if t[n] * (rows[n] @ weights) <= 0:
                    weights = weights + step * t[n] * rows[n]
                    history.append(weights)
                    mistakes += 1
        self.weights_ = weights
        self.history_ = np.array(history)
        self.updates_ = len(history) - 1
        self.epochs_ = epochs
        self.converged_ = mistakes == 0
        return self

    def decision_function(self, x) -> np.ndarray:
        """The scores $f(x)$ of `(samples, features)` inputs, as `(samples,)` numbers."""
        if not hasattr(self, "weights_"):
            raise ValueError("This Perceptron has not been fitted yet: call `fit(x, t)` first.")
        x = _checked_data(x)
        if x.shape[1] != len(self.weights_) - 1:
            raise ValueError(
                f"`x` must have the {len(self.weights_) - 1} features that the perceptron was "
                f"fitted with. Received: x of shape {x.shape}"
            )
        return self.weights_[0] + x @ self.weights_[1:]

    def predict(self, x) -> np.ndarray:
        """The unit's outputs, -1 or +1, for `(samples, features)` inputs."""
        return np.where(self.decision_function(x) > 0, 1, -1)

    def _orders(self, samples: int) -> Iterator[Sequence[int]]:
        """The order of the examples, epoch by epoch."""
        rng = None if self.seed is None else np.random.default_rng(self.seed)
        while True:
            yield range(samples) if rng is None else rng.permutation(samples)

    def _start(self, features: int) -> np.ndarray:
        if self.initial_weights is None:
            return np.zeros(features + 1)
        weights = np.array(self.initial_weights, dtype=float)
        if weights.shape != (features + 1,) or not np.isfinite(weights).all():
            raise ValueError(
                f"`initial_weights` must hold {features + 1} finite numbers, the bias first, for "
                f"data with {features} features. Received: {self.initial_weights!r}"
            )
        return weights


def _checked_data(x) -> np.ndarray:
    x = np.asarray(x, dtype=float)
    if x.ndim != 2 or x.shape[0] == 0 or x.shape[1] == 0:
        raise ValueError(
            "`x` must be a matrix with at least one row and one feature, of shape "
            f"(samples, features). Received: x of shape {x.shape}"
        )
    if not np.isfinite(x).all():
        row, feature = np.argwhere(~np.isfinite(x))[0]
        raise ValueError(
            f"`x` must hold finite numbers. Received: x[{row}, {feature}]={x[row, feature]}"
        )
    return x


def _checked_examples(x, t) -> tuple[np.ndarray, np.ndarray]:
    x, t = _checked_data(x), np.asarray(t)
    if t.ndim != 1 or not np.isin(t, (-1, 1)).all():
        values = np.unique(t)
        hint = " Labels 0 and 1 become targets by 2 * t - 1." if set(values) <= {0, 1} else ""
        raise ValueError(
            "`t` must be a vector of targets -1 and +1. "
            f"Received: t of shape {t.shape} with the values {values[:5]}.{hint}"
        )
    if len(x) != len(t):
        raise ValueError(f"`x` and `t` must have the same length. Received: {len(x)} and {len(t)}")
    return x, t
