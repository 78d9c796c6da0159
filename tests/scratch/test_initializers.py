import keras
import numpy as np
import pytest
import scipy.stats
from keras import ops

from nncourse.scratch import MLP, activations, initializers

PAIRS = pytest.mark.parametrize(
    ("draw", "oracle", "variance"),
    [
        (initializers.glorot_normal, keras.initializers.GlorotNormal, lambda i, u: 2 / (i + u)),
        (initializers.he_normal, keras.initializers.HeNormal, lambda i, u: 2 / i),
    ],
    ids=["glorot", "he"],
)
SHAPES = pytest.mark.parametrize(("inputs", "units"), [(400, 100), (30, 500), (1000, 1000)])


def confidence(draws):
    """How far a sample variance of normal numbers strays from the true one, in ratio: 1 in 10^6."""
    return scipy.stats.chi2.ppf([5e-7, 1 - 5e-7], draws - 1) / (draws - 1)


@PAIRS
@SHAPES
def test_variance_of_many_draws(draw, oracle, variance, inputs, units):
    weights = draw(np.random.default_rng(0), inputs, units)
    assert weights.shape == (inputs, units)
    low, high = confidence(weights.size)
    assert low < weights.var(ddof=1) / variance(inputs, units) < high
    assert abs(weights.mean()) < 5 * np.sqrt(variance(inputs, units) / weights.size)


@PAIRS
@SHAPES
def test_variance_is_that_of_keras(draw, oracle, variance, inputs, units):
    """Keras cuts its normals off at two deviations and widens them to the same variance.

    The shorter tails make its sample variance stray less, so the confidence holds a fortiori.
    """
    theirs = ops.convert_to_numpy(oracle(seed=0)((inputs, units)))
    low, high = confidence(theirs.size)
    assert low < theirs.var(ddof=1) / variance(inputs, units) < high


@PAIRS
def test_draws_are_normal(draw, oracle, variance):
    weights = draw(np.random.default_rng(1), 50, 60).ravel() / np.sqrt(variance(50, 60))
    assert scipy.stats.kstest(weights, "norm").pvalue > 1e-3


@PAIRS
def test_the_generator_decides(draw, oracle, variance):
    first, same, other = (draw(np.random.default_rng(seed), 4, 3) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, same)
    assert (first != other).all()


def last_signal(activation, initializer, seed, layers=50, units=256):
    """The mean square of a deep stack's last activations, for inputs of variance 1."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(64, units))
    for _ in range(layers):
        x = activation(x @ initializer(rng, units, units))
    return np.mean(x**2)


def half(initializer):
    return lambda *arguments: initializer(*arguments) / 2


@pytest.mark.parametrize("seed", range(3))
def test_fifty_layers_of_tanh_keep_glorots_signal_and_half_the_scale_kills_it(seed):
    # tanh(a)^2 is a^2 - 2 a^4 / 3 near 0: a layer takes 2 q^2 from the variance q, and 1 / (2 L)
    # is left after L layers, a hundredth.
    assert 1 / 300 < last_signal(activations.tanh, initializers.glorot_normal, seed) < 3 / 100
    assert last_signal(activations.tanh, half(initializers.glorot_normal), seed) < 4.0**-45


@pytest.mark.parametrize("seed", range(3))
def test_fifty_layers_of_relu_keep_hes_signal_and_half_the_scale_kills_it(seed):
    # By chance a layer of n units changes the logarithm by sqrt(5 / n): the mean of n numbers
    # 2 relu(a)^2, of variance 5.
    spread = np.exp(4 * np.sqrt(50 * 5 / 256))
    assert 1 / spread < last_signal(activations.relu, initializers.he_normal, seed) < spread
    ratio = last_signal(activations.relu, half(initializers.he_normal), seed) / 4.0**-50
    assert 1 / spread < ratio < spread
    # Under a ReLU Glorot's start loses half of it at every layer.
    ratio = last_signal(activations.relu, initializers.glorot_normal, seed) / 2.0**-50
    assert 1 / spread < ratio < spread


def test_an_mlp_starts_with_them():
    network = MLP([300, 200, 100], "relu", initializer=initializers.he_normal, seed=0)
    for weights, bias in network.weights:
        low, high = confidence(weights.size)
        assert low < weights.var(ddof=1) * len(weights) / 2 < high
        np.testing.assert_array_equal(bias, 0)
