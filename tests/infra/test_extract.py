import io
import tempfile
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest
import typst

from cases.text import TextExtractor, TextUnreadable
from infra import extract
from infra.extract import IsolatedExtractor


@pytest.fixture(scope="module")
def extractor() -> Iterator[IsolatedExtractor]:
    with IsolatedExtractor(timeout_seconds=60) as made:
        yield made


def text(extractor: TextExtractor, data: bytes, name: str = "", media_type: str = "") -> str:
    return extractor.text(name, media_type, io.BytesIO(data))


def code(extractor: TextExtractor, data: bytes, name: str = "", media_type: str = "") -> str:
    with pytest.raises(TextUnreadable) as caught:
        text(extractor, data, name, media_type)
    return caught.value.code


def word(*paragraphs: str) -> bytes:
    document, target = docx.Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(target)
    return target.getvalue()


def zipped(**entries: bytes | str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def full_word() -> bytes:
    document, target = docx.Document(), io.BytesIO()
    document.sections[0].header.paragraphs[0].text = "Kopf: Anna Muster"
    document.sections[0].footer.paragraphs[0].text = "Fuß: Bernd Muster"
    run = document.add_paragraph("Absatz mit ").add_run("Anmerkung")
    document.add_comment(run, text="Rückruf bei Carla Muster", author="Dora Muster")
    document.add_table(1, 1).cell(0, 0).text = "Zelle: Emil Muster"
    document.core_properties.author = "Frieda Muster"
    document.save(target)
    return target.getvalue()


def typeset(tmp_path: Path, source: str, kind: str = "pdf") -> bytes:
    path = tmp_path / "page.typ"
    path.write_text(source)
    made = typst.compile(str(path), format=kind, ppi=200)
    return made if isinstance(made, bytes) else made[0]


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A one-page PDF by hand, with more objects from number 6 on."""
    words = b"BT /F 24 Tf 72 700 Td (Antrag) Tj ET"
    body = [
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>>>/Annots[6 0 R 7 0 R]>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(words), words),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *objects,
    ]
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(body, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(body) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return made + head + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (size, trailer, len(made))


FIELD = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(Gerda Muster)/Rect[10 10 200 40]>>"
NOTE = b"<</Type/Annot/Subtype/Text/Contents(Notiz zu Hanno)/Rect[10 10 50 40]>>"
LOCK = b"<</Filter/Standard/V 1/R 2/Length 40/P -4/O<" + b"00" * 32 + b">/U<" + b"11" * 32 + b">>>"


# What is read


def test_word(extractor: IsolatedExtractor) -> None:
    assert "Guten Tag, Frau Beispiel" in text(extractor, word("Guten Tag, Frau Beispiel"), "brief.docx")


def test_word_with_all_its_corners(extractor: IsolatedExtractor) -> None:
    found = text(extractor, full_word())
    for name in ("Anna", "Bernd", "Carla", "Dora", "Emil", "Frieda"):
        assert f"{name} Muster" in found


def test_a_name_in_a_corner_is_not_taken_for_part_of_a_longer_word(extractor: IsolatedExtractor) -> None:
    document, target = docx.Document(), io.BytesIO()
    document.sections[0].footer.paragraphs[0].text = "Ernst"
    document.add_paragraph("Ernsthaft gemeint")
    document.save(target)
    assert "Ernst" in text(extractor, target.getvalue()).splitlines()


def sheet(cells: str) -> str:
    return f"<worksheet {SHEETS}><sheetData>{cells}</sheetData></worksheet>"


SHEETS = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPEN_DOCUMENT = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "style")
)


def workbook() -> bytes:
    """Two sheets, the second one hidden from users, and a comment."""
    cell = '<row r="{row}"><c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>{more}</row>'
    first = cell.format(row=1, place="A1", text="Anna Muster", more='<c r="B1"><v>493023125000</v></c>')
    pages = "".join(
        f'<Relationship Id="r{n}" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in (1, 2)
    )
    return zipped(
        **{
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {SHEETS}><sheets><sheet name="Kunden" sheetId="1" r:id="r1"/>'
            '<sheet name="Intern" sheetId="2" state="veryHidden" r:id="r2"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{pages}</Relationships>',
            "xl/worksheets/sheet1.xml": sheet(first + cell.format(row=9, place="Z9", text="Fern", more="")),
            "xl/worksheets/sheet2.xml": sheet(cell.format(row=1, place="A1", text="Bernd Muster", more="")),
            "xl/comments1.xml": f"<comments {SHEETS}><authors><author>Carla Muster</author></authors></comments>",
        }
    )


def test_workbook_with_its_hidden_sheet(extractor: IsolatedExtractor) -> None:
    found = text(extractor, workbook(), "kunden.xlsx")
    for said in ("Anna Muster", "493023125000", "Fern", "Bernd Muster", "Carla Muster"):
        assert said in found


def test_open_document_with_header_and_note(extractor: IsolatedExtractor) -> None:
    content = (
        f"<office:document-content {OPEN_DOCUMENT}><office:body><office:text><text:p>Absatz<office:annotation>"
        "<text:p>Notiz Dora</text:p></office:annotation></text:p></office:text></office:body></office:document-content>"
    )
    styles = (
        f"<office:document-styles {OPEN_DOCUMENT}><office:master-styles><style:master-page><style:header>"
        "<text:p>Kopf Emil</text:p></style:header></style:master-page></office:master-styles></office:document-styles>"
    )
    parts = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, "styles.xml": styles}
    found = text(extractor, zipped(**parts), "brief.odt")
    for said in ("Absatz", "Notiz Dora", "Kopf Emil"):
        assert said in found


def test_a_table_that_windows_calls_a_workbook(extractor: IsolatedExtractor) -> None:
    table = "Name;Ort\nMüller;Köln\n"
    assert text(extractor, table.encode("cp1252"), "a.csv", "application/vnd.ms-excel") == table


def test_pdf(extractor: IsolatedExtractor, tmp_path: Path) -> None:
    made = typeset(tmp_path, "Rechnung an Erika Beispiel, Straße 5 #pagebreak() Zweite Seite")
    found = text(extractor, made, media_type="application/pdf")
    assert "Erika Beispiel, Straße 5" in found
    assert "Zweite Seite" in found


def test_pdf_form_and_notes(extractor: IsolatedExtractor) -> None:
    found = text(extractor, pdf(FIELD, NOTE))
    assert "Antrag" in found
    assert "Gerda Muster" in found
    assert "Notiz zu Hanno" in found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_plain_text_in_many_encodings(extractor: IsolatedExtractor, encoding: str) -> None:
    assert text(extractor, "Grüße aus Köln".encode(encoding), "gruss.txt", "text/plain") == "Grüße aus Köln"


def test_tables_keep_every_sign(extractor: IsolatedExtractor) -> None:
    assert text(extractor, "Name;Ort\nMüller;Köln\n".encode("cp1252"), "a.csv", "text/csv") == "Name;Ort\nMüller;Köln\n"


def test_html_with_its_hidden_parts(extractor: IsolatedExtractor) -> None:
    page = """<html><head><title>Titel</title><meta charset="utf-8"><script>var geheim</script></head><body>
        <!-- Notiz Weber --><p hidden>Müller</p><footer>Fuß</footer>
        <a href="mailto:ida@firma.example">Sch<b>rei</b>ben</a><img alt="Bild von Jan"><input value="Kurt"></body>"""
    found = text(extractor, page.encode(), "seite.html", "text/html")
    for said in ("Titel", "Notiz Weber", "Müller", "Fuß", "ida@firma.example", "Schreiben", "Bild von Jan", "Kurt"):
        assert said in found
    assert "geheim" not in found


def test_html_says_its_encoding(extractor: IsolatedExtractor) -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2"><p>Łukasz</p>'
    assert "Łukasz" in text(extractor, page.encode("iso-8859-2"), media_type="text/html")


def test_mail_with_attachment_and_mail_within(extractor: IsolatedExtractor) -> None:
    inner = EmailMessage()
    inner["Subject"] = "Weitergeleitet"
    inner.set_content("Ganz innen")
    mail = EmailMessage()
    mail["From"] = "Jörg Beispiel <joerg@firma.example>"
    mail.set_content("Körper")
    mail.add_attachment(word("Im Anhang"), maintype="application", subtype="octet-stream", filename="brief.docx")
    mail.add_attachment(inner)
    found = text(extractor, mail.as_bytes(), "mail.eml")
    for said in ("Jörg Beispiel", "Körper", "brief.docx", "Im Anhang", "Weitergeleitet", "Ganz innen"):
        assert said in found


def test_a_wrong_label_hides_nothing(extractor: IsolatedExtractor, tmp_path: Path) -> None:
    assert "Versteckt" in text(extractor, typeset(tmp_path, "Versteckt"), "harmlos.txt", "text/plain")
    assert "Versteckt" in text(extractor, word("Versteckt"), "harmlos.txt", "text/plain")


def test_an_empty_document_has_no_text(extractor: IsolatedExtractor) -> None:
    assert text(extractor, b"", "leer.pdf", "application/pdf") == ""


needs_recognition = pytest.mark.skipif(not extract._recognition(None)[1], reason="tesseract's data are not installed")


@needs_recognition
def test_pictures_and_scanned_pages_are_recognised(extractor: IsolatedExtractor, tmp_path: Path) -> None:
    picture = typeset(tmp_path, "#set text(24pt)\nErika Beispiel", "png")
    assert "Erika" in text(extractor, picture, "foto.png")
    (tmp_path / "scan.png").write_bytes(picture)
    made = typeset(tmp_path, 'Erste Seite #pagebreak() #image("scan.png") #pagebreak() Letzte Seite')
    found = text(extractor, made)
    assert "Erste Seite" in found
    assert "Erika" in found
    assert "Letzte Seite" in found


def test_without_recognition_pictures_and_scans_are_no_empty_answers(tmp_path: Path) -> None:
    picture = typeset(tmp_path, "Erika", "png")
    (tmp_path / "scan.png").write_bytes(picture)
    with IsolatedExtractor(tessdata=tmp_path) as extractor:
        assert code(extractor, picture, "foto.png") == "unsupported"
        assert code(extractor, typeset(tmp_path, 'Text #pagebreak() #image("scan.png")')) == "unsupported"
        assert "Text" in text(extractor, typeset(tmp_path, "Text #pagebreak(to: none) "))


def test_where_no_file_can_be_opened_documents_are_still_read(tmp_path: Path) -> None:
    with IsolatedExtractor(landlock=False) as extractor:
        assert "Anna Muster" in text(extractor, full_word())
        assert "Gerda Muster" in text(extractor, pdf(FIELD, NOTE))
        assert "Seite" in text(extractor, typeset(tmp_path, "Seite"))
        assert "Grüße" in text(extractor, "Grüße".encode("cp1252"))


# What is not read, and says so


def test_locked_documents(extractor: IsolatedExtractor) -> None:
    assert code(extractor, pdf(FIELD, NOTE, LOCK, trailer=b"/Encrypt 8 0 R/ID[<00><00>]")) == "encrypted"
    office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    assert code(extractor, office, "gehalt.xlsx") == "encrypted"


@pytest.mark.parametrize("data", [b"%PDF-1.7 nothing more", b"PK\x03\x04" + b"x" * 500, word("a")[:5000]])
def test_broken_documents(extractor: IsolatedExtractor, data: bytes) -> None:
    assert code(extractor, data) == "damaged"


def test_bombs_and_long_texts(extractor: IsolatedExtractor) -> None:
    bomb = zipped(document=bytes(300 * 1024 * 1024))
    assert code(extractor, bomb, "bombe.docx") == "too_large"
    assert code(extractor, b"a" * (8 * 1024 * 1024 + 1), "lang.txt") == "too_large"


def test_entities_in_documents_are_refused(extractor: IsolatedExtractor) -> None:
    with zipfile.ZipFile(io.BytesIO(word("Text"))) as archive:
        entries: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    entries["word/comments.xml"] = b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'
    assert code(extractor, zipped(**entries), "x.docx") == "damaged"


def test_a_document_over_the_bound_is_not_read_to_its_end() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            Endless.given += size
            return b"x" * size

    with IsolatedExtractor(max_bytes=1_000_000) as extractor:
        with pytest.raises(TextUnreadable) as caught:
            extractor.text("endlos.txt", "", Endless())  # type: ignore[arg-type]
        assert caught.value.code == "too_large"
        assert Endless.given < 2_000_000
        assert text(extractor, b"danach") == "danach"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(bytes(range(256)) * 8, ""), (zipped(a=b"b"), "application/zip"), (b"RIFF\x00\x00\x00\x00WAVE", "audio/wav")],
)
def test_what_has_no_text(extractor: IsolatedExtractor, data: bytes, media_type: str) -> None:
    assert code(extractor, data, media_type=media_type) == "unsupported"


def test_no_text_reaches_the_disk_and_closing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with IsolatedExtractor() as extractor:
        assert "Anna Muster" in text(extractor, full_word())
        assert "Gerda Muster" in text(extractor, pdf(FIELD, NOTE))
        written = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert [path.name for path in written if path.suffix != ".so"] == []
        assert not any(b"Muster" in path.read_bytes() for path in written)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ValueError, match="closed"):
        text(extractor, b"text")
