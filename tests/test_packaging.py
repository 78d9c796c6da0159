"""What people install: the wheel and the source distribution, built as for a release."""

import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import nncourse

ROOT = Path(__file__).parents[1]
EXTRAS = {"tensorflow", "jax", "torch", "book", "test"}
COLAB_PYTHON = "3.13"


def run(*command):
    done = subprocess.run(
        [sys.executable, "-m", *map(str, command)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with the two: a source distribution, and a wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run("build", "--no-isolation", "--outdir", folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


@pytest.fixture(scope="module")
def metadata(wheel):
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return Parser().parsestr(wheel.read(name).decode())


@pytest.fixture(scope="module")
def requirements(metadata):
    return [Requirement(line) for line in metadata.get_all("Requires-Dist")]


def test_twine_accepts_both(built):
    files = sorted(built.iterdir())
    assert [path.name for path in files] == [
        f"nncourse-{nncourse.__version__}-py3-none-any.whl",
        f"nncourse-{nncourse.__version__}.tar.gz",
    ]
    assert run("twine", "check", "--strict", *files).count("PASSED") == 2


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    package = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "nncourse").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "nncourse/py.typed" in package
    assert {name for name in wheel.namelist() if ".dist-info/" not in name} == package


def test_the_source_distribution_holds_what_a_packager_needs(built):
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "nncourse/__init__.py"} <= names
    assert not any(name.startswith((".venv", "_build", ".cache", "dist")) for name in names)


def test_the_console_script(wheel):
    (name,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert wheel.read(name).decode().split() == [
        "[console_scripts]",
        "nncourse",
        "=",
        "nncourse.cli:main",
    ]


def test_the_extras(metadata):
    assert set(metadata.get_all("Provides-Extra")) == EXTRAS


def test_dependencies_are_floors(requirements):
    """Caps and exact pins are what breaks other people's environments."""
    for requirement in requirements:
        operators = [specifier.operator for specifier in requirement.specifier]
        if requirement.name == "jupyter-book":
            assert sorted(operators) == ["<", ">="]
        else:
            assert operators == [">="], str(requirement)


def colab_versions():
    lines = (ROOT / "tests" / "colab-versions.txt").read_text().splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


@pytest.mark.parametrize("extra", ["", "tensorflow", "jax"])
def test_installing_on_colab_changes_no_package_there(metadata, requirements, extra):
    """Every requirement is met there already, so an installer leaves all packages as they are."""
    assert COLAB_PYTHON in SpecifierSet(metadata["Requires-Python"])
    environment = {"extra": extra, "python_version": COLAB_PYTHON}
    needed = [r for r in requirements if r.marker is None or r.marker.evaluate(environment)]
    assert len(needed) > 5
    there = colab_versions()
    assert [str(r) for r in needed if there.get(r.name) not in r.specifier] == []
