r"""Random starts for a layer's weights.

Each function draws the `(inputs, units)` weight matrix of a layer from a NumPy generator. Biases
start at zero. Taught in the chapter *Training*.
"""

import numpy as np


def glorot_normal(rng: np.random.Generator, inputs: int, units: int) -> np.ndarray:
    r"""Normal with variance $2 / (n_\text{in} + n_\text{out})$, Glorot and Bengio's compromise.

    Forward the variance of the signals asks for $1 / n_\text{in}$, backward that of the gradients
    for $1 / n_\text{out}$, where the activation's slope is 1 (tanh near 0).

    Reference:
        Glorot and Bengio (2010), section 4.2.1.
    """
    return rng.normal(scale=np.sqrt(2 / (inputs + units)), size=(inputs, units))


def he_normal(rng: np.random.Generator, inputs: int, units: int) -> np.ndarray:
    r"""Normal with variance $2 / n_\text{in}$: twice as much, since a ReLU loses half of it.

    Reference:
        He, Zhang, Ren and Sun (2015), section 2.2.
    """
    return rng.normal(scale=np.sqrt(2 / inputs), size=(inputs, units))
