import keras
import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from nncourse.models import Ensemble, MNISTLadder
from tests.checks import check_model

X = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")


def member(seed, classes=3, features=4, scale=1.0, name="member"):
    """A linear classifier. All have the same name, as copies of one network do."""
    rng = np.random.default_rng(seed)
    inputs = keras.Input((features,))
    model = keras.Model(inputs, keras.layers.Dense(classes)(inputs), name=name)
    model.set_weights([rng.normal(size=(features, classes)) * scale, rng.normal(size=classes)])
    return model


def mean_probabilities(members, x):
    logits = [ops.convert_to_numpy(m(x)).astype("float64") for m in members]
    return np.mean([scipy.special.softmax(z, axis=-1) for z in logits], axis=0)


def test_keeps_the_promises_of_a_model(tmp_path):
    check_model(Ensemble([member(0), member(1), member(2)], name="three"), X, tmp_path)


@settings(max_examples=20, deadline=None)
@given(count=st.integers(1, 5), classes=st.integers(2, 5), scale=st.floats(0.1, 3))
def test_law_is_the_log_of_the_mean_probabilities(count, classes, scale):
    members = [member(seed, classes, scale=scale) for seed in range(count)]
    result = ops.convert_to_numpy(Ensemble(members)(X))
    expected = mean_probabilities(members, X)
    np.testing.assert_allclose(result, np.log(expected), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(scipy.special.softmax(result, axis=-1), expected, atol=1e-5)


def test_losses_and_metrics_take_it_for_logits():
    members = [member(seed) for seed in range(4)]
    ensemble = Ensemble(members)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    ensemble.compile(loss=loss, metrics=["accuracy"])
    targets = np.array([0, 1, 2, 0, 1, 2])
    expected = mean_probabilities(members, X)
    measured = ensemble.evaluate(X, targets, verbose=0)
    assert measured[0] == pytest.approx(-np.log(expected[range(6), targets]).mean(), rel=1e-4)
    assert measured[1] == pytest.approx((expected.argmax(axis=1) == targets).mean())
    # The logarithm is concave: the mean loses no more than the members lose in the mean.
    alone = [ops.convert_to_numpy(loss(targets, m(X))) for m in members]
    assert measured[0] < np.mean(alone)


def test_stays_finite_for_members_that_are_sure():
    result = ops.convert_to_numpy(Ensemble([member(s, scale=1e4) for s in (0, 1)])(X))
    assert np.isfinite(result).all()
    assert result.min() < -1000
    np.testing.assert_allclose(np.exp(result).sum(axis=-1), 1, atol=1e-5)


def test_is_built_from_the_start_and_holds_its_members_themselves():
    members = [member(seed) for seed in range(3)]
    ensemble = Ensemble(members)
    assert ensemble.count_params() == 3 * (4 * 3 + 3)
    assert all(ours is theirs for ours, theirs in zip(ensemble.members, members, strict=True))
    before = ops.convert_to_numpy(ensemble(X))
    members[1].set_weights([2 * w for w in members[1].get_weights()])
    assert np.abs(ops.convert_to_numpy(ensemble(X)) - before).max() > 0.01
    assert ensemble(keras.KerasTensor((None, 4))).shape == (None, 3)
    assert ensemble.compute_output_shape((7, 4)) == (7, 3)


def test_dropout_acts_in_training_only():
    v6 = MNISTLadder("v6", input_shape=(8, 8, 1), kernel_size=3, padding="same")
    ensemble = Ensemble([v6])
    x = np.random.default_rng(0).uniform(size=(2, 8, 8, 1)).astype("float32")
    at_rest = ops.convert_to_numpy(ensemble(x))
    np.testing.assert_allclose(at_rest, np.log(mean_probabilities([v6], x)), atol=1e-4)
    assert np.abs(ops.convert_to_numpy(ensemble(x, training=True)) - at_rest).max() > 0.01


def test_fit_trains_every_member():
    ensemble = Ensemble([member(0), member(1)])
    before = ensemble.get_weights()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    ensemble.compile(keras.optimizers.SGD(0.5), loss)
    losses = ensemble.fit(X, np.array([0, 1, 2, 0, 1, 2]), epochs=20, verbose=0).history["loss"]
    assert losses[-1] < 0.8 * losses[0]
    assert all(np.abs(a - b).max() > 0 for a, b in zip(before, ensemble.get_weights(), strict=True))


def test_an_ensemble_of_networks_of_different_make(tmp_path):
    sequential = keras.Sequential([keras.Input((4,)), keras.layers.Dense(5), keras.layers.Dense(3)])
    members = [sequential, member(0)]
    check_model(Ensemble(members, name="mixed"), X, tmp_path)
    result = ops.convert_to_numpy(Ensemble(members)(X))
    np.testing.assert_allclose(result, np.log(mean_probabilities(members, X)), atol=1e-4)


def test_no_members_are_refused():
    with pytest.raises(ValueError, match="`members` must hold at least one model"):
        Ensemble([])


@pytest.mark.parametrize("other", [{"classes": 5}, {"features": 5}])
def test_other_shapes_are_refused(other):
    with pytest.raises(ValueError, match=r"same input and output shapes\. Received: .*5"):
        Ensemble([member(0), member(1, **other)])


@pytest.mark.parametrize(
    "other",
    [
        keras.layers.Dense(3),
        keras.Sequential([keras.layers.Dense(3)]),
        "member",
        None,
    ],
    ids=["layer", "not built", "text", "none"],
)
def test_what_is_no_model_is_refused(other):
    with pytest.raises(ValueError, match="`members` must be Keras models that are built"):
        Ensemble([member(0), other])


def test_models_of_two_outputs_are_refused():
    inputs = keras.Input((4,))
    outputs = [keras.layers.Dense(3)(inputs), keras.layers.Dense(3)(inputs)]
    with pytest.raises(ValueError, match="one input and one output"):
        Ensemble([keras.Model(inputs, outputs)])
