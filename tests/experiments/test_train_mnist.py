"""`nncourse train mnist` on the digits that come along, from the command line to the files."""

import dataclasses
import json
import os
import re

import keras
import numpy as np
import pytest
from PIL import Image

from nncourse.cli import main
from nncourse.datasets import load_digits
from nncourse.experiments import train_mnist
from nncourse.experiments._recipes import RECIPES
from tests.experiments.interruption import interrupt_training

MAKE = "train mnist --quick --model"


def run(line, folder):
    return main([*line.split(), "--output", str(folder)])


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def record_of(folder, rung, seed=0):
    return json.loads((folder / f"{rung}-seed{seed}-quick.json").read_text())


def weights_of(folder, rung):
    path = folder / f"{rung}-seed0-quick.keras"
    return keras.saving.load_model(path, safe_mode=True).get_weights()


def what_was_computed(record):
    history = [{k: v for k, v in row.items() if k != "seconds"} for row in record["history"]]
    scores = {name: record[name] for name in ("parameters", "validation", "test", "members")}
    return {**scores, "history": history}


# --- a run from beginning to end ---------------------------------------------------------------


def test_a_run_writes_what_it_says(tmp_path, capsys):
    assert run(f"{MAKE} baseline --epochs 12 --seed 3", tmp_path / "a" / "b") == 0
    folder = tmp_path / "a" / "b"
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert "8x8" in lines[0]
    assert "MNIST" in lines[0]
    epochs = [line for line in lines if re.match(r"epoch +\d+ of 12  loss \d", line)]
    assert len(epochs) == 12
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", shown.out), "control characters"
    assert files(folder) == [f"baseline-seed3-quick.{end}" for end in ("json", "keras", "png")]

    record = record_of(folder, "baseline", seed=3)
    assert (record["model"], record["data"], record["seed"]) == ("baseline", "digits", 3)
    assert record["parameters"] == 64 * 100 + 100 + 100 * 10 + 10
    assert record["recipe"]["epochs"] == len(record["history"]) == 12
    assert record["history"][-1]["val_accuracy"] > 0.8 > record["history"][0]["val_accuracy"]
    (images, labels), _ = load_digits()
    network = keras.saving.load_model(folder / "baseline-seed3-quick.keras")
    for part, (x, y) in {
        "validation": (images[-237:], labels[-237:]),
        "test": load_digits()[1],
    }.items():
        wrong = int((keras.ops.convert_to_numpy(network(x)).argmax(1) != y).sum())
        assert record[part] == {
            "images": len(y),
            "errors": wrong,
            "accuracy": pytest.approx(1 - wrong / len(y), abs=1e-6),
        }
    assert re.search(
        rf"^baseline +{100 * record['test']['accuracy']:.2f} +97.80 +7,510 +12 ", lines[-1]
    )
    with Image.open(folder / "baseline-seed3-quick.png") as image:
        assert image.size[0] > 2 * image.size[1] > 600
        assert len(image.convert("RGB").getcolors(1 << 20)) > 20


def test_training_reads_neither_validation_nor_test_images(tmp_path, monkeypatch):
    (x, y), test = load_digits()
    silent = {"epochs": 2, "quick": True, "report": lambda line: None}
    train_mnist("baseline", output=tmp_path / "one", **silent)
    # Other images to validate and to test: the same weights.
    x[1200:] = 1 - x[1200:]
    changed = ((x, y), (1 - test[0], test[1]))
    monkeypatch.setattr("nncourse.datasets.load_digits", lambda: changed)
    train_mnist("baseline", output=tmp_path / "other", **silent)
    for one, other in zip(
        *(weights_of(tmp_path / name, "baseline") for name in ("one", "other")), strict=True
    ):
        np.testing.assert_array_equal(one, other)
    one, other = (record_of(tmp_path / name, "baseline") for name in ("one", "other"))
    assert one["history"][0]["loss"] == other["history"][0]["loss"]
    assert one["history"][0]["val_loss"] != other["history"][0]["val_loss"]


def test_the_seed_decides(tmp_path):
    silent = {"epochs": 1, "quick": True, "report": lambda line: None}
    losses = [
        train_mnist("baseline", seed=seed, output=tmp_path / str(i), **silent)["history"][0]["loss"]
        for i, seed in enumerate((0, 0, 1))
    ]
    assert losses[0] == losses[1] != losses[2]


def test_the_record_does_not_say_whose_machine_it_was(tmp_path, monkeypatch):
    train_mnist("baseline", epochs=1, quick=True, output=tmp_path, report=lambda line: None)
    text = (tmp_path / "baseline-seed0-quick.json").read_text()
    assert not re.search(r"[/\\]\w", text)
    for name in (os.uname().nodename, os.environ.get("USER", "root")):
        assert f'"{name}"' not in text


# --- interrupted and resumed -------------------------------------------------------------------


@pytest.fixture
def small_ensemble(monkeypatch):
    """Makes v7 three networks that train quickly, on shifted images, with averaged weights."""
    recipe = dataclasses.replace(RECIPES["v7"], network="baseline", members=3, average_share=0.3)
    monkeypatch.setitem(RECIPES, "v7", recipe)


@pytest.mark.parametrize(
    ("rung", "epochs", "interruptions"),
    [
        pytest.param("v6", 2, [2], id="dropout"),
        pytest.param("v7", 2, [3, 6], id="ensemble, in its second member and in its third"),
    ],
)
def test_a_resumed_run_ends_where_an_uninterrupted_one_does(
    rung, epochs, interruptions, small_ensemble, monkeypatch, tmp_path, capsys
):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    line = f"{MAKE} {rung} --epochs {epochs}"
    assert run(line, whole) == 0
    all_epochs = len(record_of(whole, rung)["history"])

    resume, done = "", 0
    for interrupted in interruptions:
        interrupt_training(monkeypatch, epoch=interrupted - done)
        assert run(line + resume, parts) == 130
        resume, done = " --resume", interrupted - 1
        shown = capsys.readouterr()
        assert "Traceback" not in shown.err
        assert f"{done} of {all_epochs} epochs are kept" in shown.err
        assert "--resume" in shown.err
        assert files(parts) == [f"{rung}-seed0-quick.checkpoint.npz"]

    assert run(line + resume, parts) == 0
    assert len(re.findall("loss", capsys.readouterr().out)) == all_epochs - done
    assert files(parts) == files(whole)
    for one, other in zip(weights_of(whole, rung), weights_of(parts, rung), strict=True):
        np.testing.assert_array_equal(one, other)
    assert what_was_computed(record_of(whole, rung)) == what_was_computed(record_of(parts, rung))


def test_an_interruption_in_the_first_epoch_leaves_nothing(monkeypatch, tmp_path, capsys):
    interrupt_training(monkeypatch, epoch=1)
    assert run(f"{MAKE} baseline", tmp_path / "runs") == 130
    assert "nothing is kept" in capsys.readouterr().err
    assert files(tmp_path / "runs") == []


def test_an_interruption_while_writing_is_resumed_without_training(tmp_path, monkeypatch, capsys):
    with monkeypatch.context() as patch:

        def press(*_, **__):
            raise KeyboardInterrupt

        patch.setattr("nncourse.experiments._record.save_curves", press)
        assert run(f"{MAKE} baseline --epochs 2", tmp_path / "runs") == 130
    assert "2 of 2 epochs are kept" in capsys.readouterr().err
    assert run(f"{MAKE} baseline --epochs 2 --resume", tmp_path / "runs") == 0
    assert "loss" not in capsys.readouterr().out
    assert files(tmp_path / "runs") == [
        f"baseline-seed0-quick.{e}" for e in ("json", "keras", "png")
    ]
