import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from nncourse.layers import Maxout
from tests.checks import check_layer


@pytest.mark.parametrize("shape", [(4, 5), (3, 6, 5)], ids=["vectors", "sequences"])
def test_keeps_the_promises_of_a_layer(shape, tmp_path):
    inputs = np.random.default_rng(0).normal(size=shape).astype("float32")
    check_layer(
        lambda: Maxout(units=8, pieces=3, kernel_regularizer="l2", bias_initializer="normal"),
        inputs,
        tmp_path,
    )


def test_contract():
    assert Maxout(units=8, pieces=3)(np.ones((2, 5), "float32")).shape == (2, 8)


@settings(max_examples=25)
@given(
    samples=st.integers(1, 4),
    features=st.integers(1, 6),
    units=st.integers(1, 5),
    pieces=st.integers(1, 4),
    seed=st.integers(0, 2**32 - 1),
)
def test_law_equals_the_definition_written_as_loops(samples, features, units, pieces, seed):
    rng = np.random.default_rng(seed)
    layer = Maxout(units, pieces)
    layer.build((None, features))
    kernel, bias = rng.normal(size=(features, units, pieces)), rng.normal(size=(units, pieces))
    layer.set_weights([kernel, bias])
    x = rng.normal(size=(samples, features)).astype("float32")
    expected = [
        [max(sum(x[n] * kernel[:, u, p]) + bias[u, p] for p in range(pieces)) for u in range(units)]
        for n in range(samples)
    ]
    np.testing.assert_allclose(ops.convert_to_numpy(layer(x)), expected, rtol=1e-5, atol=1e-5)


def test_equals_keras_relu_layer_when_one_piece_is_zero():
    dense = keras.layers.Dense(7, activation="relu", bias_initializer="normal")
    x = np.random.default_rng(0).normal(size=(20, 5)).astype("float32")
    expected = ops.convert_to_numpy(dense(x))
    kernel, bias = dense.get_weights()
    maxout = Maxout(units=7, pieces=2)
    maxout.build(x.shape)
    maxout.set_weights(
        [np.stack([kernel, 0 * kernel], axis=-1), np.stack([bias, 0 * bias], axis=-1)]
    )
    np.testing.assert_allclose(ops.convert_to_numpy(maxout(x)), expected, atol=1e-6)
    assert (expected == 0).any()
    assert (expected > 0).any()


@pytest.mark.parametrize("use_bias", [True, False])
def test_parameter_count(use_bias):
    layer = Maxout(units=8, pieces=3, use_bias=use_bias)
    layer.build((None, 5))
    assert layer.count_params() == (5 + use_bias) * 8 * 3


def test_default_start_is_that_of_a_dense_layer_and_no_two_pieces_are_equal():
    """Equal pieces would get equal gradients and stay one piece for ever."""
    keras.utils.set_random_seed(0)
    layer = Maxout(units=60, pieces=4)
    layer.build((None, 50))
    kernel = layer.get_weights()[0]
    limit = np.sqrt(6 / (50 + 60 * 4))
    assert 0.98 * limit < np.abs(kernel).max() <= limit
    assert kernel.std() == pytest.approx(limit / np.sqrt(3), rel=0.05)
    correlations = np.corrcoef(kernel.reshape(-1, 4).T) - np.eye(4)
    assert np.abs(correlations).max() < 0.1


def test_learns_the_absolute_value_that_one_linear_unit_cannot():
    keras.utils.set_random_seed(0)
    x = np.linspace(-1, 1, 64, dtype="float32")[:, None]
    losses = {}
    for pieces in (1, 2):
        model = keras.Sequential([keras.Input((1,)), Maxout(units=1, pieces=pieces)])
        model.compile(keras.optimizers.Adam(0.05), "mse")
        losses[pieces] = model.fit(x, abs(x), epochs=60, verbose=0).history["loss"][-1]
    assert losses[1] > 0.08  # the best straight line leaves 1/12
    assert losses[2] < 1e-3


@pytest.mark.parametrize("argument", ["units", "pieces"])
@pytest.mark.parametrize("value", [0, -1, 2.5, "3", None, True])
def test_bad_sizes_are_named(argument, value):
    arguments = {"units": 2, "pieces": 2, argument: value}
    message = f"`{argument}` must be a positive integer. Received: {argument}={value!r}"
    with pytest.raises(ValueError, match=message):
        Maxout(**arguments)


def test_inputs_of_another_width_are_refused():
    layer = Maxout(units=2, pieces=2)
    layer(np.ones((2, 5), "float32"))
    with pytest.raises(ValueError, match="expected axis -1 of input shape to have value 5"):
        layer(np.ones((2, 6), "float32"))
    with pytest.raises(ValueError, match="must have a known size"):
        Maxout(units=2, pieces=2).build((None, None))
