"""A recurrent network with a gated memory."""

import numpy as np

from nncourse.scratch._unrolled_pass import UnrolledPass
from nncourse.scratch.activations import sigmoid
from nncourse.scratch.rnn import RNN


class LSTM(RNN):
    r"""A recurrent network whose cells keep what a gate lets them keep.

    Three gates between 0 and 1 and a candidate g are computed from $x_t$ and $h_{t-1}$:

    $$i_t = \sigma(x_t W_x^i + h_{t-1} W_h^i + b^i), \qquad
    f_t = \sigma(x_t W_x^f + h_{t-1} W_h^f + b^f),$$

    $$g_t = \tanh(x_t W_x^g + h_{t-1} W_h^g + b^g), \qquad
    o_t = \sigma(x_t W_x^o + h_{t-1} W_h^o + b^o).$$

    The memory c is erased, written and read:

    $$c_t = f_t \odot c_{t-1} + i_t \odot g_t, \qquad h_t = o_t \odot \tanh(c_t), \qquad
    y_t = h_t W_y + c_y.$$

    Along the memory a gradient meets no weights and no activation: with the gates held fixed,
    $\partial c_t / \partial c_{t-1} = \operatorname{diag}(f_t)$. The bias of the forget gate starts
    at 1, so that the cell remembers before it has learned what to forget.

    Everything but `step`, `step_backward` and `gates` is that of `RNN`. Its state is h and c side
    by side, `(samples, 2 * hidden)`; the columns of $W_x$, $W_h$ and b are those of i, f, g and o,
    in this order, `hidden` of each. That is the order of Keras, so `weights[0]` is what
    `get_weights` of `keras.layers.LSTM` gives, and `set_weights` takes.

    Args:
        inputs: Numbers that enter at a step.
        hidden: Units of h, and cells.
        outputs: Numbers that leave at a step.
        loss: As for `MLP`; the cross-entropies take the outputs as scores.
        seed: Seeds the start and the order of the examples.

    Raises:
        ValueError: For sizes that are not positive integers, or an unknown loss.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import LSTM, gradient_check
        >>> rng = np.random.default_rng(0)
        >>> network = LSTM(inputs=3, hidden=4, outputs=2, seed=0)
        >>> x, t = rng.normal(size=(5, 6, 3)), rng.normal(size=(5, 6, 2))
        >>> gradient_check(network, x, t) < 1e-7
        True

    Reference:
        Hochreiter and Schmidhuber (1997), "Long short-term memory"; the forget gate: Gers,
        Schmidhuber and Cummins (2000), "Learning to forget". Taught in the chapter *Gated memory*.
    """

    _blocks = 4
    _state_parts = 2

    def __init__(
        self,
        inputs: int,
        hidden: int,
        outputs: int,
        loss: str = "mean_squared_error",
        *,
        seed: int | None = None,
    ):
        super().__init__(inputs, hidden, outputs, "tanh", loss, seed=seed)
        _, _, b = self.weights[0]
        b[hidden : 2 * hidden] = 1  # of the forget gate

    def step(self, x, state) -> tuple[np.ndarray, tuple]:
        """One step: `(samples, inputs)` and the state before; the state after and the gates."""
        W_x, W_h, b = self.weights[0]
        h, c = np.split(state, 2, axis=1)
        z_i, z_f, z_g, z_o = np.split(x @ W_x + h @ W_h + b, 4, axis=1)
        i, f, g, o = sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)
        c = f * c + i * g
        tanh_c = np.tanh(c)
        return np.concatenate([o * tanh_c, c], axis=1), (i, f, g, o, tanh_c)

    def step_backward(self, dstate, x, state, memory) -> tuple[np.ndarray, tuple]:
        """One step back: the gradient of the state before, and that of this copy's weights."""
        _, W_h, _ = self.weights[0]
        h, c = np.split(state, 2, axis=1)  # before the step
        i, f, g, o, tanh_c = memory
        dh, dc = np.split(dstate, 2, axis=1)
        do = dh * tanh_c
        dc = dc + dh * o * (1 - tanh_c**2)  # from the next step's memory, and from h
        df = dc * c
        di = dc * g
        dg = dc * i
        dz_i, dz_f, dz_o = di * i * (1 - i), df * f * (1 - f), do * o * (1 - o)
        dz_g = dg * (1 - g**2)
        dz = np.concatenate([dz_i, dz_f, dz_g, dz_o], axis=1)
        dstate_before = np.concatenate([dz @ W_h.T, dc * f], axis=1)
        return dstate_before, (x.T @ dz, h.T @ dz, dz.sum(axis=0))

    def gates(self, passed: UnrolledPass) -> dict[str, np.ndarray]:
        """What the gates did: the arrays `"input"`, `"forget"`, `"candidate"` and `"output"`.

        Args:
            passed: What `forward` returned. Its `states[:, 1:, hidden:]` is the memory.

        Returns:
            A dict of `(samples, steps, hidden)` arrays.
        """
        names = ("input", "forget", "candidate", "output")
        parts = zip(*passed.memory, strict=True)
        return {name: np.stack(part, axis=1) for name, part in zip(names, parts, strict=False)}
