"""A print that is killed leaves an answer open: whoever comes next removes it, and nothing else."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desk.doctor_parts import _printing
from desk.printing import _folder
from desk.unfinished import LONGEST, MARK, NOTES, Leftovers, announced, clear

PRINTER = """
import sys, time
from pathlib import Path
from desk.printing import _folder
from desk.unfinished import announced
vault, out = map(Path, sys.argv[1:])
with announced(vault, out) as mark, _folder(out, mark):
    (out / ".geoeffnet").mkdir()
    (out / ".geoeffnet" / "Auskunft.html").write_text("invented, and open")
    print(flush=True)
    time.sleep(60)
"""


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return tmp_path / "vault"


def left_open(vault: Path, out: Path, owner: str = f"{socket.gethostname()}:1:0") -> Path:
    """As a print by a process that is gone leaves it; gives the note."""
    (out / ".geoeffnet").mkdir(parents=True)
    (out / ".geoeffnet" / "Auskunft.html").write_text("invented, and open")
    (out / MARK).write_text("a1b2")
    note = vault / NOTES / "a1b2"
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(json.dumps({"folder": str(out), "owner": owner}))
    return note


def test_what_a_killed_print_left_is_found_and_removed(vault: Path, tmp_path: Path) -> None:
    out = tmp_path / "post"
    command = [sys.executable, "-c", PRINTER, str(vault), str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as printer:
        assert printer.stdout is not None
        printer.stdout.readline()
        assert clear(vault) == Leftovers()  # it is being printed
        printer.send_signal(signal.SIGKILL)
        printer.wait(10)
    assert (out / ".geoeffnet" / "Auskunft.html").exists()
    found = clear(vault)
    assert found.removed == (out,)
    assert [line for line in found.lines if str(out) in line and "entfernt / removed" in line]
    assert not out.exists()
    assert not list((vault / NOTES).iterdir())
    assert clear(vault) == Leftovers()


def test_a_folder_made_since_at_the_same_place_stays(vault: Path, tmp_path: Path) -> None:
    note = left_open(vault, tmp_path / "post")
    (tmp_path / "post" / MARK).write_text("of somebody else")
    assert clear(vault).removed == ()
    assert (tmp_path / "post").exists()
    assert not note.exists()


def test_what_lies_on_a_stick_that_is_not_here_is_not_forgotten(vault: Path, tmp_path: Path) -> None:
    stick, drawer = tmp_path / "stick", tmp_path / "drawer"
    left_open(vault, stick / "post")
    stick.rename(drawer)
    told = _printing(vault)
    assert not told.ok
    assert "Datenträger fehlt" in told.summary
    drawer.rename(stick)
    assert clear(vault).removed == (stick / "post",)


def test_what_cannot_be_removed_stays_known_and_is_told(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_open(vault, tmp_path / "post")

    def refused(path: object) -> None:
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr("desk.unfinished.shutil.rmtree", refused)
        assert clear(vault).stuck == (tmp_path / "post",)
        assert not _printing(vault).ok
    assert clear(vault).removed == (tmp_path / "post",)


def test_a_process_of_another_host_is_believed_for_a_day(vault: Path, tmp_path: Path) -> None:
    note = left_open(vault, tmp_path / "post", "elsewhere:1:1")
    assert clear(vault) == Leftovers()
    before = time.time() - LONGEST - 1
    os.utime(note, (before, before))
    assert clear(vault).removed == (tmp_path / "post",)


def test_a_print_that_ends_keeps_neither_note_nor_mark(vault: Path, tmp_path: Path) -> None:
    out = tmp_path / "post"
    with announced(vault, out) as mark, _folder(out, mark):
        (out / ".geoeffnet").mkdir()
    assert not (out / MARK).exists()
    assert not list((vault / NOTES).iterdir())
    assert out.exists()
    (vault / NOTES / "torn").write_bytes(b"{")
    assert clear(vault) == Leftovers()
    assert not list((vault / NOTES).iterdir())
