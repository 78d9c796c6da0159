"""How networks learn the tasks for machines with a memory."""

from dataclasses import dataclass, replace

from nncourse.experiments._recipe import Recipe


@dataclass(frozen=True, kw_only=True)
class EpisodeRecipe(Recipe):
    """The sequences and the training.

    Attributes:
        episodes: What the task's `datasets.make_*` is given.
        epoch_steps: Batches of an epoch, all of them fresh.
        clip_norm: The largest norm of all gradients together. Once a Neural Turing Machine has
            found out how to do its task, the norm of some batches is a hundred times that of the
            others, which is about 0.03. One such step can undo all, so none is taken at that size.
    """

    episodes: dict
    batch_size: int = 16
    epoch_steps: int = 50
    weight_decay: float = 0.0
    warmup_share: float = 0.02
    clip_norm: float = 0.02


@dataclass(frozen=True, kw_only=True)
class MachineRecipe(EpisodeRecipe):
    """A Neural Turing Machine.

    Attributes:
        controller: "lstm" or "dense".
        units: The controller's.
        heads: How many heads read, and how many write.
        memory_slots: Of `models.NeuralTuringMachine`.
        memory_width: Likewise.
    """

    controller: str = "lstm"
    units: int = 100
    heads: int = 1
    memory_slots: int = 128
    memory_width: int = 20

    def network(self, input_dim: int, output_dim: int):
        """The untrained network."""
        import keras

        from nncourse import models

        dense = self.controller == "dense"
        return models.NeuralTuringMachine(
            input_dim,
            output_dim,
            memory_slots=self.memory_slots,
            memory_width=self.memory_width,
            controller=keras.layers.Dense(self.units, "tanh") if dense else self.units,
            read_heads=self.heads,
            write_heads=self.heads,
        )

    def for_a_minute(self, episodes: dict) -> "MachineRecipe":
        """A small machine for short sequences."""
        return replace(
            self,
            episodes=episodes,
            epochs=10,
            epoch_steps=50,
            units=64,
            heads=1,
            memory_slots=32,
            memory_width=16,
        )


@dataclass(frozen=True, kw_only=True)
class LSTMRecipe(EpisodeRecipe):
    """Layers of LSTM, with about as many parameters as the machine of the same task.

    Attributes:
        units: Of each layer.
        depth: How many layers there are.
    """

    units: int
    depth: int = 1
    clip_norm: float = 0.5

    def network(self, input_dim: int, output_dim: int):
        """The untrained network."""
        import keras
        from keras import layers

        return keras.Sequential(
            [
                keras.Input((None, input_dim)),
                *(layers.LSTM(self.units, return_sequences=True) for _ in range(self.depth)),
                layers.Dense(output_dim, activation="sigmoid"),
            ]
        )

    def for_a_minute(self, episodes: dict) -> "LSTMRecipe":
        """A small network for short sequences."""
        return replace(self, episodes=episodes, epochs=10, epoch_steps=50, units=64, depth=1)
