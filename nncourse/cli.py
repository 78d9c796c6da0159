"""The console script `nncourse`: what is installed, the data sets, the grading of notebooks."""

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
    except KeyboardInterrupt:
        print("nncourse: interrupted", file=sys.stderr)
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
    return parser


def _info(_) -> int:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    import keras
    import numpy as np

    from nncourse.datasets._fetch import VARIABLE, cache_folder, offline_folder

    backend = keras.backend.backend()
    offline = offline_folder()
    missing = "" if offline is None or offline.is_dir() else " (no such folder)"
    rows = {
        "nncourse": __version__,
        "Python": f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        "Keras": keras.__version__,
        "NumPy": np.__version__,
        "backend": f"{backend} {sys.modules[backend].__version__}",  # Keras has imported it
        "devices": ", ".join(_devices(keras)),
        VARIABLE: f"{offline}{missing}" if offline else "not set",
        "cache": cache_folder(),
    }
    for name, value in rows.items():
        print(f"{name:<15}{value}")
    return 0


def _devices(keras) -> list[str]:
    try:
        return keras.distribution.list_devices()
    except AttributeError:  # Keras 3.15 and before can't list PyTorch's: show the one in use
        return [str(keras.ops.zeros(()).device)]


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
