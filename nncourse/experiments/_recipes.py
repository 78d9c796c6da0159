"""How each rung of the MNIST ladder is trained: the one place with these numbers."""

from dataclasses import dataclass, replace

_QUICK_EPOCHS = 8
_QUICK_BATCH = 32  # the digits are few: smaller batches make enough steps of an epoch
_QUICK_MEMBERS = 3


@dataclass(frozen=True)
class Recipe:
    """The network, the data and the optimizer of one rung.

    Training is by AdamW. Its rate grows linearly from 0 to `peak_rate`, then falls along a half
    cosine to 0. Shares are of all the steps, so that they hold for any number of epochs.

    Attributes:
        network: The rung whose network `models.MNISTLadder` builds.
        epochs: How often every image is seen.
        batch_size: Images a step.
        peak_rate: The largest learning rate.
        augmentation: What `_augment.augment` calls the change that images undergo every epoch.
        members: How many networks there are; the answer is the mean of their probabilities.
        weight_decay: AdamW's.
        label_smoothing: The share of the target's probability that is spread over all classes.
        warmup_share: How long the rate grows.
        average_share: The span of the exponential moving average that replaces the weights when
            training ends, so a momentum of 1 - 1 / (average_share * steps). None: no average.
    """

    network: str
    epochs: int
    batch_size: int
    peak_rate: float
    augmentation: str = "none"
    members: int = 1
    weight_decay: float = 0.05
    label_smoothing: float = 0.1
    warmup_share: float = 0.15
    average_share: float | None = None

    def for_digits(self) -> "Recipe":
        """The same rung on the 8x8 digits, in seconds."""
        return replace(
            self,
            epochs=min(self.epochs, _QUICK_EPOCHS),
            batch_size=_QUICK_BATCH,
            members=min(self.members, _QUICK_MEMBERS),
        )


_SHIFTED = {"batch_size": 128, "augmentation": "shifts"}

RECIPES = {
    "baseline": Recipe(network="baseline", epochs=20, batch_size=32, peak_rate=1e-2),
    "v1": Recipe(network="v1", epochs=10, batch_size=128, peak_rate=1e-2),
    "v2": Recipe(network="v2", epochs=12, batch_size=128, peak_rate=1e-2),
    "v3": Recipe(network="v3", epochs=10, batch_size=128, peak_rate=3e-3),
    "v4": Recipe(network="v4", epochs=10, peak_rate=3e-3, **_SHIFTED),
    "v5": Recipe(network="v5", epochs=10, peak_rate=3e-3, **_SHIFTED),
    "v6": Recipe(network="v6", epochs=10, peak_rate=2e-3, **_SHIFTED),
    "v7": Recipe(network="v6", epochs=10, peak_rate=2e-3, **_SHIFTED, members=5),
    "v8": Recipe(
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
