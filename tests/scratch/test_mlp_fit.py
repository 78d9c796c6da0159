import types

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncourse.scratch import MLP, optimizers

rng = np.random.default_rng(0)
X, T = rng.normal(size=(14, 3)), rng.normal(size=(14, 2))
X_NEW, T_NEW = rng.normal(size=(9, 3)), rng.normal(size=(9, 2))


class Recorder(MLP):
    """Keeps the batches and masks it is trained on."""

    def loss_and_gradients(self, x, t, masks=None):
        self.batches = [*getattr(self, "batches", []), (x, t, masks)]
        return super().loss_and_gradients(x, t, masks)


def flat(network: MLP) -> np.ndarray:
    return np.concatenate([part.ravel() for layer in network.weights for part in layer])


def test_batch_descent_follows_the_full_gradient():
    network, same = (MLP([3, 5, 2], "tanh", l2=0.01, seed=0) for _ in range(2))
    for _ in range(3):
        _, gradients = same.loss_and_gradients(X, T)
        same.weights = [
            (W - 0.1 * dW, b - 0.1 * db)
            for (W, b), (dW, db) in zip(same.weights, gradients, strict=True)
        ]
    network.fit(X, T, optimizers.SGD(0.1), epochs=3)
    np.testing.assert_allclose(flat(network), flat(same), rtol=1e-12)


def test_equals_a_fit_of_keras():
    network = MLP([3, 6, 2], "sigmoid", seed=0)
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(6, "sigmoid"), keras.layers.Dense(2)]
    )
    model.set_weights([part for layer in network.weights for part in layer])
    model.compile(keras.optimizers.SGD(0.3), "mean_squared_error")
    x, t, x_new, t_new = (array.astype("float32") for array in (X, T, X_NEW, T_NEW))
    expected = model.fit(
        x, t, batch_size=len(x), epochs=20, validation_data=(x_new, t_new), verbose=0
    ).history
    history = network.fit(
        X, T, optimizers.SGD(0.3), len(X), epochs=20, validation_data=(X_NEW, T_NEW)
    )
    assert history.keys() == expected.keys()
    for key, values in history.items():
        np.testing.assert_allclose(values, expected[key], atol=1e-5)
    trained = np.concatenate([weight.ravel() for weight in model.get_weights()])
    np.testing.assert_allclose(flat(network), trained, atol=1e-5)
    assert history["loss"][-1] < 0.9 * history["loss"][0]


@given(samples=st.integers(1, 14), batch_size=st.integers(1, 14), epochs=st.integers(1, 3))
def test_law_every_epoch_sees_every_example_once(samples, batch_size, epochs):
    batch_size = min(batch_size, samples)
    network = Recorder([3, 2], seed=0)
    network.fit(X[:samples], T[:samples], optimizers.SGD(0.01), batch_size, epochs)
    steps = -(-samples // batch_size)
    assert len(network.batches) == steps * epochs
    for epoch in range(epochs):
        batches = network.batches[epoch * steps : (epoch + 1) * steps]
        assert [len(x) for x, _, _ in batches[:-1]] == [batch_size] * (steps - 1)
        x, t = (np.concatenate([batch[part] for batch in batches]) for part in (0, 1))
        order = np.argsort(x[:, 0])
        expected = np.argsort(X[:samples, 0])
        np.testing.assert_array_equal(x[order], X[expected])
        np.testing.assert_array_equal(t[order], T[expected])


def test_the_order_is_new_in_every_epoch():
    network = Recorder([3, 2], seed=0)
    network.fit(X, T, optimizers.SGD(0.01), batch_size=14, epochs=5)
    orders = {tuple(x[:, 0]) for x, _, _ in network.batches}
    assert len(orders) == 5
    assert tuple(X[:, 0]) not in orders


def test_the_loss_of_an_epoch_is_the_mean_over_the_examples():
    network = MLP([3, 4, 2], "tanh", l2=0.1, seed=0)
    history = network.fit(X, T, optimizers.SGD(1e-12), batch_size=4, epochs=2)  # 4, 4, 4, 2
    assert history.keys() == {"loss"}
    np.testing.assert_allclose(history["loss"], [network.loss(X, T)] * 2, rtol=1e-9)


def test_the_validation_loss_is_that_after_the_epoch_and_decay_is_in_it():
    networks = [MLP([3, 4, 2], "tanh", l2=0.1, dropout=0.5, seed=0) for _ in range(3)]
    expected = []
    for epochs, network in enumerate(networks, start=1):
        history = network.fit(X, T, optimizers.SGD(0.1), 5, epochs, validation_data=(X_NEW, T_NEW))
        expected.append(network.loss(X_NEW, T_NEW))
    np.testing.assert_allclose(history["val_loss"], expected)


def test_the_same_seed_gives_the_same_training():
    one, same, other = (MLP([3, 5, 2], dropout=0.3, seed=seed) for seed in (1, 1, 2))
    for network in (one, same, other):
        network.fit(X, T, optimizers.SGD(0.1), batch_size=4, epochs=3)
    np.testing.assert_array_equal(flat(one), flat(same))
    assert not np.isclose(flat(one), flat(other)).any()


class Scripted(MLP):
    """Its validation loss after each epoch is written down beforehand."""

    script: list[float]

    def loss(self, x, t, masks=None):
        self.script, value = self.script[1:], self.script[0]
        return value


class Counter:
    """An update rule that adds 1 to all weights, so that they tell the epoch."""

    def step(self, parameters, gradients):
        return [parameter + 1 for parameter in parameters]


def replay(values, patience: int) -> tuple[int, int]:
    """The epochs after which Keras's callback stops, and whose weights it restores."""
    weights = []
    model = types.SimpleNamespace(
        stop_training=False, get_weights=lambda: epoch, set_weights=weights.append
    )
    callback = keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(values, start=1):
        callback.on_epoch_end(epoch - 1, {"val_loss": value})
        if model.stop_training:
            break
    callback.on_train_end()
    return epoch, weights[-1]


@given(
    # Few different values, so that there are ties; exact in the float32 in which Keras compares.
    values=st.lists(st.integers(0, 12).map(lambda value: value / 8), min_size=1, max_size=25),
    patience=st.integers(1, 6),
)
def test_law_stops_and_restores_as_keras_does(values, patience):
    network = Scripted([3, 2])
    network.weights = [(np.zeros((3, 2)), np.zeros(2))]
    network.script = values
    history = network.fit(
        X, T, Counter(), 14, len(values), validation_data=(X_NEW, T_NEW), patience=patience
    )
    stopped, restored = replay(values, patience)
    assert history["val_loss"] == values[:stopped]
    assert len(history["loss"]) == stopped
    assert (flat(network) == restored).all()


def test_without_patience_the_last_weights_stay():
    network = Scripted([3, 2])
    network.weights = [(np.zeros((3, 2)), np.zeros(2))]
    network.script = [1.0, 2.0, 3.0, 4.0]
    history = network.fit(X, T, Counter(), 14, 4, validation_data=(X_NEW, T_NEW))
    assert history["val_loss"] == [1.0, 2.0, 3.0, 4.0]
    assert (flat(network) == 4).all()


def test_early_stopping_of_a_real_training_takes_back_the_best_weights():
    network = MLP([3, 40, 2], "tanh", seed=0)
    history = network.fit(
        X, T, optimizers.Adam(0.02), 5, 400, validation_data=(X_NEW, T_NEW), patience=20
    )
    best = int(np.argmin(history["val_loss"]))
    assert len(history["val_loss"]) == best + 1 + 20 < 400
    assert network.loss(X_NEW, T_NEW) == history["val_loss"][best]


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.9])
def test_masks_keep_the_mean(rate):
    masks = MLP([3, 50, 40, 2], dropout=rate, seed=0).dropout_masks(2000)
    assert [mask.shape for mask in masks] == [(2000, 50), (2000, 40)]  # the output has none
    for mask in masks:
        assert set(mask.ravel()) == {0, 1 / (1 - rate)}
        error = np.sqrt(rate / (1 - rate) / mask.size)
        assert abs(mask.mean() - 1) < 5 * error
        for axis in (0, 1):  # every unit and every example has its own
            assert len(np.unique(mask, axis=axis)) > 1


def test_expected_preactivations_are_those_without_dropout():
    network = MLP([3, 200, 2], "sigmoid", dropout=0.5, seed=0)
    x = np.repeat(X[:1], 20_000, axis=0)
    outputs = network.forward(x, network.dropout_masks(len(x))).output
    error = outputs.std(axis=0) / np.sqrt(len(x))
    assert (np.abs(outputs.mean(axis=0) - network(X[:1])[0]) < 5 * error).all()
    assert (error > 0).all()


def test_every_step_draws_new_masks_and_none_are_used_afterwards():
    network = Recorder([3, 20, 2], dropout=0.5, seed=0)
    network.fit(X, T, optimizers.SGD(0.01), batch_size=7, epochs=2)
    drawn = [masks[0] for _, _, masks in network.batches]
    assert len({mask.tobytes() for mask in drawn}) == 4
    plain = MLP([3, 20, 2])
    plain.weights = network.weights
    np.testing.assert_array_equal(network(X_NEW), plain(X_NEW))
    assert network.loss(X_NEW, T_NEW) == plain.loss(X_NEW, T_NEW)
    assert plain.dropout_masks(5) is None
