"""What `nncourse train mnist` refuses, and that it leaves every file as it was."""

import dataclasses
import json
import shutil

import keras
import numpy as np
import pytest

from nncourse.cli import main
from nncourse.experiments import train_mnist
from nncourse.experiments._recipes import RECIPES
from tests.experiments.interruption import interrupt_training

LINE = "train mnist --quick --model baseline --epochs 2"


def run(line, folder="runs"):
    return main([*line.split(), "--output", str(folder)])


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def earlier_runs(tmp_path_factory):
    """Two folders: of a run that was interrupted in its second epoch, and of a complete one."""
    folder = tmp_path_factory.mktemp("earlier")
    with pytest.MonkeyPatch.context() as patch:
        interrupt_training(patch, epoch=2)
        assert run(LINE, folder / "interrupted") == 130
    assert run(LINE, folder / "complete") == 0
    return folder


@pytest.fixture
def interrupted(earlier_runs, tmp_path):
    return shutil.copytree(earlier_runs / "interrupted", tmp_path / "runs")


@pytest.fixture
def complete(earlier_runs, tmp_path):
    return shutil.copytree(earlier_runs / "complete", tmp_path / "runs")


def check_refused(line, message, folder, capsys):
    before = contents(folder)
    assert run(line, folder) == 1
    shown = capsys.readouterr().err
    assert shown.startswith("nncourse: ")
    assert message in shown
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rung": "v9"}, "`rung` must be one of baseline, v1, .*Received: rung='v9'"),
        ({"epochs": 0}, "`epochs` must be an integer of at least 1. Received: epochs=0"),
        ({"epochs": 1.5}, "`epochs` must be an integer of at least 1. Received: epochs=1.5"),
        ({"seed": -1}, "`seed` must be an integer of at least 0. Received: seed=-1"),
        ({"seed": 2**31}, r"`seed` must be less than 2\*\*31. Received: seed=2147483648"),
        ({"resume": True}, "nothing to resume: .*baseline-seed0-quick.checkpoint.npz"),
    ],
)
def test_a_bad_argument(options, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        train_mnist(**{"rung": "baseline", "quick": True, "output": "runs"} | options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("line", ["train", "train mnist", "train mnist --model v9", "train digits"])
def test_a_wrong_command_line(line, capsys):
    with pytest.raises(SystemExit) as caught:
        main(line.split())
    assert caught.value.code == 2
    assert "usage: nncourse train" in capsys.readouterr().err


def test_no_epochs_on_the_command_line(tmp_path, capsys):
    assert run("train mnist --quick --model v1 --epochs 0") == 1
    assert capsys.readouterr().err.startswith("nncourse: `epochs` must be an integer of at least 1")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_mnist(tmp_path, capsys):
    (tmp_path / "data").mkdir()
    np.savez(tmp_path / "data" / "mnist.npz", x_train=np.zeros(3))
    assert run("train mnist --model v1") == 1
    assert "damaged or another one" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f"{LINE} --epochs 3 --resume", "it has epochs=2, and epochs=3 was asked for"),
        (LINE, "has an interrupted run: go on from it with --resume, or delete it"),
        (f"{LINE} --epochs 3", "has an interrupted run"),
        ("train mnist --quick --model all", "has an interrupted run"),
        (f"{LINE} --seed 1 --resume", "nothing to resume"),
        ("train mnist --quick --model v1 --resume", "nothing to resume"),
        ("train mnist --model baseline --resume", "nothing to resume"),
    ],
)
def test_an_interrupted_run_comes_to_no_harm(line, message, interrupted, capsys):
    check_refused(line, message, interrupted, capsys)


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
        ("v1-seed0-quick", "--quick --model v1", "model='baseline', and model='v1'"),
        ("baseline-seed7-quick", "--quick --model baseline --seed 7", "seed=0, and seed=7"),
        ("baseline-seed0", "--model baseline", "data='digits', and data='mnist'"),
    ],
)
def test_a_checkpoint_under_another_name_is_found_out(name, line, message, interrupted, capsys):
    (interrupted / "baseline-seed0-quick.checkpoint.npz").rename(
        interrupted / f"{name}.checkpoint.npz"
    )
    check_refused(f"train mnist {line} --epochs 2 --resume", message, interrupted, capsys)


def test_a_changed_recipe_is_not_resumed(interrupted, monkeypatch, capsys):
    rate = RECIPES["baseline"].peak_rate
    recipe = dataclasses.replace(RECIPES["baseline"], peak_rate=0.5)
    monkeypatch.setitem(RECIPES, "baseline", recipe)
    check_refused(f"{LINE} --resume", f"peak_rate={rate}, and peak_rate=0.5", interrupted, capsys)


@pytest.mark.parametrize("damage", ["half", "empty", "text", "another npz"])
def test_a_damaged_checkpoint(damage, interrupted, capsys):
    path = interrupted / "baseline-seed0-quick.checkpoint.npz"
    if damage == "another npz":
        np.savez(path, a0=np.zeros(3))
    else:
        content = path.read_bytes()
        path.write_bytes({"half": content[: len(content) // 2], "empty": b"", "text": b"x"}[damage])
    check_refused(f"{LINE} --resume", "is damaged or no checkpoint", interrupted, capsys)


def test_a_complete_run_is_not_trained_again_by_resume(complete, capsys):
    before = contents(complete)
    assert run(f"{LINE} --resume", complete) == 0
    shown = capsys.readouterr().out
    assert "complete already" in shown
    assert "baseline" in shown.splitlines()[-1]
    assert contents(complete) == before


def test_another_complete_run_is_no_answer_to_resume(complete, capsys):
    check_refused(f"{LINE} --epochs 3 --resume", "it has epochs=2, and epochs=3", complete, capsys)
    (complete / "baseline-seed0-quick.json").write_text("{}")
    check_refused(f"{LINE} --resume", "is damaged or no record", complete, capsys)


def test_a_complete_run_is_replaced_only_at_the_end(complete, monkeypatch, capsys):
    before = contents(complete)
    interrupt_training(monkeypatch, epoch=2)
    assert run(f"{LINE} --epochs 3", complete) == 130
    after = contents(complete)
    assert after.pop("baseline-seed0-quick.checkpoint.npz")
    assert after == before
    assert run(f"{LINE} --epochs 3 --resume", complete) == 0
    record = json.loads((complete / "baseline-seed0-quick.json").read_text())
    assert record["recipe"]["epochs"] == 3
    assert set(contents(complete)) == set(before)


def test_a_run_that_diverges_leaves_no_record(complete, monkeypatch, capsys):
    before = contents(complete)
    fit, fits = keras.Model.fit, []

    def fit_into_nan(model, *args, **options):
        history = fit(model, *args, **options)
        fits.append(model)
        if len(fits) == 2:
            history.history["loss"][-1] = float("nan")
        return history

    monkeypatch.setattr(keras.Model, "fit", fit_into_nan)
    assert run(LINE, complete) == 1
    assert "Training stopped in epoch 2: loss became nan" in capsys.readouterr().err
    after = contents(complete)
    assert after.pop("baseline-seed0-quick.diverged.keras")
    assert after == before  # and no checkpoint, from which it would diverge again


def test_the_results_have_no_place(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert run(LINE, tmp_path / "file" / "runs") == 1
    shown = capsys.readouterr()
    assert "file" in shown.err
    assert "loss" not in shown.out


def test_a_ladder_with_a_complete_rung_goes_on_with_the_others(complete, monkeypatch, capsys):
    ladder = {rung: RECIPES[rung] for rung in ("baseline", "v1")}
    monkeypatch.setattr("nncourse.experiments._recipes.RECIPES", ladder)
    assert run("train mnist --quick --model all --epochs 2 --resume", complete) == 0
    shown = capsys.readouterr().out
    assert "baseline: complete already" in shown
    assert [line.split()[0] for line in shown.splitlines()[-2:]] == ["baseline", "v1"]
    assert shown.count("loss") == 2
