"""How much of a copy is on paper, and that the letter says no more of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pypdf
import pytest

from cases.draft import Draft, ItemField, ItemFile
from outputs.copy_paper import Shortage, enough, shortage
from outputs.copy_pdf import pdf_parts
from outputs.information import information

MakeFile = Callable[..., ItemFile]
LONG = ItemField("note", "x" * 20_001)
TOLD = {
    "de": (
        "1 Eintrag fehlt und 2 sehr lange Angaben sind gekürzt",
        "dasselbe zum Ausdrucken",
        "Auskunft.pdf, Auskunft_2.pdf, Auskunft_3.pdf, Auskunft_4.pdf: zum Ausdrucken, gekürzt:",
    ),
    "en": (
        "1 entry is missing and 2 very long values are cut",
        "the same, for printing",
        "Answer.pdf, Answer_2.pdf, Answer_3.pdf, Answer_4.pdf: for printing, shortened:",
    ),
}


def of_paper(draft: Draft, *fields: ItemField, files: tuple[ItemFile, ...] = (), count: int = 1) -> Draft:
    first = replace(draft.items[0], number=1, fields=fields, files=files)
    more = (replace(first, number=number, fields=(), files=()) for number in range(2, count + 1))
    return replace(draft, items=(first, *more), channel="post")


def letter(draft: Draft) -> str:
    return "\n".join(information(draft).texts())


def test_paper_has_whatever_a_person_reads(draft: Draft) -> None:
    """Twenty thousand characters of a value, to the last one."""
    words = " ".join(f"w{number}" for number in range(3_200))
    whole = of_paper(draft, ItemField("note", f"{words} {'x' * (19_995 - len(words))} end"))
    (part,) = pdf_parts(whole)
    pages = pypdf.PdfReader(BytesIO(part.content())).pages
    printed = " ".join(page.extract_text() for page in pages).split()
    assert not {*words.split(), "end"} - set(printed)
    assert shortage(whole) == Shortage()


def test_what_paper_lacks_is_counted(draft: Draft) -> None:
    """A thousand entries fit, and a value whose signs, each shown by its number, are 20,000 characters."""
    fits, longer = ItemField("a", "\u202e" * 2_500), ItemField("b", "\u202e" * 2_501)
    assert shortage(of_paper(draft, fits, count=1_000)) == Shortage()
    cut = of_paper(draft, fits, longer, LONG, count=1_002)
    assert shortage(cut) == Shortage(entries=2, values=2)
    first = replace(cut.items[0], earlier=(LONG,))
    assert shortage(replace(cut, items=(first, *cut.items[1:]))) == Shortage(entries=2, values=3)


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_letter_says_the_same_only_of_paper_that_has_the_same(draft: Draft, language: str) -> None:
    lack, same, names = TOLD[language]
    cut = replace(of_paper(draft, LONG, LONG, count=1_001), language=language)
    for channel in ("mail", "post"):
        said, whole = letter(replace(cut, channel=channel)), letter(replace(draft, language=language, channel=channel))
        assert lack in said
        assert same not in said
        assert names in said
        assert same in whole


def test_a_letter_by_post_says_what_is_on_paper_and_what_on_the_carrier(draft: Draft, make_file: MakeFile) -> None:
    field = ItemField("note", "kurz")
    pdf, sheet = (make_file(f"dateien/000{n}.{end}", "x", b"x", "") for n, end in ((1, "pdf"), (2, "xlsx")))
    alone, carrier = "Mehr brauchen Sie nicht.", "Auf dem Datenträger, der beiliegt"
    whole = letter(of_paper(draft, field, files=(pdf,)))
    assert alone in whole
    assert "die zugehörigen Dateien, ausgedruckt." in whole
    assert "Diesem Schreiben liegen Ihre Daten bei" not in whole
    for part in (of_paper(draft, LONG), of_paper(draft, field, files=(pdf, sheet)), of_paper(draft, field, count=1001)):
        assert carrier in letter(part)
        assert alone not in letter(part)


def test_paper_is_enough_only_where_it_is_everything_and_the_letter_is_one_for_the_post(
    draft: Draft, nothing_held: Draft, make_file: MakeFile
) -> None:
    field = ItemField("note", "kurz")
    sheet = make_file("dateien/0001.xlsx", "x", b"x", "")
    assert enough(of_paper(draft, field))
    assert enough(nothing_held)
    assert not enough(replace(of_paper(draft, field), channel="mail"))
    assert not enough(of_paper(draft, field, files=(sheet,)))
    assert not enough(of_paper(draft, LONG))
    assert not enough(of_paper(draft, field, count=1_001))
