import keras
import numpy as np
import pytest
from keras import ops

from nncourse._autodiff import gradient
from nncourse.layers import PeepholeLSTMCell
from tests.checks import check_layer

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 6, 4)).astype("float32")


def with_weights_of(cell, other, peepholes):
    """`cell`, with those of a cell without peepholes."""
    cell.build((None, X.shape[-1]))
    cell.set_weights([*other.get_weights(), peepholes])
    return cell


def by_hand(x, cell):
    """The equations, one gate at a time, in double precision."""
    kernel, recurrent, bias, (p_i, p_f, p_o) = (w.astype(float) for w in cell.get_weights())
    parts = [np.split(w, 4, axis=-1) for w in (kernel, recurrent, bias)]
    (w_i, u_i, b_i), (w_f, u_f, b_f), (w_c, u_c, b_c), (w_o, u_o, b_o) = zip(*parts, strict=True)

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    h = c = np.zeros((len(x), cell.units))
    for x_t in np.moveaxis(x.astype(float), 1, 0):
        i = sigmoid(x_t @ w_i + h @ u_i + p_i * c + b_i)
        f = sigmoid(x_t @ w_f + h @ u_f + p_f * c + b_f)
        c = f * c + i * np.tanh(x_t @ w_c + h @ u_c + b_c)
        o = sigmoid(x_t @ w_o + h @ u_o + p_o * c + b_o)
        h = o * np.tanh(c)
    return h, c


def test_keeps_the_promises_of_a_layer(tmp_path):
    check_layer(
        lambda: keras.layers.RNN(PeepholeLSTMCell(5), return_sequences=True),
        X[:, :2],  # PyTorch compiles step by step
        tmp_path,
    )


def test_it_runs_both_ways():
    """Under `Bidirectional` the two halves are two cells, one of which reads from the end."""
    both = keras.layers.Bidirectional(keras.layers.RNN(PeepholeLSTMCell(5)))
    y = ops.convert_to_numpy(both(X))
    for half, x in ((y[:, :5], X), (y[:, 5:], X[:, ::-1])):
        layer = both.forward_layer if x is X else both.backward_layer
        np.testing.assert_allclose(half, by_hand(x, layer.cell)[0], atol=1e-6)


def test_config_has_the_arguments_of_the_cell():
    cell = PeepholeLSTMCell(5, peephole_initializer="ones", dropout=0.1, recurrent_dropout=0.2)
    copy = PeepholeLSTMCell.from_config(cell.get_config())
    assert copy.get_config() == cell.get_config()
    copy.build((None, 4))
    np.testing.assert_array_equal(copy.get_weights()[-1], np.ones((3, 5)))


def test_equals_the_equations():
    cell = PeepholeLSTMCell(5, peephole_initializer=keras.initializers.RandomNormal(1.0, seed=1))
    y, h, c = keras.layers.RNN(cell, return_state=True)(X)
    expected_h, expected_c = by_hand(X, cell)
    np.testing.assert_allclose(ops.convert_to_numpy(h), expected_h, atol=1e-6)
    np.testing.assert_allclose(ops.convert_to_numpy(c), expected_c, atol=1e-6)
    np.testing.assert_array_equal(ops.convert_to_numpy(y), ops.convert_to_numpy(h))


@pytest.mark.parametrize(
    "options",
    [{}, {"go_backwards": True}, {"return_sequences": True}, {"return_state": True}],
    ids=lambda options: next(iter(options), "last output"),
)
@pytest.mark.parametrize("masked", [False, True])
def test_without_peepholes_it_is_keras_cell(options, masked):
    mask = np.array([[True] * 6, [True] * 3 + [False] * 3, [True] + [False] * 5])
    keras_cell = keras.layers.LSTMCell(5)
    keras_cell.build((None, 4))
    cell = with_weights_of(PeepholeLSTMCell(5), keras_cell, np.zeros((3, 5)))
    results = [
        keras.tree.flatten(keras.layers.RNN(c, **options)(X, mask=mask if masked else None))
        for c in (cell, keras_cell)
    ]
    assert len(results[0]) == (3 if "return_state" in options else 1)
    for ours, theirs in zip(*results, strict=True):
        np.testing.assert_allclose(
            ops.convert_to_numpy(ours), ops.convert_to_numpy(theirs), atol=1e-6
        )


@pytest.mark.parametrize("weight", [0, 1, 2, 3], ids=["kernel", "recurrent", "bias", "peepholes"])
def test_gradients_equal_finite_differences(weight):
    cell = PeepholeLSTMCell(3, peephole_initializer=keras.initializers.RandomNormal(1.0, seed=1))
    layer = keras.layers.RNN(cell)
    layer(X)
    weights = cell.get_weights()
    direction = RNG.normal(size=weights[weight].shape)

    def loss(values):
        changed = [*weights[:weight], values, *weights[weight + 1 :]]
        x = ops.convert_to_tensor(X)
        return layer.stateless_call(changed, layer.non_trainable_variables, x)[0][..., 0]

    (slopes,) = gradient(lambda values: ops.sum(loss(values)), [weights[weight]])

    def double(step):
        cell.set_weights(
            [*weights[:weight], weights[weight] + step * direction, *weights[weight + 1 :]]
        )
        return by_hand(X, cell)[0][:, 0].sum()

    expected = (double(1e-3) - double(-1e-3)) / 2e-3
    assert np.isclose((ops.convert_to_numpy(slopes) * direction).sum(), expected, rtol=1e-2)
    assert abs(expected) > 1e-3


def test_dropout_masks_are_the_same_at_every_step():
    """With the inputs dropped or not as a whole sequence, a unit step response tells which."""
    cell = PeepholeLSTMCell(4, dropout=0.5, kernel_initializer="ones", seed=0)
    layer = keras.layers.RNN(cell, return_sequences=True)
    x = np.ones((64, 5, 1), "float32")
    y = ops.convert_to_numpy(layer(x, training=True))
    silent = y[:, 0, 0] == 0
    assert 16 < silent.sum() < 48
    assert (y[silent] == 0).all()
    assert (y[~silent] != 0).all()
    still = ops.convert_to_numpy(layer(x, training=False))
    assert (still == still[:1]).all()


def test_recurrent_dropout_changes_training_only():
    layer = keras.layers.RNN(PeepholeLSTMCell(8, recurrent_dropout=0.5, seed=0))
    still = ops.convert_to_numpy(layer(X, training=False))
    np.testing.assert_array_equal(ops.convert_to_numpy(layer(X, training=False)), still)
    assert not np.allclose(ops.convert_to_numpy(layer(X, training=True)), still)


@pytest.mark.parametrize("units", [0, -1, 2.5, None, True])
def test_bad_units_are_named(units):
    with pytest.raises(ValueError, match="`units` must be a positive integer"):
        PeepholeLSTMCell(units)
