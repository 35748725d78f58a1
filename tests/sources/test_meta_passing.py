"""An export is read the same whether files without a trace are passed over or not."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.anchors import SCAN_LIMITS
from cases.finding import Gap
from cases.identifiers import Kind
from cases.source import Searched
from cases.subjects import SubjectIndex
from sources.meta_messages import MetaMessages
from tests.conformance.worlds import BEN, LENA, thread
from tests.sources.fakes import verified

OEZGUER = verified("C", (Kind.NAME, "Özgür Öztürk"), (Kind.HANDLE, "oe.ztuerk_7", "instagram"))
INBOX = "your_instagram_activity/messages/inbox"
NAMES = [
    "Lena Krüger",
    "LENA KRUEGER",
    "lenakrueger",
    "Ben Okafor",
    "Özgür Öztürk",
    "Oezguer Oeztuerk",
    "Gast",
    "Teeladen",
]
TEXTS = [
    "Hallo",
    "Frag Lena Krüger",
    "ben@mail.example",
    "Kr&uuml;ger, Lena",
    "von @oe.ztuerk_7",
    "👋 Öztürk, Özgür",
    "Krüger",
]
SLUGS = ["lenakrueger_1", "oeztuerk7_2", "gast_3", "benokafor_4"]
THREADS = st.dictionaries(
    st.sampled_from(SLUGS),
    st.tuples(
        st.lists(st.sampled_from(NAMES), max_size=3),
        st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(TEXTS)), max_size=4),
        st.sampled_from(["whole", "indented", "cut"]),
    ),
    max_size=4,
)
OTHERS = st.lists(st.sampled_from([*NAMES, *TEXTS, "https://www.instagram.com/oe.ztuerk_7"]), max_size=3)


def said(folder: Path, *, skipping: bool) -> list[object]:
    source = MetaMessages("dm", "instagram", folder, "Teeladen", skipping=skipping)
    return list(source.search(SubjectIndex([LENA, BEN, OEZGUER])))


def written(participants: list[str], messages: list[tuple[str, str]], form: str) -> bytes:
    whole = thread(participants, [{"sender_name": name, "timestamp_ms": 1, "content": text} for name, text in messages])
    if form == "indented":
        return json.dumps(json.loads(whole), indent=2).encode()
    return whole[:-2] if form == "cut" else whole


@settings(max_examples=40, deadline=None)
@given(THREADS, OTHERS)
def test_passing_over_changes_nothing(threads: dict[str, Any], others: list[str]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for slug, (participants, messages, form) in threads.items():
            path = folder / INBOX / slug / "message_1.json"
            path.parent.mkdir(parents=True)
            path.write_bytes(written(participants, messages, form))
        (folder / "profile.json").write_text(json.dumps({"list": [{"value": one} for one in others]}))
        assert said(folder, skipping=True) == said(folder, skipping=False)


@pytest.mark.parametrize("text", ["Grüße", "👋 Hi"])
def test_what_is_passed_over_is_counted(tmp_path: Path, text: str) -> None:
    path = tmp_path / INBOX / "gast_1" / "message_1.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(written(["Gast", "Teeladen"], [("Gast", text)] * 5, "whole"))
    (tmp_path / "likes.json").write_text('{"a": [{"x": 1}, {"x": 2}], "b": {"c": [3]}}')
    assert said(tmp_path, skipping=True)[-1] == Searched("dm", 5 + 4, SCAN_LIMITS)


@pytest.mark.parametrize("broken", [b'{"messages": [{"a": 1}', b"[" * 50 + b"]" * 50, b'{"a": tru}', b""])
def test_a_broken_file_is_a_gap_though_nobody_is_in_it(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / "likes.json").write_bytes(broken)
    gaps = [item.locator for item in said(tmp_path, skipping=True) if isinstance(item, Gap)]
    assert "likes.json" in gaps
    assert said(tmp_path, skipping=True) == said(tmp_path, skipping=False)
