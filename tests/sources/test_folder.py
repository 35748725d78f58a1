from pathlib import Path

import pytest

from cases.finding import Finding, Gap
from cases.source import SourceUnavailable
from cases.subjects import SubjectIndex
from cases.text import TextUnreadable
from sources.building import BadOptions, Tools
from sources.documents import DocumentSearch
from sources.folder import FolderSource, build
from tests.conformance.worlds import LENA
from tests.sources.fakes import PlainText


def gaps(source: FolderSource) -> dict[str, str]:
    return {item.locator: item.code for item in source.search(SubjectIndex([LENA])) if isinstance(item, Gap)}


def test_links_are_met_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("Lena Krüger")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link.txt").symlink_to(tmp_path / "outside.txt")
    (root / "loop").symlink_to(root)
    source = FolderSource("files", root, DocumentSearch("files", PlainText()))
    items = list(source.search(SubjectIndex([LENA])))
    assert not any(isinstance(item, Finding) for item in items)
    assert gaps(source) == {"link.txt": "no_file", "loop": "no_file"}


def test_ignored_extensions_are_no_gap_but_their_names_count(tmp_path: Path) -> None:
    (tmp_path / "Lena Krüger.mp4").write_bytes(b"film")
    (tmp_path / "other.mp4").write_bytes(b"film")
    source = build("files", {"path": str(tmp_path), "ignore_extensions": [".MP4"]}, str, Tools(PlainText()))
    items = list(source.search(SubjectIndex([LENA])))
    assert [item.locator for item in items if isinstance(item, Finding)] == ["Lena Krüger.mp4"]
    assert not any(isinstance(item, Gap) for item in items)


def test_a_file_that_cannot_be_read_is_still_found_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "Lena Krüger.txt").write_text("!encrypted")
    source = FolderSource("files", tmp_path, DocumentSearch("files", PlainText()))
    items = list(source.search(SubjectIndex([LENA])))
    assert [type(item).__name__ for item in items] == ["Gap", "Finding", "Searched"]


class NoIsolation(PlainText):
    def text(self, name: str, media_type: str, stream: object) -> str:
        raise TextUnreadable("no_isolation")


def test_without_isolation_nothing_is_searched(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(SourceUnavailable) as raised:
        list(FolderSource("files", tmp_path, DocumentSearch("files", NoIsolation())).search(SubjectIndex([LENA])))
    assert raised.value.code == "no_isolation"


def test_wrong_settings_are_told() -> None:
    with pytest.raises(BadOptions) as raised:
        build("files", {"largest_mb": 0, "colour": 1}, str, Tools(PlainText()))
    assert len(raised.value.problems) == 3
    assert "path is missing; allowed: a path of a folder" in str(raised.value)
