"""Whatever stands in the data stays data: no markup, no formula, no Typst, nothing invisible, in bounded memory."""

from __future__ import annotations

import csv
import io
import itertools
import re
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO, cast

import orjson
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.draft import Disclosure, Draft, Item, ItemField, ItemFile
from outputs import copy_paper
from outputs.copy_csv import MOST_COLUMNS, CsvTable, cell, csv_tables
from outputs.copy_html import html
from outputs.copy_json import json_chunks
from outputs.copy_paper import LONGEST, MOST_PARTS
from outputs.copy_pdf import pdf_parts
from outputs.copy_signs import breakable, shown
from outputs.package import build_package
from outputs.present import CsvCheck, HtmlCheck, JsonCheck, PdfCheck
from tests.outputs.conftest import DRAFT
from tests.outputs.hostile import EVERYTHING, FORMULAS, SIGNS, TYPST, hostile_draft
from tests.outputs.test_copies import Page

FORMULA_SIGNS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
HOSTILE = hostile_draft()


def rows_of(table: CsvTable, separator: str = ";") -> list[list[str]]:
    text = b"".join(table.chunks()).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def test_every_copy_of_hostile_data_is_whole() -> None:
    """The same checks that stand before every seal."""
    for check, chunks in ((HtmlCheck(HOSTILE), html(HOSTILE)), (JsonCheck(HOSTILE), json_chunks(HOSTILE))):
        for chunk in chunks:
            check.feed(chunk)
        check.finish()
    for table in csv_tables(HOSTILE):
        cells = CsvCheck(table)
        for chunk in table.chunks():
            cells.feed(chunk)
        cells.finish()


def test_the_page_has_the_tags_of_a_harmless_one() -> None:
    harmless = replace(HOSTILE, person="x", items=tuple(map(_harmless, HOSTILE.items)))
    made, plain = Page(page_of(HOSTILE)), Page(page_of(harmless))
    assert {tag for tag, _ in made.tags} == {tag for tag, _ in plain.tags}
    assert {name for _, attributes in made.tags for name in attributes} == {
        name for _, attributes in plain.tags for name in attributes
    }
    assert made.inline == plain.inline
    targets = {attributes["href"] or "" for tag, attributes in made.tags if tag == "a"}
    assert all(re.fullmatch(r"#\w+|dateien/\d{4}\.pdf", target) for target in targets)


def _harmless(item: Item) -> Item:
    fields = tuple(replace(part, name=part.name if item.number == 9 else "x", value="x") for part in item.fields)
    files = tuple(replace(file, name="x") for file in item.files)
    return replace(item, fields=fields, files=files, earlier=fields[:2] if item.earlier else (), why="x", kind="x")


def page_of(draft: Draft) -> str:
    return b"".join(html(draft)).decode()


def test_nothing_in_the_page_is_invisible_or_turns_text_around() -> None:
    text = page_of(HOSTILE)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe]", text)
    assert "a‹U+202E›egassen‹U+202C› b" in text
    assert "null‹U+0000› escape‹U+001B›[31m" in text
    assert '<bdi class="v">مرحبا' in text


@given(st.text())
def test_what_is_shown_can_be_seen_and_loses_nothing_else(text: str) -> None:
    made = shown(text)
    assert shown(made) == made
    assert re.sub(r"‹U\+[0-9A-F]{4,6}›", "", made) == re.sub(
        r"‹U\+[0-9A-F]{4,6}›",
        "",
        "".join(sign for sign in text.replace("\r\n", "\n").replace("\r", "\n") if shown(sign) == sign),
    )
    assert breakable(made).replace("\u200b", "") == made


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_no_cell_begins_as_a_formula_whatever_a_program_takes_for_a_separator(separator: str) -> None:
    for value in (*FORMULAS, *EVERYTHING):
        line = f'"{cell(value).replace(chr(34), chr(34) * 2)}"'
        for row in csv.reader(io.StringIO(f'"x";{line};"x"\r\n', newline=""), delimiter=separator):
            for found in row:
                assert not found.lstrip(" \u00a0\"'").startswith(FORMULA_SIGNS) or found.lstrip(' "')[0] == "'", found


@given(st.text(alphabet="=+-@\t\r\n ;,|\"'a1", max_size=12))
def test_a_cell_is_safe_for_any_mixture(value: str) -> None:
    made = cell(value)
    assert not made.startswith(FORMULA_SIGNS)
    assert not re.search(r'[,;\t\r\n|][ "]*[=+\-@]', made)
    assert made.replace("'", "") == value.replace("'", "")


def test_tables_are_read_by_a_program_that_is_not_ours() -> None:
    tables = {table.path: table for table in csv_tables(DRAFT)}
    assert list(tables) == [f"tabellen/{name}.csv" for name in TABLES]
    assert b"".join(tables["tabellen/01_crm_customer.csv"].chunks()).startswith(b'\xef\xbb\xbf"Nr.";')
    head, labels, first = rows_of(tables["tabellen/01_crm_customer.csv"])
    assert dict(zip(head, first, strict=True))["seg_cd"] == "B"
    assert dict(zip(head, labels, strict=True))["seg_cd"] == "Kundengruppe"
    assert dict(zip(head, labels, strict=True))["notes"] == "Notizen *"
    assert rows_of(csv_tables(replace(DRAFT, language="en"))[0], ",")[0][0] == "No."
    hostile = [row for table in csv_tables(HOSTILE) for row in rows_of(table)]
    assert cell(FORMULAS[1]) in itertools.chain(*hostile)


TABLES = ("01_crm_customer", "02_crm_invoice", "03_mailbox_mail", "04_whatsapp_chat")


def test_records_that_fit_no_columns_get_a_line_for_each_field() -> None:
    fields = tuple(ItemField(f"feld{index}", str(index)) for index in range(MOST_COLUMNS + 1))
    (table,) = csv_tables(replace(DRAFT, items=(replace(DRAFT.items[0], fields=fields),)))
    rows = rows_of(table)
    assert rows[0][4:] == ["Name im System", "Bedeutung", "Kategorie", "Wert"]
    assert [row[4] for row in rows[1:]] == [part.name for part in fields]


def test_typst_draws_hostile_text_as_text(draft: Draft) -> None:
    items = (replace(draft.items[0], fields=tuple(ItemField("x", value) for value in (*TYPST, *SIGNS))),)
    (part,) = pdf_parts(replace(draft, items=items))
    content = part.content()
    check = PdfCheck(replace(draft, items=items), part)
    check.feed(content)
    check.finish()
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    plain = re.sub(r"\s|\u200b", "", text)
    for value in TYPST[:6]:
        assert re.sub(r"\s", "", value) in plain
    assert "root:" not in text


def test_a_value_without_end_is_cut_on_paper_and_whole_elsewhere(draft: Draft) -> None:
    huge = "Wort " * 200_000  # a million characters
    large = replace(
        draft, items=(replace(draft.items[0], fields=(ItemField("text", huge), ItemField("y", "x" * 50_000))),)
    )
    (part,) = pdf_parts(large)
    assert f"{len(huge) - LONGEST} weitere Zeichen" in part.drawn.decode()
    assert part.content().startswith(b"%PDF")
    assert huge in page_of(large)
    assert orjson.loads(b"".join(json_chunks(large)))["items"][0]["fields"][0]["value"] == huge


def test_paper_ends_somewhere_and_says_where_the_rest_is(draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy_paper, "PART_ENTRIES", 3)
    many = replace(
        draft, items=tuple(replace(draft.items[0], number=number) for number in range(1, 3 * MOST_PARTS + 6))
    )
    made = list(pdf_parts(many))
    assert [part.name for part in made] == ["Auskunft.pdf", *(f"Auskunft_{n}.pdf" for n in range(2, MOST_PARTS + 1))]
    assert sum(len(part.numbers) for part in made) == 3 * MOST_PARTS
    assert "Die übrigen 5 Einträge stehen in Auskunft.html" in made[-1].drawn.decode()


def test_a_hundred_thousand_entries_are_written_in_bounded_memory(draft: Draft) -> None:
    """Counted on a few of them: what grows is not memory, so neither will it at a hundred thousand."""
    peaks = []
    for count in (500, 1_500):
        many = replace(draft, items=tuple(replace(draft.items[0], number=number) for number in range(1, count + 1)))
        tracemalloc.start()
        for chunks in (html(many), json_chunks(many), *(table.chunks() for table in csv_tables(many))):
            assert sum(map(len, chunks)) > count * 100
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * 1024 * 1024
    assert peaks[1] - peaks[0] < 1_000 * 200  # bytes for each entry: its places in two lists, and no text of it


class Endless(io.RawIOBase):
    """A file of zeros that nobody has on disk."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(cast(bytearray, buffer))
        count = min(len(view), self._left)
        view[:count] = bytes(count)
        self._left -= count
        return count


class Counting(io.RawIOBase):
    """A sink that keeps nothing."""

    size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        self.size += len(cast(bytes, data))
        return len(cast(bytes, data))


def test_a_large_file_streams_through(draft: Draft, disclose: Callable[[Draft], Disclosure]) -> None:
    """64 MiB stand for 2 GiB: the file is read, hashed and written in pieces of 128 KiB, and none is kept."""
    size = 64 << 20
    digest = "3b6a07d0d404fab4e23b6d34bc6696a6a312dd92821332385e5af7c01c421351"
    file = ItemFile("dateien/0001.mp4", "film.mp4", "video/mp4", size, digest, lambda: cast(BinaryIO, Endless(size)))
    large = replace(draft, items=(replace(draft.items[1], files=(file,)),))
    package = build_package(disclose(large))
    assert package.size > size
    sink = Counting()
    tracemalloc.start()
    package.write(cast(BinaryIO, sink))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sink.size > size
    assert peak < 8 << 20


def test_two_gigabytes_are_only_arithmetic_before_they_are_written(draft: Draft) -> None:
    file = replace(draft.items[1].files[0], size=1 << 31, name="film.mp4", path="dateien/0001.mp4")
    shown_size = page_of(replace(draft, items=(replace(draft.items[1], files=(file,)),)))
    assert "2,1 GB" in shown_size
