r"""Update rules: how a step follows from the gradient, and from the gradients before it.

Every rule is an object with a `learning_rate` and the method `step(parameters, gradients)`, which
takes two lists of arrays and returns the list of new parameters. What a rule remembers from step to
step, an array or more for every parameter, it keeps itself, so a rule serves one network.

In the equations $g$ is the gradient, $\eta$ the learning rate, all operations act number by number,
and $\varepsilon = 10^{-7}$ avoids a division by zero. Constants and their names are those of
Keras, and each rule takes the same steps as Keras's (`Rprop` as PyTorch's). Taught in the chapter
*Training*.

Example:
    >>> import numpy as np
    >>> from nncourse.scratch import optimizers
    >>> rule = optimizers.Momentum(0.1, momentum=0.9)
    >>> w = [np.array([1.0, 1.0])]
    >>> for _ in range(3):
    ...     w = rule.step(w, [w[0] * [1, 5]])  # the gradient of (w1^2 + 5 w2^2) / 2
    >>> w[0].round(3)
    array([ 0.486, -0.73 ])
"""

import numpy as np

_EPSILON = 1e-7


class Optimizer:
    """What the rules have in common: memory for every parameter and a count of the steps.

    A rule says with how many arrays of memory a parameter starts (`_slots`) and how it changes
    (`_update`).
    """

    def __init__(self, learning_rate: float):
        if not (np.isfinite(learning_rate) and learning_rate > 0):
            raise ValueError(
                f"`learning_rate` must be a positive number. Received: {learning_rate=}"
            )
        self.learning_rate = learning_rate
        self.steps = 0
        self._memory: list[list[np.ndarray]] = []

    def step(self, parameters, gradients) -> list[np.ndarray]:
        """Returns the new parameters.

        Args:
            parameters: A list of arrays.
            gradients: A list of arrays of the same shapes.

        Raises:
            ValueError: If the shapes differ from each other or from those of the first step.
        """
        shapes = [np.shape(parameter) for parameter in parameters]
        if self.steps == 0:
            self._shapes = shapes
            self._memory = [self._slots(np.asarray(w, dtype=float)) for w in parameters]
        if not shapes == [np.shape(gradient) for gradient in gradients] == self._shapes:
            raise ValueError(
                f"This rule remembers parameters of the shapes {self._shapes}. Received: "
                f"parameters {shapes}, gradients {[np.shape(g) for g in gradients]}"
            )
        self.steps += 1
        return [
            self._update(w, g, *memory)
            for w, g, memory in zip(parameters, gradients, self._memory, strict=True)
        ]

    def _slots(self, w: np.ndarray) -> list[np.ndarray]:
        """The memory that a parameter starts with; `_update` writes into it."""
        return []

    def _update(self, w, g, *memory) -> np.ndarray:
        """The new value of a parameter."""
        raise NotImplementedError


class SGD(Optimizer):
    r"""Gradient descent: $w \leftarrow w - \eta g$."""

    def __init__(self, learning_rate: float = 0.01):
        super().__init__(learning_rate)

    def _update(self, w, g):
        return w - self.learning_rate * g


class Momentum(Optimizer):
    r"""Descent along a velocity that gathers the gradients (Polyak 1964).

    $$v \leftarrow \alpha v - \eta g, \qquad w \leftarrow w + v.$$

    Under a constant gradient the velocity grows to $-\eta g / (1 - \alpha)$.

    Args:
        learning_rate: $\eta > 0$.
        momentum: $\alpha$ in [0, 1), the part of the velocity that is kept.
    """

    def __init__(self, learning_rate: float = 0.01, momentum: float = 0.9):
        super().__init__(learning_rate)
        self.momentum = _fraction("momentum", momentum)

    def _slots(self, w):
        return [np.zeros_like(w)]

    def _update(self, w, g, v):
        v[...] = self.momentum * v - self.learning_rate * g
        return w + v


class Nesterov(Momentum):
    r"""Momentum whose gradient is that of the point where the velocity leads (Nesterov 1983).

    $$v \leftarrow \alpha v - \eta \nabla E(w + \alpha v), \qquad w \leftarrow w + v.$$

    Where the parameters that are kept, and that the gradient is taken at, are the points
    $w + \alpha v$ themselves, as here and in Keras, this reads

    $$v \leftarrow \alpha v - \eta g, \qquad w \leftarrow w + \alpha v - \eta g.$$

    Reference:
        Sutskever et al. (2013), section 2; the second form: Bengio et al. (2013), section 3.5.
    """

    def _update(self, w, g, v):
        v[...] = self.momentum * v - self.learning_rate * g
        return w + self.momentum * v - self.learning_rate * g


class Rprop(Optimizer):
    r"""A step size for every parameter, of which the gradient gives the sign alone.

    The size grows by 1.2 while the sign stays and is halved when it turns; after a turn the
    parameter waits one step. It is meant for gradients of the whole data: between small batches
    the signs turn by chance.

    $$w \leftarrow w - \Delta \operatorname{sign}(g), \qquad
    \Delta \leftarrow \begin{cases} \min(1.2\,\Delta, 50) & g\,g_\text{before} > 0 \\
    \max(0.5\,\Delta, 10^{-6}) \text{ and } g \leftarrow 0 & g\,g_\text{before} < 0 \\
    \Delta & \text{else.} \end{cases}$$

    Args:
        learning_rate: The first step size, a positive number.

    Reference:
        Riedmiller and Braun (1993); without going back after a turn: Igel and Hüsken (2003),
        iRprop-.
    """

    def __init__(self, learning_rate: float = 0.01):
        super().__init__(learning_rate)

    def _slots(self, w):
        return [np.full_like(w, self.learning_rate), np.zeros_like(w)]

    def _update(self, w, g, size, before):
        turn = np.sign(g) * before  # of signs, since the product of small gradients may underflow
        size[...] = np.clip(size * np.where(turn > 0, 1.2, np.where(turn < 0, 0.5, 1)), 1e-6, 50)
        before[...] = np.where(turn < 0, 0, np.sign(g))
        return w - size * before


class AdaGrad(Optimizer):
    r"""Steps divided by the root of all squared gradients so far, so they only shrink.

    $$r \leftarrow r + g^2, \qquad w \leftarrow w - \eta\, g / \sqrt{r + \varepsilon}.$$

    Args:
        learning_rate: $\eta > 0$.
        initial_accumulator: What $r$ starts with, 0 or more.

    Reference:
        Duchi, Hazan and Singer (2011).
    """

    def __init__(self, learning_rate: float = 0.001, initial_accumulator: float = 0.1):
        super().__init__(learning_rate)
        if not (np.isfinite(initial_accumulator) and initial_accumulator >= 0):
            raise ValueError(
                f"`initial_accumulator` must be 0 or more. Received: {initial_accumulator=}"
            )
        self.initial_accumulator = initial_accumulator

    def _slots(self, w):
        return [np.full_like(w, self.initial_accumulator)]

    def _update(self, w, g, r):
        r += g**2
        return w - self.learning_rate * g / np.sqrt(r + _EPSILON)


class RMSprop(Optimizer):
    r"""Steps divided by the root of a running mean of the squared gradients.

    $$r \leftarrow \rho r + (1 - \rho) g^2, \qquad
    w \leftarrow w - \eta\, g / \sqrt{r + \varepsilon}.$$

    Args:
        learning_rate: $\eta > 0$, about the size of a step.
        rho: $\rho$ in [0, 1): the mean goes back over about $1 / (1 - \rho)$ steps.

    Reference:
        Tieleman and Hinton (2012), lecture 6.5 of *Neural networks for machine learning*.
    """

    def __init__(self, learning_rate: float = 0.001, rho: float = 0.9):
        super().__init__(learning_rate)
        self.rho = _fraction("rho", rho)

    def _slots(self, w):
        return [np.zeros_like(w)]

    def _update(self, w, g, r):
        r[...] = self.rho * r + (1 - self.rho) * g**2
        return w - self.learning_rate * g / np.sqrt(r + _EPSILON)


class AdaDelta(Optimizer):
    r"""RMSprop whose learning rate is a running mean of its own steps, so it has their unit.

    $$r \leftarrow \rho r + (1 - \rho) g^2, \quad
    d = -\sqrt{\frac{s + \varepsilon}{r + \varepsilon}}\, g, \quad
    s \leftarrow \rho s + (1 - \rho) d^2, \quad w \leftarrow w + \eta d.$$

    Args:
        learning_rate: $\eta > 0$; the paper has none, that is 1.
        rho: $\rho$ in [0, 1).

    Reference:
        Zeiler (2012), algorithm 1.
    """

    def __init__(self, learning_rate: float = 0.001, rho: float = 0.95):
        super().__init__(learning_rate)
        self.rho = _fraction("rho", rho)

    def _slots(self, w):
        return [np.zeros_like(w), np.zeros_like(w)]

    def _update(self, w, g, r, s):
        r[...] = self.rho * r + (1 - self.rho) * g**2
        d = -np.sqrt((s + _EPSILON) / (r + _EPSILON)) * g
        s[...] = self.rho * s + (1 - self.rho) * d**2
        return w + self.learning_rate * d


class Adam(Optimizer):
    r"""Running means of the gradient and of its square, both corrected for their start at zero.

    $$m \leftarrow \beta_1 m + (1 - \beta_1) g, \qquad r \leftarrow \beta_2 r + (1 - \beta_2) g^2,$$

    $$w \leftarrow w - \eta\, \frac{\sqrt{1 - \beta_2^k}}{1 - \beta_1^k}\,
    \frac{m}{\sqrt{r} + \varepsilon} \quad \text{at step } k.$$

    Args:
        learning_rate: $\eta > 0$, about the largest step.
        beta_1: $\beta_1$ in [0, 1).
        beta_2: $\beta_2$ in [0, 1).

    Reference:
        Kingma and Ba (2015), algorithm 1, in the form of the end of section 2.
    """

    def __init__(self, learning_rate: float = 0.001, beta_1: float = 0.9, beta_2: float = 0.999):
        super().__init__(learning_rate)
        self.beta_1 = _fraction("beta_1", beta_1)
        self.beta_2 = _fraction("beta_2", beta_2)

    def _slots(self, w):
        return [np.zeros_like(w), np.zeros_like(w)]

    def _update(self, w, g, m, r):
        m[...] = self.beta_1 * m + (1 - self.beta_1) * g
        r[...] = self.beta_2 * r + (1 - self.beta_2) * g**2
        correction = np.sqrt(1 - self.beta_2**self.steps) / (1 - self.beta_1**self.steps)
        return w - self.learning_rate * correction * m / (np.sqrt(r) + _EPSILON)


def _fraction(name: str, value: float) -> float:
    if not 0 <= value < 1:
        raise ValueError(f"`{name}` must lie in [0, 1). Received: {name}={value}")
    return value
