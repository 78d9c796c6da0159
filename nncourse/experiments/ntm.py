"""Neural Turing Machines on their tasks at full size: what `nncourse train ntm` runs."""

from collections.abc import Callable
from pathlib import Path

from nncourse.experiments._machine import Machine
from nncourse.experiments._machine_recipes import EpisodeRecipe, LSTMRecipe, MachineRecipe
from nncourse.experiments._run import Run, checked_recipe, look_back

_FOLDER = "runs/ntm"

_EPISODES = {
    "copy": {"min_length": 1, "max_length": 20, "bits": 8},
    "repeat_copy": {
        "min_length": 1,
        "max_length": 10,
        "min_repeats": 1,
        "max_repeats": 10,
        "bits": 8,
    },
    "associative_recall": {"min_items": 2, "max_items": 6, "item_length": 3, "bits": 6},
    "dynamic_ngrams": {"length": 200, "order": 6},
    "priority_sort": {"items": 20, "outputs": 16, "bits": 8},
}

_SMALL = {
    "copy": {"min_length": 1, "max_length": 8, "bits": 8},
    "repeat_copy": {
        "min_length": 1,
        "max_length": 4,
        "min_repeats": 1,
        "max_repeats": 4,
        "bits": 4,
    },
    "associative_recall": {"min_items": 2, "max_items": 3, "item_length": 1, "bits": 6},
    "dynamic_ngrams": {"length": 50, "order": 3},
    "priority_sort": {"items": 4, "outputs": 4, "bits": 4},
}

TASKS = tuple(_EPISODES)
MODELS = ("ntm", "lstm")


def _lstm(task: str, units: int) -> LSTMRecipe:
    """Its steps are short, so it gets several times as many as the machine."""
    return LSTMRecipe(
        episodes=_EPISODES[task], epochs=12, epoch_steps=500, peak_rate=3e-3, units=units
    )


RECIPES: dict[str, dict[str, EpisodeRecipe]] = {
    "ntm": {
        "copy": MachineRecipe(episodes=_EPISODES["copy"], epochs=16, peak_rate=1e-2),
        "repeat_copy": MachineRecipe(
            episodes=_EPISODES["repeat_copy"], epochs=30, peak_rate=1e-2, memory_slots=32
        ),
        "associative_recall": MachineRecipe(
            episodes=_EPISODES["associative_recall"],
            epochs=40,
            epoch_steps=100,
            peak_rate=1e-2,
            units=64,
        ),
        "dynamic_ngrams": MachineRecipe(
            episodes=_EPISODES["dynamic_ngrams"],
            epochs=25,
            peak_rate=5e-3,
            units=64,
            memory_slots=64,
        ),
        "priority_sort": MachineRecipe(
            episodes=_EPISODES["priority_sort"],
            epochs=40,
            peak_rate=5e-3,
            units=64,
            memory_slots=64,
        ),
    },
    "lstm": {
        "copy": _lstm("copy", 119),
        "repeat_copy": _lstm("repeat_copy", 119),
        "associative_recall": _lstm("associative_recall", 82),
        "dynamic_ngrams": _lstm("dynamic_ngrams", 83),
        "priority_sort": _lstm("priority_sort", 82),
    },
}


def train_ntm(
    task: str,
    model: str = "ntm",
    *,
    epochs: int | None = None,
    seed: int = 0,
    quick: bool = False,
    resume: bool = False,
    output: str | Path = _FOLDER,
    report: Callable[[str], None] = print,
) -> dict:
    """Trains a Neural Turing Machine on a task and writes its record, its curve and its network.

    Every batch is drawn anew; an epoch is a number of them. The network is judged by the bits that
    it answers wrongly, on sequences as in training, and on longer ones, more repeats and more items
    than were ever there; for dynamic n-grams by the bits that the truth costs, beside the
    best predictions there are. In the folder `output` appear `ntm-copy-seed0.json`, `.png` and
    `.keras`, in the place of an earlier run's only when the new one is complete.

    Args:
        task: "copy", "repeat_copy", "associative_recall", "dynamic_ngrams" or "priority_sort".
        model: "ntm", or "lstm" for layers of LSTM with about as many parameters.
        epochs: A positive integer; the recipe's if not given. The schedule is stretched to it.
        seed: A non-negative integer below 2**31: the weights and the sequences.
        quick: Train a small network on short sequences. The files are named `-quick`.
        resume: As for `train_mnist`.
        output: The folder of the results.
        report: Called with each line on the progress.

    Returns:
        The record, as it is in the JSON file.

    Raises:
        ValueError: As `train_mnist`, and for another task or model. If the loss is not finite any
            more, the network as it was after its last complete epoch is in a file that the message
            names.
        KeyboardInterrupt: As it came, with a message on what is kept.

    Example:
        >>> from nncourse import experiments
        >>> record = experiments.train_ntm("copy", quick=True)  # doctest: +SKIP
        >>> record["test"][0]["wrong_bits"]  # doctest: +SKIP

    Reference:
        Graves, Wayne and Danihelka (2014), "Neural Turing Machines", section 4. Used in the chapter
        *Neural Turing Machines*.
    """
    for name, value, known in (("task", task, TASKS), ("model", model, MODELS)):
        if value not in known:
            raise ValueError(
                f"`{name}` must be one of {', '.join(known)}. Received: {name}={value!r}"
            )
    recipe = RECIPES[model][task]
    if quick:
        recipe = recipe.for_a_minute(_SMALL[task])
    stem = Path(output) / f"{model}-{task}-seed{seed}{'-quick' if quick else ''}"
    run = Run(model, task, checked_recipe(recipe, epochs, seed), seed, stem)
    look_back([run], resume)
    Path(output).mkdir(parents=True, exist_ok=True)  # fails now rather than after the first epoch
    return run.finish(Machine(run.recipe, task), report)
