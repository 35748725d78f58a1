"""A request may be only in what is attached; and a letter that nobody could read is never "nothing"."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from cases.request import Request, Right, Verdict
from cases.text import TextExtractor, TextUnreadable
from flows import letters
from flows.letters import recognise_with_letters, unread
from infra.extract import IsolatedExtractor
from infra.parse import parse_message
from tests.infra.mail_bases import HEAD, LETTER, NOW, encrypted, mail, multipart, part
from tests.infra.pages import docx_of, odt_of, pdf_of, png_of, rtf_letter, scanned_pdf_of, tiff_of

PAGE = LETTER.replace("Guten Tag", "Sehr geehrte Damen und Herren")
ENGLISH = "Dear Sir or Madam,\n\nplease send me a copy of all personal data that you hold about me.\n\nJohn Smith"


class Reader:
    """An extractor with one answer: a text, or a code of what went wrong. Counts how often it is asked."""

    def __init__(self, text: str = "", code: str = "") -> None:
        self._text, self._code = text, code
        self.asked = 0

    def text(self, name: str, media_type: str, stream: BinaryIO) -> str:
        self.asked += 1
        if self._code:
            raise TextUnreadable(self._code)
        return self._text


def with_file(content: bytes, name: str, text: str = "Siehe Anhang.", kind: str = "application/octet-stream") -> bytes:
    attached = part(f"{kind}; name={name}", content, "binary", "attachment")
    return multipart("mixed", [part("text/plain; charset=utf-8", text.encode()), attached])


def judged(raw: bytes, extractor: TextExtractor | None = None, *, cut: bool = False) -> Request:
    return recognise_with_letters(parse_message(raw, NOW), extractor, (), cut=cut)


@pytest.fixture(scope="module")
def extractor() -> Iterator[IsolatedExtractor]:
    with IsolatedExtractor() as made:
        if made.check() == "":
            pytest.skip("tesseract's German and English data are not installed")
        yield made


@pytest.fixture(scope="module")
def without_ocr(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IsolatedExtractor]:
    with IsolatedExtractor(tessdata=tmp_path_factory.mktemp("empty")) as made:
        yield made


# Real documents


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.odt", "a.rtf", "a.html", "a.txt", "a.eml"])
def test_a_letter_in_a_document_is_read(name: str, extractor: IsolatedExtractor) -> None:
    made: dict[str, Callable[[str], bytes]] = {
        "a.pdf": pdf_of,
        "a.docx": docx_of,
        "a.odt": odt_of,
        "a.rtf": rtf_letter,
        "a.html": lambda text: f"<p>{text}".encode(),
        "a.txt": str.encode,
        "a.eml": lambda text: f"From: x@y.example\n\n{text}".encode(),
    }
    assert judged(with_file(made[name](PAGE), name), extractor).verdict is Verdict.ACCESS


@pytest.mark.parametrize("page", [PAGE, ENGLISH])
def test_a_picture_of_a_page_is_read(page: str, extractor: IsolatedExtractor) -> None:
    assert judged(with_file(png_of(page), "IMG_1.png", "", "image/png"), extractor).verdict is Verdict.ACCESS


def test_a_scanned_pdf_is_read(extractor: IsolatedExtractor, tmp_path: Path) -> None:
    assert judged(with_file(scanned_pdf_of(PAGE, tmp_path), "scan.pdf"), extractor).verdict is Verdict.ACCESS


def test_the_second_page_of_a_fax_is_read(extractor: IsolatedExtractor) -> None:
    fax = tiff_of([png_of("Deckblatt"), png_of(PAGE)])
    assert judged(with_file(fax, "fax.tif", "", "image/tiff"), extractor).verdict is Verdict.ACCESS


def test_without_recognition_of_pictures_a_person_reads_them(without_ocr: IsolatedExtractor, tmp_path: Path) -> None:
    assert without_ocr.check() == ""
    for content, name in ((png_of(PAGE), "a.png"), (scanned_pdf_of(PAGE, tmp_path), "a.pdf")):
        for text in ("", "Hallo", "Siehe Anhang. Rechnung 17."):
            assert judged(with_file(content, name, text), without_ocr).verdict is Verdict.UNCLEAR


@pytest.mark.parametrize("bomb", ["docx", "pdf"])
def test_a_bomb_is_refused_and_seen_by_a_person(bomb: str) -> None:
    if bomb == "docx":
        import zipfile

        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("word/document.xml", b"<w:document>" + b" " * 300_000_000)
        content = target.getvalue()
    else:
        stream = zlib.compress(b"(x) Tj " * 60_000_000)
        content = (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>endobj\n4 0 obj<</Filter/FlateDecode"
            b"/Length "
            + str(len(stream)).encode()
            + b">>stream\n"
            + stream
            + b"\nendstream endobj\ntrailer<</Root 1 0 R>>"
        )
    with IsolatedExtractor(timeout_seconds=3) as impatient:
        assert judged(with_file(content, f"bombe.{bomb}"), impatient).verdict is Verdict.UNCLEAR


# What decides


def test_a_clear_body_needs_no_document() -> None:
    reader = Reader("egal")
    assert judged(with_file(b"%PDF-1.4", "a.pdf", LETTER), reader).verdict is Verdict.ACCESS
    assert reader.asked == 0


def test_erasure_in_the_body_and_access_in_the_letter_are_both_seen() -> None:
    raw = with_file(b"%PDF-1.4", "a.pdf", "Bitte löschen Sie alle meine Daten. Das Weitere steht im Anhang.")
    assert set(judged(raw, Reader(LETTER)).rights) == {Right.ACCESS, Right.ERASURE}


@pytest.mark.parametrize("code", ["encrypted", "damaged", "too_large", "unsupported", "timeout", "crashed"])
def test_a_document_that_cannot_be_read_goes_to_a_person(code: str) -> None:
    request = judged(with_file(b"%PDF-1.4", "Rechnung.pdf", "Anbei die Rechnung."), Reader(code=code))
    assert request.verdict is Verdict.UNCLEAR
    assert request.rights == ()


def test_a_mail_that_speaks_for_itself_is_ordinary_whatever_it_attaches() -> None:
    text = (
        "Hallo Frau Winter, anbei wie besprochen die Rechnung für den Umbau im März. Die Montage ist am Dienstag. " * 3
    )
    assert judged(with_file(b"%PDF-1.4", "Rechnung.pdf", text), Reader(code="damaged")).verdict is Verdict.OTHER


def test_a_logo_below_a_signature_is_no_letter() -> None:
    raw = with_file(b"\x89PNG\r\n" + b"x" * 4_000, "logo.png", "Danke, bis Dienstag!", "image/png")
    assert judged(raw, Reader(code="unsupported")).verdict is Verdict.OTHER
    assert judged(raw.replace(b"x" * 4_000, b"x" * 40_000), Reader(code="unsupported")).verdict is Verdict.UNCLEAR


def test_writing_that_nobody_can_make_out_is_unread() -> None:
    raw = with_file(b"\xff\xd8\xff" + b"x" * 40_000, "IMG_7.jpg", "Danke, bis Dienstag!", "image/jpeg")
    assert judged(raw, Reader("sIalyy ulo UIFTNIH USYIITPUNaIJ MW uaqey JAayotedsas")).verdict is Verdict.UNCLEAR
    assert judged(raw, Reader("")).verdict is Verdict.OTHER


def test_more_documents_than_are_read_go_to_a_person() -> None:
    files = [part(f"text/plain; name=a{number}.txt", b"Hallo", "8bit", "attachment") for number in range(11)]
    raw = multipart("mixed", [part("text/plain", b"Hallo zusammen"), *files])
    reader = Reader("Nichts Besonderes.")
    assert judged(raw, reader).verdict is Verdict.UNCLEAR
    assert reader.asked == letters.MAX_DOCUMENTS
    assert unread(parse_message(raw, NOW))


def test_documents_that_take_all_the_time_are_not_waited_for_again_and_again() -> None:
    files = [part(f"application/pdf; name=a{number}.pdf", b"%PDF", "8bit", "attachment") for number in range(9)]
    reader = Reader(code="timeout")
    assert judged(multipart("mixed", [part("text/plain", b"Hallo"), *files]), reader).verdict is Verdict.UNCLEAR
    assert reader.asked == letters.MAX_TIMEOUTS


@pytest.mark.parametrize("name", ["a.zip", "a.7z", "a.rar"])
def test_an_archive_with_few_words_goes_to_a_person(name: str) -> None:
    assert judged(with_file(b"PK\x03\x04", name)).verdict is Verdict.UNCLEAR
    long = "Hallo, hier sind wie versprochen die Entwürfe für den neuen Katalog, Seite 1 bis 40."
    assert judged(with_file(b"PK\x03\x04", name, long)).verdict is Verdict.OTHER


def test_what_is_encrypted_goes_to_a_person() -> None:
    sealed = encrypted(part("text/plain", LETTER.encode()))
    armoured = mail("text/plain", b"-----BEGIN PGP MESSAGE-----\n\nhQEMA0\n-----END PGP MESSAGE-----\n")
    for raw in (sealed, armoured, with_file(b"\x85\x01", "Brief.pdf.gpg", LETTER[:10])):
        request = judged(raw, Reader(code="unsupported"))
        assert request.verdict is Verdict.UNCLEAR
        assert unread(parse_message(raw, NOW))


def test_a_mail_whose_end_is_missing_is_ordinary_only_if_it_asks() -> None:
    assert judged(HEAD.encode() + b"\nHallo zusammen", cut=True).verdict is Verdict.UNCLEAR
    assert judged(HEAD.encode() + b"\n" + LETTER.encode(), cut=True).verdict is Verdict.ACCESS
    assert judged(HEAD.encode() + b"\nHallo zusammen").verdict is Verdict.OTHER


def test_a_broken_chain_of_pages_is_damaged(extractor: IsolatedExtractor) -> None:
    endless = b"II*\x00\x08\x00\x00\x00" + b"\x00\x00" + struct.pack("<I", 8)
    assert (
        judged(with_file(endless + b"\0" * 20_000, "fax.tif", "", "image/tiff"), extractor).verdict is Verdict.UNCLEAR
    )
