"""A task for machines with a memory: network, fresh sequences, and how wrong bits are counted."""

import math
from typing import NamedTuple

import numpy as np

from nncourse.experiments._machine_recipes import EpisodeRecipe
from nncourse.experiments._task import Task

_PART = 128  # sequences that are answered together
_SURE = 1e-7  # Keras's loss takes no probability for nearer to 0 or 1, and neither do the bits
# Seeds of runs are below 2**31: no run is trained on these.
_VALIDATION = (2**31, 128)
_TEST = (2**31 + 1, 512)


class Episodes(NamedTuple):
    """Sequences and their answers, as `datasets.make_*` draws them."""

    x: np.ndarray
    y: np.ndarray
    mask: np.ndarray


class Machine(Task):
    """A network that learns one of the tasks, each batch anew.

    Args:
        recipe: How to train.
        name: The task: "copy" for `datasets.make_copy`, and so on.
    """

    curves = ("loss",)

    def __init__(self, recipe: EpisodeRecipe, name: str):
        super().__init__(recipe)
        self.name = name
        self.steps = recipe.epoch_steps
        seed, sequences = _VALIDATION
        self._validation = draw(name, recipe.episodes, sequences, seed)

    def build(self, seed: int):
        """The untrained network."""
        import keras

        keras.utils.set_random_seed(seed)
        x, y, _ = self._validation
        return self.recipe.network(x.shape[-1], y.shape[-1])

    def join(self, members: list):
        """The network without its optimizer, which would make the file three times as large."""
        (trained,) = members
        network = self.build(0)
        network.set_weights(trained.get_weights())
        network.jit_compile = False  # each length is answered once
        return network

    def compile_options(self) -> dict:
        """Cross-entropy of the bits that are asked for."""
        import keras

        from nncourse.experiments._bit_loss import BitLoss

        return {
            "loss": BitLoss(),
            # As for the language models.
            "jit_compile": keras.backend.backend() != "torch",
        }

    def examples(self, seed: int, epoch: int) -> Episodes:
        """Sequences that no other epoch has."""
        sequences = self.steps * self.recipe.batch_size
        return draw(self.name, self.recipe.episodes, sequences, seed, epoch)

    def metrics(self, network, fitted: dict) -> dict:
        """The loss and, of the same kind of sequences, the bits that are answered wrongly."""
        scored = score(answers(network, self._validation.x), self._validation)
        return {
            **fitted,
            "val_loss": scored["cost"] * math.log(2) / scored["asked"],
            "val_wrong_bits": scored["wrong_bits"],
        }

    def progress(self, metrics: dict) -> str:
        """The loss and the wrong bits."""
        return f"loss {metrics['loss']:.4f}  wrong bits {metrics['val_wrong_bits']:.2f}"

    def judge(self, whole, members: list, seeds: list[int]) -> dict:
        """Wrong bits of sequences as in training, and of those that ask for more."""
        seed, sequences = _TEST
        tests = []
        for kind, law in kinds(self.name, self.recipe.episodes).items():
            episodes = draw(self.name, law, sequences, seed)
            scored = score(answers(whole, episodes.x), episodes)
            tests.append({"kind": kind, **{name: round(v, 4) for name, v in scored.items()}})
        judged = {"test": tests}
        if self.name == "dynamic_ngrams":
            law = self.recipe.episodes
            judged["guesses"] = guesses(draw(self.name, law, sequences, seed), law["order"])
        return judged


def draw(name: str, law: dict, sequences: int, *seed: int) -> Episodes:
    """Sequences of a task.

    Args:
        name: The task.
        law: What its `datasets.make_*` is given.
        sequences: How many.
        *seed: Where chance starts.
    """
    from nncourse import datasets

    make = getattr(datasets, f"make_{name}")
    (state,) = np.random.SeedSequence(seed).generate_state(1)
    return Episodes(*make(sequences, **law, seed=int(state)))


def kinds(name: str, law: dict) -> dict[str, dict]:
    """The sequences to judge by: as in training, and with more to remember than ever there."""

    def more(**numbers):
        return law | {f"{end}_{what}": n for what, n in numbers.items() for end in ("min", "max")}

    longest, repeats, items = (law.get(f"max_{n}") for n in ("length", "repeats", "items"))
    match name:
        case "copy":
            beyond = {f"length {n}": more(length=n) for n in (longest, 2 * longest, 5 * longest)}
        case "repeat_copy":
            known = {"trained_repeats": repeats}
            beyond = {
                f"length {2 * longest}": more(length=2 * longest, repeats=repeats) | known,
                f"{2 * repeats} repeats": more(length=longest, repeats=2 * repeats) | known,
            }
        case "associative_recall":
            counts = (items, 2 * items, 10 * items // 3)
            beyond = {f"{n} items": more(items=n) for n in counts}
        case _:
            beyond = {}
    return {"as in training": law} | beyond


def answers(network, x: np.ndarray) -> np.ndarray:
    """The probabilities that a network gives the bits, `(sequences, steps, bits)`."""
    parts = (x[i : i + _PART] for i in range(0, len(x), _PART))
    return np.concatenate([network.predict_on_batch(part) for part in parts])


def score(probabilities: np.ndarray, episodes: Episodes) -> dict[str, float]:
    """What answers cost.

    Args:
        probabilities: Of a 1 in the place of each bit.
        episodes: What was to be answered.

    Returns:
        Of a sequence in the mean: the bits that are `asked` for, the `wrong_bits`, those nearer to
        the other value, and the `cost`, the cross-entropy in bits. And the share that is
        `faultless`.
    """
    _, y, mask = episodes
    wrong = ((probabilities > 0.5) != (y > 0.5)) * mask[..., np.newaxis]
    p = np.clip(probabilities.astype(float), _SURE, 1 - _SURE)
    cost = -np.log2(np.where(y > 0.5, p, 1 - p)) * mask[..., np.newaxis]
    return {
        "sequences": len(y),
        "asked": float(mask.sum() * y.shape[-1] / len(y)),
        "wrong_bits": float(wrong.sum() / len(y)),
        "faultless": float((wrong.sum(axis=(1, 2)) == 0).mean()),
        "cost": float(cost.sum() / len(y)),
    }


def guesses(episodes: Episodes, order: int) -> list[dict]:
    """What the best predictions cost of those that look at fewer bits, up to the law's own order.

    That of its own order is the best there is.
    """
    from nncourse.datasets import optimal_ngram_predictions

    return [
        {
            "order": n,
            "cost": round(score(optimal_ngram_predictions(episodes.x, n), episodes)["cost"], 4),
        }
        for n in range(1, order + 1)
    ]
