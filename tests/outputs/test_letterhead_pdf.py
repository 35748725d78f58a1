"""The PDF letter stands on the company's letterhead like the Word letter, and what it cannot show is said."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from docx.oxml import parse_xml
from docx.shared import Mm

from cases.draft import Draft
from outputs import letterhead
from outputs.errors import WordingRefused
from outputs.information import information
from outputs.letter_pdf import paper_faults, pdf
from outputs.letterhead import problems
from outputs.letterhead_read import read_paper
from outputs.paper import Paper, Placed
from outputs.wording import use_wording
from tests.outputs.papers import NAMESPACES, anchored, company, graphic, paper, picture, png, run, shape, text_box
from tests.outputs.test_letterhead import changed
from tests.outputs.test_letters import _tags

AT = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
Change = Callable[[Any], None]
MM = 72 / 25.4


@pytest.fixture(autouse=True)
def _plain_paper() -> Iterator[None]:
    yield
    use_wording()


def on(content: bytes, draft: Draft) -> pypdf.PdfReader:
    assert problems(content) == []
    letterhead.use(content)
    return pypdf.PdfReader(io.BytesIO(pdf(information(draft), AT)))


def words(page: Any) -> str:
    return " ".join(page.extract_text().split())


def where(page: Any, text: str) -> tuple[float, float]:
    """Where a text begins: mm from the left and the upper edge."""
    found: list[tuple[float, float]] = []

    def met(told: str, page_of: list[float], text_of: list[float], *_: object) -> None:
        if text in told:
            a, b, c, d, e, f = page_of
            x, y = text_of[4:]
            found.append(((a * x + c * y + e) / MM, 297 - (b * x + d * y + f) / MM))

    page.extract_text(visitor_text=met)
    return found[0]


def test_logo_header_and_footer_stand_on_every_page_that_has_them(draft: Draft) -> None:
    reader = on(paper(company), draft)
    first, second = words(reader.pages[0]), words(reader.pages[1])
    for text in ("im Norden", "Nordlicht Bürobedarf", "Amtsgericht Schwerin HRB 00000", "Geschäftsführung A. Beispiel"):
        assert text in first
    assert "Folgeblatt der Nordlicht" in second
    assert "Werftstraße 12" in second
    assert "Folgeblatt" not in first
    assert "HRB" not in second
    assert [len(page.images) for page in reader.pages][:2] == [1, 0]
    last = len(reader.pages)
    for number, page in enumerate(reader.pages, start=1):
        assert f"DSAR-2026-0001 Seite {number} von {last}" in words(page)


def test_it_stays_accessible_and_the_letterhead_is_no_part_of_the_text(draft: Draft) -> None:
    letterhead.use(paper(company))
    content = pdf(information(draft), AT)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    assert b"pdfaid" in content
    catalogue = pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]
    tags = set(_tags(catalogue["/StructTreeRoot"]))
    assert {"/P", "/H1", "/L", "/Table"} <= tags
    assert "/Figure" not in tags
    letterhead.use(None)
    plain = set(_tags(pypdf.PdfReader(io.BytesIO(pdf(information(draft), AT))).trailer["/Root"]["/StructTreeRoot"]))
    assert tags == plain


def test_the_address_stands_in_the_window_on_either_paper(draft: Draft) -> None:
    named = replace(draft, postal_address=("Lena Krüger", "Kai 1", "18055 Rostock"))
    letterhead.use(None)
    plain = pypdf.PdfReader(io.BytesIO(pdf(information(named), AT))).pages[0]
    ours = on(paper(company), named).pages[0]
    assert where(ours, "18055 Rostock") == pytest.approx(where(plain, "18055 Rostock"), abs=0.5)
    assert "Nordlicht Bürobedarf GmbH" in words(ours)  # the line above the address: the sender, for screen readers


def placed(section: Any) -> None:
    line = section.header.paragraphs[0]
    line.text = "im Fluss"
    logo = picture(section.header, png())
    run(line, anchored(logo, (34, 12), ("page", "160"), ("page", "12")))
    told = "<w:p><w:r><w:t>Durchwahl</w:t></w:r></w:p><w:p><w:r><w:t>Blatt </w:t></w:r>"
    box = text_box(f'{told}<w:fldSimple w:instr=" PAGE "/></w:p>')
    run(line, anchored(box, (60, 20), ("margin", "right"), ("paragraph", "20")), alternate=True)
    run(line, anchored(shape("rect"), (210, 4), ("page", "0"), ("page", "0")), alternate=True)
    run(line, anchored(shape("line"), (170, 0), ("page", "center"), ("bottomMargin", "10")), alternate=True)


def test_pictures_text_boxes_and_lines_stand_where_word_puts_them(draft: Draft) -> None:
    content = paper(placed)
    reader = on(content, draft)
    assert paper_faults(content) == []
    page = reader.pages[1]
    assert "Blatt 2" in words(page)
    across, down = where(page, "Durchwahl")
    assert across == pytest.approx(190 - 60 + 2.5, abs=1)  # 60 mm wide, flush with the right margin
    assert 12.7 + 20 < down < 12.7 + 20 + 8
    assert {round(one.x) for one in read_paper(content).first.header.placed} == {160, 0, 20}
    assert page_marks(read_paper(content)) == [("cc3300", ""), ("", "cc3300")]


def page_marks(told: Paper) -> list[tuple[str, str]]:
    drawn = [one for one in told.rest.header.placed if not one.picture]
    return [(one.fill, one.stroke.color if one.stroke else "") for one in drawn]


@pytest.mark.parametrize(
    ("across", "down", "place"),
    [
        (("page", "10"), ("page", "5"), (True, 10, 5)),
        (("page", "right"), ("page", "bottom"), (True, 180, 287)),
        (("margin", "center"), ("margin", "top"), (True, 92.5, 45)),
        (("column", "3"), ("paragraph", "7"), (False, 3, 7)),
        (("rightMargin", "left"), ("line", "1"), (False, 165, 1)),
    ],
)
def test_a_place_is_counted_from_the_edges_of_our_page(
    across: tuple[str, str], down: tuple[str, str], place: tuple[bool, float, float]
) -> None:
    def change(section: Any) -> None:
        run(section.header.paragraphs[0], anchored(picture(section.header, png()), (30, 10), across, down))

    told = read_paper(paper(change)).rest.header
    of_page, x, y = place
    ((found,), others) = (told.placed, floats(told)) if of_page else (floats(told), told.placed)
    assert (found.x, found.y, found.width, found.height) == pytest.approx((x, y, 30, 10), abs=0.01)
    assert not others


def floats(story: Any) -> tuple[Placed, ...]:
    return tuple(one for line in story.blocks for one in line.floats)


def drawing(inner: str) -> Change:
    def change(section: Any) -> None:
        run(section.header.paragraphs[0], anchored(inner, (30, 10), ("page", "0"), ("page", "0")))

    return change


def in_footer(xml: str) -> Change:
    return lambda section: run(section.footer.paragraphs[0], xml)


def cropped(section: Any) -> None:
    inner = picture(section.header, png(), '<a:srcRect l="10000"/>')
    run(section.header.paragraphs[0], anchored(inner, (30, 10), ("page", "0"), ("page", "0")))


def even(section: Any) -> None:
    section._document_part.document.settings.odd_and_even_pages_header_footer = True


def lined(section: Any) -> None:
    table = section.header.add_table(1, 1, Mm(50))
    border = f"<w:tcBorders {NAMESPACES}><w:top w:val='single'/></w:tcBorders>"
    table.rows[0].cells[0]._tc.get_or_add_tcPr().append(parse_xml(border))


def gridded(section: Any) -> None:
    section.header.add_table(1, 1, Mm(50)).style = section._document_part.document.styles["Table Grid"]


def on_the_page(section: Any) -> None:
    page = section._document_part.document
    run(page.add_paragraph(), anchored(picture(page, png()), (30, 10), ("page", "0"), ("page", "0")))


def tall(section: Any) -> None:
    inner = f"<wp:extent cx='{36000 * 30}' cy='{36000 * 60}'/>{picture(section.header, png())}"
    run(section.header.paragraphs[0], f"<w:drawing><wp:inline>{inner}</wp:inline></w:drawing>")


def frame(section: Any) -> None:
    """Shapes of which only the outline is seen, or nothing."""
    outline = shape("line").replace("line", "rect")
    nothing = shape("line").replace("<a:solidFill>", "<a:noFill/><a:ignored>").replace("</a:solidFill>", "</a:ignored>")
    for inner in (outline, nothing):
        run(section.header.paragraphs[0], anchored(inner, (30, 10), ("page", "9"), ("page", "9")), alternate=True)


def test_an_outline_does_not_become_a_filled_box() -> None:
    (found,) = read_paper(paper(frame)).rest.header.placed
    assert (found.fill, found.stroke and found.stroke.color, found.straight) == ("", "cc3300", False)
    assert paper_faults(paper(frame)) == []


FAULTS: dict[str, tuple[Change, str]] = {
    "shape": (drawing(shape("cloud")), "a drawn shape"),
    "turned line": (
        drawing(shape("line").replace("<a:prstGeom", '<a:xfrm rot="2700000"/><a:prstGeom')),
        "a drawn shape",
    ),
    "colour of the theme": (drawing(shape("rect").replace("srgbClr", "schemeClr")), "a drawn shape"),
    "chart": (drawing(graphic("<a:chart/>")), "a drawn shape"),
    "old drawing": (in_footer("<w:pict/>"), "the old format"),
    "sign": (in_footer('<w:sym w:font="Wingdings" w:char="F04A"/>'), "symbol font"),
    "cropping": (cropped, "cropped"),
    "even pages": (even, "even pages"),
    "cell lines": (lined, "the lines of a table"),
    "table lines": (gridded, "the lines of a table"),
    "page": (on_the_page, "on its page"),
    "tall": (tall, "envelope's window"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_carried_over_is_said(draft: Draft, name: str) -> None:
    change, said = FAULTS[name]
    content = paper(change)
    (fault,) = paper_faults(content)
    assert said in fault
    assert "DSAR-2026-0001" in words(on(content, draft).pages[0])


def columns(section: Any) -> None:
    """Rows of which one spans all, one ends early, and one holds a table."""
    table = section.header.add_table(3, 3, Mm(165))
    table.rows[0].cells[0].merge(table.rows[0].cells[2]).text = "alle drei"
    for cell, text in zip(table.rows[1].cells, ("links", "mitten", "rechts"), strict=True):
        cell.text = text
    row = table.rows[1]._tr
    row.remove(row.tc_lst[2])
    inner = table.rows[2].cells[0].add_table(1, 2)
    for cell, text in zip(inner.rows[0].cells, ("innen", "daneben"), strict=True):
        cell.text = text
    table.rows[2].cells[2].text = "unten"


def test_a_table_keeps_its_columns(draft: Draft) -> None:
    content = paper(columns)
    assert paper_faults(content) == []
    page = on(content, draft).pages[0]
    assert words(page).count("innen") == 1
    assert where(page, "links")[0] == pytest.approx(25, abs=0.5)
    assert where(page, "mitten")[0] == pytest.approx(80, abs=0.5)
    assert where(page, "unten")[0] == pytest.approx(135, abs=0.5)
    assert where(page, "links")[1] < where(page, "innen")[1]


def test_nothing_is_said_of_a_usual_letterhead() -> None:
    assert paper_faults(paper(company)) == []


def test_a_tall_header_leaves_the_letter_room_below(draft: Draft) -> None:
    page = on(paper(tall), draft).pages[0]
    usual = on(paper(company), draft).pages[0]
    assert where(page, "Guten Tag")[1] == pytest.approx(where(usual, "Guten Tag")[1] + 30.7, abs=1)  # 60 mm from 12.7


def test_a_picture_that_is_none_does_not_stop_the_letter(draft: Draft) -> None:
    broken = changed(paper(company), lambda parts: parts.update({"word/media/image1.png": png()[:30]}))
    assert ["accessible" in one for one in paper_faults(broken)] == [True]
    reader = on(broken, draft)
    assert "Nordlicht Bürobedarf GmbH" in words(reader.pages[0])
    assert not reader.pages[0].images


def test_a_file_that_word_alone_understands_is_refused_before_a_letter_is_written(tmp_path: Path) -> None:
    def torn(parts: dict[str, bytes]) -> None:
        name = "word/_rels/document.xml.rels"
        parts[name] = re.sub(rb"<Relationship [^>]*header[0-9]+[.]xml[^>]*/>", b"", parts[name])

    path = tmp_path / "paper.docx"
    path.write_bytes(changed(paper(company), torn))
    with pytest.raises(WordingRefused, match="letterhead_unreadable"):
        use_wording(paper=path)
    assert letterhead.in_use() is None
