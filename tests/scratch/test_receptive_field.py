import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import signal

from nncourse.scratch import ReceptiveField, conv_output_size, receptive_field

layer = st.fixed_dictionaries(
    {"kernel": st.integers(1, 4)},
    optional={
        "stride": st.integers(1, 3),
        "padding": st.integers(0, 3),
        "dilation": st.integers(1, 3),
    },
)
stacks = st.lists(layer, min_size=1, max_size=4)


def pixels_seen(layers, unit):
    """Follows the connections of a unit downwards, one by one, as if nothing had an end."""
    seen = {unit}
    for layer in reversed(layers):
        s, p, d = layer.get("stride", 1), layer.get("padding", 0), layer.get("dilation", 1)
        seen = {s * place - p + d * u for place in seen for u in range(layer["kernel"])}
    return seen


@given(stacks, st.integers(0, 5))
@settings(max_examples=200, deadline=None)
def test_it_spans_the_pixels_at_the_end_of_the_connections(layers, unit):
    fields = receptive_field(layers)
    assert len(fields) == len(layers)
    for depth, field in enumerate(fields, start=1):
        seen = pixels_seen(layers[:depth], unit)
        assert field.pixels(unit) == (min(seen), max(seen))
        assert field.size == max(seen) - min(seen) + 1
        neighbor = pixels_seen(layers[:depth], unit + 1)
        assert field.jump == min(neighbor) - min(seen)
        middle = (min(seen) + max(seen)) / 2
        assert field.start + unit * field.jump == middle


def run(x, layers):
    """A stack with kernels of ones, which can't cancel anything."""
    for layer in layers:
        kernel = np.zeros((1, layer.get("dilation", 1) * (layer["kernel"] - 1) + 1))
        kernel[:, :: layer.get("dilation", 1)] = 1
        p = layer.get("padding", 0)
        x = signal.correlate2d(np.pad(x, ((0, 0), (p, p))), kernel, mode="valid")
        x = x[:, :: layer.get("stride", 1)]
    return x[0]


@given(stacks, st.integers(1, 40), st.data())
@settings(max_examples=100, deadline=None)
def test_only_the_pixels_of_the_field_move_a_unit(layers, size, data):
    outputs = size
    for layer in layers:
        reach = layer.get("dilation", 1) * (layer["kernel"] - 1) + 1
        assume(reach <= outputs + 2 * layer.get("padding", 0))
        outputs = conv_output_size(outputs, **layer)
    unit = data.draw(st.integers(0, outputs - 1))
    answers = np.array([run(poke[None], layers) for poke in np.eye(size)])
    assert answers.shape == (size, outputs)
    moving = np.flatnonzero(answers[:, unit])
    first, last = receptive_field(layers)[-1].pixels(unit)
    assert all(first <= pixel <= last for pixel in moving)
    if all("padding" not in layer for layer in layers):  # else an end may be beyond the image
        assert (moving[0], moving[-1]) == (first, last)


def test_it_grows_linearly_with_layers_and_exponentially_with_strides():
    fields = receptive_field([{"kernel": 3}] * 8)
    assert [field.size for field in fields] == [3, 5, 7, 9, 11, 13, 15, 17]
    fields = receptive_field([{"kernel": 3, "stride": 2}] * 8)
    assert [field.size for field in fields] == [2 ** (n + 1) - 1 for n in range(1, 9)]
    fields = receptive_field([{"kernel": 3, "dilation": 2**n} for n in range(8)])
    assert [field.size for field in fields] == [2 ** (n + 1) - 1 for n in range(1, 9)]


def test_the_published_field_of_vgg16():
    """Araujo and others (2019): size 212, stride 32, effective padding 90."""
    convolution = {"kernel": 3, "padding": "half"}
    pooling = {"kernel": 2, "stride": 2}
    layers = [layer for n in (2, 2, 3, 3, 3) for layer in [convolution] * n + [pooling]]
    field = receptive_field(layers)[-1]
    assert (field.size, field.jump) == (212, 32)
    assert field.pixels(0) == (-90, 121)


def test_padding_by_name():
    by_name = receptive_field([{"kernel": 3, "dilation": 2, "padding": "half"}] * 2)
    assert by_name == receptive_field([{"kernel": 3, "dilation": 2, "padding": 2}] * 2)
    full = receptive_field([{"kernel": 4, "padding": "full"}])
    assert full == [ReceptiveField(size=4, jump=1, start=-1.5)]
    assert full[0].pixels(0) == (-3, 0)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([], "`layers` must hold one layer or more"),
        ([{"stride": 2}], r"must be a dict with 'kernel'.*layers\[0\]=\{'stride': 2\}"),
        ([{"kernel": 3}, {"kernel": 3, "strides": 2}], r"layers\[1\]=.*'strides'"),
        ([{"kernel": 0}], "`kernel` must be a positive integer"),
        ([{"kernel": 3, "stride": 0}], "`stride` must be a positive integer"),
        ([{"kernel": 3, "padding": -1}], "`padding` must be an integer of 0 or more"),
        ([{"kernel": 4, "padding": "half"}], "'half' for an odd kernel"),
        ([{"kernel": 3, "padding": "same"}], "a number, 'half' or 'full'"),
        ([{"kernel": 3, "dilation": 0}], "`dilation` must be a positive integer"),
    ],
)
def test_bad_input(layers, message):
    with pytest.raises(ValueError, match=message):
        receptive_field(layers)
