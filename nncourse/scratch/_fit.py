"""The training loop of a network: batches, epochs, early stopping."""

from itertools import islice

import numpy as np

from nncourse.scratch._network_checks import checked_examples, is_positive_integer


def fit(network, x, t, optimizer, batch_size, epochs, validation_data, patience):
    """What `MLP.fit` does."""

    def checked(x, t):
        return checked_examples(x, t, network.sizes, network.loss_function)

    def gradients_of(x, t):
        return network.loss_and_gradients(x, t, network.dropout_masks(len(x)))

    return descend(
        network,
        checked(x, t),
        gradients_of,
        optimizer,
        batch_size,
        epochs,
        None if validation_data is None else checked(*validation_data),
        patience,
    )


@np.errstate(over="ignore", invalid="ignore")  # a loss that overflows is told with its step
def descend(
    network, examples, gradients_of, optimizer, batch_size, epochs, validation_data, patience
):
    """Steps down the gradients of batches.

    Args:
        network: Has an `rng`, `weights`, and a `loss` of examples.
        examples: A tuple of arrays, each with a row for every example, as `loss` takes them.
        gradients_of: Gives the loss of a batch of such rows and its gradients, like the weights.
        optimizer: An update rule.
        batch_size: As in `MLP.fit`, like the rest.
        epochs: See there.
        validation_data: A tuple like `examples`, or None.
        patience: See there.

    Returns:
        The history.
    """
    samples = len(examples[0])
    batch_size = samples if batch_size is None else batch_size
    _check(samples, batch_size, epochs, validation_data, patience)
    history = {"loss": []} if validation_data is None else {"loss": [], "val_loss": []}
    best_epoch, best_weights = 0, network.weights
    for epoch in range(epochs):
        history["loss"].append(
            _one_epoch(network, examples, gradients_of, optimizer, batch_size, epoch)
        )
        if validation_data is None:
            continue
        val_loss = _finite(
            network.loss(*validation_data), f"in the validation of epoch {epoch + 1}"
        )
        history["val_loss"].append(val_loss)
        if patience is None:
            continue
        if history["val_loss"][epoch] < min(history["val_loss"][:-1], default=np.inf):
            best_epoch, best_weights = epoch, network.weights
        elif epoch - best_epoch >= patience:
            break
    if patience is not None:
        network.weights = best_weights
    return history


def _one_epoch(network, examples, gradients_of, optimizer, batch_size, epoch) -> float:
    """Steps through all examples in a new order; the mean loss of an example."""
    samples = len(examples[0])
    order = network.rng.permutation(samples)
    total = 0.0
    for step, start in enumerate(range(0, samples, batch_size)):
        batch = order[start : start + batch_size]
        loss, gradients = gradients_of(*(part[batch] for part in examples))
        total += _finite(loss, f"at step {step + 1} of epoch {epoch + 1}") * len(batch)
        _update(network, optimizer, gradients)
    return total / samples


def _finite(loss: float, when: str) -> float:
    if not np.isfinite(loss):
        raise ValueError(
            f"The loss became {loss} {when}: training has diverged. Try a smaller learning rate."
        )
    return loss


def _update(network, optimizer, gradients) -> None:
    """One step of the optimizer, which knows nothing of layers: only of a list of arrays."""
    parameters = [part for layer in network.weights for part in layer]
    flat_gradients = [part for layer in gradients for part in layer]
    parts = iter(optimizer.step(parameters, flat_gradients))
    network.weights = [tuple(islice(parts, len(layer))) for layer in network.weights]


def _check(samples: int, batch_size, epochs, validation_data, patience) -> None:
    if not is_positive_integer(batch_size) or batch_size > samples:
        raise ValueError(
            f"`batch_size` must be an integer from 1 to the {samples} examples. "
            f"Received: {batch_size=}"
        )
    if not is_positive_integer(epochs):
        raise ValueError(f"`epochs` must be a positive integer. Received: {epochs=}")
    if patience is None:
        return
    if not is_positive_integer(patience):
        raise ValueError(f"`patience` must be a positive integer. Received: {patience=}")
    if validation_data is None:
        raise ValueError("`patience` watches the validation loss: give `validation_data` too.")
