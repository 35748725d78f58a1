from __future__ import annotations

from dataclasses import replace
from datetime import date

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.case import Status
from outputs.errors import NoticeRefused
from outputs.report import WAITING, Row, as_json, as_table, days_in_words, packed, table_text, unpacked
from outputs.texts import texts

ROW = Row("DSAR-2026-0002", Status.REVIEW, date(2026, 11, 2), date(2026, 12, 2), 12, "reviewer")
LATE = Row("DSAR-2026-0001", Status.COLLECTING, date(2026, 10, 1), date(2026, 11, 2), -18, "source", 2)


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_status_and_every_wait_has_words(language: str) -> None:
    for status in Status:
        for waiting in WAITING:
            assert table_text((replace(ROW, status=status, waiting_for=waiting),), language)


def test_text_stands_in_columns() -> None:
    lines = table_text((ROW, LATE), "en").splitlines()
    assert lines[0].index("Due") == lines[1].index("2026-11-02") == lines[2].index("2026-12-02")


def test_json_has_the_fields_of_a_row() -> None:
    first, second = orjson.loads(as_json((ROW, LATE)))
    assert (first["case"], first["gaps"], second["due"]) == ("DSAR-2026-0001", 2, "2026-12-02")
    assert as_table((ROW, LATE)) == [first, second]


def test_no_case_is_said_in_words() -> None:
    assert table_text((), "de") == "Keine offenen Vorgänge."
    assert table_text((), "en") == "No open cases."


@pytest.mark.parametrize("days", [-2, -1, 0, 1, 2])
def test_days_in_words(days: int) -> None:
    expected = {
        -2: "seit 2 Tagen abgelaufen",
        -1: "seit 1 Tag abgelaufen",
        0: "heute",
        1: "noch 1 Tag",
        2: "noch 2 Tage",
    }
    assert days_in_words(days, texts("de")) == expected[days]


@pytest.mark.parametrize(
    "change",
    [
        {"case": "Lena Krüger"},
        {"case": "DSAR-2026-0001\n"},
        {"waiting_for": "Lena"},
        {"attention": "Frau Krüger"},
        {"right": "x y"},
    ],
)
def test_a_row_holds_nothing_about_a_person(change: dict[str, str]) -> None:
    with pytest.raises(NoticeRefused, match="row_invalid"):
        replace(ROW, **change)  # type: ignore[arg-type]


@given(
    st.integers(0, 9999), st.sampled_from(list(Status)), st.dates(), st.integers(-9999, 9999), st.sampled_from(WAITING)
)
def test_a_packed_row_comes_back(serial: int, status: Status, due: date, left: int, waiting: str) -> None:
    row = Row(f"DSAR-2026-{serial:04}", status, due, due, left, waiting, serial)
    assert unpacked(packed(row)) == row


@pytest.mark.parametrize("text", ["", "a|b", "DSAR-2026-0001|review|x|2026-12-02|1|dpo|0", "|" * 6])
def test_anything_else_is_no_row(text: str) -> None:
    with pytest.raises(NoticeRefused, match="row_invalid"):
        unpacked(text)
