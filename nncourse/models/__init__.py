"""Networks named after their papers."""

from nncourse.models.character_lm import CharacterLM
from nncourse.models.ensemble import Ensemble
from nncourse.models.lenet5 import LeNet5
from nncourse.models.mnist_ladder import MNISTLadder
from nncourse.models.neural_turing_machine import NeuralTuringMachine

__all__ = ["CharacterLM", "Ensemble", "LeNet5", "MNISTLadder", "NeuralTuringMachine"]
