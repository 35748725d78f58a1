"""Labelled mails, written by people who had not seen the rules of recognition.

`mails/open/` may be read while rules are written; `mails/kept_back/` may not: only its figures are looked at. A
`.letters` file holds one family of texts. Each mail begins with its labels, one `%% label: value` a line, then come
headers and body as they would arrive (`id, verdict, rights, language, name, email, ambiguous, why`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import Header
from pathlib import Path

LETTERS = Path(__file__).parent / "mails"
_LABEL = re.compile(r"^%%\s*(\w+):\s*(.*)$")
_ADDRESSED = re.compile(r"^(?P<name>[^<]*)(?P<rest><[^>]*>.*)$")


@dataclass(frozen=True, slots=True)
class Letter:
    """One labelled mail. `rights` in the order in which they are labelled."""

    id: str
    family: str
    verdict: str
    rights: tuple[str, ...]
    language: str
    name: str
    email: str
    ambiguous: bool
    raw: bytes = field(repr=False)


def read_letters(folder: Path) -> list[Letter]:
    """Every letter of a folder, in the order of the files' names; raises `ValueError` for a label that is missing."""
    return [letter for path in sorted(folder.glob("*.letters")) for letter in _of_file(path)]


def _of_file(path: Path) -> Iterator[Letter]:
    blocks = re.split(r"(?m)^(?=%%\s*id:)", path.read_text(encoding="utf-8"))
    for block in blocks:
        if block.strip():
            yield _letter(path.stem, block)


def _letter(family: str, block: str) -> Letter:
    lines = block.split("\n")
    labels: dict[str, str] = {}
    while lines and (found := _LABEL.match(lines[0])):
        labels[found[1]] = found[2].strip()
        lines.pop(0)
    missing = {"id", "verdict"} - set(labels)
    if missing:
        raise ValueError(f"{family}: a letter without {', '.join(sorted(missing))}")
    return Letter(
        labels["id"],
        family,
        labels["verdict"],
        tuple(right.strip() for right in labels.get("rights", "").split(";") if right.strip()),
        labels.get("language", ""),
        labels.get("name", ""),
        labels.get("email", ""),
        labels.get("ambiguous", "0") == "1",
        _mail("\n".join(lines)),
    )


def _mail(text: str) -> bytes:
    """The mail as it travels: encoded headers, the body in UTF-8 with the header that says so."""
    head, _, body = text.lstrip("\n").partition("\n\n")
    fields = re.sub(r"\n[ \t]+", " ", head).split("\n")
    encoded = [_header(line) for line in fields if ":" in line]
    if not any(line.lower().startswith("content-type:") for line in fields):
        encoded.append("Content-Type: text/plain; charset=utf-8")
    encoded += ["MIME-Version: 1.0", "Content-Transfer-Encoding: 8bit"]
    return ("\r\n".join(encoded) + "\r\n\r\n").encode() + body.rstrip("\n").replace("\n", "\r\n").encode() + b"\r\n"


def _header(line: str) -> str:
    name, _, value = line.partition(":")
    value = value.strip()
    if value.isascii():
        return f"{name}: {value}"
    found = _ADDRESSED.match(value) if name.lower() in ("from", "to", "cc", "reply-to") else None
    if found:
        return f"{name}: {Header(found['name'].strip().strip(chr(34)), 'utf-8').encode()} {found['rest']}"
    return f"{name}: {Header(value, 'utf-8', maxlinelen=70, header_name=name).encode()}"
