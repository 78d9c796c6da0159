"""How far a run has come, in a file that an interrupted run leaves behind."""

import json
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from nncourse.experiments._files import replacing

Arrays = list[np.ndarray]
_UNREADABLE = (EOFError, KeyError, OSError, TypeError, ValueError, zipfile.BadZipFile, zlib.error)


@dataclass
class Checkpoint:
    """A run after its last complete epoch.

    Attributes:
        identity: What the run trains, and how; only the same run may go on from here.
        history: The metrics of every complete epoch, of all members.
        finished: The final weights of each member whose training has ended.
        current: Every variable of the member in training and of its optimizer: weights, moments,
            average, step, and what dropout draws its chances from. Empty before its first epoch.
        seconds: The wall clock's and the processor's time so far.
    """

    identity: dict
    history: list[dict] = field(default_factory=list)
    finished: list[Arrays] = field(default_factory=list)
    current: Arrays = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=lambda: {"wall": 0.0, "cpu": 0.0})

    def save(self, path: Path) -> None:
        """Writes the file, in the place of that of the epoch before."""
        about = {
            "identity": self.identity,
            "history": self.history,
            "seconds": self.seconds,
            "finished": [len(arrays) for arrays in self.finished],
            "current": len(self.current),
        }
        arrays = [*(array for arrays in self.finished for array in arrays), *self.current]
        with replacing(path) as new:
            np.savez(new, about=json.dumps(about), **{f"a{i}": a for i, a in enumerate(arrays)})

    @classmethod
    def load(cls, path: Path) -> "Checkpoint":
        """Reads the file.

        Raises:
            ValueError: If the file is damaged or no checkpoint.
        """
        try:
            with open(path, "rb") as stream, np.load(stream, allow_pickle=False) as stored:
                about = json.loads(str(stored["about"]))
                arrays = iter([stored[f"a{i}"] for i in range(len(stored.files) - 1)])
                return cls(
                    about["identity"],
                    about["history"],
                    [[next(arrays) for _ in range(count)] for count in about["finished"]],
                    [next(arrays) for _ in range(about["current"])],
                    about["seconds"],
                )
        except (*_UNREADABLE, StopIteration) as error:
            raise ValueError(
                f"{path} is damaged or no checkpoint: {error}. Delete it to start anew."
            ) from error


def check_same_run(path: Path, received: dict, expected: dict) -> None:
    """Raises a `ValueError` that names the first difference between two runs' identities."""
    for name in expected:
        if received.get(name) != expected[name]:
            raise ValueError(
                f"{path} is of another run: it has {name}={received.get(name)!r}, and "
                f"{name}={expected[name]!r} was asked for. Nothing was changed."
            )
