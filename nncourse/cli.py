"""The console script `nncourse`: what is installed, data sets, grading of notebooks, training."""

import argparse
import json
import os
import platform
import sys
from pathlib import Path

from nncourse._version import __version__

_INTERRUPTED = 130  # what a shell reports for a program that Ctrl-C ended


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns the exit status.

    Args:
        arguments: The command line's words after `nncourse`; those of the process if not given.

    Returns:
        0 for success, 1 where the command failed, 2 for a wrong command line, 130 for Ctrl-C.
    """
    parser = _parser()
    try:
        chosen = parser.parse_args(arguments)
        if "run" not in chosen:
            parser.print_help(sys.stderr)
            return 2
        return chosen.run(chosen)
    except (OSError, ValueError) as error:
        print(f"nncourse: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt as interrupt:
        what_is_kept = f": {interrupt}" if str(interrupt) else ""
        print(f"nncourse: interrupted{what_is_kept}", file=sys.stderr)
        return _INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    from nncourse.datasets._registry import DATA_FILES

    parser = argparse.ArgumentParser(prog="nncourse", description="Companion of the book nncourse.")
    parser.add_argument("--version", action="version", version=f"nncourse {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    info = commands.add_parser("info", help="show versions, backend, devices and data folders")
    info.set_defaults(run=_info)

    data = commands.add_parser("data", help="list or fetch the data sets that are downloaded")
    actions = data.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="show each data set, its size and where it is")
    listing.set_defaults(run=_data_list)
    fetching = actions.add_parser("fetch", help="download and verify a data set")
    fetching.add_argument("name", metavar="NAME", choices=sorted(DATA_FILES), help="which one")
    fetching.add_argument(
        "--to", metavar="FOLDER", type=Path, help="put the file there, for use without a network"
    )
    fetching.set_defaults(run=_data_fetch)

    grading = commands.add_parser("grade", help="run students' notebooks and print their scores")
    grading.add_argument("files", metavar="FILE", nargs="+", help="a notebook")
    grading.add_argument("--json", action="store_true", help="print a JSON list, one item a file")
    grading.set_defaults(run=_grade)

    _add_train(commands)
    return parser


def _add_train(commands) -> None:
    from nncourse.experiments._recipes import RECIPES
    from nncourse.experiments.charlm import RECIPES as CORPORA
    from nncourse.experiments.ntm import MODELS, TASKS

    training = commands.add_parser("train", help="train the book's networks at full size")
    experiments = training.add_subparsers(title="experiments", metavar="EXPERIMENT", required=True)
    mnist = experiments.add_parser(
        "mnist",
        help="the ladder from a single hidden layer to an ensemble of convolutional networks",
        description="Trains a rung of the MNIST ladder, or all, and shows its test accuracy beside "
        "the sources'. FOLDER gets MODEL-seedS.json (the record), .png (the curves) and .keras "
        "(the network). Ctrl-C keeps the last complete epoch.",
        epilog=_ON_EARLIER_RUNS,
    )
    mnist.add_argument("--model", required=True, choices=[*RECIPES, "all"], help="the rung")
    _add_run(mnist, "mnist", quick="on the 8x8 digits that come along, in seconds")
    mnist.set_defaults(run=_train_mnist)

    charlm = experiments.add_parser(
        "charlm",
        help="a language model of characters",
        description="Trains a character-level language model and shows its bits a character "
        "beside those of n-grams of the same text. FOLDER gets CORPUS-seedS.json (the record), "
        ".png (the curves) and .keras (the network). Ctrl-C keeps the last complete epoch.",
        epilog=_ON_EARLIER_RUNS,
    )
    charlm.add_argument("--corpus", required=True, choices=list(CORPORA), help="the text")
    _add_run(charlm, "charlm", quick="a small network, in a minute")
    charlm.set_defaults(run=_train_charlm)

    ntm = experiments.add_parser(
        "ntm",
        help="a Neural Turing Machine on one of its tasks",
        description="Trains a Neural Turing Machine, or LSTM layers with about as many parameters, "
        "and shows how many bits it answers wrongly, on sequences as in training and beyond. "
        "FOLDER gets MODEL-TASK-seedS.json (the record), .png (the curve) and .keras (the "
        "network). Ctrl-C keeps the last complete epoch.",
        epilog=_ON_EARLIER_RUNS,
    )
    ntm.add_argument("--task", required=True, choices=TASKS, help="what it learns")
    ntm.add_argument("--model", default="ntm", choices=MODELS, help="(ntm)")
    _add_run(ntm, "ntm", quick="a small network on short sequences, in a minute")
    ntm.set_defaults(run=_train_ntm)


_ON_EARLIER_RUNS = (
    "A complete run that is there already is replaced when the new one is complete, not "
    "before; with --resume it is left as it is. An interrupted run is never replaced: resume "
    "it or delete its checkpoint."
)


def _add_run(parser, folder: str, quick: str) -> None:
    """The options that all trainings have."""
    parser.add_argument("--epochs", metavar="N", type=int, help="in place of the recipe's number")
    parser.add_argument("--seed", metavar="S", type=int, default=0, help="a whole number (0)")
    parser.add_argument("--quick", action="store_true", help=quick)
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on after the last complete epoch, to the weights of an uninterrupted run",
    )
    parser.add_argument(
        "--output",
        metavar="FOLDER",
        type=Path,
        default=Path("runs") / folder,
        help=f"(runs/{folder})",
    )


def _quiet_tensorflow(onednn: str) -> None:
    """Before the first import of Keras: no log lines but one on oneDNN, where that is on."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", onednn)


def _info(_) -> int:
    _quiet_tensorflow(onednn="0")
    import keras
    import numpy as np

    from nncourse.datasets._fetch import VARIABLE, cache_folder, offline_folder
    from nncourse.experiments._environment import devices

    backend = keras.backend.backend()
    offline = offline_folder()
    missing = "" if offline is None or offline.is_dir() else " (no such folder)"
    rows = {
        "nncourse": __version__,
        "Python": f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        "Keras": keras.__version__,
        "NumPy": np.__version__,
        "backend": f"{backend} {sys.modules[backend].__version__}",  # Keras has imported it
        "devices": ", ".join(devices()),
        VARIABLE: f"{offline}{missing}" if offline else "not set",
        "cache": cache_folder(),
    }
    for name, value in rows.items():
        print(f"{name:<15}{value}")
    return 0


def _data_list(_) -> int:
    from nncourse.datasets._registry import DATA_FILES

    for data in DATA_FILES.values():
        print(f"{data.name:<15}{data.size / 1e6:6.1f} MB  {_whereabouts(data)}")
    return 0


def _whereabouts(data) -> str:
    from nncourse.datasets._fetch import VARIABLE, locate, offline_folder

    try:
        path = locate(data)
    except ValueError as error:
        return str(error)
    if path is None:
        return f"not here yet: `nncourse data fetch {data.name}` downloads it"
    return f"{path} ({VARIABLE if path.parent == offline_folder() else 'cache'})"


def _data_fetch(chosen) -> int:
    from nncourse.datasets._fetch import copy_to, fetch
    from nncourse.datasets._registry import DATA_FILES

    data = DATA_FILES[chosen.name]
    print(copy_to(data, chosen.to) if chosen.to else fetch(data))
    return 0


def _grade(chosen) -> int:
    from nncourse.assignments import grade

    results, status = [], 0
    for file in chosen.files:
        try:
            result = grade(file)
        except (OSError, ValueError) as error:  # the other students' notebooks are still graded
            print(f"nncourse: {file}: {error}", file=sys.stderr)
            result, status = {"notebook": file, "error": str(error)}, 1
        results.append(result)
        if not chosen.json and "score" in result:
            _print_grade(result)
    if chosen.json:
        print(json.dumps(results, indent=2))
    return status


def _print_grade(result: dict) -> None:
    print(
        f"{result['notebook']}: score {result['score']:.0%}, "
        f"{result['passed']} of {result['total']} exercises passed, "
        f"{result['attempted']} attempted"
    )
    if result.get("error"):
        print(f"  {result['error']}")
    for name, exercise in result["exercises"].items():
        message = f": {exercise['message']}" if exercise["status"] == "failed" else ""
        print(f"  {exercise['status']:<14} {name}{message}")


def _train_mnist(chosen) -> int:
    _quiet_tensorflow(onednn="1")  # convolutions on the processor take half the time
    from nncourse.experiments._recipes import RECIPES
    from nncourse.experiments.mnist import train_rungs
    from nncourse.experiments.results import terminal_table

    if chosen.quick:
        _say("Quick: the 1,797 digits of 8x8 pixels that come along, in the place of MNIST")
    rungs = list(RECIPES) if chosen.model == "all" else [chosen.model]
    records = train_rungs(rungs, **_run_options(chosen))
    print(f"\n{terminal_table(records)}")
    return 0


def _train_charlm(chosen) -> int:
    _quiet_tensorflow(onednn="1")  # the same holds for a recurrent network
    from nncourse.experiments.charlm import train_charlm
    from nncourse.experiments.corpus_results import corpus_lines

    record = train_charlm(chosen.corpus, **_run_options(chosen))
    print(f"\n{corpus_lines(record)}")
    return 0


def _train_ntm(chosen) -> int:
    _quiet_tensorflow(onednn="1")  # and for this one
    from nncourse.experiments.machine_results import machine_lines
    from nncourse.experiments.ntm import train_ntm

    record = train_ntm(chosen.task, chosen.model, **_run_options(chosen))
    print(f"\n{machine_lines(record)}")
    return 0


def _run_options(chosen) -> dict:
    names = ("epochs", "seed", "quick", "resume", "output")
    return {name: getattr(chosen, name) for name in names} | {"report": _say}


def _say(line: str) -> None:
    print(line, flush=True)  # also where the output is no terminal, as soon as an epoch is done
