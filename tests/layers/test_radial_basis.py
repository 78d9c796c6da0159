import numpy as np
import pytest
import scipy.spatial
import scipy.special
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from nncourse.layers import RadialBasis
from tests.checks import check_layer

RNG = np.random.default_rng(0)
CODES = RNG.normal(size=(6, 5)).round(2)


@pytest.mark.parametrize("shape", [(4, 5), (3, 2, 5)], ids=["vectors", "sequences"])
def test_keeps_the_promises_of_a_layer(shape, tmp_path):
    check_layer(lambda: RadialBasis(CODES), RNG.normal(size=shape).astype("float32"), tmp_path)


@settings(max_examples=25, deadline=None)
@given(
    samples=st.integers(1, 4),
    units=st.integers(1, 5),
    features=st.integers(1, 6),
    seed=st.integers(0, 2**32 - 1),
)
def test_law_equals_scipy(samples, units, features, seed):
    rng = np.random.default_rng(seed)
    codes, x = rng.normal(size=(units, features)), rng.normal(size=(samples, features))
    expected = scipy.spatial.distance.cdist(x, codes, "sqeuclidean")
    result = ops.convert_to_numpy(RadialBasis(codes)(x.astype("float32")))
    np.testing.assert_allclose(result, expected, rtol=1e-4, atol=1e-5)


def test_softmax_of_minus_the_distances_is_the_posterior_of_gaussians():
    """With mean at the code, variance 1/2 in each direction and equal priors."""
    x = RNG.normal(size=(8, 5)).astype("float32")
    densities = np.stack(
        [scipy.stats.multivariate_normal(code, np.eye(5) / 2).pdf(x) for code in CODES], axis=1
    )
    result = scipy.special.softmax(-ops.convert_to_numpy(RadialBasis(CODES)(x)), axis=1)
    np.testing.assert_allclose(result, densities / densities.sum(1, keepdims=True), atol=1e-4)


def test_codes_are_kept_and_not_trained():
    layer = RadialBasis(CODES)
    distances = ops.convert_to_numpy(layer(CODES.astype("float32")))
    np.testing.assert_array_equal(np.diag(distances), 0)
    assert (distances + np.eye(6) > 0.1).all()
    assert layer.trainable_weights == []
    np.testing.assert_array_equal(layer.get_weights()[0], CODES.astype("float32"))


@pytest.mark.parametrize(
    "codes",
    [[], [[]], [1.0, 2.0], [[[1.0]]], [[1.0], [1.0, 2.0]], [[float("nan")]], [["a"]], None],
)
def test_bad_codes_are_refused(codes):
    with pytest.raises(ValueError, match="`codes` must be finite numbers of shape"):
        RadialBasis(codes)


def test_inputs_of_another_width_are_refused():
    with pytest.raises(ValueError, match="expected axis -1 of input shape to have value 5"):
        RadialBasis(CODES)(np.ones((2, 4), "float32"))
