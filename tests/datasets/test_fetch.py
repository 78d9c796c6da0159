import hashlib
import os
import pickle

import numpy as np
import pytest

from nncourse.datasets import _registry, fetch_mnist
from nncourse.datasets._fetch import copy_to, fetch, locate

# Read at import: the fixture `own_cache` hides it from the tests.
REAL_DATA = os.environ.get("NNCOURSE_DATA")


@pytest.fixture
def offline(tmp_path, monkeypatch):
    folder = tmp_path / "offline"
    folder.mkdir()
    monkeypatch.setenv("NNCOURSE_DATA", str(folder))
    return folder


@pytest.fixture
def arrays():
    rng = np.random.default_rng(0)
    return {
        "x_train": rng.integers(0, 256, (6, 28, 28), dtype="uint8"),
        "y_train": np.array([5, 0, 4, 1, 9, 2], "uint8"),
        "x_test": rng.integers(0, 256, (3, 28, 28), dtype="uint8"),
        "y_test": np.array([7, 2, 1], "uint8"),
    }


@pytest.fixture
def npz(arrays, tmp_path):
    np.savez_compressed(tmp_path / "made.npz", **arrays)
    return (tmp_path / "made.npz").read_bytes()


@pytest.fixture
def data(npz, arrays, start_server, make_data_file):
    server = start_server(npz)
    digests = {name: hashlib.sha256(a.tobytes()).hexdigest() for name, a in arrays.items()}
    return make_data_file(npz, server.url, arrays=digests)


def test_the_offline_folder_comes_first(data, npz, offline, own_cache):
    assert fetch(data) == own_cache / "little.npz"
    assert locate(data) == own_cache / "little.npz"
    (offline / "little.npz").write_bytes(npz)
    assert fetch(data) == locate(data) == offline / "little.npz"


def test_an_offline_file_needs_no_server_and_no_cache(data, npz, offline, own_cache):
    (offline / "little.npz").write_bytes(npz)
    fetch(data)
    assert not own_cache.exists()


def test_nothing_is_located_where_nothing_is(data):
    assert locate(data) is None


def test_an_offline_copy_that_was_saved_anew_is_known_by_its_arrays(data, arrays, offline):
    np.savez(offline / "little.npz", **arrays)  # not compressed: another file hash
    assert fetch(data) == offline / "little.npz"


def deflated(npz):
    """Where the first member's compressed bytes begin, after its header, name and extra field."""
    name, extra = (int.from_bytes(npz[at : at + 2], "little") for at in (26, 28))
    return 30 + name + extra


def changed(arrays):
    return arrays | {"y_test": np.array([7, 2, 2], "uint8")}


def without(arrays):
    return {name: array for name, array in arrays.items() if name != "y_test"}


def added(arrays):
    return arrays | {"z": np.zeros(1)}


@pytest.mark.parametrize("damage", [changed, without, added])
def test_an_offline_file_with_other_arrays_is_refused(data, arrays, offline, damage):
    np.savez(offline / "little.npz", **damage(arrays))
    received = hashlib.sha256((offline / "little.npz").read_bytes()).hexdigest()
    with pytest.raises(ValueError, match="damaged or another one") as caught:
        fetch(data)
    for part in (str(offline / "little.npz"), data.sha256, received):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    "damage",
    [
        lambda npz: b"",
        lambda npz: b"<html>Please log in</html>",
        lambda npz: npz[: len(npz) // 2],
        lambda npz: npz[:500] + bytes(20) + npz[520:],
        lambda npz: npz[: deflated(npz)] + b"\xff" * 20 + npz[deflated(npz) + 20 :],
        lambda npz: b"\x93NUMPY" + npz[6:],
    ],
    ids=["empty", "html", "truncated", "altered", "not deflated", "not an archive"],
)
def test_a_damaged_offline_file_is_refused(data, npz, offline, damage):
    (offline / "little.npz").write_bytes(damage(npz))
    with pytest.raises(ValueError, match="damaged or another one"):
        fetch(data)


class Bomb:
    def __reduce__(self):
        return (os.mkdir, (os.environ["NNCOURSE_DATA"] + "/unpickled",))


def test_nothing_is_ever_unpickled(data, arrays, offline):
    np.savez(offline / "little.npz", **arrays | {"x_train": np.array([Bomb()])})
    with pytest.raises(ValueError, match="damaged or another one"):
        fetch(data)
    (offline / "little.npz").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ValueError, match="damaged or another one"):
        fetch(data)
    assert not (offline / "unpickled").exists()


def test_a_copy_goes_into_a_new_folder_and_replaces_a_damaged_one(data, npz, tmp_path):
    folder = tmp_path / "class" / "room"
    for _ in range(2):
        assert copy_to(data, folder) == folder / "little.npz"
        assert [path.name for path in folder.iterdir()] == ["little.npz"]
        assert (folder / "little.npz").read_bytes() == npz
        (folder / "little.npz").write_bytes(b"damaged")


def test_a_copy_into_its_own_folder_is_left_alone(data, own_cache):
    before = fetch(data).stat()
    assert copy_to(data, own_cache).stat() == before


def test_a_copy_that_can_not_be_had_leaves_nothing(data, tmp_path, make_data_file):
    with pytest.raises(ConnectionError):
        copy_to(make_data_file(b"x"), tmp_path / "class")
    assert not (tmp_path / "class").exists()


def test_mnist_has_the_form_of_the_digits(data, arrays, monkeypatch):
    monkeypatch.setitem(_registry.DATA_FILES, "mnist", data)
    (x_train, y_train), (x_test, y_test) = fetch_mnist()
    for x, pixels in ((x_train, arrays["x_train"]), (x_test, arrays["x_test"])):
        assert x.dtype == np.float32
        np.testing.assert_allclose(x[..., 0], pixels.astype(float) / 255, rtol=1e-6)
    assert x_train.shape == (6, 28, 28, 1)
    assert y_train.dtype == y_test.dtype == np.int64
    assert y_train.tolist() == [5, 0, 4, 1, 9, 2]
    assert y_test.tolist() == [7, 2, 1]


@pytest.mark.skipif(not REAL_DATA, reason="needs $NNCOURSE_DATA, a folder with mnist.npz")
def test_the_real_mnist(monkeypatch):
    monkeypatch.setenv("NNCOURSE_DATA", REAL_DATA)
    (x_train, y_train), (x_test, y_test) = fetch_mnist()
    assert x_train.shape == (60000, 28, 28, 1)
    assert x_test.shape == (10000, 28, 28, 1)
    assert (x_train.min(), x_train.max(), x_train.dtype) == (0, 1, np.float32)
    assert y_train[:5].tolist() == [5, 0, 4, 1, 9]
    assert np.bincount(y_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
