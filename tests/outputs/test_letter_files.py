"""The two files of a letter say the same, are what they claim to be, and are made in memory."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import docx
import pytest

from cases.draft import Draft
from outputs.information import information
from outputs.letter_docx import docx_bytes
from outputs.letter_pdf import pdf

MakeDraft = Callable[..., Draft]
AT = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
HOSTILE = '#panic("x") *b* $x$ <a> @ref \\ // "'


def docx_text(content: bytes) -> str:
    file = docx.Document(BytesIO(content))
    return "\n".join(node.text or "" for node in file.element.body.iter() if node.tag.endswith("}t"))


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_docx_says_what_the_document_says(make_draft: MakeDraft, language: str) -> None:
    letter = information(make_draft(language=language))
    text = docx_text(docx_bytes(letter, AT))
    assert [part for part in letter.texts() if part not in text and part not in letter.letterhead.sender_lines] == []


def test_the_docx_is_accessible_and_impersonal(draft: Draft) -> None:
    content = docx_bytes(information(draft), AT)
    file = docx.Document(BytesIO(content))
    properties = file.core_properties
    assert (properties.author, properties.last_modified_by, properties.language) == (draft.controller.name, "", "de-DE")
    described = " ".join((properties.title, properties.subject, properties.keywords, properties.comments))
    assert "Krüger" not in described
    section = file.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm), round(section.left_margin.mm)) == (
        210,
        297,
        25,
    )
    assert "Heading 1" in {paragraph.style.name for paragraph in file.paragraphs}
    with zipfile.ZipFile(BytesIO(content)) as parts:
        body, foot, styles = (parts.read(f"word/{name}.xml").decode() for name in ("document", "footer1", "styles"))
    assert body.count("w:tblHeader") == 3
    assert re.findall(r"<w:instrText[^>]*>(\w+)<", foot) == ["PAGE", "NUMPAGES"]
    assert 'w:lang w:val="de-DE"' in styles


def test_the_pdf_is_tagged_archival_and_titled(draft: Draft) -> None:
    made = pdf(information(draft), AT)
    assert made.startswith(b"%PDF-")
    for mark in (b"/MarkInfo", b"/StructTreeRoot", b"pdfuaid", b"pdfaid", b"/Lang(de)"):
        assert mark in made
    assert pdf(information(draft), AT) == made


@pytest.mark.parametrize("name", [HOSTILE, "王小明", "Lena 😀 Krüger", "محمد", "Zoë Đặng-Łódź"])
def test_any_name_makes_both_files(draft: Draft, name: str) -> None:
    letter = information(replace(draft, person=name))
    assert pdf(letter, AT).startswith(b"%PDF-")
    assert name in docx_text(docx_bytes(letter, AT))


def test_nothing_is_written_to_the_disk(draft: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    letter = information(draft)
    pdf(letter, AT)
    docx_bytes(letter, AT)
    assert list(tmp_path.iterdir()) == []
