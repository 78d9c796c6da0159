"""What a run was made with, without a word on whose machine it was."""

import os
import platform
import subprocess
import sys
from pathlib import Path

from nncourse._version import __version__

_PACKAGE = Path(__file__).parents[1]


def versions() -> dict[str, str]:
    """The versions of Python, Keras, its backend, NumPy and nncourse."""
    import keras
    import numpy as np

    backend = keras.backend.backend()
    return {
        "python": platform.python_version(),
        "keras": keras.__version__,
        backend: sys.modules[backend].__version__,  # Keras has imported it
        "numpy": np.__version__,
        "nncourse": __version__,
    }


def hardware() -> dict:
    """The processor's name, the cores that this process may use, and Keras's devices."""
    return {"cpu": _cpu(), "cores": _cores(), "devices": devices()}


def devices() -> list[str]:
    """The devices that Keras computes on."""
    import keras

    try:
        return keras.distribution.list_devices()
    except AttributeError:  # Keras 3.15 and before can't list PyTorch's: show the one in use
        return [str(keras.ops.zeros(()).device)]


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def commit() -> dict | None:
    """The commit that the package's files belong to, and whether they differ from it.

    None for an installed package, also where its folder lies within another project's repository.
    """
    try:
        _git("ls-files", "--error-unmatch", "__init__.py")
        changed = _git("status", "--porcelain", "--", ".")
        return {"hash": _git("rev-parse", "HEAD"), "dirty": bool(changed)}
    except (OSError, subprocess.CalledProcessError):  # no git, no repository, or not this one
        return None


def _git(*words: str) -> str:
    done = subprocess.run(
        ["git", "--no-optional-locks", *words],
        cwd=_PACKAGE,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
