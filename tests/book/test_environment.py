"""environment.yml, which conda and Binder read and this project can't run."""

from pathlib import Path

import yaml
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]


def test_it_installs_the_lock_and_the_package():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert environment["name"] == "nncourse"
    assert environment["channels"] == ["conda-forge"]
    python, pip, installed = environment["dependencies"]
    assert pip == "pip"
    assert installed == {"pip": ["-r requirements.lock", "-e ."]}
    name, _, version = python.partition("=")
    assert name == "python"
    assert version in SpecifierSet(_requires_python())


def _requires_python() -> str:
    import tomllib

    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
