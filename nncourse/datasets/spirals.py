"""Interleaved spirals: classes that only a bent boundary tells apart."""

import numpy as np

from nncourse.datasets._arguments import random_generator, real_number, whole_number

_INNER_RADIUS = 0.1  # the arms would meet at the origin


def make_spirals(
    samples: int = 300, classes: int = 2, turns: float = 1.0, noise: float = 0.02, seed=0
) -> tuple[np.ndarray, np.ndarray]:
    r"""Draws points along interleaved spiral arms, one arm a class.

    Arm $k$ of $K$ is the Archimedean spiral

    $$\phi = 2\pi \Big(\text{turns} \cdot r + \frac{k}{K}\Big), \qquad 0.1 \le r \le 1,$$

    so that neighboring arms are $1 / (K \cdot \text{turns})$ apart along a ray.

    Args:
        samples: How many points, at least `classes`; each class gets as many, up to the remainder.
        classes: How many arms, at least 1.
        turns: How often an arm winds around the origin, above 0.
        noise: The standard deviation of the Gaussian noise on each coordinate, 0 or more.
        seed: A non-negative integer: the same seed gives the same points.

    Returns:
        `x`, `(samples, 2)` float64 in the unit disc but for the noise, and `y`, `(samples,)`
        integer labels 0 to `classes - 1`, in random order.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> from nncourse import datasets
        >>> x, y = datasets.make_spirals(samples=7, classes=3)
        >>> x.shape, sorted(y.tolist())
        ((7, 2), [0, 0, 0, 1, 1, 2, 2])

    Taught in the chapter *Multilayer perceptrons*.
    """
    classes = whole_number("classes", classes, at_least=1)
    samples = whole_number("samples", samples, at_least=classes)
    turns = real_number("turns", turns, "a finite number above 0", lambda value: value > 0)
    noise = real_number("noise", noise, "a finite number of 0 or more", lambda value: value >= 0)
    rng = random_generator(seed)
    y = rng.permutation(samples) % classes
    # An arm grows longer per unit of radius as it widens: the root spreads the points evenly.
    radius = np.sqrt(rng.uniform(_INNER_RADIUS**2, 1, samples))
    angle = 2 * np.pi * (turns * radius + y / classes)
    x = radius[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    return x + noise * rng.normal(size=x.shape), y
