"""What a decision removes is in no file of the package, and the rest of it is as it was."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import orjson
import pypdf
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cases.draft import Approval, Decision, DecisionKind, Draft, Ground, Item, ItemField, Redaction, approve
from cases.finding import Span
from cases.register import FieldLabel, Text
from outputs.package import build_package
from outputs.redaction import burnt
from outputs.staff import masked
from outputs.texts import texts
from tests.outputs.conftest import AT, DRAFT, PDF, item_file

WORDS = texts("de")
MARK = "[geschwärzt: Rechte anderer]"
NAME = "[geschwärzt]"
STAFF = FieldLabel("crm", "geprüft_von", Text("Geprüft von", "checked by"), "Bearbeitung", "handling", staff=True)
# Nothing else in a package has any of these signs.
SECRET = st.text(st.sampled_from("ЖЩЮ🦩ץ"), min_size=1, max_size=6)
ATTACHED = st.text(st.sampled_from("\u0308\u0489\u00ad\u200b\ufe0f"), max_size=3)
KEPT = st.text(st.sampled_from("aé e\u0301 ü,.😀👨\u200d👩 שלום مرحبا \u00adx\u200by한"), max_size=8)


def redact(item: Item, *spans: tuple[int, int, int], with_files: bool = False) -> Item:
    cuts = tuple(Redaction(Span(*span), Ground.OTHERS) for span in spans)
    decision = Decision(DecisionKind.REDACT, "dsb@nordlicht.example", AT, "art-15-4", cuts, with_files)
    return burnt(replace(item, decision=decision), WORDS)


def holding(*fields: ItemField, **changes: object) -> Item:
    return replace(DRAFT.items[0], fields=fields, **changes)  # type: ignore[arg-type]


def test_the_explanation_names_nobody_who_was_removed() -> None:
    item = holding(ItemField("text", "von Jule Arendt"), why="Name (Jule Arendt); Name (messages.arendt_1.text)")
    assert redact(item, (0, 4, 15)).why == f"Name ({NAME}); Name (messages.{NAME}_1.text)"


def test_what_the_record_said_earlier_goes_whole() -> None:
    item = holding(ItemField("text", "von Jule"), change="changed", earlier=(ItemField("text", "von Jule Arendt"),))
    assert redact(item, (0, 4, 8)).earlier == ()
    assert burnt(item, WORDS).earlier == item.earlier


def test_what_a_removed_code_means_goes_with_it() -> None:
    code = ItemField("by", "JA7", "Bearbeitet von", "K", means="Jule Arendt, Buchhaltung")
    item = redact(holding(code, replace(code, name="group")), (0, 0, 3))
    assert [(field.value, field.means) for field in item.fields] == [(MARK, ""), ("JA7", code.means)]


def test_released_files_have_neutral_names() -> None:
    file = item_file("dateien/0001.pdf", "Jule Arendt.pdf", PDF)
    released = redact(holding(ItemField("text", "Jule"), files=(file,)), (0, 0, 4), with_files=True)
    assert [one.name for one in released.files] == ["0001.pdf"]


@pytest.mark.parametrize("name", ["geprüft_von", "gepru\u0308ft_von", "geprüft\u00ad_von"])
def test_names_of_staff_are_masked_now_and_earlier(name: str) -> None:
    field = ItemField(name, "Jule Arendt", means="Jule Arendt, Buchhaltung")
    other = ItemField("note", "ja", means="yes")
    item = masked(holding(field, other, earlier=(field, other)), (STAFF,), WORDS)
    for fields in (item.fields, item.earlier):
        assert [(one.value, one.means) for one in fields] == [("[Name einer beschäftigten Person]", ""), ("ja", "yes")]


@st.composite
def split(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]], str]:
    """A text; places in it, each cut before the accents of its last letter; and what must go out."""
    text, out = "", ""
    spans: list[tuple[int, int]] = []
    for _ in range(draw(st.integers(1, 3))):
        kept = f"z{draw(KEPT)}z"
        secret, attached = draw(SECRET), draw(ATTACHED)
        start = len(text) + len(kept)
        spans.append((start, start + len(secret)))
        text += kept + secret + attached
        out += kept + MARK
    kept = "z" + draw(KEPT)
    return text + kept, spans, out + kept


def contents(draft: Draft) -> dict[str, str]:
    """Everything that a package says, file by file."""
    made = io.BytesIO()
    build_package(approve(draft, Approval(draft.case, draft.digest, "dsb@nordlicht.example", AT))).write(made)
    return dict(_read(zipfile.ZipFile(made)))


def _read(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    found = [("names", "\n".join(archive.namelist()))]
    for name in archive.namelist():
        content = archive.read(name)
        if name.endswith(".pdf") and not name.startswith("dateien/"):
            found.append((name, "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)))
        elif name.endswith(".docx"):
            found += [(f"{name}/{part}", text) for part, text in _read(zipfile.ZipFile(io.BytesIO(content)))]
        else:
            found.append((name, content.decode("utf-8", "replace")))
    return found


@settings(max_examples=8, deadline=None, phases=(Phase.generate,))  # a smaller example is not worth minutes
@given(st.lists(split(), min_size=1, max_size=12))
def test_no_sign_of_what_is_removed_is_in_any_file_and_the_rest_is_as_it_was(
    drawn: list[tuple[str, list[tuple[int, int]], str]],
) -> None:
    fields = [ItemField(f"f{index}", text, "Feld", "K") for index, (text, _, _) in enumerate(drawn)]
    fields.append(ItemField("kept", drawn[0][2], "Feld", "K"))
    spans = [(index, *span) for index, (_, places, _) in enumerate(drawn) for span in places]
    secret = {sign for index, start, end in spans for sign in fields[index].value[start:end]}
    draft = replace(DRAFT, items=(redact(holding(*fields), *spans),))
    said = contents(draft)
    for name, text in said.items():
        marked = {f"{ord(sign):x}" for sign in secret}
        assert secret.isdisjoint(text), name
        assert not any(f"\\u{code}" in text.lower() or f"&#x{code};" in text.lower() for code in marked), name
    (item,) = orjson.loads(said["daten.json"])["items"]
    assert [field["value"] for field in item["fields"]] == [*(out for _, _, out in drawn), drawn[0][2]]


def test_a_text_that_is_not_removed_is_found_in_every_copy() -> None:
    """The test above looks where something could be found."""
    said = contents(replace(DRAFT, items=(holding(ItemField("f", "von ЖЩЮ", "Feld", "K")),)))
    assert {name for name, text in said.items() if "ЖЩЮ" in text} == {
        "Auskunft.html",
        "Auskunft.pdf",
        "daten.json",
        "tabellen/01_crm_customer.csv",
    }
