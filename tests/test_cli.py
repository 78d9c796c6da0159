import hashlib
import json
import subprocess
import sys

import keras
import nbformat
import numpy as np
import pytest

import nncourse
from nncourse import assignments
from nncourse.cli import main
from nncourse.datasets import _registry
from nncourse.datasets._registry import DataFile

CONTENT = b"a little file"


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    """No test reads or writes the user's cache or offline folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.delenv("NNCOURSE_DATA", raising=False)


@pytest.fixture
def little(monkeypatch):
    """The only data set there is, served nowhere."""
    data = DataFile(
        name="little",
        filename="little.bin",
        size=3_400_000,
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        urls=(),
    )
    monkeypatch.setattr(_registry, "DATA_FILES", {"little": data})
    return data


@pytest.fixture
def offline(little, tmp_path, monkeypatch):
    """An offline folder that has the data set."""
    folder = tmp_path / "offline"
    folder.mkdir()
    (folder / "little.bin").write_bytes(CONTENT)
    monkeypatch.setenv("NNCOURSE_DATA", str(folder))
    return folder


def test_version_from_the_module_and_from_the_console_script():
    for command in ([sys.executable, "-m", "nncourse"], [sys.executable, "-c", CONSOLE_SCRIPT]):
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
        assert done.stdout == f"nncourse {nncourse.__version__}\n"
        assert done.stderr == ""


CONSOLE_SCRIPT = (
    "import sys; from importlib.metadata import entry_points; "
    "sys.exit(entry_points(group='console_scripts')['nncourse'].load()())"
)


def test_without_a_command_the_help_is_shown(capsys):
    assert main([]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    for part in ("usage: nncourse", "info", "data", "grade", "train"):
        assert part in shown.err


@pytest.mark.parametrize("line", ["data", "data fetch", "grade", "nothing", "data fetch no-such"])
def test_a_wrong_command_line_exits_with_2(line, capsys):
    with pytest.raises(SystemExit) as caught:
        main(line.split())
    assert caught.value.code == 2
    assert "usage: nncourse" in capsys.readouterr().err


def test_an_unknown_data_set_is_answered_with_the_known(little, capsys):
    with pytest.raises(SystemExit):
        main(["data", "fetch", "mnits"])
    message = capsys.readouterr().err.splitlines()[-1]
    assert "'mnits'" in message
    assert "little" in message


def test_info(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("NNCOURSE_DATA", str(tmp_path))
    assert main(["info"]) == 0
    shown = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    backend = keras.backend.backend()
    assert shown["nncourse"] == nncourse.__version__
    assert shown["Python"].startswith(sys.version.split()[0])
    assert shown["Keras"] == keras.__version__
    assert shown["NumPy"] == np.__version__
    assert shown["backend"] == f"{backend} {sys.modules[backend].__version__}"
    assert any(device in shown["devices"] for device in ("cpu", "gpu", "cuda", "mps", "tpu"))
    assert shown["NNCOURSE_DATA"] == str(tmp_path)
    assert shown["cache"] == str(tmp_path / "caches" / "nncourse")


@pytest.mark.parametrize(("folder", "shown"), [(None, "not set"), ("no/such", "no such folder")])
def test_info_says_where_the_data_folder_is_not(folder, shown, monkeypatch, capsys):
    if folder:
        monkeypatch.setenv("NNCOURSE_DATA", folder)
    assert main(["info"]) == 0
    (line,) = (row for row in capsys.readouterr().out.splitlines() if row.startswith("NNC"))
    assert shown in line


def test_list_says_that_a_data_set_is_not_here(little, capsys):
    assert main(["data", "list"]) == 0
    shown = capsys.readouterr().out.split(maxsplit=3)
    assert shown[:3] == ["little", "3.4", "MB"]
    assert shown[3] == "not here yet: `nncourse data fetch little` downloads it\n"


def test_list_says_where_a_data_set_is(offline, tmp_path, monkeypatch, capsys):
    main(["data", "list"])
    assert f"{offline / 'little.bin'} (NNCOURSE_DATA)" in capsys.readouterr().out
    (offline / "little.bin").write_bytes(b"another")
    main(["data", "list"])
    assert "damaged or another one" in capsys.readouterr().out
    cache = tmp_path / "caches" / "nncourse"
    cache.mkdir(parents=True)
    (offline / "little.bin").unlink()
    (cache / "little.bin").write_bytes(CONTENT)
    main(["data", "list"])
    assert f"{cache / 'little.bin'} (cache)" in capsys.readouterr().out


def test_fetch_prints_the_path(offline, tmp_path, capsys):
    assert main(["data", "fetch", "little"]) == 0
    assert capsys.readouterr().out == f"{offline / 'little.bin'}\n"
    assert main(["data", "fetch", "little", "--to", str(tmp_path / "class")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'class' / 'little.bin'}\n"
    assert (tmp_path / "class" / "little.bin").read_bytes() == CONTENT


def test_fetch_without_a_server_says_what_to_do_and_fails(little, capsys):
    assert main(["data", "fetch", "little"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("nncourse: little.bin could not be downloaded")
    assert "NNCOURSE_DATA is not set." in shown.err


def test_fetch_of_a_damaged_file_fails_without_a_traceback(offline, capsys):
    (offline / "little.bin").write_bytes(b"another")
    assert main(["data", "fetch", "little"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "damaged or another one" in shown.err
    assert "Traceback" not in shown.err


def test_fetch_into_a_file_fails_without_a_traceback(offline, tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["data", "fetch", "little", "--to", str(tmp_path / "file")]) == 1
    assert str(tmp_path / "file") in capsys.readouterr().err


def graded(notebook):
    return {
        "notebook": notebook,
        "score": 0.5,
        "passed": 1,
        "attempted": 2,
        "total": 3,
        "exercises": {
            "a.one": {"status": "passed", "score": 1.0, "message": "Right."},
            "a.two": {"status": "failed", "score": 0.5, "message": "The sign."},
            "a.three": {"status": "not attempted", "score": 0.0, "message": "Nothing."},
        },
        "error": "Stopped in cell 4." if notebook == "slow.ipynb" else None,
    }


def grade_in_no_time(notebook, timeout=600):
    if notebook == "no.ipynb":
        raise ValueError("no notebook")
    return graded(notebook)


def test_grade_prints_each_exercise(monkeypatch, capsys):
    monkeypatch.setattr(assignments, "grade", grade_in_no_time)
    assert main(["grade", "slow.ipynb"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "slow.ipynb: score 50%, 1 of 3 exercises passed, 2 attempted",
        "  Stopped in cell 4.",
        "  passed         a.one",
        "  failed         a.two: The sign.",
        "  not attempted  a.three",
    ]


def test_grade_goes_on_after_a_file_that_is_no_notebook(monkeypatch, capsys):
    monkeypatch.setattr(assignments, "grade", grade_in_no_time)
    assert main(["grade", "no.ipynb", "x.ipynb"]) == 1
    shown = capsys.readouterr()
    assert shown.err == "nncourse: no.ipynb: no notebook\n"
    assert shown.out.startswith("x.ipynb: score 50%")
    assert main(["grade", "--json", "no.ipynb", "x.ipynb"]) == 1
    assert json.loads(capsys.readouterr().out) == [
        {"notebook": "no.ipynb", "error": "no notebook"},
        graded("x.ipynb"),
    ]


def test_grade_runs_a_real_notebook(tmp_path, capsys):
    source = (
        "from nncourse import assignments\n"
        "assignments.check('perceptron.nand_weights', (1.5, -1, -1))"
    )
    cells = [nbformat.v4.new_code_cell(source)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "homework.ipynb")
    assert main(["grade", "--json", str(tmp_path / "homework.ipynb")]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    assert result["exercises"]["perceptron.nand_weights"]["status"] == "passed"
    assert result["passed"] == 1
    assert result["total"] > 1
    assert main(["grade", str(tmp_path / "missing.ipynb")]) == 1
    assert "missing.ipynb" in capsys.readouterr().err
