import keras
import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from keras import ops

from nncourse.layers import TemperatureSoftmax
from tests.checks import check_layer

SCORES = np.random.default_rng(0).normal(size=(4, 6)).astype("float32") * 3


def test_keeps_the_promises_of_a_layer(tmp_path):
    check_layer(lambda: TemperatureSoftmax(temperature=2.5, axis=1), SCORES, tmp_path)


@settings(max_examples=40)
@given(
    scores=hnp.arrays(
        "float32",
        hnp.array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=5),
        elements=st.floats(-1e4, 1e4, width=32),
    ),
    temperature=st.floats(0.1, 100),
    axis=st.sampled_from([0, -1]),
)
def test_law_equals_scipy(scores, temperature, axis):
    result = ops.convert_to_numpy(TemperatureSoftmax(temperature, axis=axis)(scores))
    expected = scipy.special.softmax(scores.astype("float64") / temperature, axis=axis)
    np.testing.assert_allclose(result, expected, atol=2e-4)
    np.testing.assert_allclose(result.sum(axis=axis), 1, atol=1e-5)


def test_equals_keras_at_temperature_one():
    result = ops.convert_to_numpy(TemperatureSoftmax()(SCORES))
    expected = ops.convert_to_numpy(keras.layers.Softmax()(SCORES))
    np.testing.assert_allclose(result, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("temperature", "first"),
    [(0.1, 1.0), (0.5, 0.8808), (1, 0.7311), (2, 0.6225), (10, 0.5250), (100, 0.5025)],
)
def test_known_answers(temperature, first):
    scores = np.array([[2.0, 1.0]], "float32")
    result = ops.convert_to_numpy(TemperatureSoftmax(temperature)(scores))
    assert result[0, 0] == pytest.approx(first, abs=6e-5)


def test_the_two_limits():
    cold = ops.convert_to_numpy(TemperatureSoftmax(1e-6)(SCORES))
    np.testing.assert_array_equal(cold, np.eye(6)[SCORES.argmax(axis=1)])
    hot = ops.convert_to_numpy(TemperatureSoftmax(1e8)(SCORES))
    np.testing.assert_allclose(hot, np.full((4, 6), 1 / 6), atol=1e-6)


@pytest.mark.parametrize("temperature", [0, -1.0, float("inf"), float("nan")])
def test_bad_temperature_is_named(temperature):
    with pytest.raises(ValueError, match="`temperature` must be a positive finite number"):
        TemperatureSoftmax(temperature=temperature)
