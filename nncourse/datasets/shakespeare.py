"""A million characters of Shakespeare."""

from nncourse.datasets._fetch import fetch
from nncourse.datasets._registry import DATA_FILES


def fetch_shakespeare() -> str:
    """Loads 1,115,394 characters of Shakespeare's plays, from a folder, the cache or the network.

    `tinyshakespeare.txt` is looked for, downloaded and verified as `fetch_mnist` does with its
    file; `nncourse data fetch shakespeare --to FOLDER` prepares a folder for a class room.

    Returns:
        The text, which has 65 different characters.

    Raises:
        ConnectionError: If the file is not there and can't be downloaded. Says what was tried
            and where to put a copy.
        ValueError: If a file is there, or was served, with other contents.

    Example:
        >>> from nncourse import datasets
        >>> text = datasets.fetch_shakespeare()  # doctest: +SKIP

    Reference:
        The selection is of Karpathy (2015), "The unreasonable effectiveness of recurrent neural
        networks". Used in the chapter *Language models*, by its record at full size.
    """
    return fetch(DATA_FILES["shakespeare"]).read_text(encoding="ascii")
