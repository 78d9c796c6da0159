"""Trainings at full size, which `nncourse train` runs and whose records are part of the book."""

from nncourse.experiments.mnist import train_mnist
from nncourse.experiments.results import results_table

__all__ = ["results_table", "train_mnist"]
