"""Nothing is sealed that lacks something: each copy is read again, and one entry, value or file less is a refusal."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from cases.draft import Decision, DecisionKind, Disclosure, Draft, Ground, ItemField, Redaction
from cases.finding import Span
from cases.register import FieldLabel, Text
from outputs import rendered
from outputs.copy_csv import csv_tables
from outputs.copy_html import html
from outputs.copy_json import json_chunks
from outputs.copy_pdf import PdfPart, pdf_parts
from outputs.copy_view import entry
from outputs.errors import PackageRefused
from outputs.information import information
from outputs.package import build_package
from outputs.present import CsvCheck, HtmlCheck, JsonCheck, PdfCheck
from outputs.redaction import burnt
from outputs.staff import masked
from outputs.texts import texts
from tests.outputs.conftest import AT, DRAFT

Disclose = Callable[[Draft], Disclosure]


def less(number: int, **changes: Any) -> Draft:
    """The draft as a faulty renderer would see it: one entry otherwise than it is."""
    return replace(DRAFT, items=tuple(replace(i, **changes) if i.number == number else i for i in DRAFT.items))


def one_off(change: str) -> Draft:
    item = DRAFT.items[1]
    match change:
        case "entry":
            return replace(DRAFT, items=tuple(one for one in DRAFT.items if one.number != 2))
        case "field":
            return less(2, fields=item.fields[:1])
        case "value":
            return less(2, fields=(*item.fields[:1], ItemField("total_eur", "8.90")))
        case "file":
            return less(2, files=())
    return replace(DRAFT, items=(*DRAFT.items, replace(item, number=99, files=())))


CHANGES = ("entry", "field", "value", "file", "twice")


def fed(check: Any, chunks: Iterator[bytes]) -> None:
    for chunk in chunks:
        check.feed(chunk)
    check.finish()


@pytest.mark.parametrize("change", CHANGES)
def test_the_readable_copy_is_held_against_the_draft(change: str) -> None:
    fed(HtmlCheck(DRAFT), html(DRAFT))
    with pytest.raises(PackageRefused, match="copy_incomplete"):
        fed(HtmlCheck(DRAFT), html(one_off(change)))


@pytest.mark.parametrize("change", CHANGES)
def test_the_machine_readable_copy_is_held_against_the_draft(change: str) -> None:
    fed(JsonCheck(DRAFT), json_chunks(DRAFT))
    with pytest.raises(PackageRefused, match="copy_incomplete"):
        fed(JsonCheck(DRAFT), json_chunks(one_off(change)))


@pytest.mark.parametrize("change", CHANGES)
def test_the_tables_are_held_against_the_draft(change: str) -> None:
    name = "tabellen/02_crm_invoice.csv"
    whole = next(table for table in csv_tables(DRAFT) if table.path == name)
    fed(CsvCheck(whole), whole.chunks())
    other = [table for table in csv_tables(one_off(change)) if table.path == name]
    with pytest.raises(PackageRefused, match="copy_incomplete"):
        fed(CsvCheck(whole), other[0].chunks() if other else iter(()))


@pytest.mark.parametrize("change", CHANGES)
def test_the_paper_is_held_against_the_draft(change: str) -> None:
    (whole,), (other,) = pdf_parts(DRAFT), pdf_parts(one_off(change))
    fed(PdfCheck(DRAFT, whole), iter((whole.content(),)))
    faulty = PdfPart(whole.name, whole.numbers, other.drawn, whole.at)
    with pytest.raises(PackageRefused, match="copy_incomplete"):
        fed(PdfCheck(DRAFT, faulty), iter((other.content(),)))


def test_paper_that_does_not_show_what_was_drawn_is_refused() -> None:
    (whole,), (other,) = pdf_parts(DRAFT), pdf_parts(one_off("entry"))
    for content in (other.content(), whole.content()[:-600], b"no PDF"):
        with pytest.raises(PackageRefused, match="copy_incomplete"):
            fed(PdfCheck(DRAFT, whole), iter((content,)))


@pytest.mark.parametrize(
    ("find", "put"),
    [
        (rb'<div id="w5">.*?</div>', b""),
        (rb"Ruft gern vormittags an\.", b"Ruft gern abends an."),
        (rb'<article id="e4".*?</article>', b""),
    ],
)
def test_a_page_of_which_something_was_cut_out_is_refused(find: bytes, put: bytes) -> None:
    page = b"".join(html(DRAFT))
    changed = re.sub(find, put, page, count=1, flags=re.DOTALL)
    assert changed != page
    with pytest.raises(PackageRefused, match="copy_incomplete"):
        fed(HtmlCheck(DRAFT), (changed[start : start + 997] for start in range(0, len(changed), 997)))


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_where_a_chunk_ends_does_not_matter(size: int) -> None:
    copies = [(HtmlCheck(DRAFT), html(DRAFT)), (JsonCheck(DRAFT), json_chunks(DRAFT))]
    copies += [(CsvCheck(table), table.chunks()) for table in csv_tables(DRAFT)]
    for check, chunks in copies:
        whole = b"".join(chunks)
        fed(check, (whole[start : start + size] for start in range(0, len(whole), size)))


def test_one_entry_without_end_is_read_in_time() -> None:
    """Many lines and fields in one entry: a check that put it together again and again would take minutes."""
    fields = (ItemField("text", "Zeile\n" * 200_000), *(ItemField("x", "y") for _ in range(30_000)))
    draft = less(1, fields=fields)
    (table,) = (one for one in csv_tables(draft) if one.path.endswith("customer.csv"))
    began = time.monotonic()
    for check, chunks in ((HtmlCheck(draft), html(draft)), (CsvCheck(table), table.chunks())):
        fed(check, chunks)
    assert time.monotonic() - began < 20


def test_data_of_which_the_end_is_missing_are_refused() -> None:
    data = b"".join(json_chunks(DRAFT))
    (table,) = (one for one in csv_tables(DRAFT) if one.path.endswith("invoice.csv"))
    for check, content in ((JsonCheck(DRAFT), data[:-1]), (JsonCheck(DRAFT), b"")):
        with pytest.raises(PackageRefused, match="copy_incomplete"):
            fed(check, iter((content,)))
    with pytest.raises(PackageRefused, match="copy_incomplete"):
        fed(CsvCheck(table), iter((b"".join(table.chunks())[:-4],)))


@pytest.mark.parametrize("broken", ["html", "json_chunks", "csv_tables", "pdf_parts"])
def test_no_package_is_built_of_a_copy_that_lacks_something(
    monkeypatch: pytest.MonkeyPatch, disclose: Disclose, broken: str
) -> None:
    """Each renderer loses an entry on its own; the others and the draft have it."""
    whole = getattr(rendered, broken)
    faulty = one_off("field")
    if broken == "csv_tables":
        pairs = {table.path: table for table in whole(faulty)}
        swapped = tuple(replace(one, chunks=pairs[one.path].chunks) for one in whole(DRAFT))
        monkeypatch.setattr(rendered, broken, lambda _: swapped)
    elif broken == "pdf_parts":
        parts = [replace(one, drawn=other.drawn) for one, other in zip(whole(DRAFT), whole(faulty), strict=True)]
        monkeypatch.setattr(rendered, broken, lambda _: iter(parts))
    else:
        monkeypatch.setattr(rendered, broken, lambda _: whole(faulty))
    with pytest.raises(PackageRefused, match="copy_incomplete"):
        build_package(disclose(DRAFT))


def redacted() -> Draft:
    """The mail without its greeting, its file withheld for that."""
    cut = Redaction(Span(1, 0, 9), Ground.OTHERS)
    decision = Decision(DecisionKind.REDACT, "dsb@nordlicht.example", AT, "art-15-4", (cut,))
    changed = tuple(replace(i, decision=decision) if i.number == 3 else i for i in DRAFT.items)
    return replace(DRAFT, items=tuple(burnt(one, texts("de")) for one in changed))


def test_what_is_redacted_is_listed_with_the_reason_in_every_copy(disclose: Disclose) -> None:
    draft = redacted()
    build_package(disclose(draft))
    assert draft.digest != DRAFT.digest
    shown = entry(draft, draft.items[2], texts("de"))
    assert "Art. 15 Abs. 4" in shown.removed
    assert "fehlt hier eine Datei" in shown.removed
    assert shown.files == ()
    page = b"".join(html(draft)).decode()
    assert '<div id="w3">' in page
    assert page.count("[geschwärzt: Rechte anderer]") == 1
    assert "Teile des Textes und eine Datei" in page
    assert "Guten Tag" not in page
    (part,) = pdf_parts(draft)
    for content in (part.drawn, b"".join(json_chunks(draft))):
        assert "[geschwärzt: Rechte anderer]" in content.decode()
        assert "Guten Tag" not in content.decode()


STAFF = FieldLabel("crm", "agent", Text("Bearbeitet von", "handled by"), "Bearbeitung", "handling", staff=True)


def unstaffed(count: int = 1) -> Draft:
    """An answer that lacks nothing but the name of who dealt with it, in so many entries."""
    item = replace(DRAFT.items[0], fields=(*DRAFT.items[0].fields, ItemField("agent", "Jule Arendt")))
    items = (masked(replace(item, number=number), (STAFF,), texts("de")) for number in range(1, count + 1))
    return replace(DRAFT, items=tuple(items), cells=DRAFT.cells[:4])


@pytest.mark.parametrize(
    ("language", "told", "why"),
    [
        ("de", "Namen von Beschäftigten haben wir entfernt. Das betrifft 1 Eintrag (Nr. 1).", "Art. 15 Abs. 4 DSGVO"),
        ("en", "We removed names of employees. This concerns 1 entry (no. 1).", "Art. 15(4) GDPR"),
    ],
)
def test_that_names_of_staff_are_left_out_is_told_with_the_reason(language: str, told: str, why: str) -> None:
    """Nobody decided it, but it is missing: neither "complete" nor "unaltered" without saying so (Art. 12(4))."""
    draft, words = replace(unstaffed(), language=language), texts(language)
    letter = "\n".join(information(draft).texts())
    assert told in letter
    assert f"{words('searched.complete')} {words('searched.except', sections='')[:20]}" in letter
    assert words("enclosed.how", snapshot="@").partition("@")[0] not in letter
    assert words("enclosed.how_removed", snapshot="@").partition("@")[0] in letter
    assert words("remedy.text") in letter
    assert why in entry(draft, draft.items[0], words).removed
    page = b"".join(html(draft)).decode()
    assert '<div id="staff">' in page
    assert words("copy.withheld_none") not in page
    (part,) = pdf_parts(draft)
    assert part.drawn.decode().count(why) == 2  # at the entry, and where it is listed
    head = json.loads(b"".join(json_chunks(draft)))
    assert (head["complete"], head["complete_except"]) == (False, ["withheld"])
    assert head["items"][0]["redacted"] == ["art-15-4"]
    assert draft.blockers == ()


def test_a_copy_that_does_not_say_so_is_refused() -> None:
    draft = unstaffed()
    silent = b"".join(html(draft)).replace(b'<div id="staff">', b"<div>")
    with pytest.raises(PackageRefused, match="copy_incomplete"):
        fed(HtmlCheck(draft), iter((silent,)))


def test_names_of_staff_in_many_entries_are_counted_and_not_listed() -> None:
    letter = "\n".join(information(unstaffed(21)).texts())
    assert "Das betrifft 21 Einträge. In Ihrer Kopie" in letter


def test_what_is_not_given_at_all_does_not_count_as_given_without_a_name() -> None:
    held = Decision(DecisionKind.WITHHOLD, "dsb@nordlicht.example", AT, "bdsg-29-1-2")
    draft = unstaffed()
    draft = replace(draft, items=(replace(draft.items[0], decision=held),))
    assert draft.masked == ()
    assert [item.grounds for item in draft.left_out] == [(Ground.SECRECY,)]


def test_an_answer_that_lacks_nothing_says_so_to_programs() -> None:
    whole = replace(DRAFT, items=DRAFT.items[:4], cells=DRAFT.cells[:4])
    for draft, said in ((whole, (True, [])), (DRAFT, (False, ["withheld", "excluded"]))):
        head = json.loads(b"".join(json_chunks(draft)))
        assert (head["complete"], head["complete_except"]) == said
