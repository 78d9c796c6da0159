import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from nncourse.scratch import batch_norm
from tests.scratch.finite_differences import differences

TINY = 1e-12  # an epsilon that does not count


def columns(seed, samples=16, features=5):
    """Columns of different means and deviations."""
    rng = np.random.default_rng(seed)
    return rng.normal(rng.normal(size=features), rng.uniform(0.3, 3, features), (samples, features))


def trained_layer(features, seed=0, **kwargs):
    """Keras's layer, built, with weights and averages as training may leave them."""
    rng = np.random.default_rng(seed)
    layer = keras.layers.BatchNormalization(**kwargs)
    layer.build((None, features))
    for variable, low, high in [
        (layer.gamma, 0.5, 2),
        (layer.beta, -1, 1),
        (layer.moving_mean, -1, 1),
        (layer.moving_variance, 0.2, 3),
    ]:
        if variable is not None:
            variable.assign(rng.uniform(low, high, features))
    return layer


def of(variable, default):
    return default if variable is None else ops.convert_to_numpy(variable)


def parameters(layer):
    return of(layer.gamma, 1), of(layer.beta, 0)


@pytest.mark.parametrize("epsilon", [1e-3, 0.1])
def test_training_equals_keras(epsilon):
    x = columns(0)
    layer = trained_layer(5, epsilon=epsilon)
    y, mean, variance, _ = batch_norm.forward(x, *parameters(layer), epsilon)
    expected = ops.convert_to_numpy(layer(x.astype("float32"), training=True))
    np.testing.assert_allclose(y, expected, atol=1e-5)
    np.testing.assert_allclose(mean, x.sum(axis=0) / 16)
    np.testing.assert_allclose(variance, ((x - mean) ** 2).sum(axis=0) / 16)


@pytest.mark.parametrize("momentum", [0.99, 0.5, 0.0])
def test_running_averages_and_inference_equal_keras(momentum):
    layer = keras.layers.BatchNormalization(momentum=momentum)
    mean, variance = np.zeros(5), np.ones(5)
    for seed in range(6):
        x = columns(seed)
        layer(x.astype("float32"), training=True)
        _, batch_mean, batch_variance, _ = batch_norm.forward(x, 1, 0)
        mean = batch_norm.update_average(mean, batch_mean, momentum)
        variance = batch_norm.update_average(variance, batch_variance, momentum)
    np.testing.assert_allclose(mean, ops.convert_to_numpy(layer.moving_mean), atol=1e-5)
    np.testing.assert_allclose(variance, ops.convert_to_numpy(layer.moving_variance), atol=1e-5)
    y = batch_norm.inference(x, *parameters(layer), mean, variance)
    expected = ops.convert_to_numpy(layer(x.astype("float32"), training=False))
    np.testing.assert_allclose(y, expected, atol=1e-5)
    single = batch_norm.inference(x[3], *parameters(layer), mean, variance)
    np.testing.assert_array_equal(single, y[3])


@settings(max_examples=25)
@given(
    samples=st.integers(2, 9),
    features=st.integers(1, 4),
    seed=st.integers(0, 1000),
    epsilon=st.sampled_from([1e-3, 0.1, 1.0]),
)
def test_law_backward_equals_finite_differences(samples, features, seed, epsilon):
    rng = np.random.default_rng(seed)
    x, weight = rng.normal(size=(2, samples, features))
    gamma, beta = rng.normal(size=(2, features))

    def loss():
        y, *_ = batch_norm.forward(x, gamma, beta, epsilon)
        return (weight * np.sin(y)).sum()

    y, *_, cache = batch_norm.forward(x, gamma, beta, epsilon)
    results = batch_norm.backward(weight * np.cos(y), cache)
    # Samples that lie close together bend the loss: the step is small beside their deviation.
    step = 1e-4 * np.sqrt(x.var(axis=0).min() + epsilon)
    for result, array in zip(results, (x, gamma, beta), strict=True):
        expected = differences(loss, array, step)
        scale = max(1, np.abs(expected).max())
        np.testing.assert_allclose(result, expected, atol=1e-7 * scale)


def test_the_gradient_leaves_out_what_the_normalization_takes_away():
    """Shifting or, without an epsilon, scaling a column changes nothing: no gradient along it."""
    x = columns(0)
    _, _, _, cache = batch_norm.forward(x, 2.0, 1.0, TINY)
    dx, _, _ = batch_norm.backward(np.random.default_rng(0).normal(size=x.shape), cache)
    np.testing.assert_allclose(dx.sum(axis=0), 0, atol=1e-10)
    np.testing.assert_allclose((dx * x).sum(axis=0), 0, atol=1e-9)
    assert np.abs(dx).max() > 0.1


OPTIONS = pytest.mark.parametrize(
    ("use_bias", "scale", "center"),
    [
        (True, True, True),
        (False, True, True),
        (True, False, True),
        (True, True, False),
        (False, False, False),
    ],
)
LAYERS = pytest.mark.parametrize(
    ("make_layer", "input_shape"),
    [
        (lambda **kwargs: keras.layers.Dense(4, **kwargs), (6,)),
        (lambda **kwargs: keras.layers.Conv2D(4, 3, **kwargs), (7, 6, 2)),
    ],
    ids=["dense", "convolution"],
)


@LAYERS
@OPTIONS
def test_folding_a_trained_normalization_changes_no_output(
    make_layer, input_shape, use_bias, scale, center
):
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    # Under a normalization a bias has no gradient: it stays as it starts, which is not at 0 here.
    layer = make_layer(use_bias=use_bias, bias_initializer=keras.initializers.Constant(0.5))
    norm = keras.layers.BatchNormalization(momentum=0.5, scale=scale, center=center)
    model = keras.Sequential(
        [keras.Input(input_shape), layer, norm, keras.layers.Flatten(), keras.layers.Dense(1)]
    )
    x = rng.normal(1, 2, (64, *input_shape)).astype("float32")
    model.compile(keras.optimizers.SGD(0.03), "mse")
    model.fit(x, rng.normal(size=(64, 1)), batch_size=16, epochs=2, verbose=0)
    moved = [of(norm.moving_mean, 0), of(norm.moving_variance, 1) - 1]
    moved += [of(norm.gamma, 2) - 1, of(norm.beta, 1)]
    assert all(np.abs(change).max() > 1e-3 for change in moved), "training changes them all"

    kernel, bias = batch_norm.fold(
        of(layer.kernel, None),
        of(layer.bias, 0),
        *parameters(norm),
        of(norm.moving_mean, None),
        of(norm.moving_variance, None),
        norm.epsilon,
    )
    folded = make_layer()
    folded.build((None, *input_shape))
    folded.set_weights([kernel, bias])
    expected = ops.convert_to_numpy(norm(layer(x), training=False))
    outputs = ops.convert_to_numpy(folded(x))
    assert np.abs(outputs - expected).max() < 1e-5 * np.abs(expected).max()


def test_slip_it_is_not_additive_nor_homogeneous():
    a, b = columns(0), columns(1)

    def normalized(x):
        return batch_norm.forward(x, 1.0, 0.0, TINY)[0]

    assert np.abs(normalized(a + b) - normalized(a) - normalized(b)).max() > 0.1
    np.testing.assert_allclose(normalized(2 * a), normalized(a), atol=1e-9)
    np.testing.assert_allclose(normalized(-a), -normalized(a), atol=1e-9)
    np.testing.assert_allclose(normalized(a + 7), normalized(a), atol=1e-9)


def test_gamma_and_beta_can_undo_it():
    x = columns(0)
    y, *_ = batch_norm.forward(x, x.std(axis=0), x.mean(axis=0), TINY)
    np.testing.assert_allclose(y, x, atol=1e-9)


def test_outputs_have_the_mean_beta_and_the_deviation_gamma():
    gamma, beta = np.linspace(0.5, 2, 5), np.linspace(-1, 1, 5)
    y, *_ = batch_norm.forward(columns(0), gamma, beta, TINY)
    np.testing.assert_allclose(y.mean(axis=0), beta, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=0), gamma, atol=1e-9)


def test_a_feature_that_does_not_vary_becomes_beta():
    y, _, variance, cache = batch_norm.forward(np.full((4, 1), 3.0), 2.0, 0.25)
    np.testing.assert_array_equal(y, 0.25)
    np.testing.assert_array_equal(variance, 0)
    assert all(np.isfinite(gradient).all() for gradient in batch_norm.backward(y, cache))


@pytest.mark.parametrize("x", [np.ones(3), np.ones((2, 3, 4)), np.ones((0, 3)), 1.0])
def test_inputs_that_are_no_batch_are_named(x):
    with pytest.raises(ValueError, match=r"`x` must have the shape \(N, features\)") as error:
        batch_norm.forward(x, 1.0, 0.0)
    assert f"x of shape {np.shape(x)}" in str(error.value)


@pytest.mark.parametrize("epsilon", [0, -1e-3, float("nan"), float("inf")])
def test_bad_epsilon_is_named(epsilon):
    x = np.ones((2, 3))
    for call in (
        lambda: batch_norm.forward(x, 1.0, 0.0, epsilon),
        lambda: batch_norm.inference(x, 1.0, 0.0, 0.0, 1.0, epsilon),
        lambda: batch_norm.fold(x, 0, 1.0, 0.0, 0.0, 1.0, epsilon),
    ):
        with pytest.raises(ValueError, match="`epsilon` must be a positive number") as error:
            call()
        assert f"epsilon={epsilon}" in str(error.value)


@pytest.mark.parametrize("momentum", [-0.1, 1, 1.5, float("nan")])
def test_bad_momentum_is_named(momentum):
    with pytest.raises(ValueError, match=r"`momentum` must lie in \[0, 1\)") as error:
        batch_norm.update_average(0.0, 1.0, momentum)
    assert f"momentum={momentum}" in str(error.value)
