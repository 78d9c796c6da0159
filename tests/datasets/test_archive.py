import io
import stat
import tarfile
import zipfile

import pytest

from nncourse.datasets._archive import UnsafeArchiveError, extract_archive

FILES = {"top.txt": b"one", "deep/er/leaf.bin": bytes(range(256))}


def write_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def write_tar(path, files):
    mode = "w" if path.suffix == ".tar" else f"w:{path.suffix[1:]}"
    with tarfile.open(path, mode) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


FORMATS = {
    "a.zip": write_zip,
    "a.tar": write_tar,
    "a.tar.gz": write_tar,
    "a.tar.xz": write_tar,
    "a.tar.bz2": write_tar,
}


@pytest.fixture
def room(tmp_path):
    """A folder in which nothing may appear but what a test puts there."""
    (tmp_path / "room").mkdir()
    return tmp_path / "room"


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("name", FORMATS)
def test_unpacks(room, tmp_path, name):
    FORMATS[name](tmp_path / name, FILES)
    assert extract_archive(tmp_path / name, room / "new" / "folder") == room / "new" / "folder"
    assert contents(room / "new" / "folder") == FILES
    assert [path.name for path in (room / "new").iterdir()] == ["folder"]


def test_an_empty_folder_may_be_there_and_one_with_files_may_not(room, tmp_path):
    write_zip(tmp_path / "a.zip", FILES)
    (room / "out").mkdir()
    extract_archive(tmp_path / "a.zip", room / "out")
    assert contents(room / "out") == FILES
    with pytest.raises(FileExistsError, match=r"`folder` must be new or empty. Received: folder="):
        extract_archive(tmp_path / "a.zip", room / "out")


def test_folders_are_members_too(room, tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        member = tarfile.TarInfo("empty")
        member.type = tarfile.DIRTYPE
        archive.addfile(member)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("empty/", b"")
    for name in ("a.tar", "a.zip"):
        assert (extract_archive(tmp_path / name, room / name) / "empty").is_dir()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "member",
    ["../evil", "fine/../../evil", "/evil", "..\\evil", "C:\\evil", "C:evil", "\\\\host\\evil"],
)
def test_members_that_lead_out_are_refused_before_anything_is_written(room, tmp_path, name, member):
    FORMATS[name](tmp_path / name, FILES | {member: b"evil"})
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UnsafeArchiveError, match="which leads out of it") as caught:
        extract_archive(tmp_path / name, room / "out")
    assert repr(member) in str(caught.value)
    assert str(tmp_path / name) in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
@pytest.mark.parametrize("target", ["../../evil", "top.txt"])
def test_links_and_devices_are_refused(room, tmp_path, kind, target):
    write_tar(tmp_path / "a.tar", FILES)
    with tarfile.open(tmp_path / "a.tar", "a") as archive:
        member = tarfile.TarInfo("link")
        member.type, member.linkname = kind, target
        archive.addfile(member)
    with pytest.raises(UnsafeArchiveError, match="'link', a link or a device"):
        extract_archive(tmp_path / "a.tar", room / "out")
    assert list(room.iterdir()) == []


def test_a_link_in_a_zip_file_is_refused(room, tmp_path):
    write_zip(tmp_path / "a.zip", FILES)
    with zipfile.ZipFile(tmp_path / "a.zip", "a") as archive:
        member = zipfile.ZipInfo("link")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "../../evil")
    with pytest.raises(UnsafeArchiveError, match="'link', a link or a device"):
        extract_archive(tmp_path / "a.zip", room / "out")
    assert list(room.iterdir()) == []


def test_permissions_are_not_restored(room, tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        member = tarfile.TarInfo("tool")
        member.mode = 0o6777
        archive.addfile(member)
    tool = extract_archive(tmp_path / "a.tar", room / "out") / "tool"
    assert not tool.stat().st_mode & (stat.S_ISUID | stat.S_ISGID | stat.S_IXUSR)


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
def test_a_truncated_archive_leaves_nothing(room, tmp_path, name):
    FORMATS[name](tmp_path / name, {f"{i}.bin": bytes(range(256)) * 40 for i in range(9)})
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(ValueError, match=r"`archive` must be a whole zip or tar file. Received: "):
        extract_archive(tmp_path / name, room / "out")
    assert list(room.iterdir()) == []


@pytest.mark.parametrize("offset", [len("bad"), 40], ids=["not deflated", "altered"])
def test_a_damaged_member_leaves_nothing(room, tmp_path, offset):
    write_zip(tmp_path / "a.zip", {"good": b"good" * 99, "bad": bytes(range(256)) * 9})
    damaged = bytearray((tmp_path / "a.zip").read_bytes())
    damaged[damaged.index(b"bad") + offset] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(damaged)
    with pytest.raises(ValueError, match="`archive` must be a whole zip or tar file"):
        extract_archive(tmp_path / "a.zip", room / "out")
    assert list(room.iterdir()) == []


def test_another_kind_of_file_is_refused(room, tmp_path):
    (tmp_path / "a.zip").write_text("no archive")
    with pytest.raises(ValueError, match=r"`archive` must be a whole zip or tar file. Received: "):
        extract_archive(tmp_path / "a.zip", room / "out")
    with pytest.raises(FileNotFoundError):
        extract_archive(tmp_path / "missing.zip", room / "out")
