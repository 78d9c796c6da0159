"""`ScheduledSampling` against a loop in NumPy's words, and against teacher forcing."""

import keras
import numpy as np
import pytest
from keras import ops

from nncourse.layers import ScheduledSampling
from tests.checks import check_model

IDS = np.random.default_rng(0).integers(0, 5, (6, 9))
CELLS = {
    "simple": lambda: keras.layers.SimpleRNNCell(7),
    "gru": lambda: keras.layers.GRUCell(7),
    "lstm": lambda: keras.layers.LSTMCell(7),
    "stacked": lambda: keras.layers.StackedRNNCells(
        [keras.layers.LSTMCell(7), keras.layers.GRUCell(4)]
    ),
}


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def made(cell="lstm", **options):
    keras.utils.set_random_seed(0)
    return ScheduledSampling(CELLS[cell](), symbols=5, **options)


def teacher_forced(layer, ids):
    """Keras's own loop over the given symbols, with the layer's weights."""
    hidden = keras.layers.RNN(layer.cell, return_sequences=True)(np.eye(5, dtype="float32")[ids])
    kernel, bias = layer.loop.cell.output_layer.get_weights()
    return numpy(hidden) @ kernel + bias


@pytest.mark.parametrize("cell", CELLS)
def test_outside_of_training_and_without_replacement_it_is_keras_rnn(cell):
    layer = made(cell, probability=1.0)
    never = made(cell, probability=0.0)
    outputs = numpy(layer(IDS))
    assert outputs.shape == (6, 9, 5) == tuple(layer.compute_output_shape((6, 9)))
    np.testing.assert_allclose(outputs, teacher_forced(layer, IDS), atol=1e-5)
    never(IDS)
    never.set_weights(layer.get_weights())
    np.testing.assert_allclose(numpy(never(IDS, training=True)), outputs, atol=1e-5)


@pytest.mark.parametrize("cell", CELLS)
def test_always_replaced_it_reads_what_it_drew(cell):
    """The outputs are those of one sequence of symbols: find it, step by step, by its outputs."""
    layer = made(cell, probability=1.0)
    layer(IDS)
    for weight in layer.trainable_weights:
        weight.assign(3 * weight)  # so that the symbols differ
    outputs = numpy(layer(IDS, training=True))
    read = IDS.copy()  # up to each step what was read; the rest has no influence on it
    for step in range(1, 9):
        options = np.repeat(read[np.newaxis], 5, axis=0)
        options[:, :, step] = np.arange(5)[:, np.newaxis]  # each could have been drawn
        results = teacher_forced(layer, options.reshape(30, 9))[:, step].reshape(5, 6, 5)
        errors = np.abs(results - outputs[:, step]).max(axis=-1)  # (symbols, batch)
        assert errors.min(axis=0).max() < 1e-4
        read[:, step] = errors.argmin(axis=0)
    assert (read != IDS).any()
    np.testing.assert_allclose(outputs[:, 0], teacher_forced(layer, IDS)[:, 0], atol=1e-5)


def drawn(source, bias, probability=1.0, sequences=4000, steps=1):
    """The symbols that a layer read after the first, whose logits are always `bias`.

    Its cell copies what it reads, so the hidden state tells the symbol.
    """
    cell = keras.layers.SimpleRNNCell(
        3, activation=None, kernel_initializer="identity", recurrent_initializer="zeros"
    )
    layer = ScheduledSampling(cell, symbols=3, probability=probability, source=source)
    given = np.zeros((sequences, 1 + steps), "int32")
    layer(given[:1])
    layer.loop.cell.output_layer.set_weights([1e-3 * np.eye(3), np.array(bias)])
    return np.argmax(numpy(layer(given, training=True))[:, 1:] - bias, axis=-1)


def test_symbols_are_drawn_from_the_models_own_distribution():
    p = np.array([0.2, 0.5, 0.3])
    shares = np.bincount(drawn("model", np.log(p))[:, 0], minlength=3) / 4000
    np.testing.assert_allclose(shares, p, atol=0.04)  # five standard errors


def test_uniform_sampling_does_not_ask_the_model():
    shares = np.bincount(drawn("uniform", np.log([0.01, 0.98, 0.01]))[:, 0], minlength=3) / 4000
    np.testing.assert_allclose(shares, 1 / 3, atol=0.04)


def test_the_share_that_is_replaced_is_the_probability():
    replaced = drawn("model", np.array([-30.0, 0.0, -30.0]), probability=0.3)
    assert np.mean(replaced == 1) == pytest.approx(0.3, abs=0.04)
    assert np.mean(replaced == 0) == pytest.approx(0.7, abs=0.04)


@pytest.mark.parametrize(
    ("bias", "probability"),
    [([-30.0, 0.0, -30.0], 0.5), ([0.0, 0.0, 0.0], 1.0)],
    ids=["whether", "which"],
)
def test_every_step_has_a_chance_of_its_own(bias, probability):
    together = np.corrcoef(drawn("model", np.array(bias), probability, steps=3).T)
    np.testing.assert_allclose(together, np.eye(3), atol=0.08)  # five standard errors


def test_the_schedule_counts_training_steps():
    rising = keras.optimizers.schedules.PolynomialDecay(0.0, 4, 1.0)
    layer = made(probability=rising)
    given = numpy(layer(IDS))
    differing = []
    for _ in range(6):
        differing.append(np.abs(numpy(layer(IDS, training=True)) - given).max() > 1e-6)
        layer(IDS)  # is not counted
    assert not differing[0]
    assert all(differing[4:])
    assert int(layer.steps) == 6


def test_it_learns_saves_and_loads(tmp_path):
    """A cycle 0 1 2 3 4: every next symbol can be known, whatever is read."""
    keras.utils.set_random_seed(1)
    rising = keras.optimizers.schedules.PolynomialDecay(0.0, 25, 0.5)
    model = keras.Sequential([keras.Input((9,), dtype="int32"), made("gru", probability=rising)])
    model.compile(
        keras.optimizers.Adam(0.05), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    x = (np.arange(5)[:, np.newaxis] + np.arange(10)) % 5
    before = model.evaluate(x[:, :-1], x[:, 1:], verbose=0)
    model.fit(x[:, :-1], x[:, 1:], epochs=50, verbose=0)
    after = model.evaluate(x[:, :-1], x[:, 1:], verbose=0)
    assert before > 1.4
    assert after < 0.2
    check_model(model, x[:, :-1], tmp_path)


def test_half_precision_stays_finite():
    cell = keras.layers.SimpleRNNCell(7, recurrent_initializer="glorot_uniform", dtype="float16")
    layer = ScheduledSampling(cell, symbols=5, probability=1.0, dtype="float16")
    outputs = layer(IDS, training=True)
    assert keras.backend.standardize_dtype(outputs.dtype) == "float16"
    assert np.isfinite(numpy(outputs)).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"symbols": 0}, "`symbols` must be a positive integer. Received: symbols=0"),
        ({"probability": 1.5}, "`probability` must be a number from 0 to 1 or a schedule"),
        ({"probability": True}, "Received: probability=True"),
        ({"probability": "0.5"}, "Received: probability='0.5'"),
        ({"source": "argmax"}, r"`source` must be one of \('model', 'uniform'\)"),
    ],
)
def test_bad_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        ScheduledSampling(keras.layers.GRUCell(2), **{"symbols": 3} | options)
