"""The exercises of the chapter *Convolution arithmetic*."""

import numpy as np

from nncourse.assignments._exercise import Exercise
from nncourse.assignments._kernel_places import COUNT_STAMPS, MATRIX_ROW
from nncourse.scratch import conv_output_size, receptive_field, transposed_conv

# --- the output of a stack -------------------------------------------------------------------


def _stack_output_size(size, layers):
    for kernel, stride, padding in layers:
        size = conv_output_size(size, kernel, stride, padding)
    return size


def _stack(size, layers, step):
    """What becomes of a size if each layer makes `step(size, k, s, p)` of it."""
    for layer in layers:
        size = step(size, *layer)
    return size


def _stacks(rng: np.random.Generator) -> list[tuple]:
    def layer():
        kernel = int(rng.integers(2, 8))
        return kernel, int(rng.integers(1, 4)), int(rng.integers(0, kernel))

    def case():
        return int(rng.integers(200, 400)), [layer() for _ in range(rng.integers(2, 5))]

    return [
        (5, [(3, 2, 1)]),
        (6, [(3, 2, 1)]),
        (227, [(11, 4, 0), (3, 2, 0), (5, 1, 2), (3, 2, 0)]),
        *(case() for _ in range(9)),
    ]


_STACK_OUTPUT_SIZE = Exercise(
    "convolution_arithmetic.stack_output_size",
    solution=_stack_output_size,
    cases=_stacks,
    rtol=0,
    hint="Apply relationship 6 layer by layer: (size + 2 * padding - kernel) // stride + 1 is the "
    "size that the next layer gets.",
    mistakes=(
        (
            lambda size, layers: _stack(size, layers, lambda i, k, s, p: (i + 2 * p - k) // s),
            "The first place of the kernel counts too: one more than the steps.",
        ),
        (
            lambda size, layers: _stack(size, layers, lambda i, k, s, p: (i + p - k) // s + 1),
            "The padding is on both sides of the input: 2 * padding.",
        ),
        (
            lambda size, layers: _stack(
                size, layers, lambda i, k, s, p: -(-(i + 2 * p - k) // s) + 1
            ),
            "A step that leads past the end is no step: round down.",
        ),
        (
            lambda size, layers: _stack(size, layers, lambda i, k, s, p: (i + 2 * p - k) / s + 1),
            "Sizes are whole numbers: // divides and rounds down.",
        ),
        (
            lambda size, layers: _stack(size, layers, lambda i, k, s, p: (i - k) // s + 1),
            "The padding is missing.",
        ),
        (
            lambda size, layers: _stack_output_size(size, layers[-1:]),
            "Each layer gets what the layer before it puts out, not the first input.",
        ),
    ),
)

# --- the padding that keeps the size ---------------------------------------------------------


def _same_padding(kernel, dilation):
    return dilation * (kernel - 1) // 2


_SAME_PADDING = Exercise(
    "convolution_arithmetic.same_padding",
    solution=_same_padding,
    cases=lambda rng: [
        (1, 1),
        (3, 1),
        (3, 2),
        (5, 3),
        *((int(2 * n + 1), int(d)) for n, d in rng.integers((2, 1), (30, 9), (10, 2))),
    ],
    rtol=0,
    hint="The dilated kernel reaches over dilation * (kernel - 1) + 1 pixels. The output is as "
    "large as the input if both paddings together are one less than that.",
    mistakes=(
        (
            lambda kernel, dilation: kernel // 2,
            "This is right without dilation. The kernel reaches over dilation * (kernel - 1) + 1.",
        ),
        (
            lambda kernel, dilation: dilation * (kernel - 1),
            "This is what both sides have together, or full padding on each of them.",
        ),
        (
            lambda kernel, dilation: dilation * kernel // 2,
            "A kernel of k elements has k - 1 gaps between them, and it is those that the "
            "dilation widens.",
        ),
        (
            lambda kernel, dilation: (dilation * (kernel - 1) + 1) / 2,
            "This is half a pixel too much: of the reach, one element stays on the image.",
        ),
    ),
)

# --- the transpose as a convolution ----------------------------------------------------------


def _transposed_geometry(i, k, s, p):
    turned = transposed_conv(i, k, s, p)
    return turned.input_size, turned.stretched_size, turned.padding, turned.extra


def _with(position, part):
    """The solution but for one of its numbers, which `part(numbers, i, k, s, p)` gives."""

    def mistake(i, k, s, p):
        numbers = list(_transposed_geometry(i, k, s, p))
        numbers[position] = part(numbers, i, k, s, p)
        return numbers

    return mistake


def _geometries(rng: np.random.Generator) -> list[tuple]:
    def case():
        k, s = int(rng.integers(2, 10)), int(rng.integers(1, 6))
        return int(rng.integers(k, 80)), k, s, int(rng.integers(0, k))

    return [(4, 3, 1, 0), (5, 3, 2, 0), (5, 3, 2, 1), (6, 3, 2, 1), *(case() for _ in range(10))]


_TRANSPOSED_GEOMETRY = Exercise(
    "convolution_arithmetic.transposed_geometry",
    solution=_transposed_geometry,
    cases=_geometries,
    rtol=0,
    hint="The answer is (i', stretched size, p', a), with i' the output size of the direct "
    "convolution, i' + (i' - 1)(s - 1) stretched, p' = k - p - 1 and a = (i + 2p - k) mod s.",
    mistakes=(
        (
            _with(1, lambda numbers, i, k, s, p: s * numbers[0]),
            "The zeros stand between the pixels: the last one has none behind it.",
        ),
        (
            _with(1, lambda numbers, i, k, s, p: numbers[0]),
            "With a stride, s - 1 zeros stand between any two pixels of the stretched input.",
        ),
        (
            _with(2, lambda numbers, i, k, s, p: k - 1),
            "The more the direct convolution pads, the less does its transpose: p' = k - p - 1.",
        ),
        (
            _with(2, lambda numbers, i, k, s, p: p),
            "p' is not p: where one pads fully, the other does not pad at all.",
        ),
        (
            _with(3, lambda numbers, i, k, s, p: (i - k) % s),
            "The rows that the direct convolution leaves out are those of the padded input.",
        ),
        (
            _with(3, lambda numbers, i, k, s, p: 0),
            "a is missing: what is left over when the kernel has made its last step.",
        ),
    ),
)

# --- the receptive field ---------------------------------------------------------------------


def _field(layers):
    last = receptive_field([{"kernel": kernel, "stride": stride} for kernel, stride in layers])[-1]
    return last.size, last.jump


def _jump_too_early(layers):
    size = jump = 1
    for kernel, stride in layers:
        jump *= stride
        size += (kernel - 1) * jump
    return size, jump


_RECEPTIVE_FIELD = Exercise(
    "convolution_arithmetic.field_of_stack",
    solution=_field,
    cases=lambda rng: [
        ([(3, 1)],),
        ([(3, 1), (3, 1), (3, 1)],),
        ([(2, 2), (3, 1)],),
        ([(3, 2), (3, 2), (3, 2)],),
        *(
            ([(int(k), int(s)) for k, s in rng.integers((2, 1), (8, 4), (layers, 2))],)
            for layers in rng.integers(2, 6, size=8)
        ),
    ],
    rtol=0,
    hint="The answer is (size, jump). Start with size = jump = 1; a layer adds (kernel - 1) * jump "
    "to the size and then multiplies the jump by its stride.",
    mistakes=(
        (
            _jump_too_early,
            "The kernel of a layer steps over the layer *below*: its own stride comes into the "
            "jump only after its kernel was added to the size.",
        ),
        (
            lambda layers: (1 + sum(k - 1 for k, s in layers), _field(layers)[1]),
            "Behind a stride, neighboring units are further apart than a pixel: a kernel adds "
            "(kernel - 1) * jump.",
        ),
        (
            lambda layers: (np.prod([k for k, s in layers]), _field(layers)[1]),
            "The fields of neighboring units overlap, so that sizes don't multiply.",
        ),
        (
            lambda layers: (_field(layers)[0], layers[-1][1]),
            "The jump is the product of all the strides so far, not the last one.",
        ),
        (
            lambda layers: _field(layers)[0],
            "The answer consists of two numbers: the size and the jump.",
        ),
    ),
)

EXERCISES = (
    _STACK_OUTPUT_SIZE,
    _SAME_PADDING,
    MATRIX_ROW,
    _TRANSPOSED_GEOMETRY,
    COUNT_STAMPS,
    _RECEPTIVE_FIELD,
)
