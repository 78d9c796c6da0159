"""Right answers to the exercises of the chapter *Backpropagation*, written another way."""

import itertools

import numpy as np

from nncourse.scratch import MLP, Value


def descent(curvature, w, rate, steps):
    path = [w]
    for _ in range(steps):
        path.append(path[-1] - rate * curvature * path[-1])
    return path


def three_paths(x, u, v):
    x = Value(x)
    a = (u * x).tanh()
    (a * x + v * a).backward()
    return x.gradient


def dense_backward(a, W, dz):
    da = np.einsum("nj,ij->ni", dz, W)
    dW = sum(np.outer(inputs, gradient) for inputs, gradient in zip(a, dz, strict=True))
    return [da, dW, sum(dz)]


def softmax_crossentropy_gradient(z, t):
    differences = z[:, None, :] - z[:, :, None]  # p_k is 1 over the sum of exp(z_j - z_k)
    return (1 / np.exp(differences).sum(-1) - t) / len(z)


def network_gradients(x, W1, b1, W2, b2, t):
    network = MLP([len(W1), len(b1), len(b2)], "tanh")
    network.weights = [(W1, b1), (W2, b2)]
    return [part for layer in network.loss_and_gradients(x, t)[1] for part in layer]


def batch_variance(gradients, size, replace):
    """Over all the batches that there are."""
    examples = range(len(gradients))
    if not replace:
        batches = [*itertools.combinations(examples, size)]
        means = np.array([gradients[[*batch]].mean(axis=0) for batch in batches])
        return np.mean(np.sum((means - gradients.mean(axis=0)) ** 2, axis=1))
    pairs = gradients[:, None] - gradients[None, :]  # twice the variance, without the mean
    return np.sum(pairs**2) / (2 * len(gradients) ** 2 * size)


ANSWERS = [
    ("backpropagation.descent", descent),
    ("backpropagation.three_paths", three_paths),
    ("backpropagation.dense_backward", dense_backward),
    ("backpropagation.softmax_crossentropy_gradient", softmax_crossentropy_gradient),
    ("backpropagation.network_gradients", network_gradients),
    ("backpropagation.batch_variance", batch_variance),
]
