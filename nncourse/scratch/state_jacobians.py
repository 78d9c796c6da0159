"""How far back a recurrent network's state depends on what was."""

import numpy as np


def state_jacobians(network, x) -> np.ndarray:
    r"""How each state depends on the one before it.

    For an `RNN`, of which h is the state,

    $$J_t = \frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}\bigl(f'(z_t)\bigr)
    W_h^\top, \qquad \frac{\partial h_t}{\partial h_k} = J_t J_{t-1} \cdots J_{k+1}.$$

    For an `LSTM` the state is h and c side by side, and so is each row of $J_t$.

    Args:
        network: An `RNN` or `LSTM`.
        x: `(samples, steps, inputs)` finite numbers.

    Returns:
        `(samples, steps, state, state)`: the number at `[n, t, i, j]` is the derivative of number
        i of the state after step t with respect to number j of the state before it.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import RNN, state_jacobians
        >>> network = RNN(1, 2, 1, "linear", seed=0)
        >>> network.weights = [([[1, 1]], [[0.5, 0.1], [0, 2]], [0, 0]), network.weights[1]]
        >>> state_jacobians(network, [[[1.0], [0.0]]])[0, -1]
        array([[0.5, 0. ],
               [0.1, 2. ]])

    Taught in the chapter *Recurrent networks*.
    """
    passed = network.forward(x)
    samples, states, width = passed.states.shape
    jacobians = np.empty((samples, states - 1, width, width))
    for step in range(states - 1):
        for i in range(width):
            dstate = np.zeros((samples, width))
            dstate[:, i] = 1  # going back, this becomes row i
            jacobians[:, step, i], _ = network.step_backward(
                dstate, passed.inputs[:, step], passed.states[:, step], passed.memory[step]
            )
    return jacobians


def gradient_norms_by_lag(network, x) -> np.ndarray:
    r"""How much the last state depends on each one before: $\lVert J_T \cdots J_{k+1} \rVert_2$.

    For an `RNN` it is at most $(\gamma_v \gamma_h)^{T-k}$ with $\gamma_v = \lVert W_h \rVert_2$
    and $\gamma_h = \max |f'|$: where the product is below 1 it vanishes with the lag $T - k$;
    where the product is above 1 it can explode, and need not.

    Args:
        network: An `RNN` or `LSTM`.
        x: `(samples, steps, inputs)` finite numbers.

    Returns:
        `(samples, steps + 1)` norms, for the lags 0 (where it is 1), 1 and so on.

    Example:
        >>> import numpy as np
        >>> from nncourse.scratch import RNN, gradient_norms_by_lag
        >>> network = RNN(1, 2, 1, "linear", recurrent_initializer=lambda *_: np.eye(2) / 2)
        >>> gradient_norms_by_lag(network, np.zeros((1, 3, 1)))
        array([[1.   , 0.5  , 0.25 , 0.125]])

    Reference:
        Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural
        networks", section 2.1. Taught in the chapter *Recurrent networks*.
    """
    jacobians = state_jacobians(network, x)
    samples, steps, width, _ = jacobians.shape
    product = np.tile(np.eye(width), (samples, 1, 1))
    products = [product]
    for step in reversed(range(steps)):
        product = product @ jacobians[:, step]
        products.append(product)
    return np.linalg.norm(np.stack(products, axis=1), ord=2, axis=(2, 3))
