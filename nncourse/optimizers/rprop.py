"""Resilient backpropagation."""

import math
from numbers import Real

import keras
from keras import ops


@keras.saving.register_keras_serializable("nncourse")
class Rprop(keras.optimizers.Optimizer):
    r"""Resilient backpropagation: a step size for every weight, and of the gradient its sign.

    While the sign of a weight's gradient stays, its step size grows; where the sign turns, a
    minimum was stepped over: the size shrinks and the weight waits one step.

    $$\Delta \leftarrow \begin{cases}
    \min(\eta^+ \Delta, \Delta_\text{max}) & g\,g_\text{before} > 0 \\
    \max(\eta^- \Delta, \Delta_\text{min}) \text{ and } g \leftarrow 0 & g\,g_\text{before} < 0 \\
    \Delta & \text{else,} \end{cases} \qquad w \leftarrow w - \Delta \operatorname{sign}(g).$$

    How large a gradient is does not matter, so neither does the scale of the loss, and the
    gradients of saturated units teach as fast as any. It is meant for **full batches** (`fit` with
    `batch_size=len(x)`): between small batches the signs turn by chance and the sizes shrink to
    nothing.

    It takes the same steps as `torch.optim.Rprop`.

    Args:
        learning_rate: The first step size of every weight, a positive number. It can't be a
            schedule, since the sizes adapt themselves; changed once training has begun, by a
            callback say, it has no effect on them (it still scales `weight_decay`).
        eta_minus: $\eta^-$ in (0, 1), the factor after a turn.
        eta_plus: $\eta^+ > 1$, the factor while the sign stays.
        step_min: $\Delta_\text{min} > 0$, the least step size.
        step_max: $\Delta_\text{max} \ge \Delta_\text{min}$, the largest.
        **kwargs: `name`, `weight_decay`, `use_ema`, `gradient_accumulation_steps` and the others of
            any Keras optimizer. Clipping by norm changes no sign and so nothing.

    Raises:
        ValueError: If an argument lies outside its range, or the learning rate is a schedule.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from nncourse.optimizers import Rprop
        >>> w = keras.Variable([1.0, 1.0])
        >>> optimizer = Rprop(learning_rate=0.5)
        >>> for _ in range(4):
        ...     optimizer.apply([w * np.array([1.0, 50.0], "float32")], [w])
        ...     print(keras.ops.convert_to_numpy(w).round(2))  # scale 50 makes no difference
        [0.5 0.5]
        [-0.1 -0.1]
        [-0.1 -0.1]
        [0.2 0.2]

    Reference:
        Riedmiller and Braun (1993), "A direct adaptive method for faster backpropagation learning:
        the RPROP algorithm"; without going back after a turn: Igel and Hüsken (2003), "Empirical
        evaluation of the improved Rprop learning algorithms", iRprop-. Taught in the chapter
        *Training*.
    """

    def __init__(
        self,
        learning_rate=0.01,
        eta_minus=0.5,
        eta_plus=1.2,
        step_min=1e-6,
        step_max=50.0,
        **kwargs,
    ):
        if not (isinstance(learning_rate, Real) and 0 < learning_rate < math.inf):
            raise ValueError(
                "`learning_rate` must be a positive number, the first step size. "
                f"Received: learning_rate={learning_rate!r}"
            )
        if not 0 < eta_minus < 1 < eta_plus < math.inf:
            raise ValueError(
                "`eta_minus` and `eta_plus` must satisfy 0 < eta_minus < 1 < eta_plus. "
                f"Received: {eta_minus=}, {eta_plus=}"
            )
        if not 0 < step_min <= step_max < math.inf:
            raise ValueError(
                "`step_min` and `step_max` must satisfy 0 < step_min <= step_max. "
                f"Received: {step_min=}, {step_max=}"
            )
        super().__init__(learning_rate=float(learning_rate), **kwargs)
        self.eta_minus = float(eta_minus)
        self.eta_plus = float(eta_plus)
        self.step_min = float(step_min)
        self.step_max = float(step_max)

    def build(self, variables):
        """Creates a step size and the sign of the last gradient for every weight."""
        if self.built:
            return
        super().build(variables)
        self._step_sizes, self._signs = self.add_optimizer_variables(
            variables, ["step_size", "sign"]
        )

    def update_step(self, gradient, variable, learning_rate):
        """One step of one weight array."""
        index = self._get_variable_index(variable)
        size = ops.convert_to_tensor(self._step_sizes[index])
        # A size of 0 has not been set yet: none falls below step_min.
        size = ops.where(size > 0, size, ops.cast(learning_rate, size.dtype))
        # TensorFlow's gradient of an embedding lists a row once for every use of it, and an
        # addition sums them up. Signs, unlike gradients, multiply without underflow.
        sign = ops.cast(ops.sign(ops.add(gradient, 0.0)), variable.dtype)
        turn = sign * self._signs[index]
        # `where` of two plain numbers would make a float32 factor for float64 weights.
        size = ops.where(turn > 0, size * self.eta_plus, size)
        size = ops.where(turn < 0, size * self.eta_minus, size)
        size = ops.clip(size, self.step_min, self.step_max)
        sign = ops.where(turn < 0, ops.zeros_like(sign), sign)
        self.assign(self._step_sizes[index], size)
        self.assign(self._signs[index], sign)
        self.assign_sub(variable, size * sign)

    def get_config(self):
        """The arguments that rebuild this optimizer, without its step sizes."""
        return {
            **super().get_config(),
            "eta_minus": self.eta_minus,
            "eta_plus": self.eta_plus,
            "step_min": self.step_min,
            "step_max": self.step_max,
        }
