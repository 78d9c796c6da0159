"""Builds a rung's networks and counts their errors."""

import numpy as np

CLASSES = 10
_SMALL = 8  # the side of an image that is too small for two 5x5 kernels and poolings
_BATCH = 500


def member_seed(seed: int, index: int) -> int:
    """The seed of an ensemble's member: other runs have other members.

    A single network is the member of index 0, so the first of v7 is the v6 of the same seed.
    """
    return int(np.random.SeedSequence((seed, index)).generate_state(1)[0]) % 2**31


def build_network(rung: str, input_shape: tuple[int, ...], seed: int):
    """The untrained network of a rung, with smaller kernels for the small digits."""
    from nncourse import models

    small = {"kernel_size": 3, "padding": "same"} if input_shape[0] <= _SMALL else {}
    return models.MNISTLadder(rung, input_shape=input_shape, classes=CLASSES, seed=seed, **small)


def join(members: list):
    """The one network, or the ensemble of several."""
    from nncourse import models

    return members[0] if len(members) == 1 else models.Ensemble(members)


def predict(model, images: np.ndarray) -> np.ndarray:
    """The network's logits, `(images, 10)`.

    Not by `model.predict`: TensorFlow would trace, and warn of it, once for each of many networks.
    """
    from keras import ops

    parts = (images[i : i + _BATCH] for i in range(0, len(images), _BATCH))
    return np.concatenate([ops.convert_to_numpy(model(part, training=False)) for part in parts])


def score(logits: np.ndarray, labels: np.ndarray) -> dict:
    """How many images are taken for another digit."""
    errors = int((logits.argmax(axis=-1) != labels).sum())
    return {"images": len(labels), "errors": errors, "accuracy": round(1 - errors / len(labels), 6)}
