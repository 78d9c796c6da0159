"""The exercises of the chapter *Backpropagation*."""

import numpy as np

from nncourse.assignments._backward_passes import DENSE, NETWORK, SOFTMAX_CROSSENTROPY
from nncourse.assignments._exercise import Exercise, draw

# --- descent on a parabola -------------------------------------------------------------------


def _descent(curvature, w, rate, steps):
    return w * (1 - rate * curvature) ** np.arange(steps + 1)


_DESCENT = Exercise(
    "backpropagation.descent",
    solution=_descent,
    cases=lambda rng: [
        (2.0, 1.0, 0.25, 3),
        (2.0, 1.0, 0.75, 3),  # jumps from side to side
        (2.0, -1.5, 1.1, 3),  # diverges
        (5.0, 2.0, 0.1, 0),
        *(
            (
                float(rng.choice([0.5, 1.5, 3.0])),
                float(draw(rng)),
                float(rng.choice([0.1, 0.3, 0.4])),
                int(rng.integers(2, 7)),
            )
            for _ in range(8)
        ),
    ],
    hint="The derivative of c * w**2 / 2 is c * w. Begin the array with the start, then append "
    "w - rate * c * w again and again: steps + 1 numbers in all.",
    mistakes=(
        (
            lambda curvature, w, rate, steps: _descent(-curvature, w, rate, steps),
            "This climbs: the step is taken against the slope, with a minus.",
        ),
        (
            lambda curvature, w, rate, steps: _descent(1.0, w, rate, steps),
            "The curvature is missing: the derivative of c * w**2 / 2 is c * w.",
        ),
        (
            lambda curvature, w, rate, steps: _descent(curvature / 2, w, rate, steps),
            "The derivative of c * w**2 / 2 is c * w: the 2 of the square cancels the half.",
        ),
        (
            lambda curvature, w, rate, steps: _descent(2 * curvature, w, rate, steps),
            "This is descent on c * w**2. The loss has a factor 1/2, which the 2 of the square "
            "cancels.",
        ),
        (
            lambda curvature, w, rate, steps: _descent(curvature, w, rate, steps)[1:],
            "The start is missing: it comes first.",
        ),
        (
            lambda curvature, w, rate, steps: _descent(curvature, w, rate, steps)[-1],
            "This is where the descent ends. All the weights on the way are asked for.",
        ),
        (
            lambda curvature, w, rate, steps: w - rate * curvature * w * np.arange(steps + 1),
            "All steps are equal here. The slope must be taken anew at each point.",
        ),
    ),
)

# --- a sum over paths ------------------------------------------------------------------------


def _three_paths(x, u, v):
    a = np.tanh(u * x)
    return a + (x + v) * _slope(x, u)


def _slope(x, u):
    """The derivative of tanh(u x) with respect to x."""
    return u * (1 - np.tanh(u * x) ** 2)


_THREE_PATHS = Exercise(
    "backpropagation.three_paths",
    solution=_three_paths,
    # Numbers near zero, where the tanh has not saturated.
    cases=lambda rng: [
        (0.0, 1.0, 1.0),
        (1.0, 0.5, 2.0),
        (-1.0, 0.5, 0.5),
        *(tuple(rng.uniform(0.3, 1.5, 3).round(2) * rng.choice([-1, 1], 3)) for _ in range(9)),
    ],
    hint="The paths from x to y: past a, as the factor x of a * x; through a in a * x; through a "
    "in v * a. Each is the product of the slopes on its way, and the paths add up.",
    mistakes=(
        (
            lambda x, u, v: np.tanh(u * x),
            "This is the path past a alone. x also reaches y through a, and a is used twice.",
        ),
        (
            lambda x, u, v: (x + v) * _slope(x, u),
            "The path past a is missing: in a * x the input is also a factor itself.",
        ),
        (
            lambda x, u, v: np.tanh(u * x) + x * _slope(x, u),
            "a is used twice: the path through v * a is missing.",
        ),
        (
            lambda x, u, v: np.tanh(u * x) + v * _slope(x, u),
            "a is used twice: the path through a in a * x is missing.",
        ),
        (
            lambda x, u, v: v * _slope(x, u),
            "Two of the three paths are missing: both of those through a * x.",
        ),
        (
            lambda x, u, v: x * _slope(x, u),
            "Two of the three paths are missing: the one past a, and the one through v * a.",
        ),
        (
            lambda x, u, v: np.tanh(u * x) + (x + v) * _slope(x, u) / u,
            "The slope of tanh(u * x) with respect to x has the factor u.",
        ),
        (
            lambda x, u, v: np.tanh(u * x) + (x + v) * u,
            "The slope of the tanh is missing: 1 - a**2.",
        ),
        (
            lambda x, u, v: np.tanh(u * x) + (x + v) * u * (1 - np.tanh(np.tanh(u * x)) ** 2),
            "The slope of the tanh belongs to what entered it: it is 1 - a**2, not 1 - tanh(a)**2.",
        ),
        (
            lambda x, u, v: np.tanh(u * x) * x + v * np.tanh(u * x),
            "This is y itself. Its derivative with respect to x is asked for.",
        ),
    ),
)

# --- the variance of a batch -----------------------------------------------------------------


def _batch_variance(gradients, size, replace):
    examples = len(gradients)
    factor = 1 if replace else (examples - size) / (examples - 1)
    return gradients.var(axis=0).sum() / size * factor


_VARIANCE = Exercise(
    "backpropagation.batch_variance",
    solution=_batch_variance,
    cases=lambda rng: [
        (np.array([[0.0, 0.0], [2.0, 4.0]]), 1, True),
        (np.array([[0.0, 0.0], [2.0, 4.0]]), 2, False),  # the whole set: no variance
        *(
            (draw(rng, examples, parameters), int(rng.integers(2, examples)), replace)
            for examples, parameters in [(4, 2), (5, 3), (6, 1), (7, 2), (8, 2)]
            for replace in (True, False)
        ),
    ],
    hint="Take the mean over the examples of the squared distance from the mean gradient (a sum "
    "over the parameters), and divide by the size. Without replacement multiply by "
    "(N - size) / (N - 1).",
    mistakes=(
        (
            lambda gradients, size, replace: _batch_variance(gradients, size, True),
            "Right with replacement. Without, the draws avoid each other: a batch of all examples "
            "has no variance.",
        ),
        (
            lambda gradients, size, replace: _batch_variance(gradients, size, False),
            "Right without replacement. With replacement the variance of a batch is that of one "
            "example over the size, and nothing else.",
        ),
        (
            lambda gradients, size, replace: _batch_variance(gradients, size, replace) * size,
            "This does not fall with the size. The mean of several draws varies less than one.",
        ),
        (
            lambda gradients, size, replace: _batch_variance(gradients, size, replace) / size,
            "The variance falls as 1 / size. (The sum over a batch has size times that of one, and "
            "the mean divides by size squared.)",
        ),
        (
            lambda gradients, size, replace: (
                _batch_variance(gradients, size, replace) / gradients.shape[1]
            ),
            "The squared distance is a sum over the parameters, not their mean.",
        ),
        (
            lambda gradients, size, replace: np.sqrt(_batch_variance(gradients, size, replace)),
            "This is the square root: the squared distance is asked for.",
        ),
        (
            lambda gradients, size, replace: (
                _batch_variance(gradients, size, replace) * len(gradients) / (len(gradients) - 1)
            ),
            "Divide by N, not N - 1: these are all the examples there are, not a sample of them.",
        ),
    ),
)

EXERCISES = (_DESCENT, _THREE_PATHS, DENSE, SOFTMAX_CROSSENTROPY, NETWORK, _VARIANCE)
