import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.finding import Gap
from cases.source import SourceUnavailable
from sources.archive import Export, Limits, Member, safe_path


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def walked(location: Path, limits: Limits | None = None) -> tuple[list[str], dict[str, str]]:
    """Paths of the members, and the code of each gap by its place."""
    with Export("x", location, limits) as export:
        items = list(export.walk())
    members = [item.path for item in items if isinstance(item, Member)]
    return members, {item.locator: item.code for item in items if isinstance(item, Gap)}


@given(st.text(alphabet="ab./\\:\0 ", max_size=20))
def test_a_safe_path_stays_below(stated: str) -> None:
    path = safe_path(stated)
    if path is not None:
        assert not path.startswith("/")
        assert ".." not in path.split("/")
        assert (Path("/tree") / path).resolve().is_relative_to("/tree")


@pytest.mark.parametrize("bad", ["../a", "/etc/passwd", "a/../../b", "..\\a", "C:/a", "", ".", "a\0b"])
def test_paths_that_leave_the_tree_are_none(bad: str) -> None:
    assert safe_path(bad) is None


def test_parts_of_one_export_are_one_tree(tmp_path: Path) -> None:
    zipped(
        tmp_path / "part-1.zip", {"messages/inbox/a_1/message_1.json": b"1", "messages/inbox/b_2/message_1.json": b"2"}
    )
    zipped(tmp_path / "part-2.zip", {"messages/inbox/a_1/photos/1.jpg": b"3"})
    members, gaps = walked(tmp_path)
    assert members == [
        "messages/inbox/a_1/message_1.json",
        "messages/inbox/a_1/photos/1.jpg",
        "messages/inbox/b_2/message_1.json",
    ]
    assert gaps == {}


def test_a_member_is_found_whichever_part_holds_it(tmp_path: Path) -> None:
    zipped(tmp_path / "part-1.zip", {"a.json": b"1"})
    zipped(tmp_path / "part-2.zip", {"photos/1.jpg": b"3"})
    with Export("x", tmp_path) as export:
        member = export.member("photos/1.jpg")
        assert member is not None
        with member.open() as stream:
            assert stream.read() == b"3"
        assert export.member("../part-1.zip") is None


def test_hostile_members_are_gaps(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "e.zip",
        {"ok.json": b"1", "../out.json": b"1", "bomb.json": b"0" * 20_000_000, "in.zip": b"PK", "a/" * 30 + "b": b""},
    )
    members, gaps = walked(path)
    assert members == ["ok.json"]
    assert gaps == {
        "../out.json": "unsafe_path",
        "bomb.json": "compression_bomb",
        "in.zip": "nested_archive",
        "a/" * 30 + "b": "too_deep",
    }


def test_an_encrypted_member_is_a_gap(tmp_path: Path) -> None:
    path = zipped(tmp_path / "e.zip", {"a.json": b"1"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the flag in the central directory
    path.write_bytes(data)
    assert walked(path) == ([], {"a.json": "encrypted"})


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    root = tmp_path / "export"
    root.mkdir()
    (root / "link.json").symlink_to(tmp_path / "secret")
    (root / "way").symlink_to(tmp_path)
    (root / "a.json").write_text("1")
    members, gaps = walked(root)
    assert members == ["a.json"]
    assert gaps == {"link.json": "symbolic_link", "way": "symbolic_link"}
    with Export("x", root) as export:
        assert export.member("way/secret") is None


def test_too_many_and_too_large_members_are_gaps(tmp_path: Path) -> None:
    path = zipped(tmp_path / "e.zip", {f"{n}.json": b"12345" for n in range(4)})
    assert walked(path, Limits(members=2))[1] == {"e.zip": "too_many_members"}
    assert set(walked(path, Limits(member_bytes=4))[1].values()) == {"too_large"}


@pytest.mark.parametrize(
    ("content", "code"), [(None, "not_found"), (b"no zip", "not_an_archive"), (b"", "not_an_archive")]
)
def test_what_is_no_export_is_unavailable(tmp_path: Path, content: bytes | None, code: str) -> None:
    path = tmp_path / "e.zip"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceUnavailable) as raised, Export("x", path):
        pass
    assert raised.value.code == code


def test_an_empty_folder_is_no_export(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable) as raised, Export("x", tmp_path):
        pass
    assert raised.value.code == "not_an_archive"
