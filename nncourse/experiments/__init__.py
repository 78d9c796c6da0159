"""Trainings at full size, which `nncourse train` runs and whose records are part of the book."""

from nncourse.experiments.charlm import train_charlm
from nncourse.experiments.corpus_results import corpus_table
from nncourse.experiments.machine_results import machine_table
from nncourse.experiments.mnist import train_mnist
from nncourse.experiments.ntm import train_ntm
from nncourse.experiments.results import results_table

__all__ = [
    "corpus_table",
    "machine_table",
    "results_table",
    "train_charlm",
    "train_mnist",
    "train_ntm",
]
