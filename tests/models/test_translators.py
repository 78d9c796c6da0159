"""What `Seq2Seq`, `AttentionSeq2Seq` and `Transformer` promise alike."""

import keras
import numpy as np
import pytest
import scipy.special
from keras import ops

from nncourse.decoding import beam_search
from nncourse.models import AttentionSeq2Seq, Seq2Seq, Transformer
from tests.checks import check_model
from tests.models.translation import EOS, GO, PAD, sharpened

SOURCE = np.array([[4, 5, 6, 0], [7, 4, 9, 5], [5, 0, 0, 0]])
TARGET_IN = np.array([[2, 8, 4, 5, 0], [2, 5, 0, 0, 0], [2, 6, 7, 4, 9]])
TARGET = np.array([[8, 4, 5, 3, 0], [5, 3, 0, 0, 0], [6, 7, 4, 9, 3]])
SINGLE = {"source_vocabulary": 10, "target_vocabulary": 11}
SEVERAL = {"source_vocabulary": {"en": 10, "de": 12}, "target_vocabulary": {"en": 11, "fr": 13}}
SMALL = {
    Seq2Seq: {"units": 8, "cell": "gru"},
    AttentionSeq2Seq: {"units": 8},
    Transformer: {"units": 8, "heads": 2, "depth": 1},
}
OTHER = [
    (Seq2Seq, {"units": 6, "reverse": False, "embedding_dim": 5}),
    (Seq2Seq, {"units": 6, "bidirectional": True}),
    (AttentionSeq2Seq, {"units": 6, "cell": "gru", "score": "additive", "bidirectional": False}),
    (AttentionSeq2Seq, {"units": 6, "score": "dot", "reverse": False}),
    (Transformer, {"units": 6, "heads": 3, "depth": 2, "hidden": 5}),
]
LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@pytest.fixture(params=SMALL, ids=lambda kind: kind.__name__)
def made(request):
    def make(**options):
        return request.param(**{**SINGLE, **SMALL[request.param], "seed": 1} | options)

    return make


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


# --- models of Keras ----------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "options"), [*SMALL.items(), *OTHER])
def test_they_save_and_load(kind, options, tmp_path):
    model = kind(**SINGLE, **options, seed=3)
    check_model(model, (SOURCE, TARGET_IN), tmp_path)
    config = model.get_config()
    assert {**config, **SINGLE, **options, "seed": 3} == config


def test_several_languages_save_and_load(made, tmp_path):
    model = made(**SEVERAL)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    assert loaded.get_config() == model.get_config()
    assert loaded.get_config()["source_vocabulary"] == SEVERAL["source_vocabulary"]
    for name, part in named_parts(model).items():
        for weight, again in zip(
            part.get_weights(), named_parts(loaded)[name].get_weights(), strict=True
        ):
            np.testing.assert_array_equal(again, weight)


def test_a_seed_is_a_start(made):
    for weight, again, another in zip(
        made().get_weights(), made().get_weights(), made(seed=2).get_weights(), strict=True
    ):
        np.testing.assert_array_equal(weight, again)
        assert len(np.unique(weight)) < 3 or (weight != another).any()  # few are zeros and ones


def test_weights_have_paths_of_their_own(made):
    """On PyTorch `fit` sets gradients back to zero by path: of two of one path, one adds up."""
    paths = [weight.path for weight in made(**SEVERAL).weights]
    assert len(paths) == len(set(paths))


def test_no_two_weights_begin_alike(made):
    kernels = [weight.ravel() for weight in made().get_weights() if len(np.unique(weight)) > 2]
    for i, kernel in enumerate(kernels):
        assert not any(np.array_equal(kernel, other) for other in kernels[:i])


@pytest.mark.parametrize("kind", SMALL)
def test_a_step_of_fit_reaches_every_weight(kind):
    model = kind(**SINGLE, **SMALL[kind])
    # PyTorch's compiler unrolls a recurrent network, for minutes.
    jit_compile = kind is not Seq2Seq and keras.backend.backend() != "torch"
    before = model.get_weights()
    model.compile(keras.optimizers.SGD(1.0), LOSS, jit_compile=jit_compile)
    model.fit((SOURCE, TARGET_IN), TARGET, batch_size=3, verbose=0)
    for weight, old in zip(model.weights, before, strict=True):
        if "_key/bias" not in weight.path:  # adds the same to all scores of a query
            assert np.abs(numpy(weight) - old).max() > 0, f"no gradient: {weight.path}"


# --- padding and time ---------------------------------------------------------------------------


def test_padding_changes_nothing(made):
    model = sharpened(made())
    logits = model.predict_on_batch((SOURCE, TARGET_IN))
    assert logits.shape == (3, 5, 11)
    assert np.ptp(logits, axis=0).min(axis=-1).max() > 1e-3  # the rows do differ
    longer = model((np.pad(SOURCE, ((0, 0), (0, 3))), np.pad(TARGET_IN, ((0, 0), (0, 2)))))
    np.testing.assert_allclose(numpy(longer)[:, :5], logits, atol=1e-4)


def test_every_token_of_the_source_counts(made):
    model = sharpened(made())
    # One compiled function: outside of one JAX prepares the loops of a recurrent network anew.
    logits = model.predict_on_batch((SOURCE, TARGET_IN))
    for place in range(4):
        changed = SOURCE.copy()
        changed[1, place] = 8
        difference = np.abs(model.predict_on_batch((changed, TARGET_IN)) - logits).max(axis=(1, 2))
        assert difference[1] > 1e-4
        assert difference[[0, 2]].max() < 1e-5


def test_no_token_looks_ahead(made):
    model = sharpened(made())
    logits = model.predict_on_batch((SOURCE, TARGET_IN))
    changed = TARGET_IN.copy()
    changed[2, 3] = 8
    difference = np.abs(model.predict_on_batch((SOURCE, changed)) - logits).max(axis=-1)[2]
    assert difference[:3].max() < 1e-5
    assert difference[3:].min() > 1e-5


def test_the_loss_is_the_mean_over_tokens_that_are_there(made):
    """Also where a target's inputs are its outputs one place later, with the end among them."""
    model = made()
    model.compile(loss=LOSS, metrics=["accuracy"])
    for target_in in (TARGET_IN, np.column_stack([np.full(3, GO), TARGET[:, :-1]])):
        logits = numpy(model((SOURCE, target_in))).astype(float)
        loss, accuracy = model.evaluate((SOURCE, target_in), TARGET, verbose=0)
        assert loss == pytest.approx(mean_surprise(logits), abs=1e-5)
        right = logits.argmax(axis=-1) == TARGET
        assert accuracy == pytest.approx(right[TARGET != PAD].mean(), abs=1e-5)


def mean_surprise(logits):
    log_p = scipy.special.log_softmax(logits, axis=-1)
    return -np.take_along_axis(log_p, TARGET[:, :, None], axis=-1)[..., 0][TARGET != PAD].mean()


# --- translation --------------------------------------------------------------------------------


def anew(model, source):
    def step(prefixes):
        repeated = np.repeat(source, len(prefixes) // len(source), axis=0)
        filled = np.pad(prefixes, ((0, 0), (0, 8 - prefixes.shape[1])))  # compiled for one width
        logits = model.predict_on_batch((repeated, filled))[:, prefixes.shape[1] - 1].astype(float)
        log_p = scipy.special.log_softmax(logits, axis=-1)
        log_p[:, [PAD, GO]] = -np.inf
        return log_p

    return step


@pytest.mark.parametrize("beam", [1, 3])
def test_steps_remember_what_reading_anew_finds(made, beam):
    model = sharpened(made())
    model.parts(None)[1].head.bias.assign(np.eye(11)[EOS] * -4)  # not all end at once
    start = np.full((3, 1), GO)
    sequences, scores = beam_search(model.step(SOURCE), start, 6, beam, EOS)
    expected, expected_scores = beam_search(anew(model, SOURCE), start, 6, beam, EOS)
    np.testing.assert_allclose(scores, expected_scores, atol=1e-3)
    np.testing.assert_array_equal(sequences, expected)
    assert len(np.unique(sequences)) > 2
    translated = model.translate(SOURCE, 6, beam=beam)
    best = expected[:, 0]
    ended = np.cumsum(best == EOS, axis=1) - (best == EOS) > 0
    np.testing.assert_array_equal(translated, np.where(ended, PAD, best))


def test_what_is_written(made):
    model = made()
    head = model.parts(None)[1].head

    def always(**logits):
        bias = np.zeros(11)
        bias[[PAD, GO, EOS, 7]] = [logits.get(name, 0) for name in ("pad", "go", "eos", "seven")]
        head.set_weights([np.zeros((8, 11)), bias])

    always(pad=20, go=20, eos=9)
    np.testing.assert_array_equal(model.translate(SOURCE, 3), [[EOS, PAD, PAD]] * 3)
    always(pad=20, go=20, seven=9)
    np.testing.assert_array_equal(model.translate(SOURCE, 3), [[7, 7, 7]] * 3)
    np.testing.assert_array_equal(model.translate(SOURCE[1], 3, beam=2), [7, 7, 7])
    # Less likely than a word, the end wins against four of them unless a penalty favors those.
    always(seven=30, eos=29.5)
    np.testing.assert_array_equal(model.translate(SOURCE, 4), [[7, 7, 7, 7]] * 3)
    np.testing.assert_array_equal(model.translate(SOURCE, 4, beam=4), [[EOS, 0, 0, 0]] * 3)
    penalized = model.translate(SOURCE, 4, beam=4, length_penalty=5.0)
    np.testing.assert_array_equal(penalized, [[7, 7, 7, 7]] * 3)


# --- several languages --------------------------------------------------------------------------


def test_a_pair_is_an_encoder_and_a_decoder(made):
    """A model of the two languages alone gives the same, once it has the same weights."""
    several = sharpened(made(**SEVERAL))
    alone = made(source_vocabulary=12, target_vocabulary=13)
    encoder, decoder = several.parts("de-fr")
    alone.set_weights([*encoder.get_weights(), *decoder.get_weights()])
    logits = several({"de-fr": (SOURCE, TARGET_IN), "en-en": (SOURCE, TARGET_IN)})
    assert set(logits) == {"de-fr", "en-en"}
    np.testing.assert_array_equal(numpy(logits["de-fr"]), numpy(alone((SOURCE, TARGET_IN))))
    assert logits["en-en"].shape == (3, 5, 11)
    np.testing.assert_array_equal(
        several.translate(SOURCE, 6, pair="de-fr"), alone.translate(SOURCE, 6)
    )


@pytest.mark.filterwarnings("ignore:Gradients do not exist")
def test_fit_teaches_the_parts_of_its_pairs():
    model = Seq2Seq(**SEVERAL, **SMALL[Seq2Seq])
    x = {"en-en": (SOURCE, TARGET_IN), "de-en": (SOURCE[:, :3], TARGET_IN)}
    y = {"en-en": TARGET, "de-en": TARGET}
    expected = sum(mean_surprise(numpy(model({pair: x[pair]})[pair]).astype(float)) for pair in x)
    before = {name: part.get_weights() for name, part in named_parts(model).items()}
    model.compile(keras.optimizers.SGD(0.5), LOSS)
    history = model.fit(x, y, batch_size=3, epochs=2, verbose=0).history["loss"]
    assert history[0] == pytest.approx(expected, abs=1e-4)
    assert history[1] < history[0]
    for name, part in named_parts(model).items():
        pairs = zip(part.get_weights(), before[name], strict=True)
        moved = any((new != old).any() for new, old in pairs)
        assert moved == (name != "decoder fr")
    assert model.translate(SOURCE, 4, pair="de-fr").shape == (3, 4)  # never trained on


def named_parts(model):
    encoders = {f"encoder {name}": part for name, part in model.encoders.items()}
    return encoders | {f"decoder {name}": part for name, part in model.decoders.items()}


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", ["de-nl", "fr-en", "de", None, "en-fr-de"])
def test_a_pair_that_the_model_lacks(made, pair):
    model = made(**SEVERAL)
    message = r"with a source of \('en', 'de'\) and a target of \('en', 'fr'\). Received: pair="
    with pytest.raises(ValueError, match=message):
        model.translate(SOURCE, 4, pair=pair)


def test_several_languages_need_names(made):
    with pytest.raises(ValueError, match=r"`pair` must be 'source-target'.*Received: pair=None"):
        made(**SEVERAL)((SOURCE, TARGET_IN))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ([[4, 10]], "`source` must have tokens from 0 to 9, the vocabulary. Received: 10"),
        ([4, -1], "`source` must have tokens from 0 to 9, the vocabulary. Received: -1"),
        ([[0.5]], r"`source` must be integers of shape \(batch, time\).*Received: shape \(1, 1\)"),
        ([[[4]]], r"Received: shape \(1, 1, 1\)"),
        (np.zeros((0, 3), int), r"Received: shape \(0, 3\) of int64"),
    ],
)
def test_bad_sources(made, source, message):
    with pytest.raises(ValueError, match=message):
        made().translate(source, 4)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"source_vocabulary": 3}, "`source_vocabulary` must be an integer of at least 4"),
        ({"target_vocabulary": {}}, "`target_vocabulary` must have names without '-'"),
        ({"target_vocabulary": {"a-b": 8}}, "`target_vocabulary` must have names without '-'"),
        ({"target_vocabulary": {"a": 2}}, r"`target_vocabulary\['a'\]` must be an integer of at"),
        ({"units": 0}, "`units` must be an integer of at least 1. Received: units=0"),
        ({"seed": -1}, "`seed` must be an integer of at least 0"),
    ],
)
def test_bad_arguments(made, options, message):
    with pytest.raises(ValueError, match=message):
        made(**options)


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        (Seq2Seq, {"cell": "rnn"}, "`cell` must be 'lstm' or 'gru'. Received: cell='rnn'"),
        (Seq2Seq, {"embedding_dim": 0}, "`embedding_dim` must be an integer of at least 1"),
        (Seq2Seq, {"units": 7, "bidirectional": True}, "`units` must be even.*units=7"),
        (AttentionSeq2Seq, {"score": "cosine"}, "`score` must be one of .*score='cosine'"),
        (Transformer, {"units": 9, "heads": 3}, "`units` must be even and a multiple of `heads`"),
        (Transformer, {"units": 8, "heads": 3}, "Received: units=8, heads=3"),
        (Transformer, {"depth": 0}, "`depth` must be an integer of at least 1"),
        (Transformer, {"heads": 0}, "`heads` must be an integer of at least 1"),
        (Transformer, {"hidden": 0}, "`hidden` must be an integer of at least 1"),
    ],
)
def test_bad_arguments_of_their_own(kind, options, message):
    with pytest.raises(ValueError, match=message):
        kind(**{**SINGLE, **options})
