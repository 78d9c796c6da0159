"""Neural networks from the single neuron to the Neural Turing Machine: the package behind the book.

`import nncourse` is cheap: each of its parts is imported when it is first used.
"""

from importlib import import_module

from nncourse._backend import require_backend
from nncourse._version import __version__

require_backend()

_PARTS = (
    "assignments",
    "datasets",
    "decoding",
    "experiments",
    "layers",
    "models",
    "optimizers",
    "scratch",
    "visualizations",
)

__all__ = ["__version__", *_PARTS]


def __getattr__(name: str):
    if name in _PARTS:
        return import_module(f"nncourse.{name}")
    raise AttributeError(f"module 'nncourse' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_PARTS])
