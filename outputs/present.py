"""Whether a finished file has everything that it must have: each copy is read again and held against the draft.

What is read are the bytes whose SHA-256 the manifest names, as a stream, one entry at a time. A file that lacks an
entry, a value or an original file, or has one too many, is refused: then there is no package.
"""

from __future__ import annotations

import codecs
import html as markup
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol

import orjson
import pypdf
from pypdf.errors import PyPdfError

from cases.draft import Draft, Item, ItemField
from outputs.copy_csv import CsvTable, cell
from outputs.copy_paper import on_paper
from outputs.copy_pdf import PdfPart
from outputs.copy_signs import shown
from outputs.errors import PackageRefused
from outputs.names import utf8
from outputs.texts import texts

_END = "</article>"
_ARTICLE = re.compile(r'<article id="e(\d+)"')
_VALUE = re.compile(r'<bdi class="v">([^<]*)</bdi>')
_EARLIER = re.compile(r'<bdi class="w">([^<]*)</bdi>')
_FILE = re.compile(r'<code class="f">([^<]*)</code>')
_LEFT_OUT = re.compile(r'<div id="w(\d+)">')
_STAFF = '<div id="staff">'
_CELL = re.compile(r'"((?:[^"]+|"")*)"')


class Check(Protocol):
    """Reads a file as it is made. Both raise `PackageRefused` where something is missing or too much."""

    def feed(self, chunk: bytes) -> None: ...

    def finish(self) -> None: ...


def _refuse(name: str, what: str) -> PackageRefused:
    return PackageRefused("copy_incomplete", f"{name} does not have what was found: {what}; report this as a bug")


class _Entries:
    """The entries that a file must have, each exactly once."""

    def __init__(self, name: str, items: tuple[Item, ...]) -> None:
        self._name = name
        self._left = {item.number: item for item in items}

    def take(self, number: int) -> Item:
        if number not in self._left:
            raise _refuse(self._name, f"entry {number} twice or not released")
        return self._left.pop(number)

    def end(self) -> None:
        if self._left:
            raise _refuse(self._name, f"{len(self._left)} entries, the first {min(self._left)}, are missing")

    def same(self, number: int, expected: object, found: object) -> None:
        if expected != found:
            raise _refuse(self._name, f"entry {number} is not whole")


class HtmlCheck:
    """Values, earlier values and files of each entry in the readable copy, and the list of what is left out."""

    def __init__(self, draft: Draft) -> None:
        self._name = texts(draft.language)("file.html")
        self._entries = _Entries(self._name, draft.released)
        self._left_out = sorted(item.number for item in draft.left_out)
        self._masked = bool(draft.masked)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._held: list[str] = []
        self._tail = ""

    def feed(self, chunk: bytes) -> None:
        text = self._decoder.decode(chunk)
        self._held.append(text)
        seen = self._tail + text
        self._tail = seen[-len(_END) :]
        if _END not in seen:  # an entry may be long: it is put together once
            return
        *articles, rest = "".join(self._held).split(_END)
        self._held = [rest]
        for article in articles:
            self._article(article)

    def _article(self, article: str) -> None:
        found = _ARTICLE.search(article)
        if found is None:
            raise _refuse(self._name, "an entry without a number")
        number = int(found[1])
        item = self._entries.take(number)
        self._entries.same(number, _counted(item.fields), _read(_VALUE, article))
        self._entries.same(number, _counted(item.earlier), _read(_EARLIER, article))
        self._entries.same(number, [file.path for file in item.files], _FILE.findall(article))

    def finish(self) -> None:
        self._entries.end()
        rest = "".join(self._held)
        if sorted(map(int, _LEFT_OUT.findall(rest))) != self._left_out or (_STAFF in rest) != self._masked:
            raise _refuse(self._name, "the list of what is left out")


def _counted(fields: tuple[ItemField, ...]) -> Counter[str]:
    return Counter(shown(part.value) for part in fields)


def _read(pattern: re.Pattern[str], article: str) -> Counter[str]:
    return Counter(markup.unescape(value) for value in pattern.findall(article))


class JsonCheck:
    """Names, values and files of each entry in the machine-readable copy, and the list of what is withheld."""

    def __init__(self, draft: Draft) -> None:
        self._name = texts(draft.language)("file.json")
        self._entries = _Entries(self._name, draft.released)
        self._withheld = [item.number for item in draft.withheld]
        self._held: list[bytes] = []
        self._lines = 0

    def feed(self, chunk: bytes) -> None:
        if b"\n" not in chunk:
            self._held.append(chunk)
            return
        *lines, rest = b"".join((*self._held, chunk)).split(b"\n")
        self._held = [rest]
        for line in lines:
            self._line(line)

    def _line(self, line: bytes) -> None:
        self._lines += 1
        if self._lines == 1:
            head = orjson.loads(line + b"]}")
            if [one["number"] for one in head["withheld"]] != self._withheld:
                raise _refuse(self._name, "the list of what is withheld")
        elif line != b"]}":
            self._item(orjson.loads(line.rstrip(b",")))

    def _item(self, said: dict[str, list[dict[str, str]]]) -> None:
        number = int(str(said["number"]))
        item = self._entries.take(number)
        fields = [(_text(part.name), _text(part.value)) for part in item.fields]
        self._entries.same(number, fields, [(part["name"], part["value"]) for part in said["fields"]])
        earlier = [_text(part.value) for part in item.earlier]
        self._entries.same(number, earlier, [part["value"] for part in said.get("earlier", [])])
        files = [(file.path, file.sha256) for file in item.files]
        self._entries.same(number, files, [(file["path"], file["sha256"]) for file in said["files"]])

    def finish(self) -> None:
        if self._held != [b""] or self._lines < 1:
            raise _refuse(self._name, "its end")
        self._entries.end()


def _text(text: str) -> str:
    return utf8(text).decode()


class CsvCheck:
    """Every cell of a table, under the name of its column."""

    def __init__(self, table: CsvTable) -> None:
        self._table = table
        self._entries = _Entries(table.path, table.items)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._held: list[str] = []
        self._quotes = 0
        self._lines = self._before = 0
        self._head: list[str] = []
        self._rows: list[list[str]] = []

    def feed(self, chunk: bytes) -> None:
        for line in self._decoder.decode(chunk).splitlines(keepends=True):
            ended = line.endswith("\r\n") or (line == "\n" and self._held[-1:] and self._held[-1].endswith("\r"))
            self._held.append(line)
            self._quotes += line.count('"')
            if ended and self._quotes % 2 == 0:
                self._record([one.replace('""', '"') for one in _CELL.findall("".join(self._held))])
                self._held, self._quotes = [], 0

    def _record(self, cells: list[str]) -> None:
        self._lines += 1
        if self._lines == 1:
            self._head = cells
        elif self._lines > 2 or not self._table.wide:
            if self._rows and self._rows[0][0] != cells[0]:
                self._entry()
            self._rows.append(cells)

    def _entry(self) -> None:
        rows, self._rows = self._rows, []
        number = int(rows[0][0])
        item = self._entries.take(number)
        self._entries.same(number, " ".join(file.path for file in item.files), rows[0][3])
        expected = [(_text(cell(part.name)), _text(cell(part.value))) for part in item.fields]
        found = (
            self._of_columns(rows) if self._table.wide else [(row[4], row[7]) for row in rows if row[4:] != [""] * 4]
        )
        if self._table.wide:  # columns are in the order of the table, and empty where an entry has no such field
            expected = [pair for pair in expected if pair[1]]
        self._entries.same(number, Counter(expected), Counter(found))

    def _of_columns(self, rows: list[list[str]]) -> list[tuple[str, str]]:
        pairs = (pair for row in rows for pair in zip(self._head[4:], row[4:], strict=True))
        return [(name, value) for name, value in pairs if value]

    def finish(self) -> None:
        if self._held:
            raise _refuse(self._table.path, "its end")
        if self._rows:
            self._entry()
        self._entries.end()


class PdfCheck:
    """Each entry of a part has its bookmark in the PDF, and what was drawn of it are its fields."""

    def __init__(self, draft: Draft, part: PdfPart) -> None:
        released = {item.number: item for item in draft.released}
        self._part = part
        self._items = [released[number] for number in part.numbers]
        self._title = texts(draft.language)
        self._held: list[bytes] = []

    def feed(self, chunk: bytes) -> None:
        self._held.append(chunk)

    def finish(self) -> None:
        try:
            marks = Counter(_bookmarks(pypdf.PdfReader(io.BytesIO(b"".join(self._held))).outline))
        except PyPdfError:
            raise _refuse(self._part.name, "it cannot be read") from None
        drawn = [one for section in orjson.loads(self._part.drawn)["sections"] for one in section["entries"]]
        if len(drawn) != len(self._items):
            raise _refuse(self._part.name, "the number of entries")
        for item, one in zip(self._items, drawn, strict=True):
            if not marks[" ".join(one["title"].split())] or not _drawn(item, one, self._title.language):
                raise _refuse(self._part.name, f"entry {item.number} is not whole")


def _bookmarks(outline: Iterable[object]) -> Iterator[str]:
    for one in outline:
        if isinstance(one, list):
            yield from _bookmarks(one)
        else:
            yield " ".join(str(getattr(one, "title", "")).split())


def _drawn(item: Item, one: dict[str, list[dict[str, str]]], language: str) -> bool:
    rows = [*one["rows"], *one["further"]]
    values = Counter(row["value"] for row in rows)
    values.update(message["text"] for message in one["messages"])
    expected = Counter(on_paper(part.value, texts(language)) for part in item.fields)
    count = len(rows) + 3 * len(one["messages"])
    return count == len(item.fields) and not values - expected and len(one["files"]) == len(item.files)
