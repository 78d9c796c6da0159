import importlib.util
import json
import os
import subprocess
import sys

import keras
import pytest

import nncourse
from nncourse._backend import _configured_backend, require_backend

# Runs in a process of its own, where it makes the three backends look not installed.
HIDE_BACKENDS = """
import sys
from importlib.machinery import PathFinder

class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        hidden = name in ("tensorflow", "jax", "torch")
        return None if hidden else super().find_spec(name, path, target)

sys.meta_path[:] = [Without if finder is PathFinder else finder for finder in sys.meta_path]
"""


def run_python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


@pytest.fixture
def install(monkeypatch, tmp_path):
    """Makes only these of the three backends look installed, and no setting of the user count."""
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))

    def install(*names):
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda name: object() if name in names else None
        )

    return install


def test_the_tests_run_on_the_backend_that_was_asked_for():
    assert keras.backend.backend() == os.environ.get("KERAS_BACKEND", "tensorflow")


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_an_installed_backend_is_enough(install, monkeypatch, backend):
    install(backend)
    monkeypatch.setenv("KERAS_BACKEND", backend)
    assert require_backend() is None


def test_without_any_backend_the_message_names_the_extras(install):
    install()
    with pytest.raises(ImportError, match="set to use tensorflow, which is not installed") as error:
        require_backend()
    for extra in ("tensorflow", "jax", "torch"):
        assert f'"nncourse[{extra}]"' in str(error.value)


def test_the_message_offers_the_backend_that_is_there(install, monkeypatch):
    install("tensorflow")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    with pytest.raises(ImportError, match="set to use torch, which is not installed") as error:
        require_backend()
    assert "tensorflow is installed: choose it" in str(error.value)
    assert "KERAS_BACKEND=tensorflow" in str(error.value)
    assert '"nncourse[torch]"' in str(error.value)
    assert '"nncourse[jax]"' not in str(error.value)


def test_backends_that_nncourse_does_not_know_are_left_to_keras(install, monkeypatch):
    install()
    monkeypatch.setenv("KERAS_BACKEND", "openvino")
    assert require_backend() is None


def test_the_setting_in_keras_json_counts(install, tmp_path):
    install("tensorflow")
    (tmp_path / "keras.json").write_text(json.dumps({"backend": "jax"}))
    with pytest.raises(ImportError, match="set to use jax, which is not installed"):
        require_backend()


def test_the_environment_outranks_keras_json(install, monkeypatch, tmp_path):
    install()
    (tmp_path / "keras.json").write_text(json.dumps({"backend": "jax"}))
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert _configured_backend() == "torch"
    monkeypatch.setenv("KERAS_BACKEND", "")
    assert _configured_backend() == "jax"


@pytest.mark.parametrize("text", ["", "{", "{}", '{"floatx": "float16"}'])
def test_a_keras_json_without_a_backend_means_tensorflow(install, tmp_path, text):
    install()
    (tmp_path / "keras.json").write_text(text)
    assert _configured_backend() == "tensorflow"


def test_keras_json_is_looked_for_where_keras_looks(monkeypatch, tmp_path):
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras" / "keras.json").write_text(json.dumps({"backend": "nowhere"}))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))  # home on Windows
    for variable in ("KERAS_HOME", "KERAS_BACKEND"):
        monkeypatch.delenv(variable, raising=False)
    assert _configured_backend() == "nowhere"
    assert "Unable to import backend : nowhere" in run_python("import keras").stderr


def test_import_nncourse_without_a_backend_fails_with_the_advice(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    done = run_python(f"{HIDE_BACKENDS}\nimport nncourse")
    assert done.returncode == 1
    assert "ImportError: nncourse runs on Keras" in done.stderr
    assert 'pip install "nncourse[tensorflow]"' in done.stderr


def test_the_parts_are_found_by_name_and_nothing_else_is():
    assert nncourse.scratch.Perceptron.__name__ == "Perceptron"
    assert {"__version__", "datasets", "layers"} <= set(dir(nncourse))
    with pytest.raises(AttributeError, match="module 'nncourse' has no attribute 'nothing'"):
        nncourse.nothing  # noqa: B018
