"""How much slower `scratch.Conv2D` is than Keras: 32 filters of 5x5 on a batch of 128 digits.

Run it as `python benchmarks/conv2d.py`. It prints the ratio of the times of a forward pass, and of
a forward and a backward pass, and exits with 1 if one is above 20.
"""

import sys
import time

import keras
import numpy as np
from keras import ops

from nncourse._autodiff import value_and_gradient
from nncourse.scratch import Conv2D

LIMIT = 20
ROUNDS = 20


def seconds(function):
    """The median time of a call, after one that may compile or fill a cache."""
    function()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def main():
    """Prints both ratios; 1 if one is above the limit, else 0."""
    x = np.random.default_rng(0).random((128, 28, 28, 1), dtype="float32")
    ours, theirs = Conv2D(32, 5, seed=0), keras.layers.Conv2D(32, 5)
    dy = np.ones_like(ours.forward(x))
    theirs.build(x.shape)

    def passes(x, kernel, bias):
        return ops.sum(ops.multiply(ops.add(ops.conv(x, kernel, padding="valid"), bias), dy))

    parts = [x, *theirs.get_weights()]
    pairs = {
        "forward": (
            lambda: ours.forward(x),
            lambda: ops.convert_to_numpy(theirs(x)),
        ),
        "forward and backward": (
            lambda: (ours.forward(x), ours.backward(dy)),
            lambda: [ops.convert_to_numpy(g) for g in value_and_gradient(passes, parts)[1]],
        ),
    }
    slowest = 0.0
    for name, (scratch, library) in pairs.items():
        one, other = seconds(scratch), seconds(library)
        slowest = max(slowest, one / other)
        print(
            f"{name}: scratch {1000 * one:.1f} ms, {keras.backend.backend()} "
            f"{1000 * other:.1f} ms, ratio {one / other:.1f}"
        )
    return int(slowest > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
