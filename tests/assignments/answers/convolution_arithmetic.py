"""Right answers to the exercises of the chapter *Convolution arithmetic*, written another way."""

import numpy as np


def stack_output_size(size, layers):
    """Lets the kernel step over the padded axis."""
    for kernel, stride, padding in layers:
        size = len(range(0, size + 2 * padding - kernel + 1, stride))
    return size


def same_padding(kernel, dilation):
    padding = 0
    while 100 + 2 * padding - dilation * (kernel - 1) < 100:
        padding += 1
    return padding


def matrix_row(kernel, shape, stride, r):
    """What output r makes of each image with a single 1."""
    (h, w), (m, n) = shape, kernel.shape
    windows = np.lib.stride_tricks.sliding_window_view
    pokes = np.eye(h * w).reshape(-1, h, w)
    outputs = [(windows(p, (m, n))[::stride, ::stride] * kernel).sum(axis=(2, 3)) for p in pokes]
    return np.reshape(outputs, (h * w, -1))[:, r]


def transposed_geometry(i, k, s, p):
    places = range(-p, i + p - k + 1, s)
    last = places[-1] + k - 1
    return [len(places), places[-1] - places[0] + 1, k - 1 - p, i + p - 1 - last]


def count_stamps(size, kernel, stride):
    stretched = np.zeros(stride * (size - 1) + 1)
    stretched[::stride] = 1
    return np.convolve(stretched, np.ones(kernel))


def field_of_stack(layers):
    """Follows two neighboring units down to the first and last pixels that they see."""
    first, last, neighbor = 0, 0, 1
    for kernel, stride in reversed(layers):
        first, last, neighbor = first * stride, last * stride + kernel - 1, neighbor * stride
    return np.array([last - first + 1, neighbor - first])


ANSWERS = [
    ("convolution_arithmetic.stack_output_size", stack_output_size),
    ("convolution_arithmetic.same_padding", same_padding),
    ("convolution_arithmetic.matrix_row", matrix_row),
    ("convolution_arithmetic.transposed_geometry", transposed_geometry),
    ("convolution_arithmetic.count_stamps", count_stamps),
    ("convolution_arithmetic.field_of_stack", field_of_stack),
]
