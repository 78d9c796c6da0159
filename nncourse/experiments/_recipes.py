"""How each rung of the MNIST ladder is trained: the one place with these numbers."""

from dataclasses import dataclass, replace

from nncourse.experiments._recipe import Recipe

_QUICK_EPOCHS = 8
_QUICK_BATCH = 32  # the digits are few: smaller batches make enough steps of an epoch
_QUICK_MEMBERS = 3


@dataclass(frozen=True, kw_only=True)
class RungRecipe(Recipe):
    """The network, the images and the training of one rung.

    Attributes:
        network: The rung whose network `models.MNISTLadder` builds.
        augmentation: What `_augment.augment` calls the change that images undergo every epoch.
        label_smoothing: The share of the target's probability that is spread over all classes.
    """

    network: str
    augmentation: str = "none"
    label_smoothing: float = 0.1

    def for_digits(self) -> "RungRecipe":
        """The same rung on the 8x8 digits, in seconds."""
        return replace(
            self,
            epochs=min(self.epochs, _QUICK_EPOCHS),
            batch_size=_QUICK_BATCH,
            members=min(self.members, _QUICK_MEMBERS),
        )


_SHIFTED = {"batch_size": 128, "augmentation": "shifts"}

RECIPES = {
    "baseline": RungRecipe(network="baseline", epochs=20, batch_size=32, peak_rate=1e-2),
    "v1": RungRecipe(network="v1", epochs=10, batch_size=128, peak_rate=1e-2),
    "v2": RungRecipe(network="v2", epochs=12, batch_size=128, peak_rate=1e-2),
    "v3": RungRecipe(network="v3", epochs=10, batch_size=128, peak_rate=3e-3),
    "v4": RungRecipe(network="v4", epochs=10, peak_rate=3e-3, **_SHIFTED),
    "v5": RungRecipe(network="v5", epochs=10, peak_rate=3e-3, **_SHIFTED),
    "v6": RungRecipe(network="v6", epochs=10, peak_rate=2e-3, **_SHIFTED),
    "v7": RungRecipe(network="v6", epochs=10, peak_rate=2e-3, **_SHIFTED, members=5),
    "v8": RungRecipe(
        network="v8", epochs=28, batch_size=128, peak_rate=3e-3, augmentation="warp", members=3
    ),
}

# Per cent of MNIST's test images, as the sources of the book give them.
SOURCES = {
    "baseline": 97.80,
    "v1": 98.78,
    "v2": 99.06,
    "v3": 99.23,
    "v4": 99.37,
    "v5": 99.43,
    "v6": 99.60,
    "v7": 99.67,
    "v8": 99.79,
}
