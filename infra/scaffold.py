"""The commented pair of files to begin with, and how they are put on disk: new and private, or not at all."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from infra.durable import PRIVATE_FOLDER, create_private

SETTINGS_FILE = "auskunft.toml"
REGISTER_FILE = "ropa.toml"
IGNORE_FILE = ".gitignore"
_IGNORED = """\
# Daten, Schlüssel und Exporte gehören in keine Versionsverwaltung (data, keys and exports belong in no repository)
/data/
/keys/
/exports/
*.key
"""


def settings_text(master: str, auth: str) -> str:
    """The commented `auskunft.toml` with the references of the master key and of Prefect's login."""
    return _template(SETTINGS_FILE).replace("@MASTER@", _quoted(master)).replace("@AUTH@", _quoted(auth))


def register_text() -> str:
    """The commented `ropa.toml`."""
    return _template(REGISTER_FILE)


def begin(folder: Path, settings: str, register: str) -> tuple[Path, ...]:
    """Write the pair and `.gitignore` (only where there is none) with mode 0600; what was written.

    Raises `FileExistsError` rather than overwrite.
    """
    written = [_new(folder / SETTINGS_FILE, settings), _new(folder / REGISTER_FILE, register)]
    if not (folder / IGNORE_FILE).exists():
        written.append(_new(folder / IGNORE_FILE, _IGNORED))
    return tuple(written)


def private_folder(folder: Path) -> None:
    """Make `folder` and what is missing above it, each with mode 0700."""
    if folder.is_dir():
        return
    private_folder(folder.parent)
    folder.mkdir(mode=PRIVATE_FOLDER)


def _new(path: Path, text: str) -> Path:
    create_private(path, text.encode())
    return path


def _template(name: str) -> str:
    return (files("infra") / "templates" / name).read_text(encoding="utf-8")


def _quoted(text: str) -> str:
    """A JSON string is a TOML basic string as long as no character needs a surrogate pair, so none is escaped."""
    return json.dumps(text, ensure_ascii=False)
