import keras
import numpy as np
import pytest
import scipy.optimize
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from keras import ops

from nncourse.scratch import activations

ELEMENTWISE = ("step", "linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "swish")
SETTINGS = {"leaky_relu": {"negative_slope": 0.05}, "elu": {"alpha": 2.5}, "swish": {"beta": 1.7}}
KERAS = {
    "linear": keras.activations.linear,
    "sigmoid": keras.activations.sigmoid,
    "tanh": keras.activations.tanh,
    "relu": keras.activations.relu,
    "leaky_relu": lambda z: keras.activations.leaky_relu(z, negative_slope=0.05),
    "elu": lambda z: keras.activations.elu(z, alpha=2.5),
    "swish": lambda z: keras.activations.silu(1.7 * z) / 1.7,
    "step": lambda z: ops.cast(z > 0, "float32"),
}
# No subnormal numbers: TensorFlow and JAX take them for zero.
FLOATS = hnp.arrays(
    "float32",
    st.integers(1, 20),
    elements=st.floats(-1e4, 1e4, width=32, allow_subnormal=False),
)


def function_and_derivative(name):
    return getattr(activations, name), getattr(activations, f"{name}_derivative")


@settings(max_examples=30)
@given(z=FLOATS)
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_law_equals_keras(name, z):
    result = getattr(activations, name)(z, **SETTINGS.get(name, {}))
    assert result.dtype == np.float32
    expected = ops.convert_to_numpy(KERAS[name](ops.convert_to_tensor(z)))
    np.testing.assert_allclose(result, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", ["leaky_relu", "elu", "swish"])
def test_the_defaults_are_those_of_keras(name):
    z = np.linspace(-3, 3, 13, dtype="float32")
    keras_name = {"swish": "silu"}.get(name, name)
    expected = ops.convert_to_numpy(keras.activations.get(keras_name)(ops.convert_to_tensor(z)))
    np.testing.assert_allclose(getattr(activations, name)(z), expected, rtol=1e-5, atol=1e-7)


@given(z=st.floats(-20, 20).filter(lambda z: abs(z) > 1e-4))
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_law_derivative_equals_finite_differences(name, z):
    function, derivative = function_and_derivative(name)
    options = SETTINGS.get(name, {})
    h = 1e-5
    slope = (function(z + h, **options) - function(z - h, **options)) / (2 * h)
    assert derivative(z, **options) == pytest.approx(slope, abs=1e-7, rel=1e-6)


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu"])
def test_derivative_at_the_kink_is_the_one_of_the_libraries(name):
    """At z = 0 every library takes the derivative from the left."""
    options = SETTINGS.get(name, {})
    left = {"relu": 0, "leaky_relu": 0.05, "elu": 2.5}[name]
    assert function_and_derivative(name)[1](0.0, **options) == pytest.approx(left)


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_far_out_values_stay_finite_and_silent(name, dtype):
    z = np.array([-1e4, -100, -1, 0, 1, 100, 1e4], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        for function in function_and_derivative(name):
            result = function(z)
            assert np.isfinite(result).all()
            assert result.dtype == z.dtype
            assert result.shape == z.shape


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_whole_numbers_are_taken_as_float64(name):
    function, derivative = function_and_derivative(name)
    for f in (function, derivative):
        assert f([-2, 0, 3]).dtype == np.float64
        np.testing.assert_array_equal(f([-2, 0, 3]), f(np.array([-2.0, 0.0, 3.0])))


def test_small_sigmoids_keep_their_digits():
    assert activations.sigmoid(-40.0) == pytest.approx(scipy.special.expit(-40.0), rel=1e-14)


def test_largest_slopes():
    z = np.linspace(-5, 5, 1001)
    assert activations.sigmoid_derivative(z).max() == pytest.approx(0.25)
    assert z[activations.sigmoid_derivative(z).argmax()] == pytest.approx(0, abs=1e-9)
    assert activations.tanh_derivative(z).max() == pytest.approx(1)


@given(
    z=hnp.arrays(
        "float64", hnp.array_shapes(max_dims=3, max_side=5), elements=st.floats(-1e4, 1e4)
    ),
    temperature=st.floats(0.01, 1000),
)
def test_law_softmax_equals_scipy_and_sums_to_one(z, temperature):
    result = activations.softmax(z, temperature)
    np.testing.assert_allclose(result.sum(axis=-1), 1)
    np.testing.assert_allclose(
        result, scipy.special.softmax(z / temperature, axis=-1), rtol=1e-7, atol=1e-12
    )


def test_softmax_of_far_out_float32_scores():
    with np.errstate(over="raise", invalid="raise"):
        result = activations.softmax(np.array([1e4, 0, -1e4], "float32"))
    np.testing.assert_array_equal(result, [1, 0, 0])
    assert result.dtype == np.float32
    assert activations.softmax(np.array([1e4, 0.0]), temperature=2.0).sum() == 1


@pytest.mark.parametrize(
    ("scores", "temperature", "expected"),
    [
        ([0.9, 0.1, 0.1], 1, [0.52670, 0.23665, 0.23665]),
        ([2, 1], 0.1, [1.0000, 0.0000]),
        ([2, 1], 0.5, [0.8808, 0.1192]),
        ([2, 1], 1, [0.7311, 0.2689]),
        ([2, 1], 2, [0.6225, 0.3775]),
        ([2, 1], 10, [0.5250, 0.4750]),
        ([2, 1], 100, [0.5025, 0.4975]),
    ],
)
def test_softmax_known_answers(scores, temperature, expected):
    np.testing.assert_allclose(activations.softmax(scores, temperature), expected, atol=6e-5)


@pytest.mark.parametrize("temperature", [0.4, 1.0, 3.0])
def test_softmax_derivative_equals_finite_differences(temperature):
    z = np.random.default_rng(0).normal(size=(3, 4))
    jacobians = activations.softmax_derivative(z, temperature)
    assert jacobians.shape == (3, 4, 4)
    for row, jacobian in zip(z, jacobians, strict=True):
        for k in range(4):
            expected = scipy.optimize.approx_fprime(
                row, lambda v, k=k: activations.softmax(v, temperature)[k], 1e-7
            )
            np.testing.assert_allclose(jacobian[k], expected, atol=1e-6)


@pytest.mark.parametrize("temperature", [0, -1, float("nan"), float("inf")])
@pytest.mark.parametrize("function", [activations.softmax, activations.softmax_derivative])
def test_bad_temperature_is_named(function, temperature):
    message = f"`temperature` must be a positive number. Received: temperature={temperature}"
    with pytest.raises(ValueError, match=message):
        function([1.0, 2.0], temperature=temperature)


@pytest.mark.parametrize("slope", [0, 1, 2, -0.1])
@pytest.mark.parametrize("function", [activations.leaky_relu, activations.leaky_relu_derivative])
def test_bad_slope_is_named(function, slope):
    message = f"`negative_slope` must lie between 0 and 1. Received: negative_slope={slope}"
    with pytest.raises(ValueError, match=message):
        function([1.0], negative_slope=slope)
