"""The network of the rung v8: five convolutions, each batch-normalized."""

import keras
from keras import layers

from nncourse.models._arguments import check_size, seeds

_MAPS = (32, 64, 128)
_DROPOUT = 0.3


def build_batch_normalized(rung, input_shape, classes, kernel_size, padding, seed):
    """One convolution, then two pairs of 3x3, with pooling after the first and the first pair."""
    supply = seeds(seed)

    def block(x, number, maps, size, padding, pool=False):
        if pool:
            check_size(rung, f"conv_{number}", x.shape[1:3], size, padding)
        start = keras.initializers.HeNormal(seed=next(supply))
        x = layers.Conv2D(
            maps,
            size,
            padding=padding,
            use_bias=False,  # the normalization has one
            kernel_initializer=start,
            name=f"conv_{number}",
        )(x)
        if pool:  # before the normalization, which then has a quarter of the work
            x = layers.MaxPooling2D(2, name=f"pool_{number}")(x)
        x = layers.BatchNormalization(momentum=0.95, name=f"norm_{number}")(x)
        return layers.ReLU(name=f"relu_{number}")(x)

    first, second, third = _MAPS
    inputs = keras.Input(input_shape, name="image")
    x = block(inputs, 1, first, kernel_size, padding, pool=True)
    x = block(x, 2, second, 3, "same")
    x = block(x, 3, second, 3, "same", pool=True)
    x = block(x, 4, third, 3, "same")
    x = block(x, 5, third, 3, "valid" if min(x.shape[1:3]) >= 3 else "same")
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dropout(_DROPOUT, seed=next(supply), name="dropout")(x)
    start = keras.initializers.GlorotUniform(seed=next(supply))
    logits = layers.Dense(classes, kernel_initializer=start, name="logits")(x)
    return keras.Model(inputs, logits, name=f"mnist_{rung}")
