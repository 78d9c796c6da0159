"""The files of a complete run."""

import dataclasses
import json
from pathlib import Path

from nncourse.experiments._curves import save_curves
from nncourse.experiments._environment import commit, hardware, versions
from nncourse.experiments._files import replacing
from nncourse.experiments._networks import predict, score
from nncourse.experiments._recipes import Recipe


def make_record(
    about: dict, recipe: Recipe, whole, members: list, seeds: list[int], data, history: list[dict]
) -> dict:
    """Judges trained networks and tells what they were made from and with.

    Args:
        about: What is trained: the model, the data, the seed and the backend.
        recipe: How it was trained.
        whole: The trained network or the ensemble.
        members: The one network, or those of the ensemble.
        seeds: The members' own seeds.
        data: Images and labels; here, and nowhere before, those of the test are read.
        history: The metrics of every epoch of every member.
    """
    test_images, test_labels = data.test
    return {
        **about,
        "recipe": dataclasses.asdict(recipe),
        "parameters": whole.count_params(),
        "validation": score(predict(whole, data.validation[0]), data.validation[1]),
        "test": score(predict(whole, test_images), test_labels),
        "members": [
            {"seed": seed, "test": score(predict(member, test_images), test_labels)}
            for seed, member in zip(seeds, members, strict=True)
        ],
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


def write_results(model, record: dict, path_of) -> None:
    """Writes the network, the curves and, last, the record: where it is, the rest is.

    Args:
        model: The trained network or the ensemble.
        record: What `make_record` returns, and the seconds.
        path_of: Gives the path of the file with an ending.
    """
    with replacing(path_of("keras")) as new:
        model.save(new)
    with replacing(path_of("png")) as new:
        save_curves(record, new)
    with replacing(path_of("json")) as new:
        new.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
