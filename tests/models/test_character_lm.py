"""`CharacterLM` against NumPy, and its step function against reading prefixes anew."""

import keras
import numpy as np
import pytest
from keras import ops

from nncourse.decoding import beam_search, greedy
from nncourse.models import CharacterLM
from tests.checks import check_model

ALPHABET = "\n abcdr"
TEXT = "abracadabra a bad cab\n" * 4
SHAPES = [
    {"cell": "lstm"},
    {"cell": "gru", "depth": 2},
    {"cell": "lstm", "depth": 2, "tied": True},
    {"cell": "gru", "embedding_dim": 3},
]


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def made(units=6, **options):
    return CharacterLM(ALPHABET, units=units, **{"seed": 1} | options)


def log_softmax(logits):
    logits = logits.astype(float)
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


# --- the network --------------------------------------------------------------------------------


@pytest.mark.parametrize("tied", [False, True])
def test_it_is_an_lstm_between_two_matrices(tied):
    model = made(tied=tied)
    numbers = np.array([model.encode("abrac"), model.encode("bad c")])
    layer = model.recurrent[0]
    rows = numpy(model.embedding.embeddings)
    if tied:
        kernel, bias = rows.T, numpy(model.bias)
    else:
        kernel, bias = model.head.get_weights()
    hidden = reference_hidden(rows[numbers], *layer.get_weights())
    np.testing.assert_allclose(numpy(model(numbers)), hidden @ kernel + bias, atol=1e-5)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def reference_hidden(x, kernel, recurrent, bias):
    hidden = cell = np.zeros((len(x), len(recurrent)))
    states = []
    for step in range(x.shape[1]):
        i, f, c, o = np.split(x[:, step] @ kernel + hidden @ recurrent + bias, 4, axis=-1)
        cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(c)
        hidden = sigmoid(o) * np.tanh(cell)
        states.append(hidden)
    return np.stack(states, axis=1)


@pytest.mark.parametrize(
    ("options", "parameters"),
    [
        ({"units": 8}, 7 * 8 + 4 * 8 * (8 + 8 + 1) + 8 * 7 + 7),
        ({"units": 8, "tied": True}, 7 * 8 + 4 * 8 * (8 + 8 + 1) + 7),
        ({"units": 8, "embedding_dim": 3}, 7 * 3 + 4 * 8 * (3 + 8 + 1) + 8 * 7 + 7),
        ({"units": 8, "depth": 2}, 7 * 8 + 2 * 4 * 8 * (8 + 8 + 1) + 8 * 7 + 7),
        ({"units": 8, "cell": "gru"}, 7 * 8 + 3 * 8 * (8 + 8 + 2) + 8 * 7 + 7),
    ],
)
def test_parameters(options, parameters):
    assert made(**options).count_params() == parameters


@pytest.mark.parametrize("shape", SHAPES)
def test_it_saves_and_loads_with_its_alphabet(shape, tmp_path):
    model = made(**shape, dropout=0.2)
    check_model(model, np.array([model.encode("abrac")]), tmp_path)
    loaded = keras.saving.load_model(tmp_path / f"{model.name}.keras")
    assert loaded.decode(loaded.encode(TEXT)) == TEXT


def test_a_seed_is_a_start():
    same, other = made(), made(seed=2)
    for weight, again, another in zip(
        made().get_weights(), same.get_weights(), other.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(weight, again)
        assert not weight.any() or (weight != another).any() or weight.ndim == 1


def test_dropout_keeps_the_same_outputs_all_through_a_window():
    model = made(units=50, dropout=0.5)
    model.head.set_weights([np.eye(50, 7), np.zeros(7)])  # the logits are seven of the outputs
    numbers = model.encode(TEXT)[np.newaxis, :20]
    still, dropped = numpy(model(numbers)), numpy(model(numbers, training=True))
    zero = dropped == 0
    assert (zero.all(axis=1) | ~zero.any(axis=1)).all()
    assert 0 < zero[0, 0].sum() < 7
    np.testing.assert_allclose(dropped[~zero], 2 * still[~zero], rtol=1e-5)


@pytest.mark.parametrize("shape", [SHAPES[0], {"cell": "gru", "depth": 2, "tied": True}])
def test_it_learns_a_text(shape):
    model = made(units=24, **shape)
    x, y = model.examples(TEXT * 3, length=16)
    model.compile(
        keras.optimizers.Adam(0.03),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    untrained = model.bits(TEXT)
    model.fit(x, y, batch_size=8, epochs=12, verbose=0)
    assert untrained > 2.5
    assert model.bits(TEXT) < 0.7


# --- texts --------------------------------------------------------------------------------------


def test_windows_and_the_symbol_after_each():
    model = made()
    x, y = model.examples("abracadabra", length=3)
    assert [model.decode(row) for row in x] == ["abr", "aca", "dab"]
    assert [model.decode(row) for row in y] == ["bra", "cad", "abr"]
    assert made().examples("abra", length=3)[0].shape == (1, 3)


@pytest.mark.parametrize("text", [TEXT, TEXT * 4])
def test_bits_are_the_mean_surprise_of_what_follows(text):
    model = made()
    numbers = model.encode(text)
    log_p = log_softmax(numpy(model(numbers[np.newaxis])))[0, :-1]
    surprise = -log_p[np.arange(len(numbers) - 1), numbers[1:]] / np.log(2)
    assert model.bits(text) == pytest.approx(surprise.mean(), abs=1e-5)


def test_parts_begin_from_a_state_of_zero():
    model = made()
    text = TEXT[:41]  # 40 symbols to predict
    halves = [model.bits(text[:21]), model.bits(text[20:])]
    assert model.bits(text, parts=2) == pytest.approx(np.mean(halves), abs=1e-5)
    assert model.bits(text, parts=2) != pytest.approx(model.bits(text), abs=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
def test_reading_in_pieces_is_reading(shape):
    model = made(**shape)
    numbers = np.array([model.encode(TEXT[:12]), model.encode(TEXT[5:17])])
    whole, end = model.run(numbers)
    first, states = model.run(numbers[:, :5])
    second, last = model.run(numbers[:, 5:], states)
    pieces = np.concatenate([numpy(first), numpy(second)], axis=1)
    np.testing.assert_allclose(pieces, numpy(whole), atol=1e-5)
    for got, expected in zip(keras.tree.flatten(last), keras.tree.flatten(end), strict=True):
        np.testing.assert_allclose(numpy(got), numpy(expected), atol=1e-5)


# --- writing ------------------------------------------------------------------------------------


def sharpened(**shape):
    """A model with opinions: its untrained logits are nearly equal."""
    model = made(**shape)
    for weight in model.trainable_variables:
        weight.assign(3 * weight)
    return model


def anew(model):
    def step(prefixes):  # filled up to one width, for which it is compiled once
        filled = np.pad(prefixes, ((0, 16 - len(prefixes)), (0, 16 - prefixes.shape[1])))
        logits = numpy(model(filled))[: len(prefixes), prefixes.shape[1] - 1]
        return log_softmax(logits)

    return step


@pytest.mark.parametrize("shape", SHAPES)
def test_steps_remember_what_reading_anew_finds(shape):
    """A beam search drops, doubles and reorders prefixes at every step."""
    model = sharpened(**shape)
    start = [model.encode("ab"), model.encode("d ")]
    for decode in (
        lambda step: beam_search(step, start, 6, 4),
        lambda step: greedy(step, start, 6),
    ):
        sequences, scores = decode(model.step())
        expected, expected_scores = decode(anew(model))
        np.testing.assert_array_equal(sequences, expected)
        np.testing.assert_allclose(scores, expected_scores, atol=1e-4)


def test_each_symbol_is_read_once(monkeypatch):
    model = made()
    read, run = [], model.run
    monkeypatch.setattr(model, "run", lambda x, *more: read.append(x.shape[1]) or run(x, *more))
    model.generate("abra", length=5)
    assert read == [4, 1, 1, 1, 1]


def test_a_step_function_that_is_used_for_another_text_begins_anew():
    model = sharpened()
    step = model.step()
    step(np.array([model.encode("abra")]))
    other = np.array([model.encode("dab")])
    np.testing.assert_allclose(step(other), anew(model)(other), atol=1e-5)


def test_generated_text_follows_the_seed_and_the_temperature():
    model = sharpened()
    text = model.generate("ab", length=12, seed=3)
    assert len(text) == 12
    assert set(text) <= set(ALPHABET)
    assert text == model.generate("ab", length=12, seed=3)
    assert text != model.generate("ab", length=12, seed=4)
    cold = model.generate("ab", length=12, temperature=1e-3)
    likeliest, _ = greedy(model.step(), model.encode("ab"), 12)
    assert cold == model.decode(likeliest) == model.generate("ab", length=12, top_k=1)


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alphabet": "a"}, "`alphabet` must have two or more single characters"),
        ({"alphabet": ["a", "bc"]}, "`alphabet` must have two or more single characters"),
        ({"alphabet": "aba"}, "`alphabet` must have each symbol once. Received: 'a' twice"),
        ({"units": 0}, "`units` must be an integer of at least 1. Received: units=0"),
        ({"depth": 0}, "`depth` must be an integer of at least 1. Received: depth=0"),
        ({"cell": "rnn"}, "`cell` must be 'lstm' or 'gru'. Received: cell='rnn'"),
        ({"embedding_dim": 0}, "`embedding_dim` must be an integer of at least 1"),
        ({"embedding_dim": 3, "tied": True}, "`embedding_dim` must equal `units`"),
        ({"dropout": 1.0}, "`dropout` must be at least 0 and below 1. Received: dropout=1.0"),
        ({"seed": -1}, "`seed` must be an integer of at least 0"),
    ],
)
def test_bad_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        CharacterLM(**{"alphabet": "ab", "units": 4} | options)


def test_bad_texts():
    model = made()
    with pytest.raises(ValueError, match="Received: 'x' at position 2"):
        model.encode("abx")
    with pytest.raises(ValueError, match=r"more symbols than a window of 4\. Received: 4 symbols"):
        model.examples("abra", length=4)
    with pytest.raises(ValueError, match="`length` must be an integer of at least 1"):
        model.examples("abra", length=0)
    with pytest.raises(ValueError, match="Received: 1 symbols"):
        model.bits("a")
    with pytest.raises(ValueError, match="`parts` must be an integer of at least 1"):
        model.bits("abra", parts=0)
    with pytest.raises(ValueError, match="`temperature` must be a positive number"):
        model.generate("a", 3, temperature=0)
