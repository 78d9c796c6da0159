"""From the name of a data set to a verified file: offline folder, cache, network."""

import os
import shutil
import tempfile
from pathlib import Path

from nncourse.datasets._download import download, import_pooch, partial_path
from nncourse.datasets._registry import DataFile
from nncourse.datasets._verify import sha256, verify

VARIABLE = "NNCOURSE_DATA"


def offline_folder() -> Path | None:
    """The folder that the environment variable NNCOURSE_DATA names, if it is set."""
    folder = os.environ.get(VARIABLE)
    return Path(folder).expanduser() if folder else None


def cache_folder() -> Path:
    """Where downloads are kept: a folder in the system's place for caches."""
    return Path(import_pooch().os_cache("nncourse"))


def locate(data: DataFile) -> Path | None:
    """The verified file in the offline folder or in the cache; None if it is in neither.

    Raises:
        ValueError: If the offline folder has a file of that name with other contents. In the
            cache it would be replaced, so there it counts as absent.
    """
    offline = offline_folder()
    if offline and (offline / data.filename).is_file():
        verify(offline / data.filename, data)
        return offline / data.filename
    cached = cache_folder() / data.filename
    return cached if cached.is_file() and sha256(cached) == data.sha256 else None


def fetch(data: DataFile) -> Path:
    """The verified file, downloaded into the cache if it is on this machine nowhere yet.

    Raises:
        ConnectionError: If it is not here and no server has brought it.
        ValueError: If the offline folder or a server has a file with other contents.
    """
    if found := locate(data):
        return found
    try:
        return download(data, cache_folder())
    except (ConnectionError, ValueError) as error:
        raise type(error)(_how_to_get(data, str(error))) from None


def copy_to(data: DataFile, folder: Path) -> Path:
    """Fetches a file and puts it into a folder, to be used as an offline folder elsewhere."""
    source, target = fetch(data), folder / data.filename
    folder.mkdir(parents=True, exist_ok=True)
    if target.exists() and source.samefile(target):
        return target
    with tempfile.TemporaryDirectory(dir=folder, prefix=".nncourse-") as hidden:
        copy = Path(hidden) / data.filename
        shutil.copyfile(source, copy)
        os.replace(copy, target)
    return target


def _how_to_get(data: DataFile, tried: str) -> str:
    offline, cache = offline_folder(), cache_folder()
    lines = [
        f"{data.filename} could not be downloaded:",
        tried,
        f"Without a network, put a copy of {data.filename} (SHA-256 {data.sha256}) into a folder "
        f"and set the environment variable {VARIABLE} to that folder. On a machine with a "
        f"network, `nncourse data fetch {data.name} --to FOLDER` makes such a folder.",
        f"{VARIABLE} is set to {offline}, where there is no {data.filename}."
        if offline
        else f"{VARIABLE} is not set.",
    ]
    partial = partial_path(data, cache)
    if partial.exists():
        lines.append(
            f"The {partial.stat().st_size:,} of {data.size:,} bytes that came are kept in "
            f"{partial}; the next try goes on from there."
        )
    return "\n".join(lines)
