"""Sizes: of what a convolution, a pooling or a transposed convolution puts out, and of its weights.

Along one axis; the axes of an image do not interact. Taught in the chapter *Convolution
arithmetic*, whose relationships are those of Dumoulin and Visin (2016), "A guide to convolution
arithmetic for deep learning".
"""

from dataclasses import dataclass

from nncourse.scratch._image_checks import pair, whole


def conv_output_size(size, kernel, stride=1, padding=0, dilation=1) -> int:
    r"""How many places a kernel has along an axis.

    $$o = \left\lfloor \frac{i + 2p - k_d}{s} \right\rfloor + 1, \qquad k_d = d\,(k - 1) + 1.$$

    Relationships 1 to 6 are the cases of it.

    Args:
        size: i, the size of the input, 1 or more.
        kernel: k, the size of the kernel, 1 or more.
        stride: s, the step from place to place, 1 or more.
        padding: p, the zeros on each side, 0 or more; or `"half"`, which keeps the size at stride
            1 and wants an odd kernel; or `"full"`, with which the kernel touches each pixel with
            each of its own.
        dilation: d, the distance of the kernel's own elements, 1 or more.

    Returns:
        The size of the output.

    Raises:
        ValueError: For a number out of range, half padding of an even kernel, or a (dilated)
            kernel that is larger than the padded input.

    Example:
        >>> from nncourse.scratch import conv_output_size
        >>> conv_output_size(5, kernel=3), conv_output_size(5, kernel=3, padding="half")
        (3, 5)
        >>> conv_output_size(6, kernel=3, stride=2, padding=1)  # the last column is left out
        3

    Reference:
        Dumoulin and Visin (2016), relationships 1 to 6 and, for dilation, 15.
    """
    size, kernel, stride = whole("size", size), whole("kernel", kernel), whole("stride", stride)
    reach = whole("dilation", dilation) * (kernel - 1) + 1
    padded = size + 2 * padding_of(padding, reach)
    if reach > padded:
        raise ValueError(
            "`kernel` must not be larger than the padded input. "
            f"Received: a reach of {reach}, a padded input of {padded}"
        )
    return (padded - reach) // stride + 1


def pool_output_size(size, window, stride=None, padding=0) -> int:
    r"""How many places a pooling window has along an axis.

    $$o = \left\lfloor \frac{i + 2p - k}{s} \right\rfloor + 1$$

    Args:
        size: i, the size of the input, 1 or more.
        window: k, the size of the window, 1 or more.
        stride: s, 1 or more; that of the window if not given.
        padding: p, 0 or more and less than the window: one that lies wholly in the padding would
            have nothing to pool.

    Returns:
        The size of the output.

    Raises:
        ValueError: For a number out of range, or a window that is larger than the padded input.

    Example:
        >>> from nncourse.scratch import pool_output_size
        >>> pool_output_size(5, window=2), pool_output_size(5, window=3, stride=1)
        (2, 3)

    Reference:
        Dumoulin and Visin (2016), relationship 7, there without padding.
    """
    window, padding = whole("window", window), whole("padding", padding, at_least=0)
    if padding >= window:
        raise ValueError(f"`padding` must be less than the window. Received: {padding=}, {window=}")
    padded = whole("size", size) + 2 * padding
    if window > padded:
        raise ValueError(
            "`window` must not be larger than the padded input. "
            f"Received: {window=}, a padded input of {padded}"
        )
    return conv_output_size(size, window, window if stride is None else stride, padding)


def transposed_output_size(size, kernel, stride=1, padding=0, extra=0) -> int:
    r"""What a transposed convolution makes of an axis.

    $$o' = s\,(i' - 1) + a + k - 2p$$

    Relationships 8 to 14 are the cases of it. Each of the s values of a belongs to one of the s
    sizes that the direct convolution maps to the same i'.

    Args:
        size: i', the size of the transposed convolution's input, not stretched, 1 or more.
        kernel: k, the size of the kernel, 1 or more.
        stride: s, that of the *direct* convolution, 1 or more.
        padding: p, that of the *direct* convolution, from 0 to k - 1, or `"half"` or `"full"`.
        extra: a, the rows at the far end that the direct convolution left out, from 0 to s - 1.

    Returns:
        The size of the output.

    Raises:
        ValueError: For a number out of range, or an output of size 0 or less.

    Example:
        >>> from nncourse.scratch import transposed_output_size
        >>> [transposed_output_size(3, kernel=3, stride=2, padding=1, extra=a) for a in (0, 1)]
        [5, 6]

    Reference:
        Dumoulin and Visin (2016), relationships 8 to 14.
    """
    size, kernel, stride = whole("size", size), whole("kernel", kernel), whole("stride", stride)
    padding, extra = padding_of(padding, kernel), whole("extra", extra, at_least=0)
    if padding >= kernel:
        raise ValueError(
            "`padding` must be less than the kernel: the transposed convolution pads "
            f"kernel - padding - 1 zeros. Received: {padding=}, {kernel=}"
        )
    if extra >= stride:
        raise ValueError(f"`extra` must be less than the stride. Received: {extra=}, {stride=}")
    output = stride * (size - 1) + extra + kernel - 2 * padding
    if output < 1:
        raise ValueError(
            "`size` must be large enough for an output of 1 or more. "
            f"Received: {size=}, which would give {output}"
        )
    return output


@dataclass(frozen=True)
class TransposedConv:
    """A transposed convolution, as the direct one that computes it.

    Attributes:
        input_size: i', what it gets: the size of the direct convolution's output.
        stretched_size: That with stride - 1 zeros between any two of its elements.
        kernel: k' = k; the kernel itself is turned by 180 degrees.
        stride: s' = 1.
        padding: p' = k - p - 1 zeros on each side of the stretched input.
        extra: a, so many more zeros at the far end (below, on the right).
        output_size: o', what it puts out: the size of the direct convolution's input.

    Example:
        >>> from nncourse.scratch import transposed_conv
        >>> transposed_conv(4, kernel=3)  # of the convolution of 4 to 2
        TransposedConv(input_size=2, stretched_size=2, kernel=3, stride=1, padding=2, extra=0,
                       output_size=4)
    """

    input_size: int
    stretched_size: int
    kernel: int
    stride: int
    padding: int
    extra: int
    output_size: int


def transposed_conv(size, kernel, stride=1, padding=0) -> TransposedConv:
    r"""The transpose of a convolution, as a convolution.

    $$i' = o, \quad k' = k, \quad s' = 1, \quad p' = k - p - 1, \quad
    a = (i + 2p - k) \bmod s, \quad o' = s\,(i' - 1) + a + k - 2p = i.$$

    Args:
        size: i, the size of the *direct* convolution's input, 1 or more.
        kernel: k, the size of its kernel, 1 or more.
        stride: s, its stride, 1 or more.
        padding: p, its padding, from 0 to k - 1, or `"half"` or `"full"`.

    Returns:
        A `TransposedConv`.

    Raises:
        ValueError: For a number out of range, or a kernel that is larger than the padded input.

    Example:
        >>> from nncourse.scratch import transposed_conv
        >>> transposed_conv(5, kernel=3, stride=2).stretched_size  # 2 elements and a zero
        3
        >>> transposed_conv(6, kernel=3, stride=2, padding=1).extra
        1

    Reference:
        Dumoulin and Visin (2016), chapter 4.
    """
    output = conv_output_size(size, kernel, stride, padding)
    padding = padding_of(padding, kernel)
    extra = (size + 2 * padding - kernel) % stride
    return TransposedConv(
        input_size=output,
        stretched_size=output + (output - 1) * (stride - 1),
        kernel=int(kernel),
        stride=1,
        padding=kernel - padding - 1,
        extra=int(extra),
        output_size=transposed_output_size(output, kernel, stride, padding, extra),
    )


def parameter_count(kernel_size, channels, filters, bias=True) -> int:
    r"""How many weights a convolutional layer has: $k^2 c f + f$, whatever the size of its input.

    Args:
        kernel_size: k, or `(height, width)` of the kernel, each 1 or more.
        channels: c, those of the input, 1 or more.
        filters: f, 1 or more.
        bias: Whether each filter has one.

    Raises:
        ValueError: For a number out of range.

    Example:
        >>> from nncourse.scratch import parameter_count
        >>> parameter_count(5, channels=3, filters=10)
        760

    Taught in the chapter *Convolutional networks*.
    """
    height, width = pair("kernel_size", kernel_size)
    channels, filters = whole("channels", channels), whole("filters", filters)
    return height * width * channels * filters + (filters if bias else 0)


def padding_of(padding, kernel: int) -> int:
    """The zeros on each side, where `padding` may be a number or the name of one."""
    if padding == "full":
        return kernel - 1
    if padding == "half":
        if kernel % 2 == 0:
            raise ValueError(
                "`padding` can be 'half' for an odd kernel only: an even one has no center. "
                f"Received: a kernel of {kernel}"
            )
        return kernel // 2
    if isinstance(padding, str):
        raise ValueError(f"`padding` must be a number, 'half' or 'full'. Received: {padding=}")
    return whole("padding", padding, at_least=0)
