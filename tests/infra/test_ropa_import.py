"""A register from a spreadsheet: taken over, marked or told, and never more of the machine than it needs."""

from __future__ import annotations

import csv
import io
import tomllib
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.register import LegalBasis, Mechanism
from infra.ropa import RegisterError, check_register, load_register
from infra.ropa_columns import Column, meaning
from infra.ropa_import import CannotImport, Imported, imported

HEADER = (
    "Lfd. Nr.",
    "Bezeichnung der Verarbeitungstätigkeit",
    "Zwecke der Verarbeitung",
    "Rechtsgrundlage",
    "Beschreibung der Kategorien betroffener Personen",
    "Beschreibung der Kategorien personenbezogener Daten",
    "Kategorien von Empfängern",
    "Übermittlung in Drittländer",
    "Dokumentation geeigneter Garantien",
    "Fristen für die Löschung der verschiedenen Datenkategorien",
    "Allgemeine Beschreibung der TOM",
    "Name und Kontaktdaten des Verantwortlichen",
    "Eingesetzte Software",
    "Risiko",
)
NEWS = (
    1,
    "Newsletterversand",
    "Versand des Newsletters;\nErfolgsmessung",
    "Art. 6 Abs. 1 S. 1 lit. a DSGVO",
    "Abonnenten",
    "E-Mail-Adresse, Name",
    "Briefmöwe Mailing Inc. (Versand)",
    "USA",
    "EU-US Data Privacy Framework",
    "bis zur Abmeldung",
    "Konzept 7",
    "Nordlicht GmbH",
    "Mailtool",
    "gering",
)
WAGES = (
    2,
    "Lohnabrechnung",
    "Abrechnung der Löhne",
    "Vertrag",
    "Beschäftigte",
    "Stammdaten, Lohndaten",
    "Steuerberater, Finanzamt",
    "nein",
    "",
    "nach den gesetzlichen Fristen",
    "Konzept 7",
    "",
    "Lohnprogramm",
    "",
)


def workbook(path: Path, *rows: tuple[object, ...], title: str = "VVT") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def made(tmp_path: Path) -> Imported:
    return imported(workbook(tmp_path / "vvt.xlsx", ("Verzeichnis",), (), HEADER, NEWS, WAGES))


def answered(text: str) -> str:
    """What the spreadsheet leaves open and the register must say."""
    told = text.replace("# verified_on = AUSFUELLEN", "verified_on = 2026-05-04")
    return told.replace("# automated = AUSFUELLEN", "automated = false")


def test_the_columns_of_the_german_models_are_known() -> None:
    expected = (
        *(None, Column.NAME, Column.PURPOSES, Column.BASIS, Column.SUBJECTS, Column.CATEGORIES, Column.RECIPIENTS),
        *(Column.COUNTRY, Column.SAFEGUARD, Column.RETENTION, Column.MEASURES, Column.OWN, Column.SYSTEM, None),
    )
    assert tuple(meaning(header) for header in HEADER) == expected
    english = ("Processing activity", "Purposes", "Categories of personal data", "Recipients", "Retention period")
    known = (Column.NAME, Column.PURPOSES, Column.CATEGORIES, Column.RECIPIENTS, Column.RETENTION)
    assert tuple(meaning(header) for header in english) == known


def test_nothing_is_dropped_silently(made: Imported) -> None:
    told = made.text + "\n".join(made.report)
    cells = [str(cell) for row in (NEWS, WAGES) for cell in row if isinstance(cell, str) and cell]
    dropped = [cell for cell in cells if not all(part.strip() in told for part in cell.replace("\n", ";").split(";"))]
    split = {"E-Mail-Adresse, Name", "Briefmöwe Mailing Inc. (Versand)", NEWS[6], WAGES[5], WAGES[6]}
    assert set(dropped) == split | {"Konzept 7", "nein", "Nordlicht GmbH"}
    for header in HEADER:
        assert header in "\n".join(made.report)
    assert 'nicht übernommen / above the columns, not taken over: "Verzeichnis"' in "\n".join(made.report)
    assert '"Risiko": nicht zugeordnet' in "\n".join(made.report)


def test_what_is_missing_is_marked_and_found_by_the_check(made: Imported, tmp_path: Path) -> None:
    path = tmp_path / "ropa.toml"
    path.write_text(made.text)
    with pytest.raises(RegisterError) as refused:
        load_register(path)
    said = str(refused.value)
    assert "activity[2].legal_basis[1]" in said
    path.write_text(made.text.replace('legal_basis = ["AUSFUELLEN"]', 'legal_basis = ["6(1)(c)"]'))
    with pytest.raises(RegisterError) as refused:
        load_register(path)
    said = str(refused.value)
    for named in ("newsletterversand", "lohnabrechnung"):
        assert f'activity "{named}": automated is missing; add the line automated = false' in said
    assert "verified_on is missing" in said
    path.write_text(answered(path.read_text()))
    messages = "\n".join(check_register(load_register(path), (), date(2026, 11, 1)))
    for named in ('activity "newsletterversand"', 'activity "lohnabrechnung"', 'system "mailtool"', "[[label]]"):
        assert f"{named} still holds AUSFUELLEN" in messages


def test_a_completed_import_is_a_register(made: Imported, tmp_path: Path) -> None:
    path = tmp_path / "ropa.toml"
    filled = answered(made.text.replace('["AUSFUELLEN"]', '["6(1)(c)"]'))
    filled = filled.replace("AUSFUELLEN/*", "mailtool/*", 1).replace("AUSFUELLEN/*", "lohnprogramm/*")
    filled = filled.replace('country = { de = "AUSFUELLEN", en = "AUSFUELLEN" }', 'country = { de = "EU", en = "EU" }')
    path.write_text(filled.replace("AUSFUELLEN", "zwei Jahre"))
    register = load_register(path)
    news, wages, own = register.activities
    assert [text.de for text in news.purposes] == ["Versand des Newsletters", "Erfolgsmessung"]
    assert [text.de for text in news.categories] == ["E-Mail-Adresse", "Name"]
    assert news.legal_basis == (LegalBasis.CONSENT,)
    recipient = news.recipients[0]
    assert (recipient.name, recipient.role.de) == ("Briefmöwe Mailing Inc.", "Versand")
    assert (news.direct_marketing, wages.direct_marketing) == (True, None)
    assert recipient.transfer is not None
    assert (recipient.transfer.country.de, recipient.transfer.mechanism) == ("USA", Mechanism.DPF)
    assert [one.role.de for one in wages.recipients] == ["Steuerberater", "Finanzamt"]
    assert own.concerns("auskunft", "request")
    assert check_register(register, (), date(2026, 11, 1), {}) == []


def test_a_period_that_says_nothing_is_told(made: Imported) -> None:
    assert any("says nothing" in line and "gesetzlichen Fristen" in line for line in made.report)
    assert "# war / was: nach den gesetzlichen Fristen" in made.text


@pytest.mark.parametrize(
    ("cell", "automated", "recipient", "transfer"),
    [
        ("nein", "automated = false", "recipient = []", "  transfer = false"),
        ("keine", "automated = false", "recipient = []", "  transfer = false"),
        ("-", "# automated = AUSFUELLEN", "# recipient = AUSFUELLEN", "  # transfer = AUSFUELLEN"),
        ("", "# automated = AUSFUELLEN", "# recipient = AUSFUELLEN", "  # transfer = AUSFUELLEN"),
    ],
)
def test_a_dash_in_the_spreadsheet_denies_nothing(
    tmp_path: Path, cell: str, automated: str, recipient: str, transfer: str
) -> None:
    header = (*HEADER, "Automatisierte Entscheidungen")
    both = [(*WAGES[:6], told, cell, *WAGES[8:], cell) for told in ("Steuerkontor GmbH", cell)]
    text = imported(workbook(tmp_path / "vvt.xlsx", header, *both)).text
    told, silent = text.split("[[activity]]")[1:3]
    assert automated in told.splitlines()
    assert transfer in told.splitlines()
    assert recipient in silent.splitlines()


def test_what_says_nothing_is_marked_and_told(tmp_path: Path) -> None:
    row = (*NEWS[:2], "siehe Datenschutzerklärung", *NEWS[3:5], "Name, personenbezogene Daten", *NEWS[6:], "unbekannt")
    made = imported(workbook(tmp_path / "vvt.xlsx", (*HEADER, "Herkunft der Daten"), row))
    assert 'purposes = [\n  { de = "AUSFUELLEN", en = "AUSFUELLEN" },\n]' in made.text
    assert 'categories = [\n  { de = "Name", en = "AUSFUELLEN" },\n]' in made.text
    for dropped in ("siehe Datenschutzerklärung", "personenbezogene Daten", "unbekannt"):
        assert f"# war / was: {dropped}" in made.text
        assert any("says nothing" in line and dropped in line for line in made.report)


def test_a_form_with_a_line_for_each_point_is_read(tmp_path: Path) -> None:
    lines = [(header, cell) for header, cell in zip(HEADER, NEWS, strict=True)]
    form = imported(workbook(tmp_path / "form.xlsx", *lines))
    assert form.activities == 1
    assert 'purposes = [\n  { de = "Versand des Newsletters"' in form.text


def test_english_columns_fill_the_english_texts(tmp_path: Path) -> None:
    header = (
        "Processing activity",
        "Purposes of the processing",
        "Categories of personal data",
        "Recipients",
        "Retention",
    )
    row = ("Orders", "Delivery", "names", "Harbour Parcels Ltd", "two years", "")
    made = imported(workbook(tmp_path / "english.xlsx", header, row))
    assert 'name = { de = "AUSFUELLEN", en = "Orders" }' in made.text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_csv_as_spreadsheet_programs_write_it(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [HEADER, WAGES]
    path = tmp_path / "vvt.csv"
    path.write_bytes("\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows).encode(encoding))
    made = imported(path)
    assert made.activities == 1
    assert 'de = "Abrechnung der Löhne"' in made.text


def test_two_activities_of_one_name_get_two_keys(tmp_path: Path) -> None:
    made = imported(workbook(tmp_path / "vvt.xlsx", HEADER, NEWS, NEWS))
    assert 'key = "newsletterversand"' in made.text
    assert 'key = "newsletterversand-2"' in made.text


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(path: Path, content: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def test_hostile_files_are_refused_with_advice(tmp_path: Path) -> None:
    good = parts(workbook(tmp_path / "good.xlsx", HEADER, NEWS))
    sheet = "xl/worksheets/sheet1.xml"
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]>' + good[sheet]
    bomb = {**good, "xl/media/image1.png": bytes(101 * 1024 * 1024)}
    for number, content in enumerate(({**good, sheet: entity}, bomb, {**good, sheet: b"<broken"}, {"a.txt": b"a"})):
        with pytest.raises(CannotImport):
            imported(zipped(tmp_path / f"bad{number}.xlsx", content))
    (tmp_path / "text.xlsx").write_bytes(b"no archive")
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "other.csv").write_bytes(b"a;b;c\n1;2;3\n")
    for name in ("text.xlsx", "old.xls", "empty.csv", "other.csv"):
        with pytest.raises(CannotImport):
            imported(tmp_path / name)


def test_commas_in_the_cells_do_not_part_them(tmp_path: Path) -> None:
    path = tmp_path / "vvt.csv"
    listed = (*WAGES[:5], "Name, " * 200, *WAGES[6:])
    path.write_text("\n".join(";".join(str(cell) for cell in row) for row in (HEADER, listed)))
    assert imported(path).activities == 1


@pytest.mark.parametrize("cell", ["", "\x1b", "\x08\x00", " \x7f"])
def test_columns_without_a_row_are_told_as_that(tmp_path: Path, cell: str) -> None:
    """Control characters are nothing that a cell says."""
    path = tmp_path / "vvt.csv"
    path.write_text(";".join(HEADER) + "\n" + ";" * (len(HEADER) - 1) + cell)
    with pytest.raises(CannotImport, match="and no row below them"):
        imported(path)


@settings(max_examples=40, deadline=None)
@given(cells=st.lists(st.text(max_size=60), min_size=14, max_size=14))
@example(cells=[""] * 13 + ["\x1b"])
@example(cells=["," * 60] * 14)
def test_whatever_stands_in_the_cells_the_file_is_toml(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    """A row in which no cell says anything is the one thing that is refused."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([HEADER, cells])
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(text.getvalue().encode("utf-8", "replace"))
    try:
        tomllib.loads(imported(path).text)
    except CannotImport:
        assert not any(sign.isprintable() and not sign.isspace() for cell in cells for sign in cell)
