"""Says what to install when Keras has no backend to run on."""

import importlib.util
import json
import os
from pathlib import Path

_BACKENDS = ("tensorflow", "jax", "torch")


def _configured_backend() -> str:
    """What `import keras` will load: `$KERAS_BACKEND`, else `keras.json`'s, else TensorFlow."""
    if name := os.environ.get("KERAS_BACKEND"):
        return name
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    try:
        return json.loads((Path(home) / "keras.json").read_text())["backend"]
    except (OSError, ValueError, KeyError):
        return "tensorflow"


def require_backend() -> None:
    """Raises an `ImportError` that names the extra to install if Keras's backend is missing.

    Only looks the package up and does not import it, so that `import nncourse` stays cheap.
    """
    name = _configured_backend()
    if name not in _BACKENDS or importlib.util.find_spec(name):
        return
    installed = [other for other in _BACKENDS if importlib.util.find_spec(other)]
    if installed:
        advice = (
            f"{' and '.join(installed)} is installed: choose it by setting the environment "
            f"variable KERAS_BACKEND={installed[0]} before Python starts, or install "
        )
    else:
        advice = "Install one of Keras's three backends, "
    raise ImportError(
        f"nncourse runs on Keras, and Keras is set to use {name}, which is not installed. "
        f'{advice}`pip install "nncourse[{name}]"`'
        + ("." if installed else ' (or "nncourse[jax]", "nncourse[torch]" with KERAS_BACKEND set).')
    )
