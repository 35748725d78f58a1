import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.finding import Finding, Gap
from cases.identifiers import Kind, Subject
from cases.subjects import SubjectIndex
from sources.meta_json import DamagedJson, events, flat, records, repaired, right
from sources.meta_messages import MetaMessages, Platform
from tests.conformance.worlds import BEN, LENA, thread
from tests.sources.fakes import verified

INBOX = "your_instagram_activity/messages/inbox"


def said(sender: str, content: str, at: int = 1700000000000, **more: Any) -> dict[str, Any]:
    return {"sender_name": sender, "timestamp_ms": at, "content": content, **more}


def export(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / "e" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "e" / name).write_bytes(data)
    return folder / "e"


def searched(
    location: Path, *subjects: Subject, platform: Platform = "instagram", owner: str = ""
) -> tuple[list[Finding], dict[str, str]]:
    """The findings, and the code of each gap by its place."""
    items = list(MetaMessages("dm", platform, location, owner).search(SubjectIndex(subjects)))
    gaps = {item.locator: item.code for item in items if isinstance(item, Gap)}
    return [item for item in items if isinstance(item, Finding)], gaps


@given(st.text(max_size=40))
def test_broken_text_is_repaired(text: str) -> None:
    try:
        broken = text.encode().decode("latin-1")
    except UnicodeEncodeError:
        return
    assert repaired(broken) == text


@pytest.mark.parametrize("text", ["Grüße", "Müller", "日本", "ß", "", "plain"])
def test_right_text_stays(text: str) -> None:
    assert repaired(text) == text


def test_keys_are_repaired_as_well() -> None:
    broken = "Größe".encode().decode("latin-1")
    assert right({broken: [broken]}) == {"Größe": ["Größe"]}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab", max_size=5),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab.", max_size=3), inner, max_size=4),
        max_leaves=12,
    )
)
def test_no_value_of_any_json_is_lost(value: Any) -> None:
    with events(lambda: io.BytesIO(json.dumps(value).encode())) as stream:
        parts = [record for _, record in records(stream)]
    want = sorted(field.value for field in flat("", right(value)) if field.value)
    assert sorted(field.value for part in parts for field in flat("", part) if field.value) == want


@pytest.mark.parametrize("data", [b"", b"{", b'{"a": [1, 2', b"\xff\xfe", b"[" * 100 + b"]" * 100])
def test_damaged_json_is_told(data: bytes) -> None:
    with pytest.raises(DamagedJson), events(lambda: io.BytesIO(data)) as stream:
        list(stream)


def test_a_conversation_comes_in_the_order_of_time_with_everything_it_has(tmp_path: Path) -> None:
    newer = [
        said("Teeladen", "Gern", 1700000200000),
        said("Lena Krüger", "Grüße", 1700000100000, reactions=[{"reaction": "❤", "actor": "Teeladen"}]),
    ]
    older = [said("Lena Krüger", "Hallo", 1600000000000)]
    files = {
        f"{INBOX}/lenakrueger_1/message_1.json": thread(["Lena Krüger", "Teeladen"], newer, title="Lena Krüger"),
        f"{INBOX}/lenakrueger_1/message_2.json": thread(["Lena Krüger", "Teeladen"], older),
    }
    (found,), gaps = searched(export(tmp_path, files), LENA, owner="Teeladen")
    texts = [field.value for field in found.fields if field.name.endswith(".content")]
    values = {field.name: field.value for field in found.fields}
    assert texts == ["Hallo", "Grüße", "Gern"]
    assert values["messages[2].reactions[0].reaction"] == "❤"
    assert values["messages[1].timestamp_ms"] == "2020-09-13T12:26:40+00:00"
    assert values["title"] == "Lena Krüger"
    assert (found.kind, found.strength.value, found.others, gaps) == ("conversation", "certain", (), {})
    assert found.at is not None
    assert found.at.isoformat() == "2023-11-14T22:16:40+00:00"


def test_third_persons_of_a_group_are_named_and_the_owner_is_not(tmp_path: Path) -> None:
    files = {
        f"{INBOX}/gruppe_1/message_1.json": thread(
            ["Lena Krüger", "Ben Okafor", "Teeladen"], [said("Ex Mitglied", "Hi")]
        ),
        f"{INBOX}/x_2/message_1.json": thread(["X", "Teeladen"], []),
    }
    found, _ = searched(export(tmp_path, files), LENA, BEN)
    assert {item.subject: item.others for item in found} == {
        "A": ("Ben Okafor", "Ex Mitglied"),
        "B": ("Lena Krüger", "Ex Mitglied"),
    }


@pytest.mark.parametrize(
    ("slug", "name", "handle", "strength"),
    [
        ("lenak_1", "L 🌸", "lenak", "certain"),
        ("lenak_1", "L 🌸", "lena.k", "probable"),
        ("xyz_1", "lena.k", "lena.k", "probable"),
        ("lenakk_1", "L 🌸", "lena.k", ""),
    ],
)
def test_what_a_folder_and_a_display_name_prove(
    tmp_path: Path, slug: str, name: str, handle: str, strength: str
) -> None:
    files = {f"{INBOX}/{slug}/message_1.json": thread([name, "Teeladen"], [])}
    found, _ = searched(export(tmp_path, files), verified("A", (Kind.HANDLE, handle, "instagram")), owner="Teeladen")
    assert [item.strength.value for item in found] == ([strength] if strength else [])


def test_a_folder_of_facebook_is_made_of_the_display_name_and_proves_little(tmp_path: Path) -> None:
    files = {"messages/inbox/lenak_1/message_1.json": thread(["Lena K", "Teeladen"], [])}
    subject = verified("A", (Kind.HANDLE, "lenak", "facebook"))
    found, _ = searched(export(tmp_path, files), subject, platform="facebook", owner="Teeladen")
    assert [item.strength.value for item in found] == ["possible"]


def test_photos_come_from_the_archive_and_addresses_are_never_fetched(tmp_path: Path) -> None:
    photo = {"uri": f"{INBOX}/lena_1/photos/1.jpg"}
    lost = {"uri": f"{INBOX}/lena_1/photos/2.jpg"}
    hostile = {"uri": "../../../etc/passwd"}
    web = {"uri": "https://tracker.example/x.jpg"}
    files = {
        f"{INBOX}/lena_1/message_1.json": thread(
            ["Lena Krüger", "Teeladen"], [said("Lena Krüger", "", photos=[photo, lost, hostile, web])]
        ),
        f"{INBOX}/lena_1/photos/1.jpg": b"picture",
    }
    (found,), gaps = searched(export(tmp_path, files), LENA)
    (blob,) = found.blobs
    with blob.open() as stream:
        assert (blob.name, blob.media_type, stream.read()) == ("1.jpg", "image/jpeg", b"picture")
    assert gaps == {lost["uri"]: "missing_file", hostile["uri"]: "missing_file"}
    assert "https://tracker.example/x.jpg" in [field.value for field in found.fields]


def test_a_damaged_file_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    files = {
        f"{INBOX}/a_1/message_1.json": b'{"participants": [{"name": "Lena Kr',
        f"{INBOX}/b_2/message_1.json": b'{"no": "thread"}',
        f"{INBOX}/c_3/message_1.json": thread(["Lena Krüger", "Teeladen"], []),
    }
    found, gaps = searched(export(tmp_path, files), LENA)
    assert [item.locator for item in found] == [f"{INBOX}/c_3"]
    assert gaps == {f"{INBOX}/a_1/message_1.json": "damaged", f"{INBOX}/b_2/message_1.json": "no_thread"}


def test_the_html_form_is_a_gap_and_says_so(tmp_path: Path) -> None:
    found, gaps = searched(export(tmp_path, {"messages/inbox/a_1/message_1.html": b"<html>"}), LENA)
    assert (found, gaps) == ([], {"messages/inbox/a_1/message_1.html": "html_export", "messages": "no_messages"})


def test_encrypted_chats_have_a_form_of_their_own(tmp_path: Path) -> None:
    chat = {
        "participants": ["Lena Krüger", "Teeladen"],
        "threadName": "Lena Krüger_7",
        "messages": [
            {
                "senderName": "Lena Krüger",
                "text": "Grüße",
                "timestamp": 1700000000000,
                "media": [{"uri": "./media/1.jpg"}],
            }
        ],
    }
    files = {"Lena Krüger_7.json": json.dumps(chat, ensure_ascii=False).encode(), "media/1.jpg": b"x"}
    (found,), gaps = searched(export(tmp_path, files), LENA, platform="facebook")
    assert [field.value for field in found.fields if field.name == "messages[1].text"] == ["Grüße"]
    assert [blob.name for blob in found.blobs] == ["1.jpg"]
    assert gaps == {}


def test_other_records_of_the_export_are_searched_too(tmp_path: Path) -> None:
    follower = {
        "string_list_data": [
            {"href": "https://www.instagram.com/lenakrueger", "value": "lenakrueger", "timestamp": 1700000000}
        ]
    }
    files = {
        "connections/followers_1.json": json.dumps([{"string_list_data": []}, follower]).encode(),
        "likes/liked.json": json.dumps({"likes": [{"title": "lenakrueger"}]}).encode(),
        f"{INBOX}/x_1/message_1.json": thread(["X", "Teeladen"], []),
    }
    found, gaps = searched(export(tmp_path, files), LENA)
    assert {item.locator: (item.kind, item.strength.value) for item in found} == {
        "connections/followers_1.json#[1]": ("record", "certain"),
        "likes/liked.json#likes[0]": ("record", "probable"),
    }
    assert gaps == {}
