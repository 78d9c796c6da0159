"""What `make notebooks` stores of a chapter, and what `--check` finds."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import notebooks

COMPARED = {"tags": ["nbval-check-output"]}
PATH = "/home" + "/ada/secret.py"


@pytest.fixture
def chapter(tmp_path):
    """Writes a chapter with the given code cells and returns its path."""

    def write(*cells):
        path = tmp_path / "chapter.ipynb"
        nbformat.write(new_notebook(cells=[new_markdown_cell("# Title"), *cells]), path)
        return path

    return write


def read(path):
    return nbformat.read(path, as_version=4)


def test_only_compared_outputs_are_stored(chapter):
    path = chapter(
        new_code_cell("x = 6 * 7\nx"),
        new_code_cell(
            "print(x)\nx",
            id="answer",
            metadata={**COMPARED, "collapsed": True, "mystnb": {"figure": {}}},
        ),
    )
    assert notebooks.main([str(path)]) == 0
    stored = read(path)
    plain, compared = stored.cells[1:]
    assert (plain.outputs, plain.execution_count) == ([], None)
    assert compared.execution_count == 2
    assert [o.output_type for o in compared.outputs] == ["stream", "execute_result"]
    assert compared.outputs[0].text == "42\n"
    assert compared.id == "answer"
    assert compared.metadata == {**COMPARED, "mystnb": {"figure": {}}}
    assert stored.metadata == notebooks.METADATA
    assert notebooks.main(["--check", str(path)]) == 0


def test_running_again_changes_nothing(chapter):
    path = chapter(new_code_cell("1 + 1", metadata=COMPARED))
    notebooks.run(path)
    first = path.read_bytes()
    notebooks.run(path)
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (f"print({PATH!r})", "holds a local path: /home"),
        (f"{PATH!r}", "holds a local path: /home"),
        (
            "from IPython.display import SVG\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
            "a compared cell draws",
        ),
    ],
)
def test_an_unfit_output_is_refused_and_the_file_stays(chapter, code, problem):
    path = chapter(new_code_cell(code, metadata=COMPARED))
    before = path.read_bytes()
    with pytest.raises(ValueError, match=problem):
        notebooks.run(path)
    assert path.read_bytes() == before


def test_a_chapter_that_raises_stays_as_it_was(chapter):
    path = chapter(new_code_cell("1 / 0"))
    before = path.read_bytes()
    with pytest.raises(Exception, match="ZeroDivisionError"):
        notebooks.run(path)
    assert path.read_bytes() == before


STREAM = new_output("stream", name="stdout", text="42\n")


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        (new_code_cell("x", outputs=[STREAM]), "outputs or metadata that are not stored"),
        (new_code_cell("x", execution_count=3), "outputs or metadata that are not stored"),
        (
            new_code_cell("x", metadata={"scrolled": True}),
            "outputs or metadata that are not stored",
        ),
        (new_code_cell("x", metadata=COMPARED, execution_count=1), "without a stored output"),
        (new_code_cell("x", metadata=COMPARED, outputs=[STREAM]), "without a stored output"),
        (
            new_code_cell(
                "x",
                metadata=COMPARED,
                execution_count=1,
                outputs=[new_output("stream", name="stdout", text=PATH)],
            ),
            "holds a local path",
        ),
        (
            new_code_cell(
                "x",
                metadata=COMPARED,
                execution_count=1,
                outputs=[new_output("error", ename="E", evalue="e", traceback=["line 3"])],
            ),
            "its output is a traceback",
        ),
    ],
)
def test_check_finds_what_is_not_in_order(chapter, capsys, cell, problem):
    path = chapter(cell)
    stored = read(path)
    stored.metadata = nbformat.from_dict(notebooks.METADATA)
    path.write_text(nbformat.writes(stored) + "\n")
    assert notebooks.main(["--check", str(path)]) == 1
    printed = capsys.readouterr().out
    assert problem in printed
    assert "Run `make notebooks`." in printed


def test_check_finds_another_kernel(chapter):
    path = chapter(new_code_cell("x = 1"))
    assert notebooks.check(path) == [f"{path}: holds outputs or metadata that are not stored"]
