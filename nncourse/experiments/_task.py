"""What a run leaves to its experiment."""

from abc import ABC, abstractmethod

import numpy as np

from nncourse.experiments._recipe import Recipe


class Task(ABC):
    """Networks, data and judgment of one experiment; a run does the rest.

    Args:
        recipe: How to train.

    Attributes:
        steps: The batches of an epoch.
        curves: The metrics that are drawn; each has a `val_` beside it.
    """

    steps: int
    curves: tuple[str, ...]

    def __init__(self, recipe: Recipe):
        self.recipe = recipe

    @abstractmethod
    def build(self, seed: int):
        """An untrained network."""

    def join(self, members: list):
        """The network that is saved and judged."""
        (network,) = members
        return network

    @abstractmethod
    def compile_options(self) -> dict:
        """What `compile` gets but for the optimizer."""

    @abstractmethod
    def examples(self, seed: int, epoch: int) -> tuple[np.ndarray, ...]:
        """What an epoch has, in its order: a function of seed and epoch alone.

        Returns:
            Inputs, targets and, where some count more than others, their weights.
        """

    @abstractmethod
    def metrics(self, network, fitted: dict) -> dict:
        """The metrics of an epoch, from those of `fit` and the validation data."""

    @abstractmethod
    def progress(self, metrics: dict) -> str:
        """An epoch's metrics for the terminal."""

    @abstractmethod
    def judge(self, whole, members: list, seeds: list[int]) -> dict:
        """What the record says of trained networks; here alone the test data are used."""
