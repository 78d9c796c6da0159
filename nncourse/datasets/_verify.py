"""Tells whether a file is the one that was meant."""

import hashlib
import zipfile
import zlib
from pathlib import Path

import numpy as np

from nncourse.datasets._registry import DataFile

# What NumPy and zipfile raise for a file, or a member, that is no npz of plain arrays.
_UNREADABLE = (
    AttributeError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def verify(path: Path, data: DataFile) -> None:
    """Raises a `ValueError` unless the file has the right hash, or right arrays in an npz."""
    received = sha256(path)
    if received == data.sha256 or (data.arrays and _array_digests(path) == data.arrays):
        return
    raise ValueError(
        f"The file {path} is damaged or another one: expected SHA-256 {data.sha256}, "
        f"received {received}. Delete it or put the right one in its place."
    )


def _array_digests(path: Path) -> dict[str, str]:
    """The SHA-256 of each array in an npz; nothing for a file that can't be read as one."""
    try:
        # Opened here, because NumPy leaves open what it finds to be no archive.
        with open(path, "rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            return {name: hashlib.sha256(arrays[name].tobytes()).hexdigest() for name in arrays}
    except _UNREADABLE:
        return {}  # the caller says what is wrong, by the hash
