"""The readable and the machine-readable copy: complete for what is released, silent about the rest, harmless."""

from __future__ import annotations

import base64
import hashlib
import html as markup
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.draft import Disclosure, Draft, Item, ItemField, ItemFile
from outputs.copy_html import html
from outputs.copy_json import SCHEMA, json_chunks
from outputs.copy_view import LINKED, split_conversation
from outputs.names import ENDINGS, UNUSUAL
from outputs.package import build_package

Disclose = Callable[[Draft], Disclosure]
MakeFile = Callable[..., ItemFile]

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'\"><svg/onload=alert(1)>",
    "</style><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{ draft.controller }}",
)


class Page(HTMLParser):
    """The tags with their attributes, the text outside style and script, and the two inline texts."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.inline: dict[str, str] = {}
        self._within = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._within = tag if tag in ("style", "script") else ""

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within:
            self.inline[self._within] = self.inline.get(self._within, "") + data
        else:
            self.text += data


def page_of(draft: Draft) -> str:
    return b"".join(html(draft)).decode()


def data_of(draft: Draft) -> dict[str, object]:
    made = orjson.loads(b"".join(json_chunks(draft)))
    assert isinstance(made, dict)
    return made


def item(draft: Draft, **changes: object) -> Item:
    return replace(draft.items[0], **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_released_value_with_name_label_and_category(draft: Draft, language: str) -> None:
    text = Page(page_of(replace(draft, language=language))).text
    for released in draft.released:
        for part in released.fields:
            assert all(word in text for word in (part.name, part.label, part.value, part.category))
        assert released.why in text
        assert all(file.name in text and file.path in text for file in released.files)


def test_the_withheld_is_listed_and_the_rest_unmentioned(draft: Draft) -> None:
    for content in (page_of(draft), b"".join(json_chunks(draft)).decode()):
        for secret in ("VERTRAULICH", "Gehalt", "FREMD", "INBOX/901", "andere Person"):
            assert secret not in content
    assert "Nr. 5: E-Mail vom 1. Juni 2025, Postfach Service" in page_of(draft)
    assert data_of(draft)["withheld"] == [
        {"number": 5, "system": "Postfach Service", "kind": "mail", "at": "2025-06-01T12:00:00Z", "ground": "art-15-4"}
    ]


@pytest.mark.parametrize("attack", ATTACKS)
def test_values_do_not_become_markup(draft: Draft, attack: str) -> None:
    plain = Page(page_of(replace(draft, items=(item(draft),))))
    parts = (ItemField(attack, attack, attack, attack),)
    hostile = item(draft, fields=parts, kind=attack, why=attack, system=attack, source=attack)
    page = Page(page_of(replace(draft, items=(hostile,), person=attack)))
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in plain.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert page.inline == plain.inline
    assert attack in page.text


def test_the_page_loads_nothing_and_runs_only_its_own_script(draft: Draft) -> None:
    source = page_of(draft)
    page = Page(source)
    assert "http://" not in source
    assert "https://" not in source
    assert not [value for _, attributes in page.tags if (value := attributes.get("src") or attributes.get("style"))]
    targets = [attributes["href"] or "" for tag, attributes in page.tags if tag == "a"]
    assert all(target.startswith(("#", "dateien/")) for target in targets)
    policy = next(
        a["content"] for t, a in page.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert "default-src 'none'" in policy
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(page.inline[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_a_file_that_could_run_is_named_but_not_linked(draft: Draft) -> None:
    links = re.findall(r'href="(dateien/[^"]+)"', page_of(draft))
    assert links == ["dateien/0001.pdf"]


@pytest.mark.parametrize("ending", [*sorted(ENDINGS - LINKED), UNUSUAL, "shtml", "xht", "rss", "mhtml", "PDF.HTA", ""])
def test_what_is_not_known_to_be_harmless_has_no_link_but_its_place(
    draft: Draft, make_file: MakeFile, ending: str
) -> None:
    path = f"dateien/0001.{ending}"
    page = page_of(replace(draft, items=(item(draft, files=(make_file(path, "x", b"x", ""),)),)))
    assert 'href="dateien' not in page
    assert f'<code class="f">{path}</code>' in page


def test_times_are_local_and_undated_entries_come_last(draft: Draft) -> None:
    first, second = item(draft, number=1, at=None), item(draft, number=2)
    page = page_of(replace(draft, items=(first, second)))
    assert "4. Februar 2024, 00:30 Uhr" in page
    assert page.index('id="e2"') < page.index('id="e1"')


def test_a_partial_answer_says_so(draft: Draft) -> None:
    assert "Dies ist eine Teilauskunft" not in page_of(draft)
    assert "Dies ist eine Teilauskunft" in page_of(replace(draft, cells=()))


def test_the_data_file_has_everything_of_each_item(draft: Draft) -> None:
    data = data_of(draft)
    assert data["schema"] == SCHEMA
    items = data["items"]
    assert isinstance(items, list)
    assert [one["number"] for one in items] == [1, 2, 3, 4]
    assert items[0]["fields"][2] == {
        "name": "seg_cd",
        "label": "Kundengruppe",
        "category": "Bestelldaten",
        "value": "B",
    }
    assert items[1]["files"][0]["sha256"] == draft.items[1].files[0].sha256


def test_lone_surrogates_do_not_stop_an_answer(draft: Draft) -> None:
    broken = item(draft, fields=(ItemField("x", "a\ud83db"),), why="\udfff")
    changed = replace(draft, items=(broken,))
    assert "a\ufffdb" in page_of(changed)
    assert "a\ufffdb" in b"".join(json_chunks(changed)).decode()


def test_many_items_come_in_pieces(draft: Draft) -> None:
    many = tuple(item(draft, number=number) for number in range(3000))
    pieces = list(html(replace(draft, items=many)))
    assert len(pieces) > 20
    assert max(map(len, pieces)) < 1 << 18


NAMES = st.sampled_from(
    ["time", "sender", "text", "messages[3].timestamp_ms", "m.sender_name", "content", "note", "date"]
)


@given(st.lists(NAMES, max_size=12))
def test_splitting_a_conversation_loses_no_field(names: list[str]) -> None:
    fields = [ItemField(name, str(index)) for index, name in enumerate(names)]
    rest, messages = split_conversation(fields)
    together = [*rest, *(part for three in messages for part in three)]
    assert sorted(together, key=lambda part: int(part.value)) == fields


def test_a_conversation_is_found_in_paths_of_an_export() -> None:
    fields = [ItemField(f"messages[0].{name}", name) for name in ("timestamp_ms", "sender_name", "content")]
    rest, messages = split_conversation([ItemField("title", "t"), *fields])
    assert [part.name for part in rest] == ["title"]
    assert messages[0][1].value == "sender_name"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1714638660000", "2. Mai 2024, 10:31 Uhr"),
        ("1714638660", "2. Mai 2024, 10:31 Uhr"),
        ("171463866", ""),
        ("2024-05-02", ""),
        ("٠٧١٤٦٣٨٦٦٠", ""),
    ],
)
def test_a_time_in_seconds_is_explained_beside_the_raw_value(draft: Draft, value: str, shown: str) -> None:
    fields = tuple(ItemField(name, value) for name in ("timestamp_ms", "senderName", "content", "created_at", "zip"))
    text = Page(page_of(replace(draft, items=(item(draft, fields=fields),)))).text
    assert text.count(value) == 5
    assert text.count("2. Mai 2024, 10:31 Uhr") == (2 if shown else 0)


def test_codes_and_usual_names_are_explained_beside_what_the_source_says(draft: Draft) -> None:
    """By the register first; what is only known in general is marked (FRM-04)."""
    fields = (
        ItemField("seg", "B", "Kundengruppe", "Daten", means="Stammkunde"),
        ItemField("messages[3].createdAt", "2026-02-20T09:15:00+00:00"),
        ItemField("is_active", "true", "Konto aktiv", "Daten"),
        ItemField("frobnicate", "B"),
    )
    changed = replace(draft, items=(item(draft, fields=fields, kind="order_item"),))
    page = page_of(changed)
    assert "Bestellposition" in page
    assert "= Stammkunde" in page
    assert "angelegt am<sup>*</sup>" in page
    assert "= 20. Februar 2026, 10:15 Uhr" in page
    assert "= ja" in page
    assert "Konto aktiv</span>" in page
    assert 'frobnicate</code></th><td class="value"><bdi class="v">B</bdi></td>' in page
    assert data_of(changed)["items"][0]["fields"][0]["means"] == "Stammkunde"  # type: ignore[index]
    assert "Eintrag „frob“" in page_of(replace(draft, items=(item(draft, kind="frob"),)))


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2021, 3, 11, 23, 0, tzinfo=UTC), '<span class="at">12. März 2021</span>'),  # midnight in Berlin
        (datetime(2021, 3, 12, 0, 0, tzinfo=UTC), '<span class="at">12. März 2021</span>'),
        (datetime(2021, 3, 12, 0, 0, 1, tzinfo=UTC), "12. März 2021, 01:00 Uhr"),
    ],
)
def test_a_day_without_a_time_is_shown_without_one(draft: Draft, at: datetime, shown: str) -> None:
    page = page_of(replace(draft, items=(item(draft, at=at),)))
    assert shown in page
    assert "00:00 Uhr" not in page


@pytest.mark.parametrize("value", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+02:00", "9999-12-31 23:00:00-01:00"])
def test_a_value_that_means_for_ever_or_never_stops_no_answer(draft: Draft, disclose: Disclose, value: str) -> None:
    """Berlin's clocks, or those of UTC, have no such day: it is shown as it stands."""
    at = datetime.fromisoformat(value)
    one = item(draft, number=1, at=at, fields=(ItemField("valid_to", value, "gültig bis", "Vertrag"),))
    withheld = replace(item(draft, number=2, at=at), decision=next(iter(draft.withheld)).decision)
    changed = replace(draft, items=(one, withheld))
    build_package(disclose(changed))
    page = page_of(changed)
    assert f'<bdi class="v">{markup.escape(value)}</bdi></td>' in page
    assert f'<span class="at">{at.day}. {"Dezember" if at.year > 1 else "Januar"} {at.year}</span>' in page
    (said,) = data_of(changed)["items"]  # type: ignore[misc]
    assert datetime.fromisoformat(said["at"]) == at


def test_the_overview_says_how_many_entries_from_when_to_when(draft: Draft) -> None:
    page = page_of(draft)
    assert "4. Februar 2024 bis 14. März 2024" in page
