"""Trains one network, an epoch at a time, so that it can stop after each and go on later."""

import time
from collections.abc import Callable

import numpy as np

from nncourse.experiments._augment import augment
from nncourse.experiments._networks import CLASSES, predict, score
from nncourse.experiments._recipes import Recipe


class DivergedError(ValueError):
    """The loss is not finite any more, and would not be if the training were repeated."""


def compile_network(model, recipe: Recipe, images: int) -> None:
    """Gives a network its loss, and an optimizer whose rate knows how many steps there will be."""
    import keras

    steps = recipe.epochs * -(-images // recipe.batch_size)
    warmup = max(1, round(recipe.warmup_share * steps))
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - warmup), warmup_target=recipe.peak_rate, warmup_steps=warmup
    )
    average = {}
    if recipe.average_share is not None:
        momentum = 1 - 1 / max(1.0, recipe.average_share * steps)
        average = {"use_ema": True, "ema_momentum": momentum}
    model.compile(
        keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay, **average),
        keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=recipe.label_smoothing
        ),
        metrics=["accuracy"],
        # XLA makes small convolutions on TensorFlow's CPU twice as slow; JAX can't do without.
        jit_compile=False if keras.backend.backend() == "tensorflow" else "auto",
    )
    model.optimizer.build(model.trainable_variables)


def train_network(
    model,
    recipe: Recipe,
    training: tuple[np.ndarray, np.ndarray],
    validation: tuple[np.ndarray, np.ndarray],
    *,
    seed: int,
    done: int,
    state: list[np.ndarray],
    after_epoch: Callable[[dict, list[np.ndarray]], None],
) -> None:
    """Trains a network to the end, from the start or from the state after some epoch.

    The order of the images and what is done to them follow from the seed and the epoch alone, and
    `state` holds all the rest, so where a training was cut has no influence on its result.

    Args:
        model: The network, without a softmax. It ends with its final weights.
        recipe: How to train it.
        training: Images and labels.
        validation: Images and labels; the weights' moving average is judged if there is one.
        seed: Where chance starts.
        done: How many epochs the state has behind it.
        state: What `after_epoch` got last; empty if no epoch is done.
        after_epoch: Called after each epoch with its metrics and the state.

    Raises:
        DivergedError: If the loss or another metric is not finite.
        ValueError: If the state is not of this network and optimizer.
    """
    compile_network(model, recipe, len(training[0]))
    variables = [*model.variables, *model.optimizer.variables]
    _assign(variables, state)
    one_hot = np.eye(CLASSES, dtype="float32")
    images, targets = training[0], one_hot[training[1]]
    for epoch in range(done, recipe.epochs):
        started = time.perf_counter()
        order = np.random.default_rng((seed, epoch)).permutation(len(images))
        seen = augment(recipe.augmentation, images, seed, epoch)[order]
        metrics, state = _fit_epoch(model, seen, targets[order], recipe.batch_size, variables)
        logits = predict(model, validation[0])
        metrics["val_loss"] = model.loss(one_hot[validation[1]], logits)
        metrics["val_accuracy"] = score(logits, validation[1])["accuracy"]
        metrics = {name: round(float(value), 6) for name, value in metrics.items()}
        _check_finite(metrics, epoch + 1)
        if epoch + 1 < recipe.epochs:
            _assign(variables, state)
        metrics["seconds"] = round(time.perf_counter() - started, 2)
        after_epoch({"epoch": epoch + 1, **metrics}, state)


def _fit_epoch(model, images, targets, batch_size, variables) -> tuple[dict, list[np.ndarray]]:
    """One epoch; returns its metrics and the values of the variables at its end.

    `fit` returns with the weights replaced by their moving average, if the optimizer has one: the
    values to go on from are read before that.
    """
    import keras

    values = []

    def read_variables(epoch, logs):  # copies: PyTorch's arrays would follow the variables
        values.extend(np.array(keras.ops.convert_to_numpy(variable)) for variable in variables)

    read = keras.callbacks.LambdaCallback(on_epoch_end=read_variables)
    history = model.fit(
        images, targets, batch_size=batch_size, shuffle=False, verbose=0, callbacks=[read]
    )
    return {name: value[-1] for name, value in history.history.items()}, values


def _assign(variables, values: list[np.ndarray]) -> None:
    if not values:
        return
    shapes, received = [tuple(v.shape) for v in variables], [v.shape for v in values]
    if shapes != received:
        raise ValueError(
            "The checkpoint must be of the same network and optimizer, made by the same versions "
            f"of nncourse and Keras. Received: {len(received)} variables, of {len(shapes)}"
        )
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _check_finite(metrics: dict[str, float], epoch: int) -> None:
    for name, value in metrics.items():
        if not np.isfinite(value):
            raise DivergedError(f"Training stopped in epoch {epoch}: {name} became {value}.")
