"""Two classes that a hyperplane separates by a margin known exactly."""

import numpy as np

from nncourse.datasets._arguments import random_generator, real_number, whole_number


def make_separable(
    samples: int = 200, features: int = 2, margin: float = 0.1, seed=0
) -> tuple[np.ndarray, np.ndarray]:
    r"""Draws two classes of points in the unit ball whose largest margin is known exactly.

    A hyperplane through the origin with a random unit normal $n$ separates the classes, and

    $$\min_i\; t_i\, n^\top x_i = \text{margin}.$$

    No other hyperplane, with a bias or without, does better: two *support points* of opposite
    classes face each other across the hyperplane at a distance of twice the margin, and whatever
    separates them comes within half of that of one of the two. The other points lie at distances
    drawn uniformly from [margin, 1], each uniformly in its slice of the ball.

    The radius is at most 1, so for a perceptron without a bias the convergence theorem's bound
    is $1 / \text{margin}^2$ updates. With the bias taken as the weight of a constant input
    $x_0 = 1$ the radius is at most $\sqrt{2}$; the margin stays within reach, because the
    hyperplane passes through the origin, and the bound $R^2 / \text{margin}^2$ becomes
    $2 / \text{margin}^2$.

    Args:
        samples: How many points, at least 2.
        features: The dimension of the space, at least 1.
        margin: The distance from the separating hyperplane to the nearest point of either class,
            above 0 and below 1.
        seed: A non-negative integer: the same seed gives the same points.

    Returns:
        `x`, `(samples, features)` float64 of norm at most 1 (up to rounding), and `t`,
        `(samples,)` targets -1 and +1, half of each (one more of +1 where `samples` is odd), in
        random order.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> from nncourse import datasets
        >>> x, t = datasets.make_separable(samples=6, features=3, margin=0.2, seed=1)
        >>> x.shape, sorted(t.tolist())
        ((6, 3), [-1, -1, -1, 1, 1, 1])

    Reference:
        Novikoff (1962), "On convergence proofs for perceptrons". Taught in the chapter *The
        perceptron*.
    """
    samples = whole_number("samples", samples, at_least=2)
    features = whole_number("features", features, at_least=1)
    margin = real_number("margin", margin, "above 0 and below 1", lambda value: 0 < value < 1)
    rng = random_generator(seed)

    # Drawn upright first: the hyperplane's normal is the first axis, points 0 and 1 the support.
    t = np.where(np.arange(samples) % 2 == 0, 1, -1)
    distance = rng.uniform(margin, 1, samples)
    distance[:2] = margin
    within = _uniform_in_ball(rng, samples, features - 1)
    within[1] = within[0]
    within *= np.sqrt(1 - distance**2)[:, np.newaxis]
    upright = np.column_stack([t * distance, within])

    order = rng.permutation(samples)
    return (upright @ _random_rotation(rng, features).T)[order], t[order]


def _uniform_in_ball(rng: np.random.Generator, samples: int, dimension: int) -> np.ndarray:
    """Points uniform in the unit ball, `(samples, dimension)`; the dimension may be 0."""
    if dimension == 0:
        return np.empty((samples, 0))
    direction = rng.normal(size=(samples, dimension))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    return direction * rng.uniform(size=(samples, 1)) ** (1 / dimension)


def _random_rotation(rng: np.random.Generator, dimension: int) -> np.ndarray:
    """An orthogonal matrix, uniform among all of them (half of them also reflect)."""
    orthogonal, triangular = np.linalg.qr(rng.normal(size=(dimension, dimension)))
    # QR settles the signs in a way of its own: left so, the normal would point to one side only.
    return orthogonal * np.sign(np.diag(triangular))
