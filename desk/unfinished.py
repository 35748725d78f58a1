"""What a print that was killed leaves behind: an answer that lies open. A note is written before the first plain byte,
so that the next print, `auskunft doctor` and `auskunft up` find the folder and remove it.

A note names the folder and the process that fills it. What is removed bears the mark of its note: a folder that
somebody made since at the same place is never touched. The mark goes last, so that a removal that is itself killed is
found again.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import orjson

from infra.durable import PRIVATE_FOLDER, create_private, sync_folder
from infra.store.outbox import alive, this_process

NOTES = ".printing"  # in the vault's folder: of this installation, and on a disk of this machine
MARK = ".im-druck"
LONGEST = 24 * 3600.0  # seconds; a process on another host cannot be asked, and none prints for a day


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Folders that were removed; those that are not there now, such as on a stick; those that could not be removed."""

    removed: tuple[Path, ...] = ()
    away: tuple[Path, ...] = ()
    stuck: tuple[Path, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        said = (
            ("Reste eines abgebrochenen Drucks entfernt / removed what a killed print left", self.removed),
            ("Abgebrochener Druck, Datenträger fehlt / killed print on a medium that is not here", self.away),
            ("Abgebrochener Druck, bitte löschen / killed print that cannot be removed, delete it", self.stuck),
        )
        return tuple(f"{text}: {path}" for text, paths in said for path in paths)


@contextmanager
def announced(vault: Path, out: Path) -> Iterator[str]:
    """Keeps a note that `out` is being filled; gives what its mark says. The note stays while the mark does."""
    token, notes = secrets.token_hex(16), vault / NOTES
    notes.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    note, folder = notes / token, out.absolute()
    create_private(note, orjson.dumps({"folder": str(folder), "owner": this_process()}))
    sync_folder(notes)
    try:
        yield token
    finally:
        if not (folder / MARK).exists():
            note.unlink(missing_ok=True)


def clear(vault: Path) -> Leftovers:
    """Removes what killed prints left open, as far as their notes tell. Safe to call while another one prints."""
    found: dict[str, list[Path]] = {"removed": [], "away": [], "stuck": []}
    for note in sorted((vault / NOTES).glob("*")):
        folder = _left(note)
        if folder is None:
            continue
        if not folder.parent.exists():
            found["away"].append(folder)
            continue
        if _marked(folder, note.name):
            with suppress(OSError):
                empty(folder)
            found["stuck" if folder.exists() else "removed"].append(folder)
        if not _marked(folder, note.name):
            note.unlink(missing_ok=True)
    return Leftovers(**{kind: tuple(paths) for kind, paths in found.items()})


def empty(folder: Path) -> None:
    """Removes a folder and its content, its mark last. Raises `OSError` where something stays."""
    for path in folder.iterdir():
        if path.name != MARK:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    (folder / MARK).unlink(missing_ok=True)
    folder.rmdir()


def _left(note: Path) -> Path | None:
    """The folder that a note names, if nobody fills it any more. A note that is not whole was killed before its
    folder was made."""
    try:
        said = orjson.loads(note.read_bytes())
        folder, owner, age = Path(said["folder"]), str(said["owner"]), time.time() - note.stat().st_mtime
    except FileNotFoundError:
        return None
    except (orjson.JSONDecodeError, KeyError, TypeError):
        note.unlink(missing_ok=True)
        return None
    return None if alive(owner) and age < LONGEST else folder


def _marked(folder: Path, token: str) -> bool:
    try:
        return (folder / MARK).read_text() == token
    except (FileNotFoundError, NotADirectoryError):
        return False
