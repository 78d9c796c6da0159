import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.scratch import losses
from tests.scratch.network_examples import LOSSES, keras_loss, targets

KINKS = {"hinge": 1, "perceptron": 0}  # of t z


@pytest.mark.parametrize("name", LOSSES)
@settings(max_examples=15)
@given(
    samples=st.sampled_from([1, 6]),  # few shapes: JAX compiles each anew
    outputs=st.sampled_from([2, 5]),
    scale=st.sampled_from([0.1, 1.0, 30.0]),
    seed=st.integers(0, 10**6),
)
def test_law_equals_the_loss_of_keras(name, samples, outputs, scale, seed):
    rng = np.random.default_rng(seed)
    z = rng.normal(scale=scale, size=(samples, outputs)).astype("float32")
    t = targets(name, samples, outputs, rng).astype("float32")
    expected = float(keras.ops.mean(keras_loss(name)(t, z)))
    value = losses.get(name).value(z.astype(float), t.astype(float))
    assert value == pytest.approx(expected, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("name", LOSSES)
@settings(max_examples=15)
@given(samples=st.integers(1, 4), outputs=st.integers(1, 4), seed=st.integers(0, 10**6))
def test_law_gradient_is_the_slope_along_every_output(name, samples, outputs, seed):
    rng = np.random.default_rng(seed)
    loss, step = losses.get(name), 1e-5
    z, t = rng.normal(size=(samples, outputs)), targets(name, samples, outputs, rng)
    if name in KINKS:
        z = np.where(np.abs(t * z - KINKS[name]) < 1e-3, z + 0.1, z)
    gradient = loss.gradient(z, t)
    assert gradient.shape == z.shape
    for index in np.ndindex(z.shape):
        nudge = np.zeros_like(z)
        nudge[index] = step
        slope = (loss.value(z + nudge, t) - loss.value(z - nudge, t)) / (2 * step)
        assert gradient[index] == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize(
    ("name", "z", "t", "value", "gradient"),
    [
        # Right and wrong beyond doubt: the loss is 0 or the score itself, the gradient 0 or 1.
        ("binary_crossentropy", [[1e4]], [[1]], 0, [[0]]),
        ("binary_crossentropy", [[-1e4]], [[0]], 0, [[0]]),
        ("binary_crossentropy", [[1e4]], [[0]], 1e4, [[1]]),
        ("binary_crossentropy", [[-1e4]], [[1]], 1e4, [[-1]]),
        ("categorical_crossentropy", [[1e4, -1e4]], [[1, 0]], 0, [[0, 0]]),
        ("categorical_crossentropy", [[1e4, -1e4]], [[0, 1]], 2e4, [[1, -1]]),
        ("categorical_crossentropy", [[1e4, 1e4]], [[0, 1]], np.log(2), [[0.5, -0.5]]),
        ("categorical_crossentropy", [[-1e4, -1e4]], [[1, 0]], np.log(2), [[-0.5, 0.5]]),
        ("hinge", [[1e4, -1e4]], [[1, 1]], (0 + 10001) / 2, [[0, -0.5]]),
        ("perceptron", [[1e4, -1e4]], [[1, 1]], 1e4 / 2, [[0, -0.5]]),
        ("mean_squared_error", [[1e4, 0]], [[-1e4, 0]], 2e8, [[2e4, 0]]),
    ],
)
def test_stays_exact_for_large_scores(name, z, t, value, gradient):
    loss, z, t = losses.get(name), np.array(z, float), np.array(t, float)
    np.testing.assert_allclose(loss.value(z, t), value, rtol=1e-12)
    np.testing.assert_allclose(loss.gradient(z, t), gradient, rtol=1e-12)


def test_at_its_kink_the_hinge_rests_and_the_perceptron_moves():
    t = np.array([[1.0], [-1.0]])
    np.testing.assert_array_equal(losses.hinge_gradient(t, t), [[0], [0]])
    np.testing.assert_array_equal(losses.perceptron_gradient(0 * t, t), -t / 2)


@pytest.mark.parametrize("name", ["binary_crossentropy", "categorical_crossentropy"])
def test_an_undecided_score_costs_the_logarithm_of_the_classes(name):
    t = np.eye(4)
    classes = 2 if name == "binary_crossentropy" else 4
    assert losses.get(name).value(np.zeros((4, 4)), t) == pytest.approx(np.log(classes))


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("mean_squared_error", [[-7.5, 2]], None),
        ("binary_crossentropy", [[0, 1]], [[0, 0.5]]),
        ("categorical_crossentropy", [[0, 1, 0]], [[1, 1, 0]]),
        ("hinge", [[-1, 1]], [[0, 1]]),
        ("perceptron", [[-1, 1]], [[0, 1]]),
    ],
)
def test_knows_its_targets(name, right, wrong):
    loss = losses.get(name)
    assert loss.accepts(np.array(right, float))
    assert wrong is None or not loss.accepts(np.array(wrong, float))
    assert loss.from_logits == name.endswith("crossentropy")


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match=r"`loss` must be one of mean_squared_error, .*'l1'"):
        losses.get("l1")
