"""Right answers to the exercises of the chapter *Attention*, written another way."""

import math

import keras
import numpy as np
import scipy.special

from nncourse.layers import AdditiveAttention


def masked_weights(scores, mask):
    return scipy.special.softmax(np.where(mask, scores, -np.inf)).tolist()


def masked_weights_by_differences(scores, mask):
    """Each weight is one over a sum of exponentials of differences."""
    weights = []
    for score, is_there in zip(scores, mask, strict=True):
        differences = [min(other - score, 700) for other in scores[mask]]
        weights.append(1 / sum(map(math.exp, differences)) if is_there else 0.0)
    return weights


def additive_scores(h, v, W, U, w):
    """Asks the layer of the package for its scores."""
    layer = AdditiveAttention(len(w))
    layer.build((1, 1, len(h)), (1, *v.shape))
    layer.set_weights([W.T, U.T, w])
    scores = layer.scores(
        keras.ops.convert_to_tensor(h[None, None], "float32"),
        keras.ops.convert_to_tensor(v[None], "float32"),
    )
    return keras.ops.convert_to_numpy(scores)[0, 0]


def scaled_context(q, K, V):
    scores = [sum(a * b for a, b in zip(q, k, strict=True)) / math.sqrt(len(q)) for k in K]
    weights = scipy.special.softmax(scores)
    return sum(weight * v for weight, v in zip(weights, V, strict=True))


def causal_attention(X):
    """Row by row, each without those that follow."""
    return [scaled_context(X[t], X[: t + 1], X[: t + 1]) for t in range(len(X))]


def attention_parameters(units, heads):
    layer = keras.layers.MultiHeadAttention(heads, units // heads)
    layer.build((None, 5, units), (None, 5, units))
    return layer.count_params()


ANSWERS = [
    ("attention.masked_weights", masked_weights),
    ("attention.masked_weights", masked_weights_by_differences),
    ("attention.additive_scores", additive_scores),
    ("attention.scaled_context", scaled_context),
    ("attention.causal_attention", causal_attention),
    ("attention.attention_parameters", attention_parameters),
]
