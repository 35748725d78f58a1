from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from infra.publishing import SHARED_FILE, publish


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_gets_its_mode_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        assert publish(tmp_path / "a.ics", b"one", SHARED_FILE)
    finally:
        os.umask(before)
    assert mode(tmp_path / "a.ics") == 0o640


def test_permissions_that_somebody_gave_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.ics"
    publish(path, b"one", SHARED_FILE)
    path.chmod(0o644)
    assert publish(path, b"two", SHARED_FILE)
    assert (path.read_bytes(), mode(path)) == (b"two", 0o644)


def test_the_same_content_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "a.ics"
    publish(path, b"one", SHARED_FILE)
    written = path.stat().st_ino
    assert not publish(path, b"one", SHARED_FILE)
    assert path.stat().st_ino == written


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        publish(tmp_path / "none" / "a.ics", b"one", SHARED_FILE)


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.ics"
    publish(path, b"one", SHARED_FILE)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        publish(path, b"two", SHARED_FILE)
    assert [(item.name, item.read_bytes()) for item in tmp_path.iterdir()] == [("a.ics", b"one")]


def test_a_folder_in_its_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.ics").mkdir()
    with pytest.raises(OSError):
        publish(tmp_path / "a.ics", b"one", SHARED_FILE)
    assert [item.name for item in tmp_path.iterdir()] == ["a.ics"]
