"""Downloads a file that is known by its SHA-256, going on where an earlier try broke off."""

import contextlib
import os
import warnings
from pathlib import Path

from nncourse.datasets._registry import DataFile

_TIMEOUT = (10, 30)  # seconds to connect, and to wait for the next bytes
_CHUNK = 1 << 15
_TRIES = 3  # per address, as long as each brings some more of the file
_BAR_DELAY = 1.0  # seconds; a download that takes less shows no progress bar


def import_pooch():
    """Imports pooch, which is slow and, in a notebook, asks for a package that is not needed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "IProgress not found. Please update ipywidgets."
        import pooch
    return pooch


def partial_path(data: DataFile, folder: Path) -> Path:
    """Where the beginning of a file waits for the rest."""
    return folder / f"{data.filename}.part"


def download(data: DataFile, folder: Path) -> Path:
    """Downloads a file into a folder, from the first of its addresses that has it.

    Under its own name the file appears only once it is complete and verified. What a broken or
    interrupted download brought stays beside it and is continued by the next one, from whichever
    address: what ties the pieces together is the hash of the whole. Pieces that do not fit (the
    file at that address has changed) are thrown away, and the whole is downloaded again.

    Raises:
        ConnectionError: If no address has brought the whole file.
        ValueError: If an address has, but the file's hash is wrong.
    """
    import requests

    pooch = import_pooch()
    partial = partial_path(data, folder)
    reasons, error_class = [], ConnectionError
    for url in data.urls:
        try:
            return _from(url, data, partial, pooch)
        except requests.RequestException as error:
            reasons.append(f"{url}: {_plainly(error)}")
        except ValueError as error:  # pooch's: names the file, the expected and the received hash
            reasons.append(f"{url}: {error}")
            error_class = ValueError
    raise error_class("\n".join(f"  {reason}" for reason in reasons))


def _from(url: str, data: DataFile, partial: Path, pooch) -> Path:
    """Downloads from one address; a second time, whole, if resuming ended in a wrong hash."""
    downloader = ResumingDownloader(partial, data.size)
    try:
        return _retrieve(url, data, partial.parent, downloader, pooch)
    except ValueError:
        if not downloader.resumed:
            raise
    # Pooch has deleted the pieces, so this starts from nothing.
    return _retrieve(url, data, partial.parent, ResumingDownloader(partial, data.size), pooch)


def _retrieve(url: str, data: DataFile, folder: Path, downloader, pooch) -> Path:
    return Path(
        pooch.retrieve(
            url, f"sha256:{data.sha256}", fname=data.filename, path=folder, downloader=downloader
        )
    )


def _plainly(error) -> str:
    """What went wrong with a request, without the layers of exceptions around it."""
    cause = error.args[0] if error.args else error
    return str(getattr(cause, "reason", None) or cause) or type(error).__name__


class ResumingDownloader:
    """A downloader for `pooch.retrieve` that keeps what it got, and asks only for the rest.

    Args:
        partial: Where to keep an incomplete file.
        size: The complete file's length in bytes.

    Attributes:
        resumed: Whether the file was put together from the pieces of several downloads.
    """

    def __init__(self, partial: Path, size: int):
        self.partial = partial
        self.size = size
        self.resumed = False

    def __call__(self, url: str, output_file: str, pooch=None) -> None:
        """Downloads `url` and moves it to `output_file`, where pooch verifies it."""
        import requests

        for tries_left in reversed(range(_TRIES)):
            before = self._have()
            try:
                self._continue(url)
                break
            except requests.RequestException:
                if not tries_left or self._have() <= before:
                    raise
        os.replace(self.partial, output_file)

    def _have(self) -> int:
        return self.partial.stat().st_size if self.partial.exists() else 0

    def _continue(self, url: str) -> None:
        import requests

        have = self._have()
        if have == self.size:
            self.resumed = True  # complete, but not of this call's making: it may be stale
            return
        if have > self.size:
            have = 0
        headers = {"Accept-Encoding": "identity"}  # a range counts the bytes as they are sent
        if have:
            headers["Range"] = f"bytes={have}-"
        with requests.get(url, headers=headers, stream=True, timeout=_TIMEOUT) as response:
            response.raise_for_status()
            if response.status_code == requests.codes.partial_content:
                self.resumed = True
            else:
                have = 0  # the server does not know ranges and sends the whole
            self._write(response, have)

    def _write(self, response, start: int) -> None:
        import requests
        from tqdm import tqdm

        end = start + int(response.headers.get("Content-Length", self.size - start))
        bar = tqdm(
            total=self.size,
            initial=start,
            desc=self.partial.stem,
            unit="B",
            unit_scale=True,
            delay=_BAR_DELAY,
        )
        with bar, open(self.partial, "ab" if start else "wb") as stream:
            with contextlib.suppress(requests.RequestException):  # told below, by what is missing
                for chunk in response.iter_content(_CHUNK):
                    stream.write(chunk)
                    bar.update(len(chunk))
            received = stream.tell()
        if received < end:
            raise requests.ConnectionError(f"broke off after {received:,} of {end:,} bytes")
