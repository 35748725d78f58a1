"""No text of a letter gets lost between its values and its sheets, and what would be lost is not sent."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import docx
import pypdf
import pytest
from docx.enum.table import WD_ROW_HEIGHT_RULE

from cases.draft import Disclosure, Draft
from cases.register import Recipient, Text
from outputs import letter_pdf
from outputs.document import Document, Paragraph, Term, Terms
from outputs.errors import LetterRefused
from outputs.information import information
from outputs.letter_docx import docx_bytes
from outputs.letter_pdf import pdf
from outputs.letter_proof import is_whole
from outputs.letter_values import LetterKind, PassphraseLetter
from outputs.letters import render_letter
from outputs.package import build_package
from outputs.passphrase import Passphrase
from tests.outputs.conftest import AT
from tests.outputs.letters import addressed

NAMES = (
    "محمد بن علي Ali2", "क्षत्रिय श्रीमती Shri", "สมชาย ใจดี", "Lena 👩‍👩‍👧 🇩🇪 Krüger 1️⃣", "Ａｎｎａ １２", "𝐀𝐧𝐧𝐚",
    "ﬁnal office ffi", "½ № ㎏ … ² ™", "Zal\u0337\u0321go e\u0301 A\u030a", "שלום abc 123 עולם", "山田太郎 ㈱",
    "\u212a Å ﷺ", "a\u200bb\u00adc\u2028d", "\ue000ab \U000fffff", "Ω" * 60,
)  # fmt: skip


def with_recipients(draft: Draft, *names: str) -> Draft:
    parcels = tuple(Recipient(name, Text("Zustellung", "delivery"), no_transfer=True) for name in names)
    return replace(draft, activities=(replace(draft.activities[0], recipients=parcels),))


def sheets(content: bytes) -> list[str]:
    """The lines that begin within the sheets of a PDF."""
    held: list[str] = []

    def take(text: str, outer: list[float], inner: list[float], *_: object) -> None:
        if 20 < outer[5] + inner[5] * outer[3] < 820:
            held.append(text)

    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        page.extract_text(visitor_text=take)
    return "".join(held).replace("\u200b", "").splitlines()


@pytest.mark.parametrize("large", [False, True])
def test_what_is_longer_than_a_page_goes_on_over_the_next(draft: Draft, large: bool) -> None:
    """Values of a label, one value, and a last paragraph."""
    names = tuple(f"Empfänger{number}Q" for number in range(1, 91))
    letter = information(with_recipients(draft, *names))
    kept, last = (" ".join(f"{word}{number}Q" for number in range(1, 900)) for word in ("Frist", "Hinweis"))
    blocks = (*letter.blocks, Terms((Term("Speicherdauer", (kept,)),)), Paragraph(last))
    found = " ".join(sheets(pdf(replace(letter, blocks=blocks), AT, large=large)))
    assert [text for text in (*names, *kept.split(), *last.split()) if text not in found] == []


@pytest.mark.parametrize("large", [False, True])
def test_no_word_runs_off_the_side_of_a_sheet(draft: Draft, large: bool) -> None:
    """Of the widest sign 28 stand beside each other at the usual size, and 17 in large print."""
    letter = information(with_recipients(draft, "W" * 400))
    counts = [line.count("W") for line in sheets(pdf(letter, AT, large=large)) if "WW" in line]
    assert sum(counts) == 400
    assert max(counts) <= (17 if large else 28)


def test_a_long_address_is_read_in_both_files_and_runs_into_nothing(draft: Draft) -> None:
    lines = ("Lena Krüger", *(f"Hinterhaus {number}" for number in range(1, 14)), "18055 Rostock")
    letter = information(replace(draft, postal_address=lines))
    (page, *_) = pypdf.PdfReader(io.BytesIO(pdf(letter, AT))).pages
    heights: dict[str, float] = {}

    def take(text: str, outer: list[float], inner: list[float], *_: object) -> None:
        heights.setdefault(text.strip(), outer[5] + inner[5] * outer[3])

    page.extract_text(visitor_text=take)
    assert heights["18055 Rostock"] - heights[letter.subject] > 15  # points: more than a line
    field = docx.Document(io.BytesIO(docx_bytes(letter, AT))).tables[0].rows[-1]
    assert field.height_rule == WD_ROW_HEIGHT_RULE.AT_LEAST
    assert field.cells[0].text.splitlines()[1:] == list(lines)


@pytest.mark.parametrize("name", NAMES)
def test_no_script_stops_a_letter(draft: Draft, name: str) -> None:
    letter = information(with_recipients(replace(draft, person=name, postal_address=(name, "Weg 1")), name))
    assert pdf(letter, AT).startswith(b"%PDF")


def test_a_letter_of_which_something_is_below_the_sheet_is_refused(
    draft: Draft, disclose: Callable[[Draft], Disclosure], monkeypatch: pytest.MonkeyPatch
) -> None:
    long = with_recipients(draft, *(f"Empfänger{number} GmbH" for number in range(1, 91)))
    whole = letter_pdf._template()
    rigid = whole.replace(b"breakable: not short(item.values)", b"breakable: false")
    assert rigid != whole
    monkeypatch.setattr(letter_pdf, "_template", lambda: rigid)
    with pytest.raises(LetterRefused, match="pdf_incomplete"):
        build_package(disclose(long))
    build_package(disclose(draft))


def test_one_sign_too_few_is_seen(draft: Draft) -> None:
    letter = information(draft)
    content = pdf(letter, AT)

    def saying(text: str) -> Document:
        return replace(letter, blocks=(*letter.blocks, Paragraph(text)))

    assert is_whole(letter, content, plain=True)
    for more in ("e", "7", "Empfänger"):
        assert not is_whole(saying(more), content, plain=True)
    assert not is_whole(letter, content[: len(content) // 2], plain=True)


@pytest.mark.parametrize("large", [False, True])
def test_the_words_of_a_passphrase_are_neither_cut_nor_mixed_with_unseen_signs(draft: Draft, *, large: bool) -> None:
    """People copy it out of the letter, and read it aloud."""
    said = "maler-pendel-krokus-rekord-brand-toga-kind-votum-komet-vakuum-museum-arktis"
    letter = PassphraseLetter(addressed(draft), Passphrase(said), "Antwort-DSAR-2026-0001.html")
    made = pdf(render_letter(LetterKind.PASSPHRASE, letter), AT, large=large)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)
    assert said in text.replace("-\n", "-").replace("- ", "-")
