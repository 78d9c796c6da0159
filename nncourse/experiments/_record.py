"""The files of a complete run."""

import dataclasses
import hashlib
import json
from pathlib import Path

from nncourse.experiments._curves import save_curves
from nncourse.experiments._environment import commit, hardware, versions
from nncourse.experiments._files import replacing
from nncourse.experiments._recipe import Recipe


def make_record(about: dict, recipe: Recipe, whole, judged: dict, history: list[dict]) -> dict:
    """Tells what a network is, what it was made from and with, and how well it does.

    Args:
        about: What is trained: the model, the data, the seed and the backend.
        recipe: How it was trained.
        whole: The trained network or the ensemble.
        judged: What the experiment says of it.
        history: The metrics of every epoch of every member.
    """
    return {
        **about,
        "recipe": dataclasses.asdict(recipe),
        "parameters": whole.count_params(),
        **judged,
        "history": history,
        "versions": versions(),
        "hardware": hardware(),
        "commit": commit(),
    }


def load_record(path: Path) -> tuple[dict, dict]:
    """Reads a record, and from it the identity of its run.

    Raises:
        ValueError: If the file is damaged or no record.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        about = {name: record[name] for name in ("model", "data", "seed", "backend")}
        return record, {**about, **record["recipe"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is damaged or no record: {error}") from error


def write_results(model, record: dict, curves: tuple[str, ...], path_of) -> dict:
    """Writes the network, the curves and, last, the record: where it is, the rest is.

    Args:
        model: The trained network or the ensemble.
        record: What `make_record` returns, and the seconds.
        curves: The metrics that are drawn.
        path_of: Gives the path of the file with an ending.

    Returns:
        The record as it is written, with the SHA-256 of the network's file.
    """
    with replacing(path_of("keras")) as new:
        model.save(new)
        record = record | {"network_sha256": hashlib.sha256(new.read_bytes()).hexdigest()}
    with replacing(path_of("png")) as new:
        save_curves(record, curves, new)
    with replacing(path_of("json")) as new:
        new.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return record
