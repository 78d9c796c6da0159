"""Unpacks archives that may have been made with ill intent."""

import gzip
import shutil
import stat
import tarfile
import tempfile
import zipfile
import zlib
from lzma import LZMAError
from pathlib import Path, PurePosixPath, PureWindowsPath

_DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    LZMAError,
    EOFError,
)


class UnsafeArchiveError(ValueError):
    """An archive has a member that does not belong into the folder it is unpacked in."""


def extract_archive(archive, folder) -> Path:
    """Unpacks a zip or (compressed) tar file into a new folder, whole or not at all.

    Every member is looked at before the first is written: each must be a file or a folder whose
    name leads nowhere but into `folder`. Links and devices are refused wherever they point;
    owners and permissions are not restored.

    Args:
        archive: The path of the archive.
        folder: The folder to create. It may exist if it is empty.

    Returns:
        The folder's path.

    Raises:
        UnsafeArchiveError: If a member is named by an absolute path or one with `..`, or is
            neither a file nor a folder. A `ValueError`.
        ValueError: If the archive is neither a zip nor a tar file, or is damaged.
        FileExistsError: If `folder` exists and has something in it.
    """
    archive, folder = Path(archive), Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"`folder` must be new or empty. Received: folder={str(folder)!r}")
    unpack = _unpack_tar if tarfile.is_tarfile(archive) else _unpack_zip
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".nncourse-") as hidden:
        unpacked = Path(hidden) / "unpacked"
        unpacked.mkdir()
        try:
            unpack(archive, unpacked)
        except _DAMAGED as error:
            raise ValueError(
                f"`archive` must be a whole zip or tar file. Received: {archive}: {error}"
            ) from error
        if folder.exists():
            folder.rmdir()  # empty; not every system renames over a folder
        unpacked.rename(folder)
    return folder


def _unpack_tar(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as opened:
        members = opened.getmembers()
        for member in members:
            _check(archive, member.name, ordinary=member.isfile() or member.isdir())
        for member in members:
            _write(folder / member.name, None if member.isdir() else opened.extractfile(member))


def _unpack_zip(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        members = opened.infolist()
        for member in members:
            kind = stat.S_IFMT(member.external_attr >> 16)  # 0 where no Unix system made it
            _check(archive, member.filename, ordinary=kind in (0, stat.S_IFREG, stat.S_IFDIR))
        for member in members:
            _write(folder / member.filename, None if member.is_dir() else opened.open(member))


def _check(archive: Path, name: str, ordinary: bool) -> None:
    # Names are read as every system would, so that an archive is safe everywhere or nowhere.
    leaves = any(
        path.anchor or ".." in path.parts for path in (PurePosixPath(name), PureWindowsPath(name))
    )
    if leaves:
        raise UnsafeArchiveError(
            f"`archive` must unpack into its folder alone. Received: {archive} with the member "
            f"{name!r}, which leads out of it"
        )
    if not ordinary:
        raise UnsafeArchiveError(
            f"`archive` must hold files and folders only. Received: {archive} with the member "
            f"{name!r}, a link or a device"
        )


def _write(target: Path, stream) -> None:
    """Writes a file, or makes a folder where there is no stream."""
    if stream is None:
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with stream, open(target, "wb") as file:
        shutil.copyfileobj(stream, file)
