"""Right answers to the exercises of the chapter *The perceptron*, written another way."""

import math

import numpy as np


def hebbian(w, x, t, lr):
    score = w[0]
    for weight, feature in zip(w[1:], x, strict=True):
        score += weight * feature
    return (
        [weight + lr * t * i for weight, i in zip(w, [1, *x], strict=True)] if t * score <= 0 else w
    )


def rosenblatt(w, x, t, lr):
    y = 1 if w[0] + np.dot(w[1:], x) > 0 else -1
    return np.array([w[0] + lr * (t - y), *(w[1:] + lr * (t - y) * x)], dtype="float32")


def perceptron_loss(w, x, t):
    return -sum(
        tn * (w[0] + w[1:] @ xn)
        for xn, tn in zip(x, t, strict=True)
        if tn * (w[0] + w[1:] @ xn) < 0
    )


def update_bound(x, t, w):
    unit = w / math.hypot(*w)
    margin = min(abs(np.dot(unit, [1, *row])) for row in x)
    return (max(math.hypot(1, *row) for row in x) / margin) ** 2


def multiclass_update(w, x, label, lr):
    onehot = np.eye(len(w))
    scores = [row[0] + row[1:] @ x for row in w]
    return w + lr * np.outer(onehot[label] - onehot[scores.index(max(scores))], [1, *x])


ANSWERS = [
    ("perceptron.nand_weights", (3, -2, -2)),
    ("perceptron.nand_weights", [0.02, -0.01, -0.01]),
    ("perceptron.nand_weights", np.array([2, -1, -1])),  # 0 for (1, 1), which does not fire
    ("perceptron.hebbian_update", hebbian),
    ("perceptron.rosenblatt_update", rosenblatt),
    ("perceptron.perceptron_loss", perceptron_loss),
    ("perceptron.update_bound", update_bound),
    ("perceptron.multiclass_update", multiclass_update),
]
