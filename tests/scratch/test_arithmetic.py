import itertools

import keras
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nncourse.scratch import (
    conv_output_size,
    parameter_count,
    pool_output_size,
    transposed_conv,
    transposed_output_size,
)

few = settings(max_examples=25, deadline=None)  # a layer of Keras is slow to make
sizes, kernels, steps = st.integers(1, 40), st.integers(1, 9), st.integers(1, 5)
axes = st.tuples(sizes, kernels, steps, st.integers(0, 8))


def places(i, k, s, p, d=1):
    """Counts: the kernel steps along the padded axis for as long as its last element is on it."""
    first = range(-p, i + p, s)
    return sum(start + d * (k - 1) < i + p for start in first)


def every_axis():
    for i, k, s in itertools.product(range(1, 41), range(1, 10), range(1, 6)):
        for p in range(k):
            if k <= i + 2 * p:
                yield i, k, s, p


def test_it_counts_the_places_of_the_kernel():
    for i, k, s, p in every_axis():
        assert conv_output_size(i, k, s, p) == places(i, k, s, p)
        assert pool_output_size(i, k, s, p) == places(i, k, s, p)


def test_every_relationship_is_a_case_of_it():
    for i, k in itertools.product(range(1, 41), range(1, 10)):
        if k <= i:
            assert conv_output_size(i, k) == i - k + 1
        for p in range(max(0, (k - i + 1) // 2), k):
            assert conv_output_size(i, k, padding=p) == i + 2 * p - k + 1
        if k % 2:
            assert conv_output_size(i, k, padding="half") == i
        assert conv_output_size(i, k, padding="full") == i + k - 1


@given(sizes, kernels, steps, st.integers(0, 8), st.integers(1, 4))
def test_a_dilated_kernel_reaches_further(i, k, s, p, d):
    assume(d * (k - 1) + 1 <= i + 2 * p)
    assert conv_output_size(i, k, s, p, d) == places(i, k, s, p, d)


@given(sizes, st.sampled_from([1, 3, 5]), st.integers(1, 4))
def test_half_and_full_padding_mean_the_dilated_kernel(i, k, d):
    assert conv_output_size(i, k, padding="half", dilation=d) == i
    assert conv_output_size(i, k, padding="full", dilation=d) == i + d * (k - 1)


def test_the_transpose_gives_back_the_size():
    for i, k, s, p in every_axis():
        turned = transposed_conv(i, k, s, p)
        assert turned.output_size == i
        assert turned.input_size == places(i, k, s, p)
        assert turned.stretched_size == len(("0" * (s - 1)).join("x" * turned.input_size))
        assert (turned.kernel, turned.stride, turned.padding) == (k, 1, k - p - 1)
        # the direct convolution of what is stretched, with the extra zeros on one side
        padded = turned.stretched_size + turned.extra
        assert places(padded, k, 1, turned.padding) == i


def test_the_extra_rows_tell_the_sizes_apart_that_a_convolution_merges():
    for k, s, p in itertools.product(range(1, 10), range(1, 6), range(9)):
        for o in range(1, 8):
            merged = [i for i in range(1, 60) if k <= i + 2 * p and places(i, k, s, p) == o]
            if p < k and len(merged) == s:  # not all of them are 1 or more for a small o
                made = [transposed_output_size(o, k, s, p, extra=a) for a in range(s)]
                assert made == merged


@given(vertical=axes, horizontal=axes)
@few
def test_convolution_equals_keras(vertical, horizontal):
    (h, m, s, p), (w, n, t, q) = vertical, horizontal
    assume(m <= h + 2 * p and n <= w + 2 * q)
    pad = keras.layers.ZeroPadding2D((p, q))
    layer = keras.layers.Conv2D(2, (m, n), (s, t))
    shape = layer.compute_output_shape(pad.compute_output_shape((1, h, w, 3)))
    assert shape == (1, conv_output_size(h, m, s, p), conv_output_size(w, n, t, q), 2)


@given(vertical=axes, horizontal=axes, dilation=st.tuples(st.integers(1, 4), st.integers(1, 4)))
@few
def test_dilation_equals_keras(vertical, horizontal, dilation):
    (h, m, _, p), (w, n, _, q) = vertical, horizontal  # Keras has no stride with a dilation
    d, e = dilation
    assume(d * (m - 1) < h + 2 * p and e * (n - 1) < w + 2 * q)
    layer = keras.layers.Conv2D(1, (m, n), dilation_rate=dilation)
    shape = layer.compute_output_shape((1, h + 2 * p, w + 2 * q, 1))
    expected = conv_output_size(h, m, 1, p, d), conv_output_size(w, n, 1, q, e)
    assert shape[1:3] == expected


@given(vertical=axes, horizontal=axes)
@few
def test_pooling_equals_keras(vertical, horizontal):
    (h, m, s, p), (w, n, t, q) = vertical, horizontal
    p, q = min(p, m - 1), min(q, n - 1)
    assume(m <= h + 2 * p and n <= w + 2 * q)
    layer = keras.layers.MaxPooling2D((m, n), (s, t))
    shape = layer.compute_output_shape((1, h + 2 * p, w + 2 * q, 3))
    assert shape == (1, pool_output_size(h, m, s, p), pool_output_size(w, n, t, q), 3)


@given(sizes, kernels)
@few
def test_a_pooling_steps_by_its_window_as_in_keras(size, window):
    assume(window <= size)
    layer = keras.layers.MaxPooling2D(window)
    assert layer.compute_output_shape((1, size, size, 1))[1] == pool_output_size(size, window)


@given(sizes, kernels, steps, st.integers(0, 8), st.integers(0, 4))
@few
def test_transposed_convolution_equals_keras(i, k, s, p, a):
    """Keras has no number for the padding: p rows of its `valid` output are cut off all around."""
    assume(p < k and a < s and s * (i - 1) + a + k > 2 * p)
    layer = keras.layers.Conv2DTranspose(1, k, s, padding="valid", output_padding=a)
    _, height, width, _ = layer.compute_output_shape((1, i, i, 1))
    assert height == width == transposed_output_size(i, k, s, p, a) + 2 * p


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_padding_same_of_keras_has_the_size_of_half_padding(stride):
    for i, k in itertools.product(range(1, 20), (1, 3, 5)):
        layer = keras.layers.Conv2D(1, k, stride, padding="same")
        shape = layer.compute_output_shape((1, i, i, 1))
        assert shape[1] == conv_output_size(i, k, stride, "half")


DIRECT = [  # i, k, s, p and o
    (4, 3, 1, 0, 2),
    (5, 4, 1, 2, 6),
    (5, 3, 1, 1, 5),
    (5, 3, 1, 2, 7),
    (5, 3, 2, 0, 2),
    (5, 3, 2, 1, 3),
    (6, 3, 2, 1, 3),
]
TRANSPOSED = [  # i', stretched, a, p' and o'
    (2, 2, 0, 2, 4),
    (6, 6, 0, 1, 5),
    (5, 5, 0, 1, 5),
    (7, 7, 0, 0, 5),
    (2, 3, 0, 2, 5),
    (3, 5, 0, 1, 5),
    (3, 5, 1, 1, 6),
]


@pytest.mark.parametrize(("direct", "transposed"), [*zip(DIRECT, TRANSPOSED, strict=True)])
def test_known_answers(direct, transposed):
    i, k, s, p, o = direct
    assert conv_output_size(i, k, s, p) == o
    turned = transposed_conv(i, k, s, p)
    assert transposed == (
        turned.input_size,
        turned.stretched_size,
        turned.extra,
        turned.padding,
        turned.output_size,
    )


def test_padding_by_name():
    assert conv_output_size(7, 5, 2, "half") == conv_output_size(7, 5, 2, 2)
    assert transposed_conv(7, 5, 2, "half") == transposed_conv(7, 5, 2, 2)
    assert transposed_conv(7, 4, 2, "full") == transposed_conv(7, 4, 2, 3)
    assert transposed_output_size(3, 5, 2, "full") == transposed_output_size(3, 5, 2, 4)


def test_parameters_of_the_known_layers():
    assert parameter_count(5, channels=3, filters=10) == 760
    assert parameter_count(3, channels=2, filters=3, bias=False) == 54
    assert 3 * parameter_count(3, 1, 1, bias=False) == 27
    assert parameter_count(7, 1, 1, bias=False) == 49


@given(st.tuples(kernels, kernels), st.integers(1, 4), st.integers(1, 4), st.booleans())
@few
def test_parameters_equal_keras(kernel_size, channels, filters, bias):
    layer = keras.layers.Conv2D(filters, kernel_size, use_bias=bias)
    layer.build((1, 9, 9, channels))
    assert parameter_count(kernel_size, channels, filters, bias) == layer.count_params()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: conv_output_size(0, 3), "`size` must be a positive integer. Received: size=0"),
        (lambda: conv_output_size(5.0, 3), "`size` must be a positive integer. Received: size=5.0"),
        (lambda: conv_output_size(5, 0), "`kernel` must be a positive integer"),
        (lambda: conv_output_size(5, 3, stride=0), "`stride` must be a positive integer.*=0"),
        (lambda: conv_output_size(5, 3, dilation=0), "`dilation` must be a positive integer"),
        (lambda: conv_output_size(5, 3, padding=-1), "`padding` must be an integer of 0 or more"),
        (lambda: conv_output_size(5, 3, padding=0.5), "`padding` must be an integer.*=0.5"),
        (lambda: conv_output_size(5, 3, padding="same"), "a number, 'half' or 'full'.*'same'"),
        (lambda: conv_output_size(5, 4, padding="half"), "'half' for an odd kernel.*kernel of 4"),
        (lambda: conv_output_size(2, 5, padding=1), "larger than the padded input.*of 5,.*of 4"),
        (lambda: conv_output_size(6, 4, dilation=2), "larger than the padded input.*reach of 7"),
        (lambda: pool_output_size(5, 0), "`window` must be a positive integer. Received: window=0"),
        (lambda: pool_output_size(5, 2, stride=0), "`stride` must be a positive integer"),
        (lambda: pool_output_size(5, 2, padding=2), "`padding` must be less than the window"),
        (lambda: pool_output_size(5, 2, padding="half"), "`padding` must be an integer.*'half'"),
        (lambda: pool_output_size(3, 4), "`window` must not be larger than the padded input"),
        (lambda: transposed_output_size(0, 3), "`size` must be a positive integer"),
        (lambda: transposed_output_size(2, 3, stride=-2), "`stride` must be a positive integer"),
        (lambda: transposed_output_size(2, 3, padding=3), "`padding` must be less than the kernel"),
        (lambda: transposed_output_size(2, 4, padding="half"), "'half' for an odd kernel"),
        (lambda: transposed_output_size(2, 3, 2, extra=2), "`extra` must be less than the stride"),
        (lambda: transposed_output_size(2, 3, 2, extra=-1), "`extra` must be an integer of 0"),
        (lambda: transposed_output_size(1, 3, padding=2), "would give -1"),
        (lambda: transposed_output_size(2, 3, padding=2), "would give 0"),
        (lambda: transposed_conv(5, 3, padding=3), "`padding` must be less than the kernel"),
        (lambda: transposed_conv(2, 3), "larger than the padded input"),
        (lambda: transposed_conv(5, 3, stride=0), "`stride` must be a positive integer"),
        (lambda: parameter_count(0, 1, 1), "`kernel_size` must be a positive integer"),
        (lambda: parameter_count((3, 3, 3), 1, 1), "`kernel_size` must be one number, or two"),
        (lambda: parameter_count(3, 0, 1), "`channels` must be a positive integer"),
        (lambda: parameter_count(3, 1, 0), "`filters` must be a positive integer"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
