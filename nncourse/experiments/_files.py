"""Files that appear whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Gives a path to write to, and puts what was written in the place of `path` at the end.

    If writing fails or is interrupted, `path` is as it was before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".nncourse-") as hidden:
        new = Path(hidden) / path.name
        yield new
        os.replace(new, path)
