"""`NeuralGPU` against its equations in NumPy, and that it learns."""

import keras
import numpy as np
import pytest
from keras import ops

from nncourse.datasets import make_binary_arithmetic
from nncourse.models import NeuralGPU
from tests.checks import check_model

MAPS = 7  # not a multiple of three: two up, two down, three that stay
X = np.random.default_rng(0).integers(5, size=(4, 6))


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def made(**options):
    """A model with weights so large that all its functions are also used where they are flat."""
    model = NeuralGPU(**{"symbols": 5, "answers": 3, "maps": MAPS} | options)
    rng = np.random.default_rng(1)
    for weight in model.trainable_weights:
        weight.assign(0.6 * rng.normal(size=weight.shape))
    return model


def loss():
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


# --- the equations, cell by cell, in double precision --------------------------------------------


def hard_tanh(z):
    return np.minimum(1, np.maximum(-1, z))


def hard_sigmoid(z):
    return (hard_tanh(z) + 1) / 2


def convolved(tape, kernel, bias):
    """`kernel` `(3, maps, maps)` over one tape, the cell before first."""
    result = np.zeros(tape.shape) + bias
    for cell in range(len(tape)):
        for place in range(3):
            if 0 <= cell + place - 1 < len(tape):
                result[cell] += tape[cell + place - 1] @ kernel[place]
    return result


def by_hand(model, symbols, masks=None):
    """The tapes of one row from the start on, and the mean excess of what saturates."""
    cell = model.recurrence.cell
    gates, b_gates = (w.astype(float) for w in cell.gates.get_weights())
    kernel, bias = (w.astype(float) for w in cell.candidate.get_weights())
    gates, kernel = gates.reshape(3, MAPS, 2 * MAPS), kernel.reshape(3, MAPS, MAPS)
    tape = hard_tanh(model.embedding.get_weights()[0].astype(float)[symbols])
    tapes, excess = [tape], 0
    for t in range(len(symbols)):
        z_u = convolved(tape, gates[..., :MAPS], b_gates[:MAPS])
        z_r = convolved(tape, gates[..., MAPS:], b_gates[MAPS:])
        z = convolved(hard_sigmoid(z_r) * tape, kernel, bias)
        moved = np.zeros(tape.shape)
        moved[1:, :2], moved[:-1, 2:4], moved[:, 4:] = tape[:-1, :2], tape[1:, 2:4], tape[:, 4:]
        u = hard_sigmoid(z_u)
        if masks is not None:
            u = 1 - (1 - u) * masks[t]
        tape = u * moved + (1 - u) * hard_tanh(z)
        tapes.append(tape)
        excess += sum(np.maximum(0, abs(part) - 0.9).mean() for part in (z_u, z_r, z))
    return np.array(tapes), excess / len(symbols)


def test_equals_the_equations():
    model = made()
    tapes = np.array([by_hand(model, row)[0] for row in X])
    np.testing.assert_allclose(model.trace(X), tapes, atol=1e-4)
    kernel, bias = model.output_layer.get_weights()
    y = numpy(model(X))
    assert y.shape == (4, 6, 3) == model.compute_output_shape(X.shape)
    np.testing.assert_allclose(y, tapes[:, -1] @ kernel + bias, atol=1e-3)
    assert np.abs(tapes).max() == 1  # some of it is where the functions are flat, not all
    assert 0.1 < (np.abs(tapes[:, -1]) < 1).mean() < 1


def test_in_training_what_saturates_costs():
    model = made(saturation_cost=0.3)
    excess = np.mean([by_hand(model, row)[1] for row in X])
    assert excess > 0.1
    model(X)
    assert model.losses == []
    model(X, training=True)
    assert float(numpy(model.losses[0])) == pytest.approx(0.3 * excess, rel=1e-4)
    y = X % 3
    model.compile(keras.optimizers.SGD(0.0), loss())
    without = model.evaluate(X, y, verbose=0)
    history = model.fit(X, y, batch_size=4, verbose=0).history["loss"]
    assert history[0] == pytest.approx(without + 0.3 * excess, rel=1e-4)


def test_dropout_leaves_the_same_maps_as_they_were_in_all_cells_of_a_tape():
    model = made(dropout=0.5)
    np.testing.assert_array_equal(model.trace(X), made().trace(X))  # none outside of training
    steps = numpy(model._run(X, training=True)[0])
    masks_seen = set()
    for row, tapes in zip(X, steps, strict=True):
        masks = []
        before = by_hand(model, row)[0][0]
        for after in tapes:
            # A map that was dropped holds in each cell what was moved there.
            moved = np.zeros(before.shape)
            moved[1:, :2], moved[:-1, 2:4], moved[:, 4:] = (
                before[:-1, :2],
                before[1:, 2:4],
                before[:, 4:],
            )
            left = np.isclose(after, moved, atol=1e-6).all(axis=0)
            masks.append(np.where(left, 0, 2))  # 2 = 1 / (1 - 0.5)
            before = after
        np.testing.assert_allclose(tapes, by_hand(model, row, masks)[0][1:], atol=2e-3)
        masks_seen |= {tuple(mask) for mask in masks}
        assert 0.1 < np.mean(masks) / 2 < 0.9
    assert len(masks_seen) > 12  # of 4 rows and 6 steps


# --- as a model ----------------------------------------------------------------------------------


def test_it_saves_and_loads(tmp_path):
    check_model(made(dropout=0.1, saturation_cost=0.5, seed=3), X, tmp_path)


def test_every_argument_comes_back_from_the_config():
    options = {
        "symbols": 2,
        "answers": 4,
        "maps": 3,
        "dropout": 0.25,
        "saturation_cost": 0,
        "seed": 9,
    }
    config = NeuralGPU(**options).get_config()
    assert {name: config[name] for name in options} == options


def test_a_gradient_reaches_every_weight_and_other_lengths_are_served():
    model = made(dropout=0.2)
    model.compile(keras.optimizers.SGD(0.1), loss(), jit_compile=False)
    before = model.get_weights()[: len(model.trainable_weights)]
    model.fit(X, X % 3, batch_size=4, verbose=0)
    for weight, old in zip(model.trainable_weights, before, strict=True):
        assert (numpy(weight) != old).any(), weight.path
    assert numpy(model(np.zeros((2, 9), int))).shape == (2, 9, 3)


def test_at_the_start_the_gates_let_most_pass():
    bias = NeuralGPU(4, 2, maps=5).recurrence.cell.gates.get_weights()[1]
    np.testing.assert_allclose(bias, [0.7] * 5 + [0.5] * 5)


def test_it_learns_to_add_short_numbers():
    """And adds longer ones than it was shown far more often than by chance."""
    keras.utils.set_random_seed(0)
    model = NeuralGPU(symbols=4, answers=2)
    x, y = make_binary_arithmetic(32 * 200, max_bits=4, structured=0.3)
    optimizer = keras.optimizers.Adamax(0.01, beta_2=0.99, global_clipnorm=1.0)
    compiled = keras.backend.backend() != "torch"  # which compiles step by step, for minutes
    model.compile(optimizer, loss(), jit_compile=compiled)

    def share_right(bits):
        x, y = make_binary_arithmetic(256, min_bits=bits, max_bits=bits, seed=1)
        return (numpy(model(x)).argmax(axis=-1) == y).all(axis=1).mean()

    assert max(share_right(bits) for bits in (4, 6)) < 0.05
    model.fit(x, y, shuffle=False, verbose=0)
    assert share_right(4) > 0.95
    assert share_right(6) > 0.2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"symbols": 0}, "`symbols` must be an integer of at least 1. Received: symbols=0"),
        ({"answers": 0.5}, "`answers` must be an integer of at least 1. Received: answers=0.5"),
        ({"maps": 2}, "`maps` must be an integer of at least 3. Received: maps=2"),
        ({"dropout": 1.0}, "`dropout` must be at least 0 and below 1. Received: dropout=1.0"),
        (
            {"saturation_cost": -0.1},
            "`saturation_cost` must be a number of at least 0. Received: saturation_cost=-0.1",
        ),
        (
            {"saturation_cost": "no"},
            "`saturation_cost` must be a number of at least 0. Received: saturation_cost='no'",
        ),
        ({"seed": -1}, "`seed` must be an integer of at least 0. Received: seed=-1"),
    ],
)
def test_bad_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        NeuralGPU(**{"symbols": 5, "answers": 3} | options)


@pytest.mark.parametrize("x", [np.zeros(3, int), np.zeros((2, 0), int), np.array([[1, 5]])])
def test_a_trace_is_of_tapes(x):
    message = r"`x` must be of shape \(batch, cells\), with symbols from 0 to 4. Received: x of sh"
    with pytest.raises(ValueError, match=message):
        made().trace(x)
