"""The numbers of a training."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How networks are trained, whatever they learn.

    Training is by AdamW. Its rate grows linearly from 0 to `peak_rate`, then falls along a half
    cosine to 0. Shares are of all the steps, so that they hold for any number of epochs.

    Attributes:
        epochs: How often the training data are gone through.
        batch_size: Examples a step.
        peak_rate: The largest learning rate.
        members: How many networks there are; an experiment says how their answers are joined.
        weight_decay: AdamW's.
        warmup_share: How long the rate grows.
        average_share: The span of the exponential moving average that replaces the weights when
            training ends, so a momentum of 1 - 1 / (average_share * steps). None: no average.
    """

    epochs: int
    batch_size: int
    peak_rate: float
    members: int = 1
    weight_decay: float = 0.05
    warmup_share: float = 0.15
    average_share: float | None = None

    clip_norm = None  # no field, so no part of a record, unless an experiment makes it one
