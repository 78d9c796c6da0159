"""Character-level language models at full size: what `nncourse train charlm` runs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from nncourse.experiments._corpus import Corpus, CorpusRecipe, Parts
from nncourse.experiments._run import Run, checked_recipe, look_back

_FOLDER = "runs/charlm"

_RECIPE = CorpusRecipe(
    cell="gru",
    units=512,
    embedding_dim=64,
    dropout=0.3,
    epochs=10,
    batch_size=32,
    peak_rate=4e-3,
    weight_decay=0.01,
)

RECIPES = {"shakespeare": _RECIPE, "help": replace(_RECIPE, dropout=0.4)}


def train_charlm(
    corpus: str,
    *,
    epochs: int | None = None,
    seed: int = 0,
    quick: bool = False,
    resume: bool = False,
    output: str | Path = _FOLDER,
    report: Callable[[str], None] = print,
) -> dict:
    """Trains a character-level language model and writes its record, its curve and its network.

    The first nine tenths of the text train, a twentieth validates; the last twentieth is read
    once, after the last epoch. The record has the bits a character of smoothed n-grams of the same
    text beside the network's, and a sample of what it writes. In the folder `output` appear
    `shakespeare-seed0.json`, `.png` and `.keras`, in the place of an earlier run's only when the
    new one is complete.

    Args:
        corpus: "shakespeare", which `datasets.fetch_shakespeare` loads, or "help", the help text
            that comes with Python, each paragraph once.
        epochs: A positive integer; the recipe's if not given. The schedule is stretched to it.
        seed: A non-negative integer below 2**31: the weights, the windows, dropout.
        quick: Train a small network for two epochs. The files are named `-quick`.
        resume: As for `train_mnist`.
        output: The folder of the results.
        report: Called with each line on the progress.

    Returns:
        The record, as it is in the JSON file.

    Raises:
        ValueError: As `train_mnist`, and for another corpus.
        ConnectionError: If the text is not here and can't be downloaded.
        KeyboardInterrupt: As it came, with a message on what is kept.

    Example:
        >>> from nncourse import experiments
        >>> record = experiments.train_charlm("help", quick=True)  # doctest: +SKIP
        >>> record["validation"]["bits"]  # doctest: +SKIP

    Reference:
        Used in the chapter *Language models*.
    """
    if corpus not in RECIPES:
        names = ", ".join(RECIPES)
        raise ValueError(f"`corpus` must be one of {names}. Received: corpus={corpus!r}")
    recipe = RECIPES[corpus].for_a_minute() if quick else RECIPES[corpus]
    stem = Path(output) / f"{corpus}-seed{seed}{'-quick' if quick else ''}"
    run = Run("charlm", corpus, checked_recipe(recipe, epochs, seed), seed, stem)
    look_back([run], resume)
    task = Corpus(run.recipe, Parts.of(_text(corpus)))
    Path(output).mkdir(parents=True, exist_ok=True)  # fails now rather than after the first epoch
    return run.finish(task, report)


def _text(corpus: str) -> str:
    from nncourse import datasets

    if corpus == "shakespeare":
        return datasets.fetch_shakespeare()
    # Its pages repeat each other: held-out paragraphs would have been read before.
    return "\n\n".join(dict.fromkeys(datasets.load_help_text().split("\n\n")))
