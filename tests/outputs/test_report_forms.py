"""A report in each of its forms: what stands in it, that it can be read, and that nothing in it is taken for markup."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from io import BytesIO

import docx
import orjson
import pytest
from docx.oxml.ns import qn

from outputs.report_docx import docx_report
from outputs.report_figures import Count, Period, Report, ReportRefused, Standing, report_json
from outputs.report_html import html_report, policy
from outputs.report_plain import markdown_report, plain_report
from outputs.report_text import Grid, told
from tests.outputs.reports import CALM, FIGURES, HEAD, LATE, LONG, TODAYS, report, row

FULL = report(LONG, CALM, TODAYS, LATE)
HOSTILE = 'Müller <script>alert(1)</script> & "Söhne" | {head}'


def page(shown: Report) -> str:
    return html_report(told(shown)).decode()


def document(shown: Report) -> docx.document.Document:
    return docx.Document(BytesIO(docx_report(told(shown), shown.made_at)))


def grids(shown: Report) -> dict[str, Grid]:
    return {block.caption: block for block in told(shown).blocks if isinstance(block, Grid)}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("rows", [(), (LATE,), tuple(row(number, number - 5) for number in range(60))])
def test_every_form_can_be_made_of_any_number_of_cases(rows: tuple[object, ...], language: str) -> None:
    shown = report(*rows, language=language)  # type: ignore[arg-type]
    words = told(shown)
    for text in (page(shown), markdown_report(words), plain_report(words)):
        assert text.count("DSAR-2026-") >= len(rows)
        assert HEAD in text
    assert len(document(shown).tables) == 1 + len(grids(shown))


def test_no_open_case_is_said_in_words() -> None:
    assert plain_report(told(report())).count("Keine offenen Vorgänge.") >= 2
    assert "No alarm stands at present." in page(report(language="en"))


def test_the_most_urgent_case_comes_first_and_says_so_in_words() -> None:
    grid = grids(FULL)["Offene Vorgänge, die dringendsten zuerst"]
    assert [cells[0] for cells in grid.rows] == [one.case for one in (LATE, TODAYS, CALM, LONG)]
    assert grid.marked == {0}
    assert grid.rows[0][5] == "seit 3 Tagen abgelaufen"
    assert grid.rows[2][6] == "Löschung (Art. 17 DSGVO)\nVertretung"
    assert grid.rows[3][6] == "Lücken bei der Suche: 1\nFrist verlängert"


def test_the_figures_stand_in_the_tables() -> None:
    found = grids(FULL)
    assert ("innerhalb eines Monats", "6", "75 %") in found["Dauer bis zur Antwort"].rows
    assert ("Median", "14,5") in found["Tage vom Eingang bis zur Antwort"].rows
    assert found["Anfragen nach Monat des Eingangs"].rows == (("2026", *("–",) * 9, "4", "5", "2"),)
    assert ("exzessiv (Art. 12 Abs. 5 DSGVO)", "1", "100 %") in found["Ablehnungen nach Grund"].rows
    values = {cells[0]: cells[1] for cells in found["Vergleichszahlen"].rows}
    assert values["davon auf Auskunft"] == "10 (91 %)"
    assert values["innerhalb von drei Monaten beantwortet"] == "7 (88 %)"
    assert values["verlängert"] == "2 (18 %)"


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert ("a_code_of_tomorrow", "1") in grids(FULL)["Im Zeitraum ausgelöste Alarme"].rows


def test_no_response_is_no_perfect_one() -> None:
    nothing = replace(FIGURES.responses, number=0, in_month=0, in_three=0, longer=0, late=0, median_days=None)
    words = plain_report(told(replace(FULL, figures=replace(FIGURES, responses=nothing))))
    assert re.search(r"–\s+fristgerecht beantwortet", words)
    assert "100 %  fristgerecht" not in words


class Outline(HTMLParser):
    """What the page consists of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def outline(shown: Report) -> Outline:
    read = Outline()
    read.feed(page(shown))
    return read


def test_the_page_loads_and_runs_nothing() -> None:
    read = outline(FULL)
    assert {name for name, _ in read.tags} & {"script", "link", "img", "iframe", "object", "form", "a"} == set()
    assert not any(key.startswith("on") or key in ("src", "href", "style") for _, said in read.tags for key in said)
    css = page(FULL).partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in css
    assert "@import" not in css
    assert policy(css).startswith("default-src 'none'")
    assert policy(css).replace("'", "&#39;") in page(FULL)


def test_the_page_can_be_read_by_a_screen_reader() -> None:
    read = outline(FULL)
    assert read.of("html")[0]["lang"] == "de"
    assert len(read.of("h1")) == 1
    assert all(said.get("scope") in ("col", "row") for said in read.of("th"))
    assert len(read.of("caption")) == len(read.of("table")) == len(grids(FULL))
    (picture,) = read.of("svg")
    assert picture["role"] == "img"
    assert "Am dringendsten ist DSAR-2026-0001" in page(FULL)


def test_nothing_is_taken_for_markup() -> None:
    shown = report(LATE, controller=HOSTILE)
    assert "<script" not in page(shown)
    assert "Müller &lt;script&gt;" in page(shown)
    assert "<script" not in markdown_report(told(shown))
    assert HOSTILE in document(shown).paragraphs[0].text


def test_the_document_has_language_headings_page_numbers_and_words_for_the_picture() -> None:
    file = document(FULL)
    assert file.core_properties.language == "de-DE"
    assert [one.text for one in file.paragraphs if one.style.name == "Heading 1"][:2] == [
        "Der kommende Monat",
        "Offene Vorgänge",
    ]
    (language,) = {one.get(qn("w:val")) for one in file.styles.element.iter(qn("w:lang"))}
    assert language == "de-DE"
    foot = [one.text for one in file.sections[0].footer.paragraphs[0]._p.iter(qn("w:instrText"))]
    assert foot == ["PAGE", "NUMPAGES"]
    (picture,) = file.inline_shapes
    assert "Offene Vorgänge: 4; überfällig: 1" in picture._inline.docPr.get("descr")


def test_every_table_of_the_document_has_a_header_row_and_a_name() -> None:
    tables = document(FULL).tables[1:]  # the first is the row of numbers
    for table in tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_the_json_has_every_figure() -> None:
    read = orjson.loads(report_json(FULL))
    assert read["figures"]["responses"]["in_month"] == 6
    assert read["figures"]["systems"][0]["name"] == {"de": "Ablage", "en": "Files"}
    assert [one["case"] for one in read["rows"]] == [one.case for one in FULL.rows]


def test_a_table_of_markdown_stays_one() -> None:
    lines = markdown_report(told(FULL)).splitlines()
    start = lines.index("**Offene Vorgänge, die dringendsten zuerst**") + 2
    assert [lines[start + number].count("|") for number in range(6)] == [8] * 6


@pytest.mark.parametrize("key", ["", "Lena Krüger", "lena@mail.example\n", "a b"])
def test_what_is_no_code_is_refused(key: str) -> None:
    with pytest.raises(ReportRefused, match="key_invalid"):
        Count(key, 1)
    with pytest.raises(ReportRefused, match="key_invalid"):
        Standing(key, "overdue", date(2026, 1, 1))


def test_a_period_ends_after_it_begins() -> None:
    with pytest.raises(ReportRefused, match="period_invalid"):
        Period(date(2026, 2, 1), date(2026, 1, 31))
