import errno
import hashlib
import io
import os
import stat
import threading
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_mock import MockerFixture

from infra.crypto import Tampered
from infra.keystore import KeyDestroyed, KeyMissing, KeyStore
from infra.master import MasterKey
from infra.vault import CHUNK_BYTES, BlobMissing, BlobRef, Vault, VaultFull

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HEADER = 45
SEALED = CHUNK_BYTES + 16

sizes = st.one_of(
    st.integers(0, 300),
    st.builds(lambda chunks, more: max(0, chunks * CHUNK_BYTES + more), st.integers(0, 3), st.integers(-2, 2)),
)


class Place:
    def __init__(self, root: Path) -> None:
        self.keys = KeyStore(root / "keys", MasterKey(bytes(32)))
        self.keys.create("case-1-material")
        self.keys.create("case-2-material")
        self.folder = root / "vault"
        self.vault = Vault(self.folder, self.keys)

    def store(self, content: bytes, owner: str = "case-1", piece: int = 100_000) -> BlobRef:
        with self.vault.write(owner, f"{owner}-material") as writer:
            for start in range(0, len(content), piece):
                writer.write(content[start : start + piece])
        return writer.ref

    def path(self, ref: BlobRef) -> Path:
        return self.folder / ref.owner / ref.blob_id

    def files(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("vault"))


def content_of(size: int) -> bytes:
    return (b"0123456789abcdef" * (size // 16 + 1))[:size]


def read(place: Place, ref: BlobRef) -> bytes:
    with place.vault.open(ref) as stream:
        return stream.read()


@given(sizes, st.sampled_from([1000, 99_991, CHUNK_BYTES, 3 * CHUNK_BYTES]))
@settings(max_examples=40, deadline=None)
def test_what_goes_in_comes_out(shared: Place, size: int, piece: int) -> None:
    content = content_of(size)
    ref = shared.store(content, piece=piece)
    assert (ref.size, ref.sha256) == (size, hashlib.sha256(content).hexdigest())
    assert read(shared, ref) == content


@given(sizes, st.data())
@settings(max_examples=40, deadline=None)
def test_any_changed_byte_is_noticed(shared: Place, size: int, data: st.DataObject) -> None:
    ref = shared.store(content_of(size))
    path = shared.path(ref)
    sealed = bytearray(path.read_bytes())
    at = data.draw(st.one_of(st.integers(0, len(sealed) - 1), st.integers(0, HEADER - 1)))
    sealed[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(sealed)
    with pytest.raises(Tampered):
        read(shared, ref)


@given(st.integers(1, 3), st.integers(-1, 1), st.integers(1, 3 * SEALED))
@settings(max_examples=40, deadline=None)
def test_truncation_is_noticed_wherever_it_cuts(shared: Place, chunks: int, more: int, cut: int) -> None:
    ref = shared.store(content_of(chunks * CHUNK_BYTES + more))
    path = shared.path(ref)
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(Tampered):
        read(shared, ref)


@pytest.mark.parametrize("chunks", [1, 2])
def test_truncation_at_a_chunk_border_is_noticed_by_the_seal_alone(place: Place, chunks: int) -> None:
    ref = place.store(content_of(3 * CHUNK_BYTES))
    path = place.path(ref)
    path.write_bytes(path.read_bytes()[: HEADER + chunks * SEALED])
    with pytest.raises(Tampered):
        read(place, replace(ref, size=chunks * CHUNK_BYTES))


def test_reordered_chunks_are_noticed(place: Place) -> None:
    ref = place.store(os.urandom(3 * CHUNK_BYTES))
    path = place.path(ref)
    sealed = path.read_bytes()
    first, second = sealed[HEADER : HEADER + SEALED], sealed[HEADER + SEALED : HEADER + 2 * SEALED]
    path.write_bytes(sealed[:HEADER] + second + first + sealed[HEADER + 2 * SEALED :])
    with pytest.raises(Tampered):
        read(place, ref)


def test_what_was_appended_is_noticed_by_the_seal_alone(place: Place) -> None:
    ref = place.store(content_of(CHUNK_BYTES))
    path = place.path(ref)
    sealed = path.read_bytes()
    path.write_bytes(sealed + sealed[HEADER:])
    with pytest.raises(Tampered):
        read(place, replace(ref, size=2 * CHUNK_BYTES))


def test_swapped_blobs_do_not_open(place: Place) -> None:
    one, two = place.store(b"of one"), place.store(b"of two")
    first, second = place.path(one).read_bytes(), place.path(two).read_bytes()
    place.path(one).write_bytes(second)
    place.path(two).write_bytes(first)
    for ref in (one, two):
        with pytest.raises(Tampered):
            read(place, ref)


def test_a_blob_does_not_open_for_another_owner_or_key(place: Place) -> None:
    mine, theirs = place.store(b"mine"), place.store(b"yours", "case-2")
    path = place.folder / "case-2" / mine.blob_id
    path.write_bytes(place.path(mine).read_bytes())
    with pytest.raises(Tampered):
        read(place, replace(mine, owner="case-2"))
    with pytest.raises(Tampered):
        read(place, replace(mine, key_id=theirs.key_id))


def test_nothing_wrong_is_ever_given_out_before_the_alarm(place: Place) -> None:
    content = content_of(2 * CHUNK_BYTES)
    ref = place.store(content)
    path = place.path(ref)
    sealed = bytearray(path.read_bytes())
    sealed[-1] ^= 1
    path.write_bytes(sealed)
    with place.vault.open(ref) as stream:
        assert stream.read(CHUNK_BYTES) == content[:CHUNK_BYTES]
        with pytest.raises(Tampered):
            stream.read()


def test_a_destroyed_key_takes_its_blobs_with_it(place: Place) -> None:
    ref = place.store(b"gone")
    place.keys.destroy("case-1-material", NOON)
    with pytest.raises(KeyDestroyed):
        place.vault.open(ref)
    with pytest.raises(KeyDestroyed):
        place.vault.write("case-1", "case-1-material")
    with pytest.raises(KeyMissing):
        place.vault.write("case-1", "case-9-material")


def test_a_missing_blob_is_loud(place: Place) -> None:
    ref = place.store(b"text")
    place.vault.delete(ref)
    place.vault.delete(ref)
    with pytest.raises(BlobMissing):
        place.vault.open(ref)


def test_no_clear_text_and_no_foreign_eyes_on_disk(place: Place) -> None:
    ref = place.store(b"Erika Beispiel " * 1000)
    assert b"Erika" not in place.path(ref).read_bytes()
    assert stat.S_IMODE(place.path(ref).stat().st_mode) == 0o600
    assert stat.S_IMODE(place.path(ref).parent.stat().st_mode) == 0o700
    assert ref.sha256 not in repr(ref)


def test_an_error_while_writing_leaves_nothing(place: Place) -> None:
    with pytest.raises(RuntimeError), place.vault.write("case-1", "case-1-material") as writer:
        writer.write(content_of(2 * CHUNK_BYTES))
        raise RuntimeError
    assert place.files() == []
    with pytest.raises(ValueError, match="not stored"):
        _ = writer.ref


def test_writing_outside_the_with_is_refused(place: Place) -> None:
    writer = place.vault.write("case-1", "case-1-material")
    with pytest.raises(ValueError, match="not open"):
        writer.write(content_of(CHUNK_BYTES + 1))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_at_the_end_leaves_nothing(place: Place, mocker: MockerFixture, number: int) -> None:
    mocker.patch("infra.vault.os.fsync", side_effect=OSError(number, "full"))
    with pytest.raises(VaultFull):
        place.store(b"text")
    assert place.files() == []


class FullDisk(io.BytesIO):
    """Takes so many bytes, in small bites, and no more."""

    room = CHUNK_BYTES + 1000

    def write(self, data: memoryview) -> int:  # type: ignore[override]
        if self.tell() + len(data) > self.room:
            raise OSError(errno.ENOSPC, "full")
        return super().write(data[:50_000])


def test_a_full_disk_in_the_middle_leaves_nothing(place: Place, mocker: MockerFixture) -> None:
    real = os.fdopen

    def full(handle: int, *args: object, **more: object) -> FullDisk:
        real(handle, "wb").close()
        return FullDisk()

    mocker.patch("infra.vault.os.fdopen", side_effect=full)
    with pytest.raises(VaultFull):
        place.store(content_of(3 * CHUNK_BYTES))
    assert place.files() == []


def test_other_faults_of_the_disk_are_not_called_full(place: Place, mocker: MockerFixture) -> None:
    mocker.patch("infra.vault.os.fsync", side_effect=OSError(errno.EIO, "broken"))
    with pytest.raises(OSError, match="broken"):
        place.store(b"text")
    assert place.files() == []


def test_parts_of_crashed_writers_are_swept_and_running_ones_stay(place: Place) -> None:
    kept = place.store(b"text")
    old, young = place.path(kept).with_name("old.part"), place.path(kept).with_name("young.part")
    old.touch()
    young.touch()
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    os.utime(old, (0, hour_ago.timestamp() - 60))
    assert place.vault.sweep_parts(hour_ago) == 1
    assert not old.exists()
    assert young.exists()
    assert read(place, kept) == b"text"


def test_deleting_an_owner_leaves_the_others(place: Place) -> None:
    place.store(b"one")
    place.store(b"two")
    kept = place.store(b"three", "case-2")
    assert place.vault.delete_owner("case-1") == 2
    assert place.vault.delete_owner("case-1") == 0
    assert place.files() == [place.path(kept)]


@pytest.mark.parametrize("owner", ["", "..", "a/b", "../case-1", "UPPER", "a\x00b"])
def test_owners_that_are_none(place: Place, owner: str) -> None:
    with pytest.raises(ValueError, match="owners"):
        place.vault.write(owner, "case-1-material")
    with pytest.raises(ValueError, match="owners"):
        place.vault.delete_owner(owner)


def test_memory_stays_flat(place: Place) -> None:
    piece = bytes(1024 * 1024)
    tracemalloc.start()
    with place.vault.write("case-1", "case-1-material") as writer:
        for _ in range(24):
            writer.write(piece)
    with place.vault.open(writer.ref) as stream:
        while stream.read(1024 * 1024):
            pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 * 1024 * 1024


def test_a_zip_can_be_streamed_in_and_lines_read_out(place: Place) -> None:
    with place.vault.write("case-1", "case-1-material") as writer, zipfile.ZipFile(writer, "w") as archive:
        archive.writestr("brief.txt", "Guten Tag")
    with zipfile.ZipFile(io.BytesIO(read(place, writer.ref))) as archive:
        assert archive.read("brief.txt") == b"Guten Tag"
    lines = place.store(b"eins\nzwei\n")
    with place.vault.open(lines) as stream:
        assert list(stream) == [b"eins\n", b"zwei\n"]


def test_threads_write_at_once(place: Place) -> None:
    contents = [os.urandom(CHUNK_BYTES + number) for number in range(6)]
    stored: dict[int, BlobRef] = {}

    def work(number: int) -> None:
        stored[number] = place.store(contents[number])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [read(place, stored[number]) for number in range(6)] == contents


SEVERAL = [("case-1", "case-1-material", content_of(size)) for size in (0, 5, 3000, CHUNK_BYTES + 1)] + [
    ("case-2", "case-2-material", b"another")
]


def test_several_at_once_are_as_those_written_alone(place: Place) -> None:
    refs = place.vault.write_all(SEVERAL)
    assert [read(place, ref) for ref in refs] == [content for _, _, content in SEVERAL]
    assert [ref.owner for ref in refs] == [owner for owner, _, _ in SEVERAL]
    assert len(place.files()) == len(SEVERAL)
    place.vault.delete(*refs, refs[0])
    assert place.files() == []
    assert place.vault.write_all([]) == []


def test_each_of_several_is_on_the_disk_before_any_of_them_has_its_name(place: Place, mocker: MockerFixture) -> None:
    done: list[str] = []
    sync, rename = os.fsync, Path.rename

    def synced(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def renamed(path: Path, target: Path) -> Path:
        done.append("name")
        return rename(path, target)

    mocker.patch("os.fsync", synced)
    mocker.patch.object(Path, "rename", renamed)
    place.vault.write_all(SEVERAL)
    assert done == ["file"] * 5 + ["name"] * 5 + ["folder"] * 2


@pytest.mark.parametrize("failing", ["os.fsync", "pathlib.Path.rename"])
def test_where_one_of_several_finds_no_room_none_is_named(place: Place, mocker: MockerFixture, failing: str) -> None:
    mocker.patch(failing, side_effect=OSError(errno.ENOSPC, "full"))
    with pytest.raises(VaultFull):
        place.vault.write_all(SEVERAL)
    assert place.files() == []
