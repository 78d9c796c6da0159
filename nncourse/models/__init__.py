"""Networks named after their papers."""

from nncourse.models.attention_seq2seq import AttentionSeq2Seq
from nncourse.models.character_lm import CharacterLM
from nncourse.models.ensemble import Ensemble
from nncourse.models.lenet5 import LeNet5
from nncourse.models.mnist_ladder import MNISTLadder
from nncourse.models.neural_gpu import NeuralGPU
from nncourse.models.neural_turing_machine import NeuralTuringMachine
from nncourse.models.seq2seq import Seq2Seq
from nncourse.models.trained import load_trained, trained_names
from nncourse.models.transformer import Transformer

__all__ = [
    "AttentionSeq2Seq",
    "CharacterLM",
    "Ensemble",
    "LeNet5",
    "MNISTLadder",
    "NeuralGPU",
    "NeuralTuringMachine",
    "Seq2Seq",
    "Transformer",
    "load_trained",
    "trained_names",
]
