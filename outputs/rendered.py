"""Everything an answer consists of beside the original files, by its name in the package.

The reviewer's preview and the package are made from the same `Part`s, so that what is approved is what is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from cases.draft import AnswerKind, Draft
from outputs.copy_csv import CsvTable, csv_tables
from outputs.copy_html import html
from outputs.copy_json import json_chunks
from outputs.copy_pdf import PdfPart, pdf_parts
from outputs.dated import dated
from outputs.information import information
from outputs.letter_docx import docx_bytes
from outputs.letter_pdf import pdf
from outputs.names import file_folder
from outputs.present import Check, CsvCheck, HtmlCheck, JsonCheck, PdfCheck
from outputs.texts import Texts, texts


@dataclass(frozen=True, slots=True)
class Part:
    """One made file: `chunks` gives the same bytes each time it is called. `check` makes a reader of the finished file
    that knows what must be in it. `at_hand`: the bytes are there already, and calling it again costs nothing."""

    name: str
    chunks: Callable[[], Iterator[bytes]] = field(repr=False)
    check: Callable[[], Check] | None = field(default=None, repr=False)
    at_hand: bool = False


def parts(draft: Draft) -> tuple[Part, ...]:
    """Letter, readable and machine-readable copies, explanation. Where nothing is held there is no copy (ANS-02)."""
    words = texts(draft.language)
    letter = information(draft)
    tables = csv_tables(draft) if draft.kind is AnswerKind.DATA else ()
    written = [
        _fixed(words("file.pdf"), pdf(letter, dated(draft))),
        _fixed(words("file.docx"), docx_bytes(letter, dated(draft))),
        _fixed(words("file.readme"), readme(draft, words, tables)),
    ]
    return (*written, *_copies(draft, words, tables)) if draft.kind is AnswerKind.DATA else tuple(written)


def _copies(draft: Draft, words: Texts, tables: tuple[CsvTable, ...]) -> Iterator[Part]:
    yield Part(words("file.html"), lambda: html(draft), partial(HtmlCheck, draft))
    yield from (_paper(draft, part) for part in pdf_parts(draft))
    yield Part(words("file.json"), lambda: json_chunks(draft), partial(JsonCheck, draft))
    yield from (Part(table.path, table.chunks, partial(CsvCheck, table)) for table in tables)


def _paper(draft: Draft, part: PdfPart) -> Part:
    """Drawn once: it is of bounded size, and drawing takes seconds."""
    content = part.content()
    return Part(part.name, lambda: iter((content,)), partial(PdfCheck, draft, part), at_hand=True)


def render_preview(draft: Draft) -> Mapping[str, bytes]:
    """The made files of an answer as the person would get them, by name: for the review of a draft."""
    return {part.name: b"".join(part.chunks()) for part in parts(draft)}


def readme(draft: Draft, words: Texts, tables: tuple[CsvTable, ...] = ()) -> bytes:
    """What the files are, with line ends that every editor knows."""
    names = {name: words(f"file.{name}") for name in ("html", "json", "pdf", "docx")}
    folder = file_folder(draft)
    data = "" if draft.kind is AnswerKind.NOTHING_HELD else _data(words, tables)
    if folder:
        data += words("readme.files", folder=folder, **names) + "\n"
    sender = draft.controller
    text = words("readme.text", data=data, case=draft.case, controller=sender.name, email=sender.email, **names)
    return (text + "\n").replace("\n", "\r\n").encode()


def _data(words: Texts, tables: tuple[CsvTable, ...]) -> str:
    """The copies, each with what it is good for."""
    names = {name: words(f"file.{name}") for name in ("html", "json", "pdf", "docx", "copy_pdf", "tables")}
    listed = "\n".join(f"      {table.path.rpartition('/')[2]}  {table.title}" for table in tables)
    data = words("readme.data", **names) + "\n" + words("readme.paper", **names) + "\n"
    return data + words("readme.tables", list=listed, **names) + "\n" if tables else data


def _fixed(name: str, content: bytes) -> Part:
    return Part(name, lambda: iter((content,)), at_hand=True)
