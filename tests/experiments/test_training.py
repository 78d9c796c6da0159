"""The schedule and the moving average, against NumPy."""

import keras
import numpy as np
import pytest

from nncourse.experiments._ladder import Data, Rung
from nncourse.experiments._recipes import RungRecipe
from nncourse.experiments._training import compile_network, train_network

rng = np.random.default_rng(0)
IMAGES = rng.random((60, 8, 8, 1), dtype="float32")
LABELS = rng.integers(10, size=60)


def network():
    start = keras.initializers.GlorotUniform(seed=0)
    dense = keras.layers.Dense(10, kernel_initializer=start)
    return keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), dense])


def recipe(**settings):
    settings = {"epochs": 10, "batch_size": 60, "peak_rate": 0.1} | settings
    return RungRecipe(network="baseline", **settings)


def rung(settings, images=60):
    part = (IMAGES[:20], LABELS[:20])
    return Rung(settings, Data((IMAGES[:images], LABELS[:images]), part, part))


def train(model, settings):
    history, states = [], []
    train_network(
        model,
        rung(settings),
        seed=0,
        done=0,
        state=[],
        after_epoch=lambda metrics, state: (history.append(metrics), states.append(state)),
    )
    return history, states


@pytest.mark.parametrize("epochs", [10, 20])
def test_the_rate_grows_to_its_peak_and_falls_to_zero(epochs):
    model = network()
    compile_network(model, rung(recipe(epochs=epochs, batch_size=16, warmup_share=0.25), 50))
    steps = epochs * 4  # the last of an epoch's steps has two images
    warmup = round(0.25 * steps)
    schedule = model.optimizer._learning_rate
    step = np.unique([*range(0, steps, 5), 1, warmup - 1, warmup, warmup + 1, steps - 1, steps])
    rates = [float(schedule(int(each))) for each in step]
    falling = 0.1 * (1 + np.cos(np.pi * (step - warmup) / (steps - warmup))) / 2
    expected = np.where(step < warmup, 0.1 * step / warmup, falling)
    np.testing.assert_allclose(rates, expected, atol=1e-6)


def test_every_epoch_has_all_images_with_their_labels_in_an_order_of_its_own(monkeypatch):
    seen, fit = [], keras.Model.fit

    def fit_and_note(model, x, y, **options):
        assert options["shuffle"] is False
        seen.append((x, y))
        return fit(model, x, y, **options)

    monkeypatch.setattr(keras.Model, "fit", fit_and_note)
    train(network(), recipe(epochs=3))
    numbers = {image.tobytes(): number for number, image in enumerate(IMAGES)}
    orders = [[numbers[image.tobytes()] for image in x] for x, _ in seen]
    for order, (_, targets) in zip(orders, seen, strict=True):
        assert sorted(order) == list(range(60))
        np.testing.assert_array_equal(targets, np.eye(10)[LABELS[order]])
    assert len(set(map(tuple, orders))) == 3


def loss(kernel, bias, smoothing):
    logits = IMAGES[:20].reshape(20, 64).astype(float) @ kernel + bias
    log_softmax = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    targets = (1 - smoothing) * np.eye(10)[LABELS[:20]] + smoothing / 10
    return -(targets * log_softmax).sum(1).mean()


@pytest.mark.parametrize("share", [None, 0.4])
def test_the_average_is_judged_and_kept_and_does_not_disturb_training(share):
    """One step an epoch, so that the states after the epochs are all that there are."""
    model = network()
    history, states = train(model, recipe(average_share=share))
    plain = [state[:2] for state in train(network(), recipe())[1]]  # kernel and bias
    for state, (kernel, _) in zip(states, plain, strict=True):
        np.testing.assert_array_equal(state[0], kernel)
    momentum = 0 if share is None else 1 - 1 / (share * 10)
    average = plain[0]
    for (kernel, bias), metrics in zip(plain, history, strict=True):
        average = [
            momentum * old + (1 - momentum) * new
            for old, new in zip(average, (kernel, bias), strict=True)
        ]
        assert metrics["val_loss"] == pytest.approx(loss(*average, smoothing=0.1), abs=1e-5)
    for weights, expected in zip(model.get_weights(), average, strict=True):
        np.testing.assert_allclose(weights, expected, atol=1e-6)
    assert history[-1]["val_loss"] < history[0]["val_loss"] - 0.1


def test_a_state_of_another_network_is_refused():
    _, states = train(network(), recipe(epochs=1))  # one step
    with pytest.raises(ValueError, match="checkpoint must be of the same network"):
        train_network(
            network(),
            rung(recipe(average_share=0.4)),
            seed=0,
            done=1,
            state=states[-1],
            after_epoch=lambda metrics, state: None,
        )
