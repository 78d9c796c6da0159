import hashlib
import signal
import socket
import threading
import time

import pytest

from nncourse.cli import main
from nncourse.datasets import _download, _registry
from nncourse.datasets._fetch import cache_folder, fetch


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_downloads_once_into_the_cache(data, server, content, own_cache):
    path = fetch(data)
    assert path == own_cache / "little.npz"
    assert path.read_bytes() == content
    assert names(own_cache) == ["little.npz"]
    assert fetch(data) == path
    assert server.ranges_asked == [None]


def test_goes_on_within_one_call_where_the_connection_broke_off(data, server, content):
    server.breaks_off_after = 120_000
    assert fetch(data).read_bytes() == content
    first, second = server.ranges_asked
    assert first is None
    assert 0 < second <= 120_000
    assert server.bytes_sent == 120_000 + len(content) - second


def test_goes_on_at_the_next_call(data, server, content, own_cache):
    server.breaks_off_after = 40_000
    with pytest.raises(ConnectionError, match=r"broke off after [\d,]+ of 200,000 bytes") as caught:
        fetch(data)
    assert names(own_cache) == ["little.npz.part"]
    kept = (own_cache / "little.npz.part").read_bytes()
    assert len(kept) > 80_000
    assert kept == content[: len(kept)]
    assert f"The {len(kept):,} of 200,000 bytes that came are kept" in str(caught.value)

    server.breaks_off_after = None
    assert fetch(data).read_bytes() == content
    assert server.ranges_asked[-1] == len(kept)
    assert names(own_cache) == ["little.npz"]


def test_gives_up_on_a_server_that_brings_nothing_more(data, server):
    server.breaks_off_after = 0
    with pytest.raises(ConnectionError, match=r"broke off after 0 of 200,000 bytes"):
        fetch(data)
    assert len(server.ranges_asked) == 1


def test_starts_over_where_the_server_knows_no_ranges(data, server, content):
    server.knows_ranges = False

    def mend_at_the_second_request():
        server.breaks_off_after = None if server.ranges_asked else 120_000

    server.before_reply = mend_at_the_second_request
    assert fetch(data).read_bytes() == content
    assert server.bytes_sent == 120_000 + len(content)


@pytest.mark.parametrize("have", [1, 150_000, 199_999, 200_000, 200_007])
@pytest.mark.parametrize("stale", [False, True])
@pytest.mark.parametrize("knows_ranges", [False, True])
def test_any_beginning_ends_well(data, server, content, own_cache, have, stale, knows_ranges):
    own_cache.mkdir(parents=True)
    beginning = bytes(have) if stale else (content + bytes(7))[:have]
    (own_cache / "little.npz.part").write_bytes(beginning)
    server.knows_ranges = knows_ranges
    assert fetch(data).read_bytes() == content
    assert names(own_cache) == ["little.npz"]
    if not stale and knows_ranges and have <= len(content):
        assert server.bytes_sent == len(content) - have  # nothing was sent twice


def test_a_file_that_changes_between_tries_is_downloaded_whole(data, server, content):
    server.content, server.breaks_off_after = b"old" * 60_000, 120_000

    def mend_at_the_second_request():
        if server.ranges_asked:
            server.content, server.breaks_off_after = content, None

    server.before_reply = mend_at_the_second_request
    assert fetch(data).read_bytes() == content


def test_a_file_that_goes_on_changing_is_refused(data, server, own_cache):
    server.breaks_off_after = 120_000

    def change():
        server.content = bytes([len(server.ranges_asked)]) * 200_000

    server.before_reply = change
    with pytest.raises(ValueError, match="does not match the known hash"):
        fetch(data)
    assert names(own_cache) == []
    assert len(server.ranges_asked) == 4  # two halves, twice


@pytest.mark.parametrize("fault", ["altered", "truncated"])
def test_wrong_bytes_are_refused_and_not_kept(data, server, content, own_cache, fault):
    server.content = {"altered": b"!" + content[1:], "truncated": content[:-1]}[fault]
    with pytest.raises(ValueError, match="does not match the known hash") as caught:
        fetch(data)
    for part in ("little.npz", server.url, data.sha256):
        assert part in str(caught.value)
    assert f"but got {hashlib.sha256(server.content).hexdigest()}" in str(caught.value)
    assert names(own_cache) == []


def test_a_transfer_cut_short_shows_without_a_stated_length(data, server, own_cache):
    server.says_length, server.breaks_off_after = False, 50_000
    with pytest.raises(ConnectionError, match="broke off after 150,000 of 200,000 bytes"):
        fetch(data)
    assert names(own_cache) == ["little.npz.part"]


def test_a_damaged_file_in_the_cache_is_replaced(data, content, own_cache):
    own_cache.mkdir(parents=True)
    (own_cache / "little.npz").write_bytes(content[:-1])
    assert fetch(data).read_bytes() == content


def test_mirrors_are_tried_in_turn(start_server, content, make_data_file):
    missing, altered, good, spare = (start_server(content) for _ in range(4))
    missing.fails_with = 404
    altered.content = content[::-1]
    data = make_data_file(content, missing.url, altered.url, good.url, spare.url)
    assert fetch(data).read_bytes() == content
    assert [len(s.ranges_asked) for s in (missing, altered, good, spare)] == [1, 1, 1, 0]


def test_a_mirror_goes_on_where_another_broke_off(start_server, content, make_data_file):
    breaking, good = start_server(content), start_server(content)
    breaking.breaks_off_after = 40_000
    assert fetch(make_data_file(content, breaking.url, good.url)).read_bytes() == content
    assert good.ranges_asked[0] > 80_000


def test_without_a_network_the_error_says_what_to_do(content, make_data_file, own_cache):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/little.npz"
        with pytest.raises(ConnectionError, match="Connection refused") as caught:
            fetch(make_data_file(content, url))
    message = str(caught.value)
    assert "Max retries exceeded" not in message  # nor any other layer around the reason
    for part in (url, "set the environment variable NNCOURSE_DATA", "data fetch little --to"):
        assert part in message
    assert "NNCOURSE_DATA is not set." in message
    assert names(own_cache) == []


def test_the_error_says_that_the_offline_folder_lacks_the_file(data, server, tmp_path, monkeypatch):
    server.fails_with = 503
    monkeypatch.setenv("NNCOURSE_DATA", str(tmp_path))
    with pytest.raises(ConnectionError, match="503 Server Error") as caught:
        fetch(data)
    assert f"NNCOURSE_DATA is set to {tmp_path}, where there is no little.npz." in str(caught.value)


def test_a_progress_bar_shows_only_for_a_download_that_takes_a_while(data, capsys, monkeypatch):
    fetch(data)
    assert "%|" not in capsys.readouterr().err
    (cache_folder() / "little.npz").unlink()
    monkeypatch.setattr(_download, "_BAR_DELAY", 0)
    fetch(data)
    shown = capsys.readouterr()
    assert "little.npz: 100%|" in shown.err
    assert shown.out == ""


def test_the_progress_bar_of_a_resumed_download_starts_where_it_does(
    data, content, own_cache, capsys, monkeypatch
):
    monkeypatch.setattr(_download, "_BAR_DELAY", 0)
    own_cache.mkdir(parents=True)
    (own_cache / "little.npz.part").write_bytes(content[:150_000])
    fetch(data)
    shown = capsys.readouterr().err
    assert "75%|" in shown
    assert "100%|" in shown


def test_control_c_keeps_what_came_and_the_next_call_goes_on(
    data, server, content, own_cache, monkeypatch, capsys
):
    monkeypatch.setitem(_registry.DATA_FILES, "mnist", data)
    partial = own_cache / "little.npz.part"
    server.breaks_off_after = 120_000

    def press_control_c():
        deadline = time.monotonic() + 10
        while not (partial.exists() and partial.stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.01)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        time.sleep(0.1)  # the connection is still open when it comes

    server.after_body = press_control_c
    # Started in the background by a shell script, the tests would not hear of it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert main(["data", "fetch", "mnist"]) == 130
    finally:
        signal.signal(signal.SIGINT, before)
    assert "interrupted" in capsys.readouterr().err
    assert names(own_cache) == ["little.npz.part"]
    kept = partial.stat().st_size
    assert kept > 0

    server.breaks_off_after, server.after_body = None, lambda: None
    assert main(["data", "fetch", "mnist"]) == 0
    assert capsys.readouterr().out == f"{own_cache / 'little.npz'}\n"
    assert (own_cache / "little.npz").read_bytes() == content
    assert server.ranges_asked == [None, kept]
