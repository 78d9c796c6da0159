"""Systems with a hidden state, for the tests of those who look for it."""

import itertools

import numpy as np

from nncourse.scratch import HiddenMarkovModel

TRACK = dict(  # of a KalmanFilter
    transition=np.array([[1.0, 1.0], [0.0, 1.0]]),  # a place and its speed
    observation=np.array([[1.0, 0.0]]),
    process_noise=np.diag([0.0, 0.01]),
    observation_noise=np.array([[4.0]]),
    initial_mean=np.zeros(2),
    initial_covariance=np.diag([25.0, 1.0]),
)

WEATHER = dict(  # of a HiddenMarkovModel
    initial=[0.6, 0.4],
    transition=[[0.7, 0.3], [0.4, 0.6]],
    emission=[[0.1, 0.4, 0.5], [0.6, 0.3, 0.1]],
)


def random_model(rng, states, count, zeros=True):
    """Some probabilities are 0 in most of them."""

    def rows(*shape):
        p = rng.random(shape) * (rng.random(shape) < 0.7 if zeros else 1)
        p[..., 0] += (p.sum(axis=-1) == 0) * 1.0
        return p / p.sum(axis=-1, keepdims=True)

    return HiddenMarkovModel(rows(states), rows(states, states), rows(states, count))


def all_paths(model, symbols):
    """Every path and its joint probability with the symbols, one after the other."""
    paths = list(itertools.product(range(len(model.initial)), repeat=len(symbols)))
    probabilities = []
    for path in paths:
        p = model.initial[path[0]] * model.emission[path[0], symbols[0]]
        for before, state, symbol in zip(path[:-1], path[1:], symbols[1:], strict=True):
            p *= model.transition[before, state] * model.emission[state, symbol]
        probabilities.append(p)
    return np.array(paths), np.array(probabilities)
