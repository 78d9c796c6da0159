"""`nncourse train ntm` on tiny machines, from the command line to the files."""

import json
import re

import jsonschema
import keras
import numpy as np
import pytest

from nncourse import datasets
from nncourse.cli import main
from nncourse.experiments import _machine, train_ntm
from nncourse.experiments._machine import Machine, answers, draw, guesses, kinds, score
from nncourse.experiments._machine_recipes import LSTMRecipe, MachineRecipe
from nncourse.experiments._run import Run
from nncourse.experiments._training import compile_network, train_network
from nncourse.experiments.ntm import _SMALL, MODELS, RECIPES, TASKS
from tests.experiments.interruption import interrupt_training
from tests.experiments.record_schema import machine_schema

LINE = "train ntm --task copy"
COPY = {"min_length": 1, "max_length": 2, "bits": 2}
TINY = {"epochs": 2, "epoch_steps": 4, "batch_size": 8, "peak_rate": 0.01}
RECIPE = MachineRecipe(
    episodes=COPY, **TINY, controller="dense", units=6, memory_slots=4, memory_width=3
)


@pytest.fixture(autouse=True)
def tiny_machines(monkeypatch):
    """Networks that need no compiler."""
    monkeypatch.setitem(RECIPES["ntm"], "copy", RECIPE)
    monkeypatch.setitem(RECIPES["lstm"], "copy", LSTMRecipe(episodes=COPY, **TINY, units=4))
    monkeypatch.setattr(_machine, "_VALIDATION", (2**31, 16))
    monkeypatch.setattr(_machine, "_TEST", (2**31 + 1, 20))
    options = Machine.compile_options
    monkeypatch.setattr(
        Machine, "compile_options", lambda task: options(task) | {"jit_compile": False}
    )


def run(line, folder):
    return main([*line.split(), "--output", str(folder)])


def record_of(folder, stem="ntm-copy-seed0"):
    return json.loads((folder / f"{stem}.json").read_text())


@pytest.mark.parametrize("model", MODELS)
def test_a_run_writes_what_it_says(model, tmp_path, capsys):
    assert run(f"{LINE} --model {model}", tmp_path) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(bool(re.match(r"epoch +\d of 2  loss \d.*wrong bits \d", s)) for s in lines) == 2
    stem = f"{model}-copy-seed0"
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{stem}.{end}" for end in ("json", "keras", "png")
    }
    record = record_of(tmp_path, stem)
    jsonschema.validate(record, machine_schema(model, "copy"))
    assert [test["kind"] for test in record["test"]] == [
        "as in training", "length 2", "length 4", "length 10"
    ]  # fmt: skip
    assert [test["sequences"] for test in record["test"]] == [20] * 4
    assert [test["asked"] for test in record["test"][1:]] == [4, 8, 20]
    network = keras.saving.load_model(tmp_path / f"{stem}.keras")
    assert not network.compiled  # an optimizer would make the file three times as large
    assert network.count_params() == record["parameters"]
    law = {"min_length": 4, "max_length": 4, "bits": 2}
    episodes = draw("copy", law, 20, 2**31 + 1)
    p = keras.ops.convert_to_numpy(network(episodes.x))
    found = score(p, episodes)
    assert record["test"][2]["cost"] == pytest.approx(found["cost"], abs=1e-3)
    assert record["test"][2]["wrong_bits"] == pytest.approx(found["wrong_bits"], abs=0.1)
    shown = {line[:16].strip(): line.split() for line in lines}
    assert shown["length 10"][2:4] == ["20.0", f"{record['test'][3]['wrong_bits']:.2f}"]


def test_a_resumed_run_ends_where_an_uninterrupted_one_does(tmp_path, monkeypatch, capsys):
    line = f"{LINE} --model lstm"  # which is quicker
    assert run(line, tmp_path / "whole") == 0
    interrupt_training(monkeypatch, epoch=2)
    assert run(line, tmp_path / "parts") == 130
    assert "1 of 2 epochs are kept" in capsys.readouterr().err
    assert run(f"{line} --resume", tmp_path / "parts") == 0
    whole, parts = (record_of(tmp_path / name, "lstm-copy-seed0") for name in ("whole", "parts"))
    assert whole["test"] == parts["test"]
    for one, other in zip(whole["history"], parts["history"], strict=True):
        assert one | {"seconds": 0} == other | {"seconds": 0}
    networks = [
        keras.saving.load_model(tmp_path / name / "lstm-copy-seed0.keras")
        for name in ("whole", "parts")
    ]
    for one, other in zip(*(network.get_weights() for network in networks), strict=True):
        np.testing.assert_array_equal(one, other)


# --- training that turns NaN --------------------------------------------------------------------


def turn_nan(monkeypatch, epoch, step):
    """Spoils the inputs of a batch, both counted from 0."""
    examples = Machine.examples

    def spoiled(task, seed, now):
        x, y, mask = examples(task, seed, now)
        if now == epoch:
            x[step * 8] = np.nan
        return x, y, mask

    monkeypatch.setattr(Machine, "examples", spoiled)


def test_the_last_good_network_is_kept(tmp_path, monkeypatch, capsys):
    with pytest.MonkeyPatch.context() as patch:
        interrupt_training(patch, epoch=2)
        assert run(LINE, tmp_path / "good") == 130
    turn_nan(monkeypatch, epoch=1, step=2)
    assert run(LINE, tmp_path / "bad") == 1
    path = tmp_path / "bad" / "ntm-copy-seed0.diverged.keras"
    assert [path] == list((tmp_path / "bad").iterdir())
    shown = capsys.readouterr().err
    assert "Training stopped in step 3 of epoch 2: loss became nan." in shown
    assert f"as it was after 1 of 2 epochs is kept in {path}" in shown
    kept = keras.saving.load_model(path, compile=False).get_weights()
    with np.load(tmp_path / "good" / "ntm-copy-seed0.checkpoint.npz") as checkpoint:
        for index, weights in enumerate(kept):
            np.testing.assert_array_equal(weights, checkpoint[f"a{index}"])


def test_without_a_good_epoch_nothing_is_kept(tmp_path, monkeypatch):
    turn_nan(monkeypatch, epoch=0, step=0)
    with pytest.raises(ValueError, match=r"step 1 of epoch 1: loss .* nothing of it is kept"):
        train_ntm("copy", output=tmp_path)
    assert list(tmp_path.iterdir()) == []


# --- sequences ----------------------------------------------------------------------------------


def test_every_epoch_has_sequences_of_its_own():
    task = Machine(RECIPE, "copy")
    x, y, mask = task.examples(0, 0)
    assert x.shape == (task.steps * 8, 6, 4) == (32, 6, 4)
    for one, other in zip((x, y, mask), task.examples(0, 0), strict=True):
        np.testing.assert_array_equal(one, other)
    others = (
        *(task.examples(seed, epoch) for seed, epoch in ((0, 1), (1, 0), (1, 1))),
        draw("copy", COPY, 32, 2**31),
        draw("copy", COPY, 32, 2**31 + 1),
    )
    drawn = {each[0].tobytes() for each in others} | {x.tobytes()}
    assert len(drawn) == 6


@pytest.mark.parametrize("task", TASKS)
def test_the_kinds_of_sequences(task):
    law = _SMALL[task]
    for kind, asked in kinds(task, law).items():
        x, y, mask = draw(task, asked, 2, 0)
        assert len(x) == len(y) == len(mask) == 2, kind
    assert kinds(task, law)["as in training"] == law


def test_what_is_more_than_in_training():
    full = {task: RECIPES["lstm"][task].episodes for task in TASKS if task != "copy"}
    assert list(kinds("copy", COPY | {"max_length": 20})) == [
        "as in training", "length 20", "length 40", "length 100"
    ]  # fmt: skip
    x, _, mask = draw("repeat_copy", kinds("repeat_copy", full["repeat_copy"])["20 repeats"], 3, 0)
    np.testing.assert_array_equal(mask.sum(axis=1), 20 * 10 + 1)
    # The number means what it meant in training: 5.5 is the mean of 1 to 10, 8.25 the variance.
    np.testing.assert_allclose(x.max(axis=(1, 2)), (20 - 5.5) / np.sqrt(8.25), rtol=1e-6)
    _, _, mask = draw("repeat_copy", kinds("repeat_copy", full["repeat_copy"])["length 20"], 3, 0)
    np.testing.assert_array_equal(mask.sum(axis=1), 20 * 10 + 1)
    recall = kinds("associative_recall", full["associative_recall"])
    assert list(recall) == ["as in training", "6 items", "12 items", "20 items"]
    x, _, _ = draw("associative_recall", recall["20 items"], 3, 0)
    np.testing.assert_array_equal(x[..., 6].sum(axis=1), 20)
    assert list(kinds("priority_sort", full["priority_sort"])) == ["as in training"]


# --- judgment -----------------------------------------------------------------------------------


def test_scores_against_a_loop():
    rng = np.random.default_rng(0)
    episodes = draw("copy", COPY | {"max_length": 3}, 7, 0)
    p = rng.random(episodes.y.shape)
    p[0] = np.where(episodes.y[0] > 0, 0.9, 0.2)  # one without a fault
    p[1, :, 0] = 1 - episodes.y[1, :, 0]  # and one that is sure, and wrong
    wrong, cost, asked, faultless = 0, 0, 0, 0
    for s in range(7):
        faults = 0
        for t in range(episodes.y.shape[1]):
            for k in range(2):
                if episodes.mask[s, t]:
                    bit, chance = episodes.y[s, t, k], np.clip(p[s, t, k], 1e-7, 1 - 1e-7)
                    asked += 1
                    faults += round(chance) != bit
                    cost -= np.log2(chance if bit else 1 - chance)
        wrong += faults
        faultless += faults == 0
    assert faultless < 7
    assert score(p, episodes) == pytest.approx(
        {
            "sequences": 7,
            "asked": asked / 7,
            "wrong_bits": wrong / 7,
            "faultless": faultless / 7,
            "cost": cost / 7,
        }
    )


def test_the_validation_loss_is_keras_loss():
    task = Machine(RECIPE, "copy")
    network = task.build(3)
    compile_network(network, task)
    x, y, mask = task._validation
    metrics = task.metrics(network, {"loss": 1.0})
    evaluated = network.evaluate(x, y, sample_weight=mask, batch_size=16, verbose=0)
    loss = keras.losses.BinaryCrossentropy(reduction="mean_with_sample_weight")
    for expected in (evaluated, keras.ops.convert_to_numpy(loss(y, network(x), mask))):
        assert metrics["val_loss"] == pytest.approx(expected, rel=1e-5)
    assert metrics["loss"] == 1


def test_no_bit_counts_in_training_that_is_not_asked_for():
    """At a rate of 0 the loss is that of the network as it was built, batch by batch."""
    recipe = LSTMRecipe(episodes=COPY, units=3, **TINY | {"peak_rate": 0.0, "epochs": 1})
    task = Machine(recipe, "copy")
    network, history = task.build(0), []
    train_network(
        network,
        task,
        seed=0,
        done=0,
        state=[],
        after_epoch=lambda metrics, state: history.append(metrics),
    )
    x, y, mask = task.examples(0, 0)
    p = keras.ops.convert_to_numpy(network(x))
    losses = -np.log(np.where(y > 0, p, 1 - p)).mean(axis=-1) * mask
    batches = losses.reshape(4, -1).sum(axis=1) / mask.reshape(4, -1).sum(axis=1)
    assert history[0]["loss"] == pytest.approx(batches.mean(), rel=1e-4)


def test_answers_are_those_of_all_parts(monkeypatch):
    monkeypatch.setattr(_machine, "_PART", 8)
    network = Machine(RECIPE, "copy").build(0)
    x = draw("copy", COPY, 20, 5).x
    np.testing.assert_allclose(
        answers(network, x), keras.ops.convert_to_numpy(network(x)), atol=1e-6
    )


def test_no_guess_is_better_than_that_of_the_datas_order():
    episodes = draw("dynamic_ngrams", {"length": 200, "order": 3}, 50, 0)
    found = guesses(episodes, 3)
    assert [guess["order"] for guess in found] == [1, 2, 3]
    costs = [guess["cost"] for guess in found]
    assert costs[2] < costs[1] < costs[0] < 198
    p = datasets.optimal_ngram_predictions(episodes.x, order=3)[:, 1:, 0]
    y = episodes.y[:, 1:, 0]
    assert costs[2] == pytest.approx(-np.log2(np.abs(1 - y - p)).sum(axis=1).mean(), abs=1e-3)


# --- recipes ------------------------------------------------------------------------------------


def test_the_optimizer_is_as_the_recipe_says():
    task = Machine(MachineRecipe(episodes=COPY, **TINY, clip_norm=0.3), "copy")
    network = task.build(0)
    compile_network(network, task)
    optimizer = network.optimizer
    assert (optimizer.global_clipnorm, optimizer.weight_decay) == (0.3, 0)


def test_a_seed_makes_a_network():
    task = Machine(RECIPE, "copy")
    one, again, other = (task.build(seed).get_weights()[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


@pytest.mark.parametrize("task", TASKS)
def test_both_networks_have_about_as_many_parameters(task, monkeypatch):
    monkeypatch.undo()
    law = RECIPES["ntm"][task].episodes
    assert RECIPES["lstm"][task].episodes == law
    x, y, _ = draw(task, law, 1, 0)
    sizes = [
        RECIPES[model][task].network(x.shape[-1], y.shape[-1]).count_params() for model in MODELS
    ]
    assert sizes[1] == pytest.approx(sizes[0], rel=0.02)


def test_quick(monkeypatch, tmp_path):
    runs = []
    monkeypatch.setattr(Run, "finish", lambda run, task, report: runs.append((run, task)))
    for task in TASKS:
        for model in MODELS:
            train_ntm(task, model, quick=True, seed=3, epochs=4, output=tmp_path)
    names = [run.path_of("json").name for run, _ in runs]
    assert names == [f"{m}-{t}-seed3-quick.json" for t in TASKS for m in MODELS]
    for run, task in runs:
        assert run.recipe.epochs == 4
        assert run.recipe.episodes == _SMALL[task.name]
        assert task._validation.x.shape[1] <= 50


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"task": "chess"}, "`task` must be one of copy, repeat_copy, .* Received: task='chess'"),
        ({"model": "gru"}, "`model` must be one of ntm, lstm. Received: model='gru'"),
        ({"epochs": 0}, "`epochs` must be an integer of at least 1. Received: epochs=0"),
        ({"seed": -1}, "`seed` must be an integer of at least 0. Received: seed=-1"),
        ({"resume": True}, "nothing to resume: .*ntm-copy-seed0.checkpoint.npz"),
    ],
)
def test_a_bad_argument(options, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        train_ntm(**{"task": "copy", "output": tmp_path / "runs"} | options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("line", ["", " --task chess", " --task copy --model gru"])
def test_a_wrong_command_line(line, capsys):
    with pytest.raises(SystemExit) as caught:
        main(f"train ntm{line}".split())
    assert caught.value.code == 2
    assert "usage: nncourse train ntm" in capsys.readouterr().err


def test_a_run_of_the_other_model_is_not_resumed(tmp_path, monkeypatch, capsys):
    interrupt_training(monkeypatch, epoch=2)
    assert run(LINE, tmp_path) == 130
    path = tmp_path / "ntm-copy-seed0.checkpoint.npz"
    path.rename(tmp_path / "lstm-copy-seed0.checkpoint.npz")
    assert run(f"{LINE} --model lstm --resume", tmp_path) == 1
    assert "it has model='ntm', and model='lstm' was asked for" in capsys.readouterr().err
