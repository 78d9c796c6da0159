"""Exercises on one linear unit, h = v h + x at each step, with the loss of its last state."""

import numpy as np

from nncourse.assignments._exercise import Exercise, draw


def _states(v, x) -> np.ndarray:
    """The states from the start, which is 0, to the last step."""
    states = [0.0]
    for number in x:
        states.append(v * states[-1] + number)
    return np.array(states)


def _copies(v, x, t) -> np.ndarray:
    """The gradient of each step's copy of v."""
    h = _states(v, x)
    return (h[-1] - t) * v ** np.arange(len(x))[::-1] * h[:-1]


def _linear_bptt(v, x, t):
    return _copies(v, x, t).sum()


def _truncated_gradient(v, x, t, k):
    return _copies(v, x, t)[-k:].sum()


def _draw(rng: np.random.Generator, steps: int) -> tuple:
    return float(rng.choice([-1.5, -0.5, 0.4, 0.8, 1.2])), draw(rng, steps), float(draw(rng))


LINEAR_BPTT = Exercise(
    "recurrent_networks.linear_bptt",
    solution=_linear_bptt,
    cases=lambda rng: [
        (0.5, np.array([2.0]), 1.0),  # the only copy multiplies the start, 0
        (0.5, np.array([1.0, 0.0, 0.0]), 0.0),
        (0.0, np.array([1.0, 2.0, 3.0]), 1.0),
        *(_draw(rng, steps) for steps in (2, 3, 3, 4, 5, 6)),
    ],
    hint="Forward: keep all states, h[0] = 0. Backward, from the last step to the first: the "
    "gradient of the state begins as h[T] - t; the copy of step k gets it times h[k - 1], and "
    "before going on it is multiplied by v. Add the copies up.",
    mistakes=(
        (
            lambda v, x, t: _copies(v, x, t).mean(),
            "This is the mean over the copies. The one weight v is in all of them: add them up.",
        ),
        (
            lambda v, x, t: _copies(v, x, t)[-1],
            "This is the share of the last step's copy alone. v also made the states before.",
        ),
        (
            lambda v, x, t: (_states(v, x)[-1] - t) * _states(v, x)[:-1].sum(),
            "The gradient does not change on its way here. Each step back multiplies it by v.",
        ),
        (
            lambda v, x, t: (
                (_states(v, x)[-1] - t) * (v ** np.arange(len(x)) * _states(v, x)[:-1]).sum()
            ),
            "The powers of v are the wrong way round: the copy of the last step is next to the "
            "loss, and the first is T - 1 factors away.",
        ),
        (
            lambda v, x, t: (
                (_states(v, x)[-1] - t) * (v ** np.arange(len(x))[::-1] * _states(v, x)[1:]).sum()
            ),
            "The copy of step k multiplies the state that enters the step, h[k - 1], not h[k].",
        ),
        (
            lambda v, x, t: _linear_bptt(v, x, t) * 2,
            "The loss has a factor 1/2, which cancels the 2 of the square.",
        ),
        (
            lambda v, x, t: -_linear_bptt(v, x, t),
            "The sign is wrong: the gradient of the last state is h[T] - t.",
        ),
    ),
)

TRUNCATED_GRADIENT = Exercise(
    "recurrent_networks.truncated_gradient",
    solution=_truncated_gradient,
    cases=lambda rng: [
        (0.5, np.array([1.0, 2.0, 3.0]), 0.0, 1),
        (0.5, np.array([1.0, 2.0, 3.0]), 0.0, 3),  # nothing is cut
        *(
            (*_draw(rng, steps), k)
            for steps, k in [(4, 1), (4, 2), (5, 2), (6, 3), (6, 5), (8, 4), (8, 2)]
        ),
    ],
    hint="Compute all states as before. Go back from the last step, but stop after k copies.",
    mistakes=(
        (
            lambda v, x, t, k: _linear_bptt(v, x, t),
            "This is the full gradient: it must stop after k copies.",
        ),
        (
            lambda v, x, t, k: _truncated_gradient(v, x, t, k + 1),
            "This takes one copy too many.",
        ),
        (
            lambda v, x, t, k: _copies(v, x, t)[len(x) - k + 1 :].sum(),
            "This takes one copy too few: the last step's is the first of the k.",
        ),
        (
            lambda v, x, t, k: _copies(v, x, t)[:k].sum(),
            "These are the first k copies. The gradient begins at the last step.",
        ),
        (
            lambda v, x, t, k: _copies(v, x, t)[-k:].mean(),
            "This is the mean of the copies. They are added up, truncated or not.",
        ),
        (
            lambda v, x, t, k: _linear_bptt(v, x[-k:], t),
            "Your state begins at 0 at the cut. Only the gradient is cut: the state goes on.",
        ),
    ),
)
