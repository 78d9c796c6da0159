"""Exclusive or: the smallest problem that no single threshold unit solves."""

import numpy as np

from nncourse.datasets._arguments import random_generator, real_number, whole_number

_CORNERS = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])


def make_xor(samples: int = 200, noise: float = 0.2, seed=0) -> tuple[np.ndarray, np.ndarray]:
    r"""Draws points around the four corners $(\pm 1, \pm 1)$, labelled by exclusive or.

    A point belongs to the class of its corner $c$, $t = -c_1 c_2$: -1 where the corner's signs
    agree, +1 where they differ. With much noise a point can land nearer to another corner.

    Args:
        samples: How many points, at least 4; each corner gets a quarter, up to the remainder.
        noise: The standard deviation of the Gaussian noise on each coordinate, 0 or more. With 0
            every point is a corner.
        seed: A non-negative integer: the same seed gives the same points.

    Returns:
        `x`, `(samples, 2)` float64, and `t`, `(samples,)` targets -1 and +1, in random order.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> from nncourse import datasets
        >>> x, t = datasets.make_xor(samples=4, noise=0)
        >>> (-x[:, 0] * x[:, 1] == t).tolist()
        [True, True, True, True]

    Taught in the chapter *Multilayer perceptrons*.
    """
    samples = whole_number("samples", samples, at_least=4)
    noise = real_number("noise", noise, "a finite number of 0 or more", lambda value: value >= 0)
    rng = random_generator(seed)
    corner = _CORNERS[rng.permutation(samples) % 4]
    t = np.where(corner[:, 0] == corner[:, 1], -1, 1)
    return corner + noise * rng.normal(size=corner.shape), t
