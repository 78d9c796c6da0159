"""The MNIST ladder at full size: what `nncourse train mnist` runs."""

from collections.abc import Callable, Sequence
from pathlib import Path

from nncourse.experiments._ladder import Data, Rung
from nncourse.experiments._recipes import RECIPES
from nncourse.experiments._run import Run, checked_recipe, look_back

_FOLDER = "runs/mnist"


def train_mnist(
    rung: str,
    *,
    epochs: int | None = None,
    seed: int = 0,
    quick: bool = False,
    resume: bool = False,
    output: str | Path = _FOLDER,
    report: Callable[[str], None] = print,
) -> dict:
    """Trains a rung of the MNIST ladder and writes its record, its curves and its network.

    The first 50,000 training images train, the last 10,000 validate; the test images are read
    once, after the last epoch. In the folder `output` appear `v1-seed0.json`, `v1-seed0.png` and
    `v1-seed0.keras`, in the place of an earlier run's only when the new one is complete.

    Args:
        rung: "baseline" or "v1" to "v8".
        epochs: A positive integer; the recipe's if not given. The schedule is stretched to it.
        seed: A non-negative integer below 2**31: the weights, the order of the images, dropout.
        quick: Train on the 8x8 digits that come along, in seconds. The files are named `-quick`.
        resume: Go on after the last complete epoch of an interrupted run, to the same weights as
            if it had not been interrupted. A complete run is left as it is.
        output: The folder of the results.
        report: Called with each line on the progress.

    Returns:
        The record, as it is in the JSON file.

    Raises:
        ValueError: For an argument outside its range; for a damaged data file; with `resume` if
            there is nothing to resume, or another run's; without it if there is an interrupted
            run, which would be lost; if the loss is not finite any more. Files of earlier runs
            stay as they are.
        KeyboardInterrupt: As it came, with a message on what is kept.

    Example:
        >>> import tempfile
        >>> from nncourse import experiments
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     record = experiments.train_mnist(
        ...         "baseline", epochs=1, quick=True, output=folder, report=lambda line: None
        ...     )
        >>> record["test"]["images"], record["parameters"]
        (360, 7510)

    Reference:
        Nielsen (2015), "Neural networks and deep learning", chapter 6: the rungs. Used in the
        chapter *Convolutional networks*.
    """
    (record,) = train_rungs(
        [rung],
        epochs=epochs,
        seed=seed,
        quick=quick,
        resume=resume,
        output=output,
        report=report,
    )
    return record


def train_rungs(rungs: Sequence[str], *, epochs, seed, quick, resume, output, report) -> list[dict]:
    """Trains several rungs as `train_mnist` does one, and returns their records.

    All are looked at before the first is trained. With `resume` those that are complete are left
    as they are and those that have not begun are trained from the start.
    """
    runs = []
    for rung in rungs:
        if rung not in RECIPES:
            raise ValueError(f"`rung` must be one of {', '.join(RECIPES)}. Received: rung={rung!r}")
        recipe = RECIPES[rung].for_digits() if quick else RECIPES[rung]
        stem = Path(output) / f"{rung}-seed{seed}{'-quick' if quick else ''}"
        recipe = checked_recipe(recipe, epochs, seed)
        runs.append(Run(rung, "digits" if quick else "mnist", recipe, seed, stem))
    look_back(runs, resume)
    data = _digits() if quick else _mnist()
    Path(output).mkdir(parents=True, exist_ok=True)  # fails now rather than after the first epoch
    return [run.finish(Rung(run.recipe, data), report) for run in runs]


def _mnist() -> Data:
    from nncourse.datasets import fetch_mnist

    return _with_validation(*fetch_mnist(), held_back=10_000)


def _digits() -> Data:
    from nncourse.datasets import load_digits

    return _with_validation(*load_digits(), held_back=237)


def _with_validation(training, test, held_back: int) -> Data:
    images, labels = training
    return Data(
        training=(images[:-held_back], labels[:-held_back]),
        validation=(images[-held_back:], labels[-held_back:]),
        test=test,
    )
