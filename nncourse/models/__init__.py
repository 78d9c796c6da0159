"""Networks named after their papers."""

from nncourse.models.ensemble import Ensemble
from nncourse.models.lenet5 import LeNet5
from nncourse.models.mnist_ladder import MNISTLadder

__all__ = ["Ensemble", "LeNet5", "MNISTLadder"]
