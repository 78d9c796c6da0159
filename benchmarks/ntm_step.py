"""What a training step of the Neural Turing Machine costs in the paper's set-up of the copy task.

Run it as `python benchmarks/ntm_step.py`: 16 sequences of up to 20 vectors of 8 bits, which are 42
steps, a memory of 128 slots of 20 numbers, an LSTM of 100 units, one head to read and one to write,
compiled. It prints the time to compile, the median time of a step and its share of processor time,
and exits with 1 if a step takes more than 35 ms, the goal for two idle cores.

With TensorFlow as it comes a step takes 20 to 23 ms there. With TF_ENABLE_ONEDNN_OPTS=0, which the
Makefile sets for silence, it takes 42 to 44.
"""

import sys
import time

import keras
import numpy as np

from nncourse.datasets import make_copy
from nncourse.models import NeuralTuringMachine

MOST_MILLISECONDS = 35
ROUNDS = 40


def timed(function):
    """Seconds by the clock and seconds of processor time of a call."""
    wall, processor = time.perf_counter(), time.process_time()
    function()
    return time.perf_counter() - wall, time.process_time() - processor


def main():
    """Prints the times; 1 if a step misses its limit, else 0."""
    keras.utils.set_random_seed(0)
    x, y, mask = make_copy(batch=16, seed=0)
    model = NeuralTuringMachine(x.shape[-1], y.shape[-1])
    model.compile(
        keras.optimizers.Adam(1e-2, beta_2=0.98, global_clipnorm=0.5),
        keras.losses.BinaryCrossentropy(reduction="mean_with_sample_weight"),
        jit_compile=True,
    )

    def step():
        model.train_on_batch(x, y, sample_weight=mask)

    (first, first_processor), _ = timed(step), timed(step)
    wall, processor = 1000 * np.median([timed(step) for _ in range(ROUNDS)], axis=0)
    print(
        f"Neural Turing Machine on {keras.backend.backend()}: {wall:.1f} ms a training step, of "
        f"processor time {processor:.1f} ms; the first, which compiles, {first:.1f} s "
        f"({first_processor:.1f} s)"
    )
    return int(wall > MOST_MILLISECONDS)


if __name__ == "__main__":
    sys.exit(main())
