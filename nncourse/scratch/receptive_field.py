"""The part of the input that a unit of a convolutional network sees."""

from dataclasses import dataclass

from nncourse.scratch._image_checks import whole
from nncourse.scratch.arithmetic import padding_of

_KEYS = {"kernel", "stride", "padding", "dilation"}


@dataclass(frozen=True)
class ReceptiveField:
    """What the units of a layer see of the input, along one axis.

    Attributes:
        size: The size of one unit's field, in pixels.
        jump: How far apart the fields of neighboring units are, in pixels.
        start: The center of the first unit's field: 0 is the center of the first pixel, and a
            field of even size is centered between two pixels. Padding can make it negative.

    Example:
        >>> from nncourse.scratch import ReceptiveField
        >>> ReceptiveField(size=4, jump=2, start=0.5).pixels(3)
        (5, 8)
    """

    size: int
    jump: int
    start: float

    def pixels(self, unit: int) -> tuple[int, int]:
        """The first and the last pixel that a unit sees; outside the input they are padding."""
        first = self.start + unit * self.jump - (self.size - 1) / 2
        return int(first), int(first) + self.size - 1


def receptive_field(layers) -> list[ReceptiveField]:
    r"""The receptive field after each layer of a stack of convolutions and poolings.

    $$r_l = r_{l-1} + (k_l - 1)\, d_l\, j_{l-1}, \qquad j_l = s_l\, j_{l-1}, \qquad
    c_l = c_{l-1} + \Bigl(\tfrac{(k_l - 1)\, d_l}{2} - p_l\Bigr) j_{l-1},$$

    from $r_0 = j_0 = 1$ and $c_0 = 0$: the size r grows by a constant with every layer of stride
    1, and exponentially with the number of strides, since the jump j multiplies.

    Args:
        layers: A dict for each layer, first layer first, with its `kernel` and, where they are
            not 1, 0 and 1, its `stride`, `padding` (a number, `"half"` or `"full"`) and
            `dilation`.

    Returns:
        A `ReceptiveField` for each layer.

    Raises:
        ValueError: For no layer, an unknown or missing key, or a number out of range.

    Example:
        >>> from nncourse.scratch import receptive_field
        >>> [field.size for field in receptive_field([{"kernel": 3}] * 3)]
        [3, 5, 7]
        >>> receptive_field([{"kernel": 3, "padding": 1}, {"kernel": 2, "stride": 2}])[-1]
        ReceptiveField(size=4, jump=2, start=0.5)

    Reference:
        Araujo, Norris and Sim (2019), "Computing receptive fields of convolutional neural
        networks". Taught in the chapter *Convolution arithmetic*.
    """
    size, jump, start = 1, 1, 0.0
    fields = []
    for index, layer in enumerate(layers):
        if not {"kernel"} <= set(layer) <= _KEYS:
            raise ValueError(
                "Each of `layers` must be a dict with 'kernel' and at most "
                f"{sorted(_KEYS - {'kernel'})}. Received: layers[{index}]={layer!r}"
            )
        kernel = whole("kernel", layer["kernel"])
        span = (kernel - 1) * whole("dilation", layer.get("dilation", 1))  # of the kernel, less 1
        start += (span / 2 - padding_of(layer.get("padding", 0), span + 1)) * jump
        size += span * jump
        jump *= whole("stride", layer.get("stride", 1))
        fields.append(ReceptiveField(size, jump, start))
    if not fields:
        raise ValueError("`layers` must hold one layer or more. Received: none")
    return fields
