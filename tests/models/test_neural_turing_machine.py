"""`NeuralTuringMachine`: its cell in a loop, its trace, and that it learns."""

import keras
import numpy as np
import pytest
from keras import ops

from nncourse import datasets
from nncourse.models import NeuralTuringMachine
from tests.checks import check_model

COPY = datasets.make_copy(batch=4, min_length=1, max_length=6, bits=5, seed=0)


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def made(**options):
    keras.utils.set_random_seed(0)
    small = {"memory_slots": 16, "memory_width": 8, "controller": 32}
    return NeuralTuringMachine(input_dim=7, output_dim=5, **small | options)


def test_its_outputs_are_the_cells_as_probabilities():
    model = made()
    x = COPY[0]
    y = numpy(model(x))
    logits = numpy(keras.layers.RNN(model.cell, return_sequences=True)(x))
    assert y.shape == (4, 14, 5) == model.compute_output_shape(x.shape)
    np.testing.assert_allclose(y, 1 / (1 + np.exp(-logits)), atol=1e-6)


def test_it_trains_compiled_and_serves_other_lengths():
    x, y, mask = COPY
    model = made()
    compiled = keras.backend.backend() != "torch"  # which compiles step by step, for minutes
    model.compile("adam", "binary_crossentropy", jit_compile=compiled)
    before = model.get_weights()
    losses = [model.fit(x, y, sample_weight=mask, verbose=0).history["loss"][0] for _ in range(3)]
    assert losses[2] < losses[0]
    assert all((w != old).any() for w, old in zip(model.get_weights(), before, strict=True))
    assert numpy(model(np.zeros((2, 17, 7), "float32"))).shape == (2, 17, 5)


def test_the_trace_is_what_the_cell_remembers_step_by_step():
    model = made(read_heads=3, write_heads=2)
    x = COPY[0][:2, :5]
    trace = model.trace(x)
    assert trace.read_weights.shape == (2, 5, 3, 16)
    assert trace.write_weights.shape == (2, 5, 2, 16)
    assert trace.memory.shape == (2, 5, 16, 8)
    for weights in trace[:2]:
        assert (weights >= 0).all()
        np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-5)
    loop = keras.layers.RNN(model.cell, return_state=True)
    for steps in (1, 5):
        after = model.cell.unpack(loop(x[:, :steps])[1:])
        for name in trace._fields:
            at_step = getattr(trace, name)[:, steps - 1]
            np.testing.assert_allclose(numpy(getattr(after, name)), at_step, atol=1e-5)


@pytest.mark.parametrize(
    "options",
    [{"read_heads": 2, "shift_range": 2}, {"controller": "dense"}],
    ids=["units", "dense"],
)
def test_it_saves_and_loads(options, tmp_path):
    if "controller" in options:
        options = {"controller": keras.layers.Dense(9, activation="tanh")}
    model = made(**options)
    check_model(model, COPY[0][:, :4], tmp_path)


def test_the_random_seed_is_a_start():
    for weight, same in zip(made().get_weights(), made().get_weights(), strict=True):
        np.testing.assert_array_equal(weight, same)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"input_dim": 0}, "`input_dim` must be an integer of at least 1. Received: input_dim=0"),
        ({"output_dim": 0}, "`output_dim` must be a positive integer. Received: output_dim=0"),
        ({"read_heads": 0}, "`read_heads` must be a positive integer. Received: read_heads=0"),
        ({"memory_slots": 2}, "Received: shift_range=1, memory_slots=2"),
        ({"controller": None}, "`controller` must be a positive integer"),
    ],
)
def test_bad_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        NeuralTuringMachine(**{"input_dim": 7, "output_dim": 5} | options)


@pytest.mark.parametrize("shape", [(4, 7), (4, 0, 7), (4, 5, 6)])
def test_a_trace_is_of_sequences(shape):
    with pytest.raises(ValueError, match=r"`x` must be of shape \(batch, time, 7\)"):
        made().trace(np.zeros(shape, "float32"))


def test_inputs_of_another_width_are_refused():
    with pytest.raises(ValueError, match="expected axis -1 of input shape to have value 7"):
        made()(np.zeros((4, 5, 6), "float32"))
