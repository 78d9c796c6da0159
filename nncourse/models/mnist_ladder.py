"""The networks by which handwritten digits are read better and better."""

from dataclasses import dataclass

import keras
from keras import layers

from nncourse.models._arguments import check_size, image_shape, integer, seeds
from nncourse.models._batch_normalized import build_batch_normalized
from nncourse.models.ensemble import Ensemble

_MEMBERS = 5  # of v7


@dataclass(frozen=True)
class _Rung:
    """One network: convolutions of 20 and 40 maps or fewer, then dense layers."""

    maps: tuple = ()
    units: tuple = (100,)
    activation: str = "sigmoid"
    dropout: float = 0.0

    def build(self, rung, input_shape, classes, kernel_size, padding, seed):
        """The network of this rung, which is called `rung`."""
        supply = seeds(seed)

        def trained(name):
            initializer = {
                "sigmoid": keras.initializers.GlorotUniform,
                "relu": keras.initializers.HeNormal,
            }[self.activation](seed=next(supply))
            return {"activation": self.activation, "kernel_initializer": initializer, "name": name}

        inputs = x = keras.Input(input_shape, name="image")
        for i, maps in enumerate(self.maps, start=1):
            check_size(rung, f"conv_{i}", x.shape[1:3], kernel_size, padding)
            x = layers.Conv2D(maps, kernel_size, padding=padding, **trained(f"conv_{i}"))(x)
            x = layers.MaxPooling2D(2, name=f"pool_{i}")(x)
        x = layers.Flatten(name="flatten")(x)
        for i, units in enumerate(self.units, start=1):
            x = layers.Dense(units, **trained(f"dense_{i}"))(x)
            if self.dropout:
                x = layers.Dropout(self.dropout, seed=next(supply), name=f"dropout_{i}")(x)
        start = keras.initializers.GlorotUniform(seed=next(supply))
        logits = layers.Dense(classes, kernel_initializer=start, name="logits")(x)
        return keras.Model(inputs, logits, name=f"mnist_{rung}")


def _build_v7(rung, input_shape, classes, kernel_size, padding, seed):
    supply = seeds(seed)
    build = _BUILDERS["v6"]
    return Ensemble(
        [
            build(f"v6_{i}", input_shape, classes, kernel_size, padding, next(supply))
            for i in range(_MEMBERS)
        ],
        name=f"mnist_{rung}",
    )


# What builds each rung, called with the arguments of MNISTLadder.
_BUILDERS = {
    "baseline": _Rung().build,
    "v1": _Rung(maps=(20,)).build,
    "v2": _Rung(maps=(20, 40)).build,
    "v3": _Rung(maps=(20, 40), activation="relu").build,
    "v4": _Rung(maps=(20, 40), activation="relu").build,
    "v5": _Rung(maps=(20, 40), units=(100, 100), activation="relu").build,
    "v6": _Rung(maps=(20, 40), units=(1000, 1000), activation="relu", dropout=0.5).build,
    "v7": _build_v7,
    "v8": build_batch_normalized,
}


def MNISTLadder(rung, input_shape=(28, 28, 1), classes=10, kernel_size=5, padding="valid", seed=0):
    """The network of one rung of a ladder from a dense network to an ensemble.

    ========  ==========================================================  ==========
    Rung      Network                                                     Parameters
    ========  ==========================================================  ==========
    baseline  a dense layer of 100 sigmoid units                              79,510
    v1        before it a convolution of 20 maps and 2x2 max pooling         289,630
    v2        a second convolution, of 40 maps, and pooling                   85,670
    v3        v2 with ReLU units                                              85,670
    v4        v3; what differs is the data, images and shifted copies         85,670
    v5        v4 with two dense layers of 100                                 95,770
    v6        two dense layers of 1000, half of the units dropped          1,672,570
    v7        five of v6, joined by an ensemble                            8,362,850
    v8        five batch-normalized convolutions of 32 to 128 maps           299,434
    ========  ==========================================================  ==========

    The parameters are those for images of 28x28. ReLU layers start as He et al. proposed, the
    others as Glorot and Bengio did.

    Args:
        rung: One of the names in the table.
        input_shape: Height, width and channels of the images.
        classes: Number of classes, at least 2.
        kernel_size: Side of the convolutions' kernels, a positive integer.
        padding: `"valid"`, which shortens the sides by `kernel_size - 1`, or `"same"`.
        seed: A non-negative integer; the weights at the start and what is dropped are functions of
            it. The members of v7 get seeds derived from it.

    Returns:
        A Keras model from `(batch, *input_shape)` to logits of shape `(batch, classes)`. Its layers
        are named `conv_1`, `pool_1`, `flatten`, `dense_1`, `dropout_1`, `logits` and so on; v7 has
        `members` instead.

    Raises:
        ValueError: If an argument is not as said above, or if the images are too small for the
            rung.

    Example:
        >>> from nncourse.models import MNISTLadder
        >>> MNISTLadder("baseline").count_params()  # 784 * 100 + 100 + 100 * 10 + 10
        79510
        >>> small = MNISTLadder("v3", input_shape=(8, 8, 1), kernel_size=3, padding="same")
        >>> small.get_layer("pool_2").output.shape[1:]
        (2, 2, 40)

    Reference:
        The rungs up to v7 are those of Nielsen (2015), "Neural networks and deep learning",
        chapter 6. Taught in the chapter *Convolutional networks*.
    """
    if rung not in _BUILDERS:
        names = ", ".join(repr(name) for name in _BUILDERS)
        raise ValueError(f"`rung` must be one of {names}. Received: rung={rung!r}")
    integer("classes", classes, at_least=2)
    integer("kernel_size", kernel_size, at_least=1)
    if padding not in ("valid", "same"):
        raise ValueError(f"`padding` must be 'valid' or 'same'. Received: padding={padding!r}")
    shape = image_shape(input_shape)
    return _BUILDERS[rung](rung, shape, classes, kernel_size, padding, seed)
