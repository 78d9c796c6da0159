import keras
import numpy as np
import pytest

from nncourse.scratch import RNN, clip_by_global_norm, optimizers
from tests.scratch.recurrent_examples import NETWORKS, keras_layer, random_mask

rng = np.random.default_rng(0)
X, T = rng.normal(size=(12, 5, 2)), rng.normal(size=(12, 5, 3))
X_NEW, T_NEW = rng.normal(size=(6, 8, 2)), rng.normal(size=(6, 8, 3))
MASK = random_mask(12, 5, rng)
every_network = pytest.mark.parametrize("kind", NETWORKS)


def flat(layers) -> np.ndarray:
    return np.concatenate([part.ravel() for layer in layers for part in layer])


@every_network
def test_descent_follows_the_gradient_that_its_options_ask_for(kind):
    network, same = kind(2, 4, 3, seed=0), kind(2, 4, 3, seed=0)
    norms = []
    for _ in range(3):
        _, gradients = same.loss_and_gradients(X, T, MASK, truncate=2)
        norms.append(np.linalg.norm(flat(gradients)))
        gradients = clip_by_global_norm(gradients, 0.05)
        same.weights = [
            tuple(w - 0.1 * g for w, g in zip(*layers, strict=True))
            for layers in zip(same.weights, gradients, strict=True)
        ]
    assert min(norms) > 0.1  # so that it was clipped
    options = {"mask": MASK, "truncate": 2, "clip_norm": 0.05}
    network.fit(X, T, optimizers.SGD(0.1), epochs=3, **options)
    np.testing.assert_allclose(flat(network.weights), flat(same.weights), rtol=1e-9)


@every_network
def test_equals_a_fit_of_keras(kind):
    network = kind(2, 4, 3, seed=0)
    layer = keras_layer(network)
    sequences = keras.Input((None, 2))
    h, *_ = layer(sequences)
    model = keras.Model(sequences, keras.layers.Dense(3)(h[:, -1]))
    model.set_weights([part for layer in network.weights for part in layer])
    rule = keras.optimizers.SGD(1.0, global_clipnorm=0.2)
    model.compile(rule, "mean_squared_error", run_eagerly=True)
    t, t_new = T[:, -1], T_NEW[:, -1]
    expected = model.fit(
        X, t, batch_size=12, epochs=4, validation_data=(X_NEW, t_new), verbose=0
    ).history
    rule = optimizers.SGD(1.0)
    history = network.fit(X, t, rule, 12, 4, validation_data=(X_NEW, t_new), clip_norm=0.2)
    assert history.keys() == expected.keys()
    for key, values in history.items():
        np.testing.assert_allclose(values, expected[key], atol=1e-5)
    trained = np.concatenate([weight.ravel() for weight in model.get_weights()])
    np.testing.assert_allclose(flat(network.weights), trained, atol=1e-5)
    assert history["loss"][-1] < 0.95 * history["loss"][0]


def test_batches_keep_inputs_targets_and_mask_together():
    seen = []

    class Recorder(RNN):
        def loss_and_gradients(self, x, t, mask=None, truncate=None):
            seen.append((x, t, mask))
            return super().loss_and_gradients(x, t, mask, truncate)

    Recorder(2, 4, 3, seed=0).fit(X, T, optimizers.SGD(0.1), batch_size=5, epochs=1, mask=MASK)
    assert [len(x) for x, _, _ in seen] == [5, 5, 2]
    x, t, mask = (np.concatenate(part) for part in zip(*seen, strict=True))
    order = [int(np.flatnonzero((row == X).all(axis=(1, 2)))[0]) for row in x]
    assert sorted(order) == list(range(12)) != order
    np.testing.assert_array_equal(t, T[order])
    np.testing.assert_array_equal(mask, MASK[order])


@every_network
def test_early_stopping_takes_back_the_best_weights(kind):
    network = kind(2, 20, 3, seed=0)
    mask = random_mask(6, 8, np.random.default_rng(0))
    history = network.fit(
        X, T, optimizers.Adam(0.05), 6, 200, validation_data=(X_NEW, T_NEW, mask), patience=5
    )
    best = int(np.argmin(history["val_loss"]))
    assert len(history["val_loss"]) == best + 1 + 5 < 200
    assert network.loss(X_NEW, T_NEW, mask) == history["val_loss"][best]


@every_network
def test_the_same_seed_gives_the_same_training(kind):
    one, same, other = (kind(2, 4, 3, seed=seed) for seed in (1, 1, 2))
    for network in (one, same, other):
        network.fit(X, T, optimizers.SGD(0.1), batch_size=5, epochs=2)
    np.testing.assert_array_equal(flat(one.weights), flat(same.weights))
    assert (one.weights[0][0] != other.weights[0][0]).all()


def bits(sequences: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Random bits, and the one of five steps before the last."""
    x = np.random.default_rng(seed).integers(0, 2, (sequences, 9, 1))
    return x, x[:, -6]


@every_network
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_learns_to_echo_a_bit_of_five_steps_ago(kind, seed):
    network = kind(1, 16, 1, loss="binary_crossentropy", seed=seed)
    x_new, t_new = bits(400, seed=100)

    def accuracy():
        return ((network(x_new)[:, -1] > 0) == t_new).mean()

    assert accuracy() < 0.65
    network.fit(*bits(400, seed=seed), optimizers.Adam(0.02), 40, epochs=30, clip_norm=1.0)
    assert accuracy() > 0.99
