"""Trains one network, an epoch at a time, so that it can stop after each and go on later."""

import time
from collections.abc import Callable

import numpy as np

from nncourse.experiments._task import Task


class DivergedError(ValueError):
    """The loss is not finite any more, and would not be if the training were repeated."""


def compile_network(network, task: Task) -> None:
    """Gives a network its loss, and an optimizer whose rate knows how many steps there will be."""
    import keras

    recipe = task.recipe
    steps = recipe.epochs * task.steps
    warmup = max(1, round(recipe.warmup_share * steps))
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - warmup), warmup_target=recipe.peak_rate, warmup_steps=warmup
    )
    options = {"weight_decay": recipe.weight_decay, "global_clipnorm": recipe.clip_norm}
    if recipe.average_share is not None:
        momentum = 1 - 1 / max(1.0, recipe.average_share * steps)
        options |= {"use_ema": True, "ema_momentum": momentum}
    network.compile(keras.optimizers.AdamW(rate, **options), **task.compile_options())
    network.optimizer.build(network.trainable_variables)


def train_network(
    network,
    task: Task,
    *,
    seed: int,
    done: int,
    state: list[np.ndarray],
    after_epoch: Callable[[dict, list[np.ndarray]], None],
) -> None:
    """Trains a network to the end, from the start or from the state after some epoch.

    The examples of an epoch follow from the seed and the epoch alone, and `state` holds all the
    rest, so where a training was cut has no influence on its result.

    Args:
        network: It ends with its final weights.
        task: What it learns, and how.
        seed: Where chance starts.
        done: How many epochs the state has behind it.
        state: What `after_epoch` got last; empty if no epoch is done.
        after_epoch: Called after each epoch with its metrics and the state.

    Raises:
        DivergedError: If the loss or another metric is not finite.
        ValueError: If the state is not of this network and optimizer.
    """
    compile_network(network, task)
    variables = [*network.variables, *network.optimizer.variables]
    _assign(variables, state)
    for epoch in range(done, task.recipe.epochs):
        started = time.perf_counter()
        fitted, state = _fit_epoch(network, task, seed, epoch, variables)
        metrics = task.metrics(network, fitted)
        metrics = {name: round(float(value), 6) for name, value in metrics.items()}
        _check_finite(metrics, f"epoch {epoch + 1}")
        if epoch + 1 < task.recipe.epochs:
            _assign(variables, state)
        metrics["seconds"] = round(time.perf_counter() - started, 2)
        after_epoch({"epoch": epoch + 1, **metrics}, state)


def _fit_epoch(network, task, seed, epoch, variables) -> tuple[dict, list[np.ndarray]]:
    """One epoch; returns its metrics and the values of the variables at its end.

    `fit` returns with the weights replaced by their moving average, if the optimizer has one: the
    values to go on from are read before that.
    """
    import keras

    values = []

    def read_variables(epoch, logs):  # copies: PyTorch's arrays would follow the variables
        values.extend(np.array(keras.ops.convert_to_numpy(variable)) for variable in variables)

    def check(batch, logs):  # the loss is the mean since the epoch began: once NaN, always NaN
        _check_finite(logs, f"step {batch + 1} of epoch {epoch + 1}")

    read = keras.callbacks.LambdaCallback(on_epoch_end=read_variables)
    inputs, targets, *weights = task.examples(seed, epoch)
    history = network.fit(
        inputs,
        targets,
        sample_weight=weights[0] if weights else None,
        batch_size=task.recipe.batch_size,
        shuffle=False,
        verbose=0,
        callbacks=[read, keras.callbacks.LambdaCallback(on_train_batch_end=check)],
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


def _check_finite(metrics: dict[str, float], place: str) -> None:
    for name, value in metrics.items():
        if not np.isfinite(value):
            raise DivergedError(f"Training stopped in {place}: {name} became {value}.")
