"""Right answers to the exercises of the chapter *Generalization*, written another way."""

from itertools import pairwise

import numpy as np
from scipy.special import bdtr
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold


def k_fold(n, k):
    return [held_out.tolist() for _, held_out in KFold(k).split(np.zeros(n))]


def k_fold_by_bounds(n, k):
    bounds = [0]
    for fold in range(k):
        bounds.append(bounds[-1] + (n - bounds[-1] + k - fold - 1) // (k - fold))
    return [range(a, b) for a, b in pairwise(bounds)]


def stratified_split(labels, share):
    counts, aside = {}, []
    for label in labels:
        counts[label] = counts.get(label, 0) + 1
        aside.append(counts[label] <= share * np.sum(labels == label) + 1e-9)
    return np.array(aside, dtype=float)


def stopping_epoch(val_losses, patience):
    lowest = np.minimum.accumulate(val_losses)
    for epoch in range(patience, len(val_losses)):
        if lowest[epoch] == lowest[epoch - patience]:
            return int(np.argmin(val_losses[: epoch + 1])), epoch
    return int(np.argmin(val_losses)), len(val_losses) - 1


def ridge_by_scikit_learn(x, t, strength):
    model = Ridge(alpha=strength, solver="svd").fit(x, t)
    return np.append(model.intercept_, model.coef_)


def ridge_by_more_examples(x, t, strength):
    """The penalty is the squared error of D examples more, with targets 0."""
    examples, features = x.shape
    rows = np.block(
        [
            [np.ones((examples, 1)), x],
            [np.zeros((features, 1)), np.sqrt(strength) * np.eye(features)],
        ]
    )
    return np.linalg.lstsq(rows, np.append(t, np.zeros(features)))[0]


def dropout_layer(a, u, p, training):
    if not training:
        return a
    return np.where(u < p, 0, a / (1 - p))


def expected_best(models, images, accuracy):
    """The mean over the distribution of the largest count."""
    counts = np.arange(images + 1)
    at_most = bdtr(counts, images, accuracy) ** models
    return counts @ np.diff(at_most, prepend=0) / images


ANSWERS = [
    ("generalization.k_fold", k_fold),
    ("generalization.k_fold", k_fold_by_bounds),
    ("generalization.stratified_split", stratified_split),
    ("generalization.stopping_epoch", stopping_epoch),
    ("generalization.ridge_weights", ridge_by_scikit_learn),
    ("generalization.ridge_weights", ridge_by_more_examples),
    ("generalization.dropout_layer", dropout_layer),
    ("generalization.expected_best", expected_best),
]
