"""The month ahead as a drawing: every bar from receipt to due day, marks where they belong, and no more than a page."""

from __future__ import annotations

import struct
from datetime import timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from outputs.report import Row
from outputs.report_drawing import HATCH, Box, Drawing, Label, Shape, png, svg
from outputs.report_picture import MOST_BARS, picture
from outputs.texts import texts
from tests.outputs.reports import CALM, LATE, LONG, TODAYS, report, row

DE = texts("de")
RED, WEEKEND, HOLIDAY = "#a61b1b", "#efefef", "#d3d0c4"


def drawn(*rows: Row) -> Drawing:
    return picture(report(*rows), DE)


def labels(drawing: Drawing) -> list[str]:
    return [part.text for part in drawing.parts if isinstance(part, Label)]


def boxes(drawing: Drawing, fill: str) -> list[Box]:
    return [part for part in drawing.parts if isinstance(part, Box) and part.fill == fill]


def bars(drawing: Drawing, case: str) -> list[Box]:
    """The boxes at the height of a case's number that are parts of its bar."""
    (label,) = (part for part in drawing.parts if isinstance(part, Label) and part.text == case)
    return [part for part in drawing.parts if isinstance(part, Box) and part.height == 9 and 0 < label.y - part.y < 9]


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, 1), (MOST_BARS, MOST_BARS), (60, MOST_BARS)])
def test_the_picture_fits_a_page_whatever_is_open(count: int, shown: int) -> None:
    drawing = drawn(*(row(number, number - 4) for number in range(count)))
    assert sum(text.startswith("DSAR-") for text in labels(drawing)) == shown
    assert drawing.height < 560
    assert drawing.width == 690


def test_the_others_are_counted_with_their_earliest_day() -> None:
    said = labels(drawn(*(row(number, number - 4) for number in range(60))))
    assert "weitere Vorgänge: 36, früheste Frist 3. Januar 2027" in said
    assert not any(text.startswith("weitere") for text in labels(drawn(LATE)))


def test_without_open_cases_it_says_so() -> None:
    assert "Keine offenen Vorgänge." in labels(drawn())


def test_a_bar_is_whole_and_inside_the_picture() -> None:
    for one in (LATE, TODAYS, CALM, LONG):
        parts = bars(drawn(LATE, TODAYS, CALM, LONG), one.case)
        edges = [(box.x, round(box.x + box.width, 4)) for box in parts if box.fill != HATCH]
        assert all(round(left[1] - right[0], 3) == 0 for left, right in pairwise(edges))
        assert edges[0][0] >= 104
        assert edges[-1][1] <= 690 - 132


def test_what_is_overdue_is_red_and_says_so() -> None:
    drawing = drawn(LATE, CALM)
    assert any(box.fill == RED for box in bars(drawing, LATE.case))
    assert not any(box.fill == RED for box in bars(drawing, CALM.case))
    assert "seit 3 Tagen abgelaufen" in labels(drawing)


def test_only_an_extended_part_is_striped() -> None:
    drawing = drawn(LATE, CALM, LONG)
    assert [box for box in bars(drawing, LONG.case) if box.fill == HATCH]
    assert not [box for case in (LATE, CALM) for box in bars(drawing, case.case) if box.fill == HATCH]


def test_target_and_due_day_are_marked_where_they_lie_in_the_picture() -> None:
    diamonds = [part for part in drawn(CALM).parts if isinstance(part, Shape) and len(part.points) == 4]
    assert len(diamonds) == 2  # the mark and its explanation
    assert f"{CALM.due:%d.%m.}" in labels(drawn(CALM))


def test_weekends_and_the_holidays_of_the_land_are_shaded_and_named() -> None:
    drawing = drawn(TODAYS)
    named = " ".join(labels(drawing))
    for name in ("25.12. 1. Weihnachtstag", "01.01. Neujahr", "06.01. Heilige Drei Könige", "Feiertage (Bayern)"):
        assert name in named
    assert len(boxes(drawing, HOLIDAY)) == 4 + 1  # one of them explains the colour
    days = (timedelta(days=31) + (report().today - TODAYS.received)).days + 1
    assert days // 7 * 2 - 2 <= len(boxes(drawing, WEEKEND)) <= days // 7 * 2 + 2


def test_svg_is_well_formed_and_tells_what_it_shows() -> None:
    made = svg(Drawing(10, 10, (Label(1, 2, '<script> & "Ä"'),), "a <b>", "c & d"))
    root = ET.fromstring(str(made))
    space = "{http://www.w3.org/2000/svg}"
    assert (root.findtext(f"{space}title"), root.findtext(f"{space}desc")) == ("a <b>", "c & d")
    assert root.findtext(f"{space}text") == '<script> & "Ä"'
    assert "<script" not in made


def test_png_has_the_shape_of_the_drawing() -> None:
    drawing = drawn(LATE, LONG)
    made = png(drawing)
    width, height = struct.unpack(">II", made[16:24])
    assert made.startswith(b"\x89PNG\r\n")
    assert width == pytest.approx(drawing.width * 220 / 72, abs=2)
    assert height / width == pytest.approx(drawing.height / drawing.width, rel=0.01)


def test_the_words_for_those_who_do_not_see_it() -> None:
    assert drawn(LATE, CALM).told.endswith(
        "Am dringendsten ist DSAR-2026-0001, Frist 11. Dezember 2026. Alle Angaben stehen in der Tabelle darunter."
    )
