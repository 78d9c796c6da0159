"""What the tests of whole runs share."""

import pytest


@pytest.fixture(autouse=True)
def no_data_of_the_user(tmp_path, monkeypatch):
    """No test finds MNIST, or reads or writes the user's folders."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setenv("NNCOURSE_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
