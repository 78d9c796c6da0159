"""A rung of the MNIST ladder: its networks, its images, and how errors are counted."""

from typing import NamedTuple

import numpy as np

from nncourse.experiments._augment import augment
from nncourse.experiments._recipes import RungRecipe
from nncourse.experiments._task import Task

_CLASSES = 10
_SMALL = 8  # the side of an image that is too small for two 5x5 kernels and poolings
_BATCH = 500

Split = tuple[np.ndarray, np.ndarray]


class Data(NamedTuple):
    """Images and labels for three uses; those for the test are used at the very end."""

    training: Split
    validation: Split
    test: Split


class Rung(Task):
    """A rung's networks on images of digits.

    Args:
        recipe: How to train.
        data: The images.
    """

    curves = ("loss", "accuracy")

    def __init__(self, recipe: RungRecipe, data: Data):
        super().__init__(recipe)
        self.data = data
        self.steps = -(-len(data.training[0]) // recipe.batch_size)
        self._targets = np.eye(_CLASSES, dtype="float32")

    def build(self, seed: int):
        """The untrained network of the rung, with smaller kernels for the small digits."""
        from nncourse import models

        shape = self.data.training[0].shape[1:]
        small = {"kernel_size": 3, "padding": "same"} if shape[0] <= _SMALL else {}
        return models.MNISTLadder(
            self.recipe.network, input_shape=shape, classes=_CLASSES, seed=seed, **small
        )

    def join(self, members: list):
        """The one network, or the ensemble of several."""
        from nncourse import models

        return members[0] if len(members) == 1 else models.Ensemble(members)

    def compile_options(self) -> dict:
        """Cross-entropy of smoothed labels."""
        import keras

        return {
            "loss": keras.losses.CategoricalCrossentropy(
                from_logits=True, label_smoothing=self.recipe.label_smoothing
            ),
            "metrics": ["accuracy"],
            # XLA makes small convolutions on TensorFlow's CPU twice as slow; JAX can't do without.
            "jit_compile": False if keras.backend.backend() == "tensorflow" else "auto",
        }

    def examples(self, seed: int, epoch: int) -> Split:
        """All training images, changed as the recipe says."""
        images, labels = self.data.training
        order = np.random.default_rng((seed, epoch)).permutation(len(images))
        seen = augment(self.recipe.augmentation, images, seed, epoch)[order]
        return seen, self._targets[labels[order]]

    def metrics(self, network, fitted: dict) -> dict:
        """Loss and accuracy; the weights' moving average is judged if there is one."""
        images, labels = self.data.validation
        logits = predict(network, images)
        return {
            **fitted,
            "val_loss": network.loss(self._targets[labels], logits),
            "val_accuracy": score(logits, labels)["accuracy"],
        }

    def progress(self, metrics: dict) -> str:
        """The loss and the validation images that were recognized."""
        return f"loss {metrics['loss']:.4f}  validation {100 * metrics['val_accuracy']:.2f} %"

    def judge(self, whole, members: list, seeds: list[int]) -> dict:
        """Errors on validation and test images, together and alone."""
        images, labels = self.data.test
        return {
            "validation": score(predict(whole, self.data.validation[0]), self.data.validation[1]),
            "test": score(predict(whole, images), labels),
            "members": [
                {"seed": seed, "test": score(predict(member, images), labels)}
                for seed, member in zip(seeds, members, strict=True)
            ],
        }


def predict(network, images: np.ndarray) -> np.ndarray:
    """The network's logits, `(images, 10)`.

    Not by `network.predict`: TensorFlow would trace, and warn of it, once for each of many.
    """
    from keras import ops

    parts = (images[i : i + _BATCH] for i in range(0, len(images), _BATCH))
    return np.concatenate([ops.convert_to_numpy(network(part, training=False)) for part in parts])


def score(logits: np.ndarray, labels: np.ndarray) -> dict:
    """How many images are taken for another digit."""
    errors = int((logits.argmax(axis=-1) != labels).sum())
    return {"images": len(labels), "errors": errors, "accuracy": round(1 - errors / len(labels), 6)}
