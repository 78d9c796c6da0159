"""The exercises on where a kernel stands: a row of the matrix, and the stamps on an output."""

import numpy as np

from nncourse.assignments._exercise import Exercise, draw
from nncourse.scratch import conv_output_size, convolution_matrix

# --- a row of the matrix ---------------------------------------------------------------------


def _matrix_row(kernel, shape, stride, r):
    return convolution_matrix(kernel, shape, stride).toarray()[r]


def _row_at(kernel, shape, top, left):
    """The kernel with its corner at a pixel, as far as it is on the image."""
    m, n = kernel.shape
    canvas = np.zeros((shape[0] + top + m, shape[1] + left + n))
    canvas[top : top + m, left : left + n] = kernel
    return canvas[: shape[0], : shape[1]].ravel()


def _place(kernel, shape, stride, r):
    """The row and the column of output number r."""
    return divmod(r, conv_output_size(shape[1], kernel.shape[1], stride))


def _without_stride(kernel, shape, stride, r):
    return _row_at(kernel, shape, *_place(kernel, shape, stride, r))


def _as_if_outputs_were_as_wide_as_the_image(kernel, shape, stride, r):
    row, column = divmod(r, shape[1])
    return _row_at(kernel, shape, row * stride, column * stride)


def _column_by_column(kernel, shape, stride, r):
    row = _matrix_row(kernel, shape, stride, r)
    return row.reshape(shape).T.ravel()


def _rows(rng: np.random.Generator) -> list[tuple]:
    def case():
        kernel = draw(rng, *rng.integers(2, 4, 2))
        shape, stride = tuple(int(side) for side in rng.integers(5, 8, 2)), int(rng.integers(1, 4))
        outputs = convolution_matrix(kernel, shape, stride).shape[0]
        return kernel, shape, stride, int(rng.integers(outputs // 2, outputs))

    kernel = np.arange(1.0, 10.0).reshape(3, 3)
    examples = [(kernel, (4, 4), 1, 2), (kernel, (6, 5), 2, 3), (kernel, (3, 3), 1, 0)]
    return [*examples, *(case() for _ in range(9))]


MATRIX_ROW = Exercise(
    "convolution_arithmetic.matrix_row",
    solution=_matrix_row,
    cases=_rows,
    hint="Output r stands in row r // o and column r % o of the output, where o is how many "
    "outputs there are side by side. Put the kernel on an image of zeros, with its corner at "
    "stride times these two, and read the image row by row.",
    mistakes=(
        (
            _without_stride,
            "The stride is missing: from one output to the next the kernel moves by `stride`.",
        ),
        (
            _as_if_outputs_were_as_wide_as_the_image,
            "A row of the *output* has fewer numbers than a row of the image: it is by the former "
            "that r must be divided.",
        ),
        (
            lambda kernel, shape, stride, r: _matrix_row(kernel[::-1, ::-1], shape, stride, r),
            "The kernel is turned by 180 degrees. C takes it as it is.",
        ),
        (
            _column_by_column,
            "This reads the image column by column. C takes it row by row, as `ravel` does.",
        ),
        (
            lambda kernel, shape, stride, r: _matrix_row(kernel, shape, stride, r).reshape(shape),
            "The place of the kernel is right. A row of C is this image, read row by row.",
        ),
        (
            lambda kernel, shape, stride, r: _matrix_row(kernel, shape, stride, 0),
            "This is row 0 for every r.",
        ),
    ),
)

# --- stamps ----------------------------------------------------------------------------------


def _count_stamps(size, kernel, stride):
    counts = np.zeros(stride * (size - 1) + kernel)
    for i in range(size):
        counts[stride * i : stride * i + kernel] += 1
    return counts


COUNT_STAMPS = Exercise(
    "convolution_arithmetic.count_stamps",
    solution=_count_stamps,
    cases=lambda rng: [
        (2, 3, 1),
        (3, 3, 2),
        (4, 4, 2),
        (3, 2, 3),
        *(
            (int(size), int(kernel), int(stride))
            for size, kernel, stride in rng.integers((4, 2, 2), (30, 12, 6), (10, 3))
        ),
    ],
    rtol=0,
    hint="Pixel i puts the kernel on the outputs from stride * i to stride * i + kernel - 1. Start "
    "with stride * (size - 1) + kernel zeros and add 1 to these for each pixel.",
    mistakes=(
        (
            lambda size, kernel, stride: _count_stamps(size, kernel, 1),
            "The stride is missing: neighboring pixels stamp `stride` outputs apart.",
        ),
        (
            lambda size, kernel, stride: _count_stamps(size, kernel, stride)[: stride * size],
            "There are stride * (size - 1) + kernel outputs: the last stamp is a whole one.",
        ),
        (
            lambda size, kernel, stride: np.minimum(_count_stamps(size, kernel, stride), 1),
            "Where two stamps overlap they add up: += 1, not = 1.",
        ),
        (
            lambda size, kernel, stride: _count_stamps(kernel, size, stride),
            "The arguments are `size, kernel, stride`, in this order.",
        ),
        (
            lambda size, kernel, stride: np.full(stride * (size - 1) + kernel, kernel / stride),
            "This is the mean away from the ends. How often is each single output stamped?",
        ),
    ),
)
