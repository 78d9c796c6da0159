"""Networks that were trained at full size and come with the package."""

from pathlib import Path

import keras

_FOLDER = Path(__file__).with_name("trained_networks")


def load_trained(name: str) -> keras.Model:
    """Loads a network that `nncourse train` made and that comes with the package.

    The record of the run that made it is part of the book, on the page *Results at full size*: it
    has the SHA-256 of this file as `network_sha256`.

    Args:
        name: The model and its task, such as "ntm-copy"; `trained_names` lists all.

    Returns:
        The network, without loss and optimizer.

    Raises:
        ValueError: If there is none of that name.

    Example:
        >>> from nncourse.models import load_trained
        >>> load_trained("ntm-copy").input_dim
        10

    Reference:
        Used in the chapter *Neural Turing Machines*.
    """
    if name not in trained_names():
        raise ValueError(
            f"`name` must be one of {', '.join(trained_names())}. Received: name={name!r}"
        )
    return keras.saving.load_model(_FOLDER / f"{name}.keras")


def trained_names() -> list[str]:
    """The names of the networks that come with the package.

    Example:
        >>> from nncourse.models import trained_names
        >>> "ntm-copy" in trained_names()
        True
    """
    return sorted(path.stem for path in _FOLDER.glob("*.keras"))
