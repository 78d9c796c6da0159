"""A character-level language model and its text: network, windows, and bits a character."""

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from nncourse.experiments._recipe import Recipe
from nncourse.experiments._task import Task

_PARTS = 64  # pieces of held-out text that are read side by side
_NGRAM_ORDERS = (5, 6, 7)
_SAMPLE = {"length": 500, "temperature": 0.8, "seed": 0}


@dataclass(frozen=True, kw_only=True)
class CorpusRecipe(Recipe):
    """The network, the windows and the training of a language model.

    Attributes:
        cell: "lstm" or "gru".
        units: Units of each recurrent layer.
        depth: How many recurrent layers there are.
        embedding_dim: Numbers by which a symbol is read.
        dropout: The share of the layers' outputs that is dropped.
        window: Characters that an example has.
        clip_norm: The largest norm of all gradients together.
    """

    cell: str
    units: int
    embedding_dim: int
    depth: int = 1
    dropout: float = 0.0
    window: int = 64
    clip_norm: float = 1.0

    def for_a_minute(self) -> "CorpusRecipe":
        """A small network, and few epochs."""
        return replace(self, units=64, embedding_dim=32, depth=1, epochs=2, peak_rate=1e-2)


class Parts(NamedTuple):
    """A text for three uses; that for the test is used at the very end."""

    training: str
    validation: str
    test: str

    @classmethod
    def of(cls, text: str) -> "Parts":
        """The last tenth of a text is held back, one half for each use."""
        held_back = len(text) // 20
        ends = len(text) - 2 * held_back, len(text) - held_back
        return cls(text[: ends[0]], text[ends[0] : ends[1]], text[ends[1] :])


class Corpus(Task):
    """A language model of a text.

    Args:
        recipe: How to train.
        parts: The text.
    """

    curves = ("bits",)

    def __init__(self, recipe: CorpusRecipe, parts: Parts):
        from nncourse.models._alphabet import Alphabet  # with Keras, which takes seconds

        super().__init__(recipe)
        self.parts = parts
        # Every epoch's windows begin elsewhere, up to a window later. No batch is smaller than
        # the others, for which the network would be compiled once more.
        windows = (len(parts.training) - recipe.window) // recipe.window
        self.steps = windows // recipe.batch_size
        if self.steps < 1:
            raise ValueError(
                f"The text must have {recipe.batch_size} windows of {recipe.window} characters. "
                f"Received: {len(parts.training)} characters to train on"
            )
        self._alphabet = Alphabet(sorted(set("".join(parts))))

    def build(self, seed: int):
        """The untrained network."""
        from nncourse import models

        recipe = self.recipe
        return models.CharacterLM(
            self._alphabet.symbols,
            units=recipe.units,
            depth=recipe.depth,
            cell=recipe.cell,
            embedding_dim=recipe.embedding_dim,
            dropout=recipe.dropout,
            seed=seed,
        )

    def compile_options(self) -> dict:
        """Cross-entropy of the next character."""
        import keras

        return {
            "loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            # A loop over the time is three times as fast with XLA; PyTorch's compiler can't do it.
            "jit_compile": keras.backend.backend() != "torch",
        }

    def examples(self, seed: int, epoch: int) -> tuple[np.ndarray, np.ndarray]:
        """Windows of the training text, in an order of the epoch's own."""
        rng = np.random.default_rng((seed, epoch))
        start = rng.integers(self.recipe.window)
        x, y = self._alphabet.windows(self.parts.training[start:], self.recipe.window)
        order = rng.permutation(len(x))[: self.steps * self.recipe.batch_size]
        return x[order], y[order]

    def metrics(self, network, fitted: dict) -> dict:
        """Bits a character, on the training windows with dropout and on held-out text without."""
        return {
            "bits": fitted["loss"] / math.log(2),
            "val_bits": network.bits(self.parts.validation, parts=_PARTS),
        }

    def progress(self, metrics: dict) -> str:
        """The bits a character."""
        return f"bits {metrics['bits']:.4f}  validation {metrics['val_bits']:.4f}"

    def judge(self, whole, members: list, seeds: list[int]) -> dict:
        """Bits a character of the network and, on the same text, of n-grams; and a sample."""
        start = self.parts.validation[:1]
        return {
            "validation": score(whole, self.parts.validation),
            "test": score(whole, self.parts.test),
            "ngrams": _ngram_scores(self.parts),
            "sample": whole.generate(start, **_SAMPLE),
        }


def score(network, text: str) -> dict:
    """Bits a character of a text."""
    return {"characters": len(text), "bits": round(network.bits(text, parts=_PARTS), 6)}


def _ngram_scores(parts: Parts) -> list[dict]:
    """Kneser-Ney n-grams of the training text, judged on the held-out texts."""
    from nncourse.scratch import NGram

    scores = []
    for order in _NGRAM_ORDERS:
        model = NGram(order, unknown="\0").fit(list(parts.training))
        scores.append(
            {
                "order": order,
                "validation": round(model.bits(list(parts.validation)), 6),
                "test": round(model.bits(list(parts.test)), 6),
            }
        )
    return scores
