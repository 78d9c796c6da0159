"""`nncourse train charlm` on a small text, from the command line to the files."""

import json
import math
import re

import jsonschema
import keras
import numpy as np
import pytest
from PIL import Image

from nncourse.cli import main
from nncourse.experiments import _corpus, corpus_table, train_charlm
from nncourse.experiments._corpus import Corpus, CorpusRecipe, Parts
from nncourse.experiments.charlm import _text
from nncourse.experiments.corpus_results import best_ngram
from nncourse.scratch import NGram
from tests.experiments.interruption import interrupt_training
from tests.experiments.record_schema import CORPUS_RECORD
from tools.results import PAGE, REFERENCE, committed_records

LINE = "train charlm --corpus help --quick"
RECIPE = CorpusRecipe(
    cell="gru", units=8, embedding_dim=4, window=10, batch_size=4, epochs=3, peak_rate=0.01
)


@pytest.fixture(autouse=True)
def small_text(monkeypatch):
    """Sentences of a made-up language, so that there is something to learn quickly."""
    rng = np.random.default_rng(0)
    words = ["seven", "gray", "wolves", "run", "over", "the", "hill"]
    text = " ".join(rng.choice(words, size=9000))
    monkeypatch.setattr("nncourse.datasets.load_help_text", lambda: text)
    monkeypatch.setitem(_corpus._SAMPLE, "length", 20)
    return text


def run(line, folder):
    return main([*line.split(), "--output", str(folder)])


def record_of(folder):
    return json.loads((folder / "help-seed0-quick.json").read_text())


def test_a_run_writes_what_it_says(tmp_path, capsys, small_text):
    assert run(LINE, tmp_path) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(bool(re.match(r"epoch +\d of 2  bits \d", line)) for line in lines) == 2
    ends = {path.name for path in tmp_path.iterdir()}
    assert ends == {f"help-seed0-quick.{end}" for end in ("json", "keras", "png")}

    record = record_of(tmp_path)
    jsonschema.validate(record, CORPUS_RECORD)
    parts = Parts.of(small_text)
    network = keras.saving.load_model(tmp_path / "help-seed0-quick.keras")
    for name, text in (("validation", parts.validation), ("test", parts.test)):
        assert record[name]["characters"] == len(text)
        assert record[name]["bits"] == pytest.approx(network.bits(text, parts=64), abs=1e-4)
    assert record["history"][-1]["val_bits"] == record["validation"]["bits"]
    assert record["validation"]["bits"] < 2.5 < record["history"][0]["bits"]
    assert set(record["sample"]) <= set(small_text)
    for ngram in record["ngrams"]:
        model = NGram(ngram["order"], unknown="\0").fit(parts.training)
        assert ngram["test"] == pytest.approx(model.bits(parts.test), abs=1e-5)
    best = min(record["ngrams"], key=lambda ngram: ngram["validation"])
    shown = f"{best['order']}-gram {best['validation']:.3f} {best['test']:.3f}"
    assert lines[-1].split() == shown.split()
    with Image.open(tmp_path / "help-seed0-quick.png") as image:
        assert len(image.convert("RGB").getcolors(1 << 20)) > 20


def test_a_resumed_run_ends_where_an_uninterrupted_one_does(tmp_path, monkeypatch, capsys):
    """Dropout, the windows and their order go on as they would have."""
    assert run(LINE, tmp_path / "whole") == 0
    interrupt_training(monkeypatch, epoch=2)
    assert run(LINE, tmp_path / "parts") == 130
    assert "1 of 2 epochs are kept" in capsys.readouterr().err
    assert run(f"{LINE} --resume", tmp_path / "parts") == 0
    whole, parts = record_of(tmp_path / "whole"), record_of(tmp_path / "parts")
    for name in ("validation", "test", "sample", "ngrams"):
        assert whole[name] == parts[name]
    for one, other in zip(whole["history"], parts["history"], strict=True):
        assert one | {"seconds": 0} == other | {"seconds": 0}


# --- the text -----------------------------------------------------------------------------------


def test_the_parts_are_the_text(small_text):
    parts = Parts.of(small_text)
    assert "".join(parts) == small_text
    assert len(parts.validation) == len(parts.test) == len(small_text) // 20


def test_a_paragraph_of_the_help_text_is_read_once(monkeypatch):
    text = "one\n\ntwo\nlines\n\none\n\n two"
    monkeypatch.setattr("nncourse.datasets.load_help_text", lambda: text)
    assert _text("help") == "one\n\ntwo\nlines\n\n two"


def test_an_epoch_has_windows_of_the_training_text_and_what_follows_them():
    text = "".join(chr(500 + i) for i in range(137))  # every symbol tells its place
    task = Corpus(RECIPE, Parts(text, text[:20], text[:20]))
    places = {symbol: place for place, symbol in enumerate(task._alphabet.symbols)}
    assert len(places) == 137
    epochs = [task.examples(0, epoch) for epoch in range(4)]
    for x, y in epochs:
        assert x.shape == y.shape == (task.steps * 4, 10) == (12, 10)
        np.testing.assert_array_equal(y, x + 1)
        assert len(set(x.ravel().tolist())) == x.size  # no character twice
    assert len({tuple(x[:, 0]) for x, _ in epochs}) == 4
    assert len({x[0, 0] % 10 for x, _ in epochs}) > 1  # windows begin elsewhere in each epoch
    np.testing.assert_array_equal(task.examples(0, 2)[0], epochs[2][0])
    assert (task.examples(1, 2)[0] != epochs[2][0]).any()


def test_bits_are_the_loss_in_base_two():
    task = Corpus(RECIPE, Parts.of("abracadabra " * 20))
    metrics = task.metrics(task.build(0), {"loss": math.log(2)})
    assert metrics["bits"] == 1
    assert metrics["val_bits"] == pytest.approx(math.log2(6), abs=0.3)  # untrained: six symbols


# --- bad input ----------------------------------------------------------------------------------


def test_bad_arguments(tmp_path):
    with pytest.raises(ValueError, match="`corpus` must be one of shakespeare, help"):
        train_charlm("dante", output=tmp_path)
    with pytest.raises(ValueError, match="`epochs` must be an integer of at least 1"):
        train_charlm("help", epochs=0, output=tmp_path)
    with pytest.raises(SystemExit):
        main(["train", "charlm", "--corpus", "dante"])
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_is_too_short(monkeypatch, tmp_path):
    monkeypatch.setattr("nncourse.datasets.load_help_text", lambda: "seven gray wolves " * 20)
    with pytest.raises(ValueError, match=r"must have 32 windows of 64 characters\. Received: 324"):
        train_charlm("help", output=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_another_shakespeare(tmp_path, capsys):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "tinyshakespeare.txt").write_text("To be")
    assert run("train charlm --corpus shakespeare", tmp_path / "runs") == 1
    assert "damaged or another one" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


# --- the book's ---------------------------------------------------------------------------------


def test_the_books_records():
    paths = sorted((REFERENCE / "records/charlm").glob("*.json"))
    assert paths
    assert corpus_table(committed_records("charlm")) in PAGE.read_text()
    for path in paths:
        record = json.loads(path.read_text())
        jsonschema.validate(record, CORPUS_RECORD)
        assert path.stem == f"{record['data']}-seed{record['seed']}"
        assert record["history"][-1]["val_bits"] == record["validation"]["bits"]
        assert record["commit"] is not None
        assert record["seconds"]["cpu"] < 2 * 15 * 60  # 15 minutes on two cores
        if record["data"] == "shakespeare":
            assert record["validation"]["bits"] < 2.2


def test_a_table_has_a_record_once():
    record = {"data": "help", "seed": 3}
    with pytest.raises(ValueError, match=r"Received: seeds \[3, 3\] of help"):
        corpus_table([record, record])


def test_the_chapter_quotes_the_records():
    chapter = (REFERENCE.parent / "sequences/language_models.ipynb").read_text()
    for record in committed_records("charlm"):
        if record["seed"] == 0:
            ngram = best_ngram(record)
            assert f"{record['validation']['bits']:.2f} bits" in chapter
            assert f"n = {ngram['order']}$, needs {ngram['validation']:.2f}" in chapter


def test_the_page_shows_what_the_network_wrote():
    (record,) = [
        record
        for record in committed_records("charlm")
        if (record["data"], record["seed"]) == ("shakespeare", 0)
    ]
    quoted = PAGE.read_text().split("```text\n")[1].split("```")[0]
    assert len(quoted) > 200
    assert quoted in record["sample"]
