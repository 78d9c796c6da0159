"""What the files of the project promise one another."""

import ast
import doctest
import importlib
import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import nncourse

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "nncourse"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
HOMEPAGE = PYPROJECT["project"]["urls"]["Homepage"]
MODULES = sorted(PACKAGE.rglob("*.py"))
FOLDERS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))

# What each folder may know of the others: imports point one way.
KNOWS = {
    "scratch": set(),
    "layers": {"scratch"},
    "models": {"layers", "decoding"},
    "optimizers": set(),
    "datasets": set(),
    "decoding": {"scratch"},
    "visualizations": {"scratch", "decoding"},
    "assignments": {"scratch", "layers"},
    "experiments": {"scratch", "models", "datasets", "visualizations", "layers"},
}


def project_files():
    """Text files that are tracked by git, or would be if they were added."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    texts = {}
    for name in listed:
        if (ROOT / name).is_file():
            try:
                texts[name] = (ROOT / name).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a binary file
    return texts


TEXTS = project_files()


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


# --- one address, one version ------------------------------------------------------------------


def addresses(text):
    """The project's repository as a text has it, on GitHub or through Colab, Binder or Pages."""
    found = re.findall(
        r"(?:github\.com|githubusercontent\.com|/github|/gh)/([\w.-]+/nncourse[\w-]*)", text
    )
    pages = re.findall(r"([\w-]+)\.github\.io/(nncourse[\w-]*)", text)
    return set(found) | {f"{owner}/{name}" for owner, name in pages}


def test_the_public_address_is_the_same_everywhere():
    project = HOMEPAGE.removeprefix("https://github.com/")
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", project)
    found = {name: addresses(text) for name, text in TEXTS.items()}
    assert {name: other for name, other in found.items() if other - {project}} == {}
    for name in ("README.md", "CITATION.cff", "_config.yml"):
        assert found[name] == {project}, f"{name} does not name {HOMEPAGE}"


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/{}",
        "git@github.com/{}.git",
        "https://colab.research.google.com/github/{}/blob/colab/x.ipynb",
        "https://mybinder.org/v2/gh/{}/main",
        "https://raw.githubusercontent.com/{}/main/README.md",
    ],
)
def test_another_address_would_be_found(address):
    assert addresses(f"see [it]({address.format('someone/nncourse')}) there") == {
        "someone/nncourse"
    }


def test_another_site_would_be_found():
    assert addresses(f"https://{'someone'}.github.io/nncourse/") == {"someone/nncourse"}


def test_the_version_is_the_same_everywhere():
    citation = yaml.safe_load(TEXTS["CITATION.cff"])
    assert citation["version"] == nncourse.__version__
    newest = re.search(r"^## \[(.+?)\]", TEXTS["CHANGELOG.md"], re.MULTILINE).group(1)
    assert newest == nncourse.__version__


def test_the_readme_shows_what_its_example_prints():
    example, printed = re.findall(r"```(?:python|text)\n(.*?)```", TEXTS["README.md"], re.DOTALL)
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True)
    assert done.stdout == printed, done.stderr


# --- what must not stand in a file --------------------------------------------------------------

# Written in pieces, or this file would be the first to break the rule.
LOCAL_PATH = re.compile(
    r"(?<![\w.~*-])/" + "(?:work|root|tmp|home/[a-z]+|Users/[a-z]+)" + "/[a-z.]"
)
REGISTRY = re.compile(
    r"pypi\.org/" + r"simple|python" + r"hosted\.org|download\.pytorch\.org|registry\.npmjs"
    r"|--(?:extra-)?index-" + "url|--find-" + "links"
)


def test_no_file_names_a_local_path():
    assert {n: m.group() for n, t in TEXTS.items() if (m := LOCAL_PATH.search(t))} == {}


def test_no_file_names_the_address_of_a_package_registry():
    assert {n: m.group() for n, t in TEXTS.items() if (m := REGISTRY.search(t))} == {}


@pytest.mark.parametrize("folder", ["work/main", "root/x", "tmp/x", "home/ada/x", "Users/ada/x"])
def test_a_local_path_would_be_found(folder):
    assert LOCAL_PATH.search(f'File "/{folder}.py", line 3')


# --- the lock ------------------------------------------------------------------------------------


def locked_versions(text):
    """The versions of each package in a lock; markers may give it several."""
    versions = {}
    for line in text.splitlines():
        requirement = Requirement(line)
        assert requirement.url is None
        (specifier,) = requirement.specifier
        assert specifier.operator == "=="
        versions.setdefault(canonicalize_name(requirement.name), []).append(specifier.version)
    return versions


def asked():
    """All that the environment of `make test` is asked to hold."""
    project = PYPROJECT["project"]
    lines = project["dependencies"] + [
        line for extra in ("book", "test") for line in project["optional-dependencies"][extra]
    ]
    return [*lines, *PYPROJECT["build-system"]["requires"]]


@pytest.mark.parametrize("line", asked())
def test_the_lock_holds_what_pyproject_asks_for(line):
    requirement = Requirement(line)
    versions = locked_versions(TEXTS["requirements.lock"])[canonicalize_name(requirement.name)]
    assert all(version in requirement.specifier for version in versions)


def test_the_locked_backends_are_those_that_pyproject_admits():
    pinned = "\n".join(
        line for line in TEXTS["requirements-backends.txt"].splitlines() if "==" in line
    )
    versions = locked_versions(TEXTS["requirements.lock"]) | locked_versions(pinned)
    for backend in ("tensorflow", "jax", "torch"):
        (line,) = PYPROJECT["project"]["optional-dependencies"][backend]
        assert all(version in Requirement(line).specifier for version in versions[backend])
    assert versions["tensorflow"] == versions["tensorflow-cpu"]


# --- the shape of the package --------------------------------------------------------------------


def imported(path, inner=True):
    """The dotted names that a file imports, also inside its functions if `inner`."""
    tree = ast.parse(path.read_text())
    found = set()
    for node in ast.walk(tree) if inner else tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import by the full name"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_only_autodiff_names_a_backend():
    backends = {"tensorflow", "jax", "torch"}
    users = {path for path in MODULES if {name.split(".")[0] for name in imported(path)} & backends}
    assert names(users) == ["nncourse/_autodiff.py"]


def test_every_folder_has_its_place():
    assert set(FOLDERS) == set(KNOWS)


@pytest.mark.parametrize("folder", FOLDERS)
def test_imports_point_one_way(folder):
    allowed = {folder, *KNOWS[folder]}
    for path in (PACKAGE / folder).rglob("*.py"):
        for name in imported(path):
            parts = name.split(".")
            if parts[0] == "nncourse" and parts[1] in FOLDERS:
                assert parts[1] in allowed, f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_exports_what_it_says(folder):
    module = importlib.import_module(f"nncourse.{folder}")
    path = PACKAGE / folder / "__init__.py"
    found = sorted(name.split(".")[-1] for name in imported(path, inner=False))
    assert found == sorted(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)


@pytest.mark.parametrize("path", MODULES, ids=names(MODULES))
def test_a_file_is_read_in_one_sitting(path):
    lines = len(path.read_text().splitlines())
    assert lines <= 300


# --- docstrings ----------------------------------------------------------------------------------


def public_objects():
    """Every public class and function by its dotted name."""
    found = {}
    for folder in FOLDERS:
        module = importlib.import_module(f"nncourse.{folder}")
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.ismodule(value):
                inner = vars(value).items()
                functions = {k: v for k, v in inner if inspect.isfunction(v) and k[0] != "_"}
                found |= {f"{folder}.{name}.{k}": v for k, v in functions.items()}
            elif callable(value):
                found[f"{folder}.{name}"] = value
    return found


PUBLIC = public_objects()


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_object_says_what_it_is(name):
    text = inspect.getdoc(PUBLIC[name])
    assert text, "no docstring"
    assert re.match(r"[^\n]+[.:]", text), "the first line is not a sentence"
    small = inspect.isfunction(PUBLIC[name]) and name.count(".") == 2
    examples = [
        example
        for example in doctest.DocTestParser().get_examples(text)
        if not example.options.get(doctest.SKIP)
    ]
    assert examples or small, "no example that runs"


# --- a cheap import ------------------------------------------------------------------------------

KERAS = {"layers", "models", "optimizers"}  # what subclasses Keras's classes
HEAVY = {"keras", "tensorflow", "matplotlib", "sklearn", "scipy", "pooch", "requests", "nbclient"}


@pytest.mark.parametrize(
    "module", ["nncourse", *(f"nncourse.{folder}" for folder in FOLDERS if folder not in KERAS)]
)
def test_importing_is_cheap(module):
    code = f"import sys, {module}; print(*sorted({HEAVY!r} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
