"""What a run leaves to its experiment."""

import numpy as np

from nncourse.experiments._recipe import Recipe


class Task:
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

    def build(self, seed: int):
        """An untrained network."""
        raise NotImplementedError

    def join(self, members: list):
        """The network that is saved and judged."""
        (network,) = members
        return network

    def compile_options(self) -> dict:
        """What `compile` gets but for the optimizer."""
        raise NotImplementedError

    def examples(self, seed: int, epoch: int) -> tuple[np.ndarray, np.ndarray]:
        """Inputs and targets of an epoch in their order: a function of seed and epoch alone."""
        raise NotImplementedError

    def metrics(self, network, fitted: dict) -> dict:
        """The metrics of an epoch, from those of `fit` and the validation data."""
        raise NotImplementedError

    def progress(self, metrics: dict) -> str:
        """An epoch's metrics for the terminal."""
        raise NotImplementedError

    def judge(self, whole, members: list, seeds: list[int]) -> dict:
        """What the record says of trained networks; here alone the test data are used."""
        raise NotImplementedError
