"""The plain notebooks that `make colab` has made, some of which it then runs as Colab would."""

import ast
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import nbformat
import pytest
import yaml

from book._ext.colab_button import COLAB_BRANCH
from nncourse import assignments
from tests.site import colab_rules

ROOT = Path(__file__).parents[2]
COPIES = ROOT / "_build" / "colab"
CHAPTERS = sorted(
    path.relative_to(ROOT)
    for path in ROOT.glob("book/*/*.ipynb")
    if not path.parent.name.startswith("_")
)
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text())
PARTS = yaml.safe_load((ROOT / "_toc.yml").read_text())["parts"]
# One of each part: the code of every copy is its chapter's, which `make test` runs, and what a copy
# imports is there. All of them run in `.github/workflows/weekly.yml`.
RUN_HERE = [Path(f"{part['chapters'][0]['file']}.ipynb") for part in PARTS if part.get("numbered")]
SITE = CONFIG["html"]["baseurl"]
COLAB = "{}/{}/blob/{}/".format(
    CONFIG["launch_buttons"]["colab_url"],
    CONFIG["repository"]["url"].replace("https://github.com", "github"),
    COLAB_BRANCH,
)
RUN = """
import sys, nbclient, nbformat
notebook = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
"""

each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)


@pytest.fixture
def source(chapter):
    return nbformat.read(ROOT / chapter, as_version=4)


@pytest.fixture
def copy(chapter):
    if not (COPIES / chapter).exists():
        pytest.fail(f"There is no _build/colab/{chapter}: run `make colab`", pytrace=False)
    return nbformat.read(COPIES / chapter, as_version=4)


@each_chapter
@pytest.mark.parametrize(
    "rule",
    [
        colab_rules.is_valid,
        colab_rules.installs_first,
        colab_rules.shows_nothing_raw,
        colab_rules.pictures_have_words,
        colab_rules.stores_no_outputs,
    ],
    ids=lambda rule: rule.__name__,
)
def test_copy(copy, rule):
    assert rule(copy) == []


@each_chapter
def test_its_code_is_the_chapters(copy, source):
    assert colab_rules.has_the_code_of(copy, source) == []


@each_chapter
def test_its_solutions_are_folded_away(copy, source):
    assert colab_rules.folds_solutions(copy, source) == []


@each_chapter
def test_its_links_lead_somewhere(copy):
    assert colab_rules.links_lead_somewhere(copy, COLAB, COPIES, SITE) == []


@each_chapter
def test_handed_in_untouched_it_earns_nothing(copy, tmp_path):
    """The book's solutions in it are not the student's. Without the experiments: they take long."""
    exercises = next(i for i, cell in enumerate(copy.cells) if "## Exercises" in cell.source)
    setup = [cell for cell in copy.cells[:exercises] if "from nncourse import" in cell.source]
    copy.cells = setup + copy.cells[exercises:]
    path = tmp_path / "student.ipynb"
    nbformat.write(copy, path)
    result = assignments.grade(path)
    assert (result["passed"], result["attempted"]) == (0, 0)
    assert result["total"] >= 4


def run(*command, **options) -> str:
    # The caches of uv and pip are the user's, not those that the Makefile keeps in the repo.
    environment = {k: v for k, v in os.environ.items() if k not in ("XDG_CACHE_HOME", "PYTHONPATH")}
    done = subprocess.run(
        [*map(str, command)], env=environment, capture_output=True, text=True, **options
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command[:5]))} ...\n{done.stdout}{done.stderr}")
    return done.stdout


@pytest.fixture(scope="module")
def fresh_python(tmp_path_factory) -> Path:
    """The Python of an environment with the wheel, what it depends on, a backend, and no more."""
    folder = tmp_path_factory.mktemp("fresh")
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    packages = [wheel, "-r", ROOT / "requirements.in", "-c", ROOT / "requirements.lock"]
    uv = shutil.which("uv", path=Path(sys.executable).parent) or shutil.which("uv")
    venv.create(folder / "env", with_pip=uv is None)
    python = folder / "env" / "bin" / "python"
    try:
        if uv:
            run(uv, "pip", "install", "-q", "--python", python, *packages)
        else:
            run(python, "-m", "pip", "install", "-q", *packages)
    except RuntimeError as error:
        pytest.fail(
            "A fresh environment could not be made. It needs a network until the packages of "
            f"requirements.lock are in the cache of uv or pip.\n{error}",
            pytrace=False,
        )
    return python


def imports(notebook) -> list[str]:
    """The import statements of a notebook."""
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    trees = [ast.parse(source) for source in code if "%pip" not in source]
    found = (node for tree in trees for node in ast.walk(tree))
    return [ast.unparse(node) for node in found if isinstance(node, ast.Import | ast.ImportFrom)]


def test_what_they_import_is_in_a_fresh_environment(fresh_python, tmp_path):
    copies = [nbformat.read(COPIES / chapter, as_version=4) for chapter in CHAPTERS]
    statements = sorted({statement for copy in copies for statement in imports(copy)})
    assert any("from nncourse import" in statement for statement in statements)
    run(fresh_python, "-c", "\n".join(statements), cwd=tmp_path, timeout=120)


@pytest.mark.parametrize("chapter", RUN_HERE, ids=lambda path: path.stem)
def test_it_runs_in_a_fresh_environment(fresh_python, copy, chapter, tmp_path):
    place = run(
        fresh_python, "-c", "import nncourse; print(nncourse.__file__)", cwd=tmp_path
    ).strip()
    assert Path(place).is_relative_to(fresh_python.parents[1])
    run(fresh_python, "-c", RUN, COPIES / chapter, cwd=tmp_path, timeout=240)
