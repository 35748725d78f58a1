"""Everything an answer consists of beside the original files, by its name in the package.

The reviewer's preview and the package are made from the same `Part`s, so that what is approved is what is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from cases.draft import AnswerKind, Draft
from outputs.copy_html import html
from outputs.copy_json import json_chunks
from outputs.information import information
from outputs.letter_docx import docx_bytes
from outputs.letter_pdf import pdf
from outputs.names import file_folder
from outputs.texts import Texts, texts


@dataclass(frozen=True, slots=True)
class Part:
    """One made file: `chunks` gives the same bytes each time it is called."""

    name: str
    chunks: Callable[[], Iterator[bytes]] = field(repr=False)


def parts(draft: Draft) -> tuple[Part, ...]:
    """Letter, readable and machine-readable copy, explanation. Where nothing is held there is no copy (ANS-02)."""
    words = texts(draft.language)
    letter = information(draft)
    written = [
        _fixed(words("file.pdf"), pdf(letter, draft.snapshot_at)),
        _fixed(words("file.docx"), docx_bytes(letter, draft.snapshot_at)),
        _fixed(words("file.readme"), readme(draft, words)),
    ]
    if draft.kind is AnswerKind.NOTHING_HELD:
        return tuple(written)
    copies = Part(words("file.html"), lambda: html(draft)), Part(words("file.json"), lambda: json_chunks(draft))
    return (*written, *copies)


def render_preview(draft: Draft) -> Mapping[str, bytes]:
    """The made files of an answer as the person would get them, by name: for the review of a draft."""
    return {part.name: b"".join(part.chunks()) for part in parts(draft)}


def readme(draft: Draft, words: Texts) -> bytes:
    """What the files are, with line ends that every editor knows."""
    names = {name: words(f"file.{name}") for name in ("html", "json", "pdf", "docx")}
    folder = file_folder(draft)
    data = "" if draft.kind is AnswerKind.NOTHING_HELD else words("readme.data", **names) + "\n"
    if folder:
        data += words("readme.files", folder=folder, **names) + "\n"
    sender = draft.controller
    text = words("readme.text", data=data, case=draft.case, controller=sender.name, email=sender.email, **names)
    return (text + "\n").replace("\n", "\r\n").encode()


def _fixed(name: str, content: bytes) -> Part:
    return Part(name, lambda: iter((content,)))
