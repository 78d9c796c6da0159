"""The texts: Python's help and Shakespeare."""

import hashlib
import os
import string
import sys
import types

import pytest

from nncourse.datasets import _registry, fetch_shakespeare, load_help_text

REAL_DATA = os.environ.get("NNCOURSE_DATA")


def test_the_help_text_is_english_in_ascii():
    text = load_help_text()
    assert 300_000 < len(text) < 1_000_000
    assert set(text) <= {*string.printable} - {*"\t\r\x0b\x0c"}
    assert text.count(" the ") > 2_000
    assert text.count("?") < 100  # so few other characters were replaced


def test_topics_come_in_their_order_and_typography_is_made_plain(monkeypatch):
    topics = {"b": "\n“It’s”–so—…\n\n", "a": "straße\n"}
    module = types.SimpleNamespace(topics=topics)
    monkeypatch.setitem(sys.modules, "pydoc_data.topics", module)
    assert load_help_text() == 'stra?e\n\n"It\'s"-so--...'


def test_shakespeare_is_served_as_text(start_server, make_data_file, monkeypatch, own_cache):
    content = b"To be, or not to be:\nthat is the question.\n"
    data = make_data_file(content, start_server(content).url)
    monkeypatch.setitem(_registry.DATA_FILES, "shakespeare", data)
    assert fetch_shakespeare() == content.decode()
    assert (own_cache / "little.npz").read_bytes() == content


def test_another_text_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("NNCOURSE_DATA", str(tmp_path))
    (tmp_path / "tinyshakespeare.txt").write_text("To be")
    with pytest.raises(ValueError, match="damaged or another one: expected SHA-256 86c4e6aa"):
        fetch_shakespeare()


@pytest.mark.skipif(not REAL_DATA, reason="needs $NNCOURSE_DATA, a folder with tinyshakespeare.txt")
def test_the_real_shakespeare(monkeypatch):
    monkeypatch.setenv("NNCOURSE_DATA", REAL_DATA)
    text = fetch_shakespeare()
    assert len(text) == _registry.DATA_FILES["shakespeare"].size == 1_115_394
    assert len(set(text)) == 65
    assert text.startswith("First Citizen:\nBefore we proceed any further")
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert digest == _registry.DATA_FILES["shakespeare"].sha256
