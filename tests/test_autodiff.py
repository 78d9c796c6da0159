import keras
import numpy as np
import pytest
import scipy.optimize
from keras import ops

from nncourse._autodiff import gradient, value_and_gradient


def test_agrees_with_finite_differences():
    x = np.random.default_rng(0).normal(size=5)
    value, slope = value_and_gradient(lambda z: ops.sum(ops.exp(z) * ops.sin(z)), x)
    assert float(value) == pytest.approx(np.sum(np.exp(x) * np.sin(x)))
    expected = scipy.optimize.approx_fprime(x, lambda z: np.sum(np.exp(z) * np.sin(z)), 1e-7)
    np.testing.assert_allclose(ops.convert_to_numpy(slope), expected, atol=1e-5)


def test_through_a_model_whose_weights_stay_constant():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "tanh")])
    kernel, bias = model.get_weights()
    x = np.random.default_rng(0).normal(size=(2, 3)).astype("float32")
    result = ops.convert_to_numpy(gradient(lambda z: ops.sum(model(z)), x))
    expected = (1 - np.tanh(x @ kernel + bias) ** 2) @ kernel.T
    np.testing.assert_allclose(result, expected, atol=1e-5)
    np.testing.assert_array_equal(model.get_weights()[0], kernel)


def test_several_inputs_and_one_that_is_not_used():
    a, b, unused = np.array([1.0, 2.0]), np.array([3.0, 4.0]), np.ones(3)
    value, slopes = value_and_gradient(lambda u, v, _: ops.sum(u * v), [a, b, unused])
    assert float(value) == 11
    for result, expected in zip(slopes, [b, a, 0 * unused], strict=True):
        np.testing.assert_allclose(ops.convert_to_numpy(result), expected)


def test_the_inputs_are_left_as_they_were():
    x = ops.convert_to_tensor(np.array([2.0]))
    first = gradient(lambda z: ops.sum(z**3), x)
    second = gradient(lambda z: ops.sum(z**3), x)
    np.testing.assert_array_equal(ops.convert_to_numpy(first), ops.convert_to_numpy(second))
    np.testing.assert_allclose(ops.convert_to_numpy(first), [12.0])


def test_bad_inputs_are_named():
    with pytest.raises(
        ValueError, match=r"must be floating-point\. Received: an input of type int"
    ):
        gradient(ops.sum, np.array([1, 2]))
    with pytest.raises(
        ValueError, match=r"must return a scalar. Received: a value of shape \(2,\)"
    ):
        gradient(lambda z: z, np.array([1.0, 2.0]))
