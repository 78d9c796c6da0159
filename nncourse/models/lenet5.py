"""LeNet-5, as it is usually taught and as it was published."""

import keras
from keras import layers, ops

from nncourse.layers import ConnectionTableConv2D, RadialBasis, TrainableSubsampling
from nncourse.models._arguments import image_shape, integer, seeds
from nncourse.models._digit_codes import DIGIT_CODES

# Table I of the paper: the maps of S2 that each map of C3 reads.
_C3_CONNECTIONS = (
    *((0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (4, 5, 0), (5, 0, 1)),
    *((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (3, 4, 5, 0), (4, 5, 0, 1), (5, 0, 1, 2)),
    *((0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)),
    (0, 1, 2, 3, 4, 5),
)
_SMALLEST = 32  # C5's kernels just fit what C1 to S4 make of it


@keras.saving.register_keras_serializable("nncourse")
def scaled_tanh(x):
    """1.7159 tanh(2x/3): 1 at 1, -1 at -1, and near there its second derivative is largest."""
    return 1.7159 * ops.tanh(x * (2 / 3))


def LeNet5(variant="dense", input_shape=(32, 32, 1), classes=10, seed=0):
    r"""LeNet-5, a convolutional network that reads handwritten digits.

    ======  =============================  ======  =========
    Layer   Trainable parameters            dense  published
    ======  =============================  ======  =========
    C1      6 maps, kernels of 5x5            156        156
    S2      subsampling of 2x2 windows          0         12
    C3      16 maps, kernels of 5x5         2,416      1,516
    S4      subsampling of 2x2 windows          0         32
    C5      120 maps, kernels of 5x5       48,120     48,120
    F6      84 units                       10,164     10,164
    output  a unit a class                    850          0
    all                                    61,706     60,000
    ======  =============================  ======  =========

    The network that is usually taught averages windows in S2 and S4, lets every map of C3 read
    every map of S2, and ends in a dense layer. The one of the paper trains a coefficient and a bias
    for each subsampling map (`layers.TrainableSubsampling`), connects C3 by a table
    (`layers.ConnectionTableConv2D`), and measures squared distances from fixed codes of the classes
    (`layers.RadialBasis`); its logits are minus these distances. The hidden units are
    $1.7159 \tanh(2x/3)$.

    The codes are pictures of the digits, 7 pixels wide and 12 high, +1 where there is ink and -1
    elsewhere. The paper's are those of a printed alphabet; the ones here are drawn anew. The
    weights start as the same authors advised soon after, with variance one over the fan-in
    ("Efficient BackProp", 1998, section 4.6); for the table of C3 it is that of a full one. The
    paper trains on a loss with an additional class for none of them; here any loss of logits will
    do, such as cross-entropy.

    Args:
        variant: `"dense"`, as usually taught, or `"published"`.
        input_shape: Height, width and channels of the images, height and width at least 32. Images
            of 28x28 get a frame of two pixels (`keras.layers.ZeroPadding2D(2)`).
        classes: Number of classes, at least 2; exactly 10 for `"published"`, which has codes for
            the ten digits only.
        seed: A non-negative integer; the weights at the start are a function of it.

    Returns:
        A Keras model from `(batch, *input_shape)` to logits of shape `(batch, classes)`. Its layers
        have the names of the table; in `"published"`, the layer `logits` follows `output`.

    Raises:
        ValueError: If an argument is not as said above.

    Example:
        >>> from nncourse.models import LeNet5
        >>> LeNet5().count_params()
        61706
        >>> LeNet5(input_shape=(32, 32, 3)).count_params()
        62006
        >>> published = LeNet5("published")
        >>> sum(layer.count_params() for layer in published.layers if layer.name != "output")
        60000

    Reference:
        LeCun, Bottou, Bengio and Haffner (1998), "Gradient-based learning applied to document
        recognition", section II.B. Taught in the chapter *Convolutional networks*.
    """
    if variant not in ("dense", "published"):
        raise ValueError(f"`variant` must be 'dense' or 'published'. Received: variant={variant!r}")
    height, width, _ = image_shape(input_shape)
    if min(height, width) < _SMALLEST:
        raise ValueError(
            f"LeNet-5 needs images of at least {_SMALLEST}x{_SMALLEST} pixels. "
            f"Received: input_shape={input_shape!r}"
        )
    integer("classes", classes, at_least=2)
    if variant == "published" and classes != len(DIGIT_CODES):
        raise ValueError(
            "The variant 'published' has codes for the ten digits only, so `classes` must be 10. "
            f"Received: classes={classes!r}"
        )
    supply = seeds(seed)

    def trained(name):
        initializer = keras.initializers.LecunUniform(seed=next(supply))
        return {"activation": scaled_tanh, "kernel_initializer": initializer, "name": name}

    inputs = keras.Input(input_shape, name="image")
    x = layers.Conv2D(6, 5, **trained("C1"))(inputs)
    if variant == "dense":
        x = layers.AveragePooling2D(2, name="S2")(x)
        x = layers.Conv2D(16, 5, **trained("C3"))(x)
        x = layers.AveragePooling2D(2, name="S4")(x)
    else:
        x = TrainableSubsampling(activation=scaled_tanh, name="S2")(x)
        x = ConnectionTableConv2D(_C3_CONNECTIONS, 5, **trained("C3"))(x)
        x = TrainableSubsampling(activation=scaled_tanh, name="S4")(x)
    x = layers.Conv2D(120, 5, **trained("C5"))(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(84, **trained("F6"))(x)
    if variant == "dense":
        start = keras.initializers.LecunUniform(seed=next(supply))
        logits = layers.Dense(classes, kernel_initializer=start, name="output")(x)
    else:
        distances = RadialBasis(DIGIT_CODES, name="output")(x)
        logits = layers.Rescaling(-1.0, name="logits")(distances)
    return keras.Model(inputs, logits, name=f"lenet5_{variant}")
