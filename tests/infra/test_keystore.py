import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from infra.keystore import (
    Destroyed,
    KeyDamaged,
    KeyDestroyed,
    KeyExists,
    KeyMissing,
    KeyStore,
    KeyStoreUnsafe,
)
from infra.master import MasterKey

MASTER = MasterKey(bytes(range(32)))
OTHER = MasterKey(bytes(range(1, 33)))
NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def keys(folder: Path) -> KeyStore:
    return KeyStore(folder, MASTER)


def test_a_key_comes_back_also_to_another_process(keys: KeyStore, folder: Path) -> None:
    key = keys.create("case-1-material")
    assert len(key) == 32
    assert keys.get("case-1-material") == key
    assert KeyStore(folder, MASTER).get("case-1-material") == key


def test_keys_differ_and_lie_wrapped(keys: KeyStore, folder: Path) -> None:
    first, second = keys.create("case-1-material"), keys.create("case-1-record")
    assert first != second
    assert all(first not in path.read_bytes() for path in folder.iterdir())


def test_only_we_can_read_the_folder_and_its_files(keys: KeyStore, folder: Path) -> None:
    keys.create("day-2026-11-21")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_folder_open_to_others_is_refused(folder: Path) -> None:
    folder.mkdir(mode=0o750)
    with pytest.raises(KeyStoreUnsafe, match="chmod 700"):
        KeyStore(folder, MASTER)


@pytest.mark.parametrize("key_id", ["", "../x", "a/b", "UPPER", "a.b", "-x", "ä", "x" * 151, "a\n"])
def test_ids_that_are_none(keys: KeyStore, key_id: str) -> None:
    with pytest.raises(ValueError, match="key id"):
        keys.create(key_id)
    with pytest.raises(ValueError, match="key id"):
        keys.get(key_id)


def test_create_never_replaces(keys: KeyStore) -> None:
    key = keys.create("case-1-record")
    with pytest.raises(KeyExists):
        keys.create("case-1-record")
    assert keys.get_or_create("case-1-record") == key


def test_a_lost_key_is_loud(keys: KeyStore, folder: Path) -> None:
    keys.create("case-1-record")
    (folder / "case-1-record.key").unlink()
    with pytest.raises(KeyMissing, match="case-1-record"):
        keys.get("case-1-record")


def test_another_master_key_is_loud_at_once(keys: KeyStore, folder: Path) -> None:
    with pytest.raises(KeyDamaged, match="master key"):
        KeyStore(folder, OTHER)


def test_changed_and_swapped_files_are_noticed(keys: KeyStore, folder: Path) -> None:
    keys.create("case-1-record")
    keys.create("case-2-record")
    one, two = folder / "case-1-record.key", folder / "case-2-record.key"
    shutil.copy(two, one)
    with pytest.raises(KeyDamaged):
        keys.get("case-1-record")
    one.write_bytes(one.read_bytes()[:-1])
    with pytest.raises(KeyDamaged):
        keys.get("case-1-record")
    with pytest.raises(KeyDamaged):
        keys.get_or_create("case-1-record")
    with pytest.raises(KeyDamaged):
        keys.create("case-1-record")


def test_destroyed_is_for_ever(keys: KeyStore, folder: Path) -> None:
    keys.create("case-1-material")
    keys.destroy("case-1-material", NOON)
    assert keys.is_destroyed("case-1-material")
    for act in (keys.get, keys.create, keys.get_or_create, KeyStore(folder, MASTER).get_or_create):
        with pytest.raises(KeyDestroyed):
            act("case-1-material")


def test_destroying_again_keeps_the_first_time(keys: KeyStore) -> None:
    keys.create("case-1-material")
    keys.destroy("case-1-material", NOON.astimezone(timezone(timedelta(hours=1))))
    keys.destroy("case-1-material", NOON + timedelta(days=1))
    assert keys.destroyed() == (Destroyed("case-1-material", NOON),)


def test_an_id_destroyed_before_it_had_a_key_cannot_get_one(keys: KeyStore) -> None:
    keys.destroy("case-9-material", NOON)
    with pytest.raises(KeyDestroyed):
        keys.create("case-9-material")


def test_the_bytes_are_overwritten_where_they_lie(keys: KeyStore, folder: Path) -> None:
    keys.create("case-1-material")
    path = folder / "case-1-material.key"
    second_name = folder.parent / "same-inode"
    second_name.hardlink_to(path)
    before = second_name.read_bytes()
    keys.destroy("case-1-material", NOON)
    after = second_name.read_bytes()
    assert len(after) == len(before)
    assert after[15:47] != before[15:47]
    assert before not in after


def test_a_crash_between_overwriting_and_tombstone_leaves_no_key(
    keys: KeyStore, folder: Path, mocker: MockerFixture
) -> None:
    keys.create("case-1-material")
    died = mocker.patch("infra.keystore.replace_private", side_effect=OSError("power cut"))
    with pytest.raises(OSError, match="power cut"):
        keys.destroy("case-1-material", NOON)
    mocker.stop(died)
    with pytest.raises(KeyDamaged):
        keys.get("case-1-material")
    keys.destroy("case-1-material", NOON)
    assert keys.is_destroyed("case-1-material")


def test_times_need_a_zone_and_the_store_key_stays(keys: KeyStore) -> None:
    with pytest.raises(ValueError, match="time zone"):
        keys.destroy("case-1-material", datetime(2026, 11, 21))  # noqa: DTZ001 - what is refused
    with pytest.raises(ValueError, match="own key"):
        keys.destroy("store", NOON)


def test_what_a_crash_left_half_made_is_swept(keys: KeyStore, folder: Path) -> None:
    half = folder / ".case-1-material.key.0011.tmp"
    half.write_bytes(b"half a key")
    KeyStore(folder, MASTER)
    assert not half.exists()


def test_a_lost_store_key_is_not_quietly_replaced(keys: KeyStore, folder: Path) -> None:
    keys.create("case-1-material")
    (folder / "store.key").unlink()
    with pytest.raises(KeyMissing, match="store"):
        KeyStore(folder, MASTER)


def test_lookups_are_stable_and_separate(keys: KeyStore, folder: Path, tmp_path: Path) -> None:
    found = keys.lookup_hmac("sender", "erika@firma.example")
    assert len(found) == 64
    assert KeyStore(folder, MASTER).lookup_hmac("sender", "erika@firma.example") == found
    assert keys.lookup_hmac("other", "erika@firma.example") != found
    assert keys.lookup_hmac("sender", "emil@firma.example") != found
    assert KeyStore(tmp_path / "second", MASTER).lookup_hmac("sender", "erika@firma.example") != found


def test_derived_keys_differ_by_purpose(keys: KeyStore) -> None:
    assert keys.derive("release code") == keys.derive("release code")
    assert keys.derive("release code") != keys.derive("lookup release code")


def test_processes_at_once_get_one_key(folder: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    script = (
        f"import sys; sys.path.insert(0, {str(root)!r})\n"
        "from pathlib import Path\nfrom infra.keystore import *\nfrom infra.master import MasterKey\n"
        f"keys = KeyStore(Path({str(folder)!r}), MasterKey(bytes(range(32))))\n"
        "try: made = keys.create('case-1-material').hex()\nexcept KeyExists: made = ''\n"
        "print(made, keys.get_or_create('case-1-material').hex())"
    )
    running = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = [process.communicate(timeout=60)[0].rstrip("\n").split(" ") for process in running]
    assert {process.returncode for process in running} == {0}
    makers = [made for made, _ in answers if made]
    assert len(makers) == 1
    assert {seen for _, seen in answers} == set(makers)
