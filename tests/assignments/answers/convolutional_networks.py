"""Right answers to the exercises of the chapter *Convolutional networks*, written another way."""

import itertools

import numpy as np
from scipy.signal import correlate

from nncourse.scratch import Conv2D, parameter_count, pool_output_size


def network_parameters(size, channels, filters, k, classes):
    depths = [channels, *filters]
    kernels = sum(parameter_count(k, c, f) for c, f in itertools.pairwise(depths))
    for _ in filters:
        size = pool_output_size(size, 2)
    return kernels + parameter_count(size, depths[-1], classes)  # a kernel that fills its input


def window_rows(x, k):
    """Column by column: what each element of the window sees."""
    down, right = x.shape[0] - k + 1, x.shape[1] - k + 1
    columns = [
        x[u : u + down, v : v + right, c].ravel()
        for u in range(k)
        for v in range(k)
        for c in range(x.shape[2])
    ]
    return np.stack(columns, axis=1)


def kernel_gradient(x, delta, k_shape, s):
    """Element by element of the kernel: delta with all the pixels that it met."""
    down, right = delta.shape
    return [
        [
            np.vdot(delta, x[u : u + s * down : s, v : v + s * right : s][:down, :right])
            for v in range(k_shape[1])
        ]
        for u in range(k_shape[0])
    ]


def kernel_gradient_by_scipy(x, delta, k_shape, s):
    stretched = np.zeros((s * len(delta), s * len(delta[0])))
    stretched[::s, ::s] = delta
    stretched = stretched[: stretched.shape[0] - s + 1, : stretched.shape[1] - s + 1]
    return correlate(x, stretched, mode="valid", method="direct")[: k_shape[0], : k_shape[1]]


def kernel_gradient_by_the_layer(x, delta, k_shape, s):
    layer = Conv2D(1, k_shape, stride=s, method="loops")
    layer.forward(x[None, ..., None])
    layer.backward(delta[None, ..., None])
    return layer.gradients[0][..., 0, 0]


def max_pool_backward(x, dy):
    h, w = x.shape
    windows = x.reshape(h // 2, 2, w // 2, 2).transpose(0, 2, 1, 3).reshape(h // 2, w // 2, 4)
    share = np.eye(4)[windows.argmax(axis=2)] * dy[:, :, None]
    return share.reshape(h // 2, w // 2, 2, 2).transpose(0, 2, 1, 3).reshape(h, w)


def paired_gain(before, after):
    n = len(before)
    gain = sum(after) / n - sum(before) / n
    squares = sum((a - b - gain) ** 2 for a, b in zip(after, before, strict=True))
    return [gain, (squares / (n * (n - 1))) ** 0.5]


ANSWERS = [
    ("convolutional_networks.network_parameters", network_parameters),
    ("convolutional_networks.window_rows", window_rows),
    ("convolutional_networks.kernel_gradient", kernel_gradient),
    ("convolutional_networks.kernel_gradient", kernel_gradient_by_scipy),
    ("convolutional_networks.kernel_gradient", kernel_gradient_by_the_layer),
    ("convolutional_networks.max_pool_backward", max_pool_backward),
    ("convolutional_networks.paired_gain", paired_gain),
]
