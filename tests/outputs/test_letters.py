"""Every letter as it was read and found good: any change of a word shows as a difference in `golden`.

After a wanted change: UPDATE_GOLDEN=1 pytest tests/outputs/test_letters.py, then read the difference.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest

from cases.authorities import AUTHORITIES
from cases.coverage import CellState
from cases.draft import Draft
from outputs.document import Document, Heading, Paragraph, visible
from outputs.errors import LetterRefused
from outputs.letter_docx import docx_bytes
from outputs.letter_pdf import pdf
from outputs.letter_values import LARGE_QUANTITY, Clarification, Cover, Extension, Fee, LetterKind, Refusal
from outputs.letters import answer_kind, render_letter
from tests.outputs.letters import OPENS, REFUSED, addressed, docx_text, every_letter, whole
from tests.outputs.tools import tool

AT = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
GOLDEN = Path(__file__).parent / "golden"
ALL = [(kind, language) for kind in LetterKind for language in ("de", "en")]


def letter_of(draft: Draft, nothing_held: Draft, kind: LetterKind, language: str) -> Document:
    both = replace(draft, language=language), replace(nothing_held, language=language)
    return render_letter(kind, every_letter(*both)[kind])


def said(letter: Document) -> str:
    return "\n".join(letter.texts())


def pdf_text(content: bytes) -> str:
    """The words of all pages, wrapped anew: where a line breaks is the fonts' business."""
    pages = (page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return "\n".join(textwrap.wrap(" ".join(" ".join(pages).split()), 110)) + "\n"


def same_as_golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text)
    assert text == path.read_text(), f"{name} reads differently; see the head of this file"


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_every_letter_reads_as_it_was_found_good(
    draft: Draft, nothing_held: Draft, kind: LetterKind, language: str
) -> None:
    letter = letter_of(draft, nothing_held, kind, language)
    same_as_golden(f"{kind}-{language}.docx.txt", docx_text(docx_bytes(letter, AT)))
    same_as_golden(f"{kind}-{language}.pdf.txt", pdf_text(pdf(letter, AT)))


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_every_letter_is_whole(draft: Draft, nothing_held: Draft, kind: LetterKind, language: str) -> None:
    """Sender, window, greeting with the name alone, number to quote, regards: whatever the kind."""
    letter = letter_of(draft, nothing_held, kind, language)
    text = said(letter)
    named = (
        ("Guten Tag,", "Hello,") if kind is LetterKind.PASSPHRASE else ("Guten Tag Lena Krüger,", "Dear Lena Krüger,")
    )
    assert letter.greeting in named
    assert letter.letterhead.address[0] == "Lena Krüger"
    for part in (draft.controller.name, draft.controller.email, draft.case):
        assert part in text
    assert not re.search(r"\{\w*\}", text)
    assert letter.closing[0] in ("Freundliche Grüße", "Kind regards")


def test_the_golden_files_are_those_of_the_kinds() -> None:
    expected = {f"{kind}-{language}.{form}.txt" for kind, language in ALL for form in ("docx", "pdf")}
    assert {path.name for path in GOLDEN.iterdir()} == expected


def test_values_of_another_kind_make_no_letter(draft: Draft, nothing_held: Draft) -> None:
    values = every_letter(draft, nothing_held)
    for kind in LetterKind:
        for other in LetterKind:
            if kind is not other:
                with pytest.raises(LetterRefused, match="kind_differs"):
                    render_letter(kind, values[other])


def test_what_is_left_out_makes_an_answer_in_part(draft: Draft, nothing_held: Draft) -> None:
    full = whole(draft)
    assert answer_kind(full) is LetterKind.ANSWER
    waiting = replace(full.cells[3], state=CellState.OPEN, at=None, code="not_answered")
    for part in (draft, replace(full, cells=draft.cells), replace(full, cells=(*full.cells[:3], waiting))):
        assert answer_kind(part) is LetterKind.PARTIAL
        text = said(render_letter(LetterKind.PARTIAL, part))
        assert "Ein Teil ist noch offen oder nicht dabei." in text
        assert "Art. 77 DSGVO" in text
        assert "Art. 79 DSGVO" in text
    assert "Ein Teil ist noch offen" not in said(render_letter(LetterKind.ANSWER, full))
    assert answer_kind(nothing_held) is LetterKind.NOTHING_HELD


def test_extension_and_refusal_on_paper_say_the_words_of_the_mails(draft: Draft, nothing_held: Draft) -> None:
    from cases.draft import Notice
    from outputs.notices import render

    fields = (("received", "2026-11-02"), ("due", "2027-02-02"), ("reason", "volume"))
    mail = render(Notice("extension", "de", draft.case, fields), draft.controller)
    letter = letter_of(draft, nothing_held, LetterKind.EXTENSION, "de")
    for block in letter.blocks:
        assert isinstance(block, Paragraph)
        assert block.text in " ".join(mail.text.split())
    assert len(letter.blocks) == 3


@pytest.mark.parametrize(
    ("land", "public", "named"),
    [("BY", False, "BayLDA"), ("BY", True, "BayLfD"), ("HH", False, "Hamburgische"), ("SN", False, "Sächsische")],
)
@pytest.mark.parametrize("kind", [LetterKind.CANNOT_IDENTIFY, LetterKind.FEE, LetterKind.REFUSAL, LetterKind.ANSWER])
def test_every_letter_that_may_be_complained_of_names_the_authority_of_the_seat_and_no_other(
    draft: Draft, nothing_held: Draft, kind: LetterKind, land: str, public: bool, named: str
) -> None:
    elsewhere = replace(draft, controller=replace(draft.controller, land=land, public_body=public))
    text = said(letter_of(elsewhere, nothing_held, kind, "de"))
    competent_one = next(one for one in AUTHORITIES.values() if named in one.name)
    assert competent_one.name in text
    assert competent_one.email in text
    assert not [one.code for one in AUTHORITIES.values() if one is not competent_one and one.name in text]


def test_nothing_can_be_refused_extended_or_charged_without_its_conditions(draft: Draft) -> None:
    to = addressed(draft)
    first, reply, due = date(2025, 6, 3), date(2026, 11, 27), date(2026, 12, 2)
    wrong = (
        lambda: Refusal(to, "disproportionate_effort", REFUSED),  # FEE-03: no ground of the law
        lambda: Refusal(to, "excessive"),  # the law alone is no reason
        lambda: Extension(to, due, "staff_shortage"),
        lambda: Extension(to, to.received_on, "volume"),
        lambda: Fee(to, "DSAR-2025-0007", first, 0, ("postage",), reply),
        lambda: Fee(to, "DSAR-2025-0007", first, 100_000, ("postage",), reply),
        lambda: Fee(to, "DSAR-2025-0007", first, 640, (), reply),
        lambda: Fee(to, "DSAR-2025-0007", first, 640, ("lawyer",), reply),
        lambda: Fee(to, to.case, first, 640, ("postage",), reply),
        lambda: Fee(to, "DSAR-2025-0007", date(2026, 11, 19), 640, ("postage",), reply),
        lambda: Clarification(to, LARGE_QUANTITY - 1, ("CRM",), reply, due),
        lambda: Clarification(to, LARGE_QUANTITY, (), reply, due),
        lambda: Clarification(to, LARGE_QUANTITY, ("CRM",), due, due),
        lambda: Cover(to, ("passphrase",)),
        lambda: Cover(to, ()),
    )
    for make in wrong:
        with pytest.raises(LetterRefused):
            make()


def test_a_name_cannot_become_a_heading_or_a_list(draft: Draft) -> None:
    to = replace(addressed(draft), person="Lena\n\n# Rabatt\n\n- gratis")
    asked = Clarification(to, LARGE_QUANTITY, ("CRM\n\n# Rabatt",), date(2026, 11, 27), date(2026, 12, 2))
    letter = render_letter(LetterKind.CLARIFICATION, asked)
    assert [block.text for block in letter.blocks if isinstance(block, Heading)] == ["Sie müssen nichts eingrenzen"]


def test_what_xml_forbids_and_what_turns_the_reading_around_is_shown_as_missing(draft: Draft) -> None:
    assert visible("a\x00b\x1bc\u202ed\ufffee\ud800f\n") == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\n"
    shop = draft.activities[0]
    bad = replace(shop, purposes=(replace(shop.purposes[0], de="Lieferung\x0b\x1f\u202eRabatt"),))
    letter = render_letter(LetterKind.PARTIAL, replace(draft, activities=(bad, *draft.activities[1:])))
    assert "Lieferung\ufffd\ufffd\ufffdRabatt" in docx_text(docx_bytes(letter, AT))
    assert pdf(letter, AT).startswith(b"%PDF-")


def _tags(node: Any) -> Iterator[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"])
        yield from _tags(node.get("/K", []))
    elif isinstance(node, list):
        for child in node:
            yield from _tags(child)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_screen_reader_finds_language_title_and_structure(draft: Draft, nothing_held: Draft, language: str) -> None:
    """What PDF/UA-1 (ISO 14289-1) asks for and a program can see without a validator."""
    for kind in (LetterKind.PARTIAL, LetterKind.FEE):
        letter = letter_of(draft, nothing_held, kind, language)
        content = pdf(letter, AT)
        reader = pypdf.PdfReader(io.BytesIO(content))
        catalogue = reader.trailer["/Root"]
        assert catalogue["/Lang"] == language
        assert catalogue["/MarkInfo"]["/Marked"]
        assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
        assert reader.metadata is not None
        assert reader.metadata.title == letter.title
        assert b"<pdfuaid:part>1</pdfuaid:part>" in content
        tags = set(_tags(catalogue["/StructTreeRoot"]))
        expected = {"/P", "/H1", "/L", "/LI"} | ({"/Table", "/TH", "/TD"} if kind is LetterKind.PARTIAL else set())
        assert expected <= tags
        assert all("/Tabs" in page and "/StructParents" in page for page in reader.pages)


def test_large_print_is_larger(draft: Draft, nothing_held: Draft) -> None:
    letter = letter_of(draft, nothing_held, LetterKind.FEE, "de")
    small, large = (len(pypdf.PdfReader(io.BytesIO(pdf(letter, AT, large=so))).pages) for so in (False, True))
    assert large > small
    assert b"pdfuaid" in pdf(letter, AT, large=True)


def test_the_address_stands_in_the_window(draft: Draft, nothing_held: Draft) -> None:
    """DIN 5008 form B: 62.7 mm to 90 mm below the edge, 25 mm from the left; the subject below 98 mm."""
    content = pdf(letter_of(draft, nothing_held, LetterKind.FEE, "de"), AT)
    places: dict[str, tuple[float, float]] = {}

    def note(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        across, down = (tm[4] * cm[0 + i] + tm[5] * cm[2 + i] + cm[4 + i] for i in (0, 1))
        if text.strip():
            places.setdefault(text.strip(), (across / 72 * 25.4, 297 - down / 72 * 25.4))

    pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text(visitor_text=note)
    for line in ("Lena Krüger", "Lindenallee 4", "19055 Schwerin"):
        across, down = places[line]
        assert 24.5 < across < 26
        assert 62.7 < down < 90
    subject = next(place for text, place in places.items() if text.startswith("Ihre Anfrage vom 2. November 2026: K"))
    assert 98 < subject[1] < 106


def test_libreoffice_opens_the_letters(draft: Draft, nothing_held: Draft, tmp_path: Path) -> None:
    """In one call: starting the program takes longer than reading them."""
    office = tool("soffice")
    chosen = [(LetterKind.PARTIAL, "de"), (LetterKind.ANSWER, "en"), (LetterKind.FEE, "de"), (LetterKind.COVER, "en")]
    for kind, language in chosen:
        content = docx_bytes(letter_of(draft, nothing_held, kind, language), AT)
        (tmp_path / f"{kind}-{language}.docx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path / "out")]
    subprocess.run([*command, *map(str, sorted(tmp_path.glob("*.docx")))], check=True, capture_output=True, timeout=120)
    for kind, language in chosen:
        read = (tmp_path / "out" / f"{kind}-{language}.pdf").read_bytes()
        for part in ("Lena Krüger", draft.case, draft.controller.name):
            assert part in pdf_text(read), kind


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_passphrase_letter_names_the_person_in_the_address_alone_and_opens_what_it_says(
    draft: Draft, nothing_held: Draft, language: str
) -> None:
    letter = letter_of(draft, nothing_held, LetterKind.PASSPHRASE, language)
    shown, head = list(letter.texts()), letter.letterhead
    for part in (*head.address, *head.sender_lines):
        shown.remove(part)
    assert not [text for text in shown if "Krüger" in text or "Lena" in text or "Lindenallee" in text]
    passphrase = OPENS[language].reveal()
    read = docx_text(docx_bytes(letter, AT))
    assert passphrase in read
    assert all(word in read.replace(passphrase, "") for word in passphrase.split("-"))
    assert "Abcde-7" in read
    assert passphrase not in repr(letter)
    assert "Abcde-7" not in repr(every_letter(draft, nothing_held)[LetterKind.PASSPHRASE])


def test_a_cover_says_what_could_not_be_printed_and_that_it_is_on_the_carrier(draft: Draft) -> None:
    files = tuple(f"dateien/{number:07}.xlsx" for number in range(40))
    text = said(render_letter(LetterKind.COVER, Cover(addressed(draft), ("letter", "medium"), files)))
    assert files[0] in text
    assert files[39] not in text
    assert "und 10 weitere" in text
    with pytest.raises(LetterRefused, match="data carrier"):
        Cover(addressed(draft), ("letter",), files)
