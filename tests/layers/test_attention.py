"""`MultiplicativeAttention` and `AdditiveAttention` against NumPy and Keras."""

import keras
import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from nncourse.layers import AdditiveAttention, MultiplicativeAttention
from tests.checks import check_layer

RNG = np.random.default_rng(0)
QUERY = RNG.normal(size=(3, 4, 5)).astype("float32")
SAME = RNG.normal(size=(3, 6, 5)).astype("float32")  # as wide as the queries
OTHER = RNG.normal(size=(3, 6, 2)).astype("float32")
MASK = np.array([[1, 1, 1, 1, 0, 0], [1, 0, 0, 0, 0, 1], [1, 1, 1, 1, 1, 1]], bool)

MAKERS = {
    "dot": lambda **options: MultiplicativeAttention(**options),
    "general": lambda **options: MultiplicativeAttention("general", **options),
    "additive": lambda **options: AdditiveAttention(7, **options),
}


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


@keras.saving.register_keras_serializable("nncourse_tests")
class OfItself(keras.layers.Layer):
    """A layer of one input, which the shared check wants: its own query and values."""

    def __init__(self, layer, **kwargs):
        super().__init__(**kwargs)
        if kwargs.get("dtype") == "float16":
            layer = layer.__class__.from_config({**layer.get_config(), "dtype": "float16"})
        self.layer = layer

    def build(self, input_shape):
        if not self.layer.built:
            self.layer.build(input_shape, input_shape)

    def call(self, inputs):
        return self.layer(inputs, inputs)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.layer.output_units or input_shape[-1])

    def get_config(self):
        layer = keras.saving.serialize_keras_object(self.layer)
        return {**super().get_config(), "layer": layer}

    @classmethod
    def from_config(cls, config):
        layer = keras.saving.deserialize_keras_object(config["layer"])
        return cls(**{**config, "layer": layer})


@pytest.mark.parametrize(
    ("score", "options"),
    [("dot", {}), ("general", {"output_units": 3}), ("additive", {"output_units": 3})],
)
def test_they_keep_the_promises_of_a_layer(score, options, tmp_path):
    make = MAKERS[score]
    # To compile takes torch 30 s; the scores differ in no operation that is hard on compilers.
    check_layer(lambda: OfItself(make(**options)), QUERY, tmp_path, compiled=score == "general")
    config = make(**options).get_config()
    assert {**config, **options} == config
    assert make().__class__.from_config(config).get_config() == config
    assert config.get("score", "additive") == score
    assert config.get("units", 7) == 7


# --- against other computations -----------------------------------------------------------------


def reference(layer, query, values, mask):
    """Weights and context by loops over the batch and the queries, in double precision."""
    weights = np.zeros((len(query), query.shape[1], values.shape[1]))
    parameters = [weight.astype(float) for weight in layer.get_weights()]
    for b, t in np.ndindex(*query.shape[:2]):
        for s in np.flatnonzero(mask[b]):
            h, v = query[b, t].astype(float), values[b, s].astype(float)
            if isinstance(layer, AdditiveAttention):
                w_query, w_values, w_score = parameters[:3]
                weights[b, t, s] = w_score @ np.tanh(h @ w_query + v @ w_values)
            elif layer.score == "general":
                weights[b, t, s] = h @ parameters[0] @ v
            else:
                weights[b, t, s] = h @ v
        if mask[b].any():
            weights[b, t, mask[b]] = scipy.special.softmax(weights[b, t, mask[b]])
    return weights, np.einsum("bts,bsd->btd", weights, values)


@settings(max_examples=25)
@given(
    score=st.sampled_from(sorted(MAKERS)),
    sizes=st.tuples(*[st.integers(1, 4)] * 5),
    seed=st.integers(0, 2**31),
)
def test_law_weights_are_a_softmax_over_what_is_not_masked(score, sizes, seed):
    batch, queries, length, width, values_width = sizes
    values_width = width if score == "dot" else values_width
    rng = np.random.default_rng(seed)
    query = rng.normal(size=(batch, queries, width)).astype("float32") * 3
    values = rng.normal(size=(batch, length, values_width)).astype("float32") * 3
    mask = rng.random((batch, length)) < 0.6
    layer = MAKERS[score]()
    context, weights = layer(query, values, values_mask=mask, return_weights=True)
    expected, expected_context = reference(layer, query, values, mask)
    np.testing.assert_allclose(numpy(weights), expected, atol=1e-5)
    np.testing.assert_allclose(numpy(context), expected_context, atol=1e-4)
    total = numpy(weights).sum(axis=-1)
    np.testing.assert_allclose(total, np.tile(mask.any(axis=1), (queries, 1)).T, atol=1e-5)
    assert (numpy(weights).transpose(0, 2, 1)[~mask] == 0).all()


def test_dot_equals_keras():
    context, weights = MultiplicativeAttention()(QUERY, SAME, MASK, return_weights=True)
    expected, scores = keras.layers.Attention()(
        [QUERY, SAME], mask=[None, MASK], return_attention_scores=True
    )
    np.testing.assert_allclose(numpy(context), numpy(expected), atol=1e-6)
    np.testing.assert_allclose(numpy(weights), numpy(scores), atol=1e-6)


def test_general_with_a_multiple_of_one_is_keras_with_scale():
    layer = MultiplicativeAttention("general")
    layer.build(QUERY.shape, SAME.shape)
    layer.set_weights([0.4 * np.eye(5)])
    other = keras.layers.Attention(use_scale=True)
    other([QUERY, SAME])
    other.set_weights([np.array(0.4)])
    np.testing.assert_allclose(numpy(layer(QUERY, SAME)), numpy(other([QUERY, SAME])), atol=1e-6)


def test_additive_is_keras_after_two_dense_layers():
    layer = AdditiveAttention(5)
    context = layer(QUERY, OTHER, MASK)
    query_kernel, values_kernel, score_kernel = layer.get_weights()
    other = keras.layers.AdditiveAttention()
    inputs = [QUERY @ query_kernel, OTHER, OTHER @ values_kernel]  # query, value, key
    other(inputs)
    other.set_weights([score_kernel])
    expected = other(inputs, mask=[None, MASK])
    np.testing.assert_allclose(numpy(context), numpy(expected), atol=1e-6)


@pytest.mark.parametrize("score", sorted(MAKERS))
def test_the_attentional_vector_is_made_of_context_and_query(score):
    layer = MAKERS[score](output_units=3)
    vector = layer(QUERY, SAME, MASK)
    *_, kernel = layer.get_weights()
    _, context = reference(layer, QUERY, SAME, MASK)
    assert kernel.shape == (10, 3)
    expected = np.tanh(np.concatenate([context, QUERY], axis=-1) @ kernel)
    np.testing.assert_allclose(numpy(vector), expected, atol=1e-5)


# --- masks, extremes, bad input -----------------------------------------------------------------


@pytest.mark.parametrize("score", sorted(MAKERS))
def test_padding_changes_nothing(score):
    layer = MAKERS[score](output_units=3)
    short = numpy(layer(QUERY, SAME[:, :4]))
    garbage = SAME.copy()
    garbage[:, 4:] = 1e4
    mask = np.arange(6) < np.full((3, 1), 4)
    np.testing.assert_allclose(numpy(layer(QUERY, garbage, mask)), short, atol=1e-6)


def test_masks_of_keras_are_honored_and_passed_on():
    numbers = np.array([[3, 4, 0, 0], [1, 0, 0, 0]])
    embedding = keras.layers.Embedding(5, 5, mask_zero=True)
    layer = MultiplicativeAttention()
    result, weights = layer(embedding(numbers[:, :3]), embedding(numbers), return_weights=True)
    assert (numpy(weights).transpose(0, 2, 1)[numbers == 0] == 0).all()
    np.testing.assert_array_equal(numpy(result._keras_mask), numbers[:, :3] != 0)


@pytest.mark.parametrize("score", sorted(MAKERS))
def test_half_precision_stays_finite_where_products_do_not(score):
    layer = MAKERS[score](dtype="float16")
    large = np.full((1, 2, 64), 300, "float16")  # their product is 5.8 million
    large[0, 1] = -300
    context, weights = layer(large, large, np.array([[True, False]]), return_weights=True)
    assert keras.backend.standardize_dtype(context.dtype) == "float16"
    np.testing.assert_array_equal(numpy(weights), [[[1, 0], [1, 0]]])
    np.testing.assert_array_equal(numpy(context), large[:, [0, 0]])
    free = numpy(layer(large, large))
    assert np.isfinite(free).all()


def test_symbolic_shapes():
    query, values = keras.Input((None, 5)), keras.Input((None, 2))
    context, weights = AdditiveAttention(3)(query, values, return_weights=True)
    assert context.shape == (None, None, 2)
    assert weights.shape == (None, None, None)
    assert AdditiveAttention(3, output_units=7)(query, values).shape == (None, None, 7)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MultiplicativeAttention("cosine"), r"`score` must be one of .*score='cosine'"),
        (lambda: MultiplicativeAttention(output_units=0), "`output_units` must be a positive"),
        (lambda: AdditiveAttention(0), "`units` must be a positive integer. Received: units=0"),
        (lambda: AdditiveAttention(2, output_units=1.5), "`output_units` must be a positive"),
        (
            lambda: MultiplicativeAttention()(QUERY, OTHER),
            "the same width for score='dot'. Received: widths 5 and 2",
        ),
    ],
)
def test_bad_input(make, message):
    with pytest.raises(ValueError, match=message):
        make()
