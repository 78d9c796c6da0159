"""What the builders of networks share: checks of their arguments, and seeds."""

import numpy as np


def image_shape(input_shape):
    """`(height, width, channels)` as integers, or a `ValueError`."""
    try:
        shape = tuple(input_shape)
    except TypeError:
        shape = ()
    if len(shape) != 3 or not all(_is_integer(side, at_least=1) for side in shape):
        raise ValueError(
            "`input_shape` must be three positive integers, height, width and channels. "
            f"Received: input_shape={input_shape!r}"
        )
    return shape


def integer(name, value, at_least):
    """Returns `value`, or raises a `ValueError` that names it if it is not such an integer."""
    if not _is_integer(value, at_least):
        raise ValueError(
            f"`{name}` must be an integer of at least {at_least}. Received: {name}={value!r}"
        )
    return value


def share(name, value):
    """Returns `value`, or raises a `ValueError` that names it unless it is in [0, 1)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1:
        raise ValueError(f"`{name}` must be at least 0 and below 1. Received: {name}={value!r}")
    return value


def seeds(seed):
    """An endless supply of seeds derived from one.

    Each initializer needs its own: two of equal seed and shape draw the same numbers.
    """
    # Entropy that is spread well, or neighboring seeds would share most of the seeds derived.
    rng = np.random.default_rng(integer("seed", seed, at_least=0))
    while True:
        yield int(rng.integers(2**31))


def check_size(rung, layer, sides, kernel_size, padding):
    """Refuses maps that a convolution and the pooling after it would leave nothing of."""
    smallest = 2 if padding == "same" else kernel_size + 1
    if min(sides) < smallest:
        raise ValueError(
            f"The images are too small for rung {rung!r} with kernel_size={kernel_size} and "
            f"padding={padding!r}: `{layer}` and the pooling after it need at least "
            f"{smallest}x{smallest} pixels. Received: {sides[0]}x{sides[1]}"
        )


def _is_integer(value, at_least):
    return isinstance(value, int) and not isinstance(value, bool) and value >= at_least
