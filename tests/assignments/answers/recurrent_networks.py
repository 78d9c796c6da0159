"""Right answers to the exercises of the chapter *Recurrent networks*, written another way."""

import itertools

import numpy as np

from nncourse.scratch import RNN, Value


def elman_step(x, h, W_x, W_h, b):
    network = RNN(len(x), len(h), 1)
    network.weights = [(W_x, W_h, b), network.weights[1]]
    return network.step(x, h)[0]


def linear_bptt(v, x, t):
    """By automatic differentiation, which adds up what comes over all paths."""
    weight, h = Value(v), Value(0.0)
    for number in x:
        h = weight * h + float(number)
    loss = (h - t) ** 2 * 0.5
    loss.backward()
    return weight.gradient


def truncated_gradient(v, x, t, k):
    """Automatic differentiation from the state before the last k steps, taken as a number."""
    start = 0.0
    for number in x[:-k]:
        start = v * start + number
    weight, h = Value(v), Value(float(start))
    for number in x[-k:]:
        h = weight * h + float(number)
    loss = (h - t) ** 2 * 0.5
    loss.backward()
    return weight.gradient


def gradient_bound(W_h, steepest, lag):
    squares = np.linalg.eigvalsh(W_h.T @ W_h)  # of the singular values
    return squares[-1] ** (lag / 2) * steepest**lag


def parity_weights():
    """OR and AND of the bit and the parity so far, with other numbers."""
    return np.array([[4.0, 3.0]]), np.array([[4.0, 3.0], [-4.0, -3.0]]), np.array([-1.0, -5.0])


def chance_to_appear(p):
    """Over all patterns of places with and without the symbol."""
    patterns = list(itertools.product((0, 1), repeat=len(p)))[1:]
    return sum(np.prod(np.where(pattern, p, 1 - p)) for pattern in patterns)


ANSWERS = [
    ("recurrent_networks.elman_step", elman_step),
    ("recurrent_networks.linear_bptt", linear_bptt),
    ("recurrent_networks.truncated_gradient", truncated_gradient),
    ("recurrent_networks.gradient_bound", gradient_bound),
    ("recurrent_networks.parity_weights", parity_weights()),
    ("recurrent_networks.chance_to_appear", chance_to_appear),
]
