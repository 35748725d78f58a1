"""Only what was approved is packaged, whole or not at all."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, RawIOBase
from typing import BinaryIO, cast

import orjson
import pytest

from cases.draft import Decision, DecisionKind, Disclosure, Draft, ItemFile, Package
from outputs.errors import PackageRefused
from outputs.package import build_package, check_complete
from outputs.rendered import render_preview

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
Disclose = Callable[[Draft], Disclosure]
MakeFile = Callable[..., ItemFile]


class Pipe(RawIOBase):
    """A sink like a socket: it can be written to and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.held = BytesIO()

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        return self.held.write(bytes(cast(bytes, data)))


def written(package: Package) -> zipfile.ZipFile:
    pipe = Pipe()
    package.write(cast(BinaryIO, pipe))
    return zipfile.ZipFile(BytesIO(pipe.held.getvalue()))


def with_file(draft: Draft, file: ItemFile) -> Draft:
    return replace(draft, items=(replace(draft.items[1], files=(file,)),))


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("de", {"Anschreiben.pdf", "Anschreiben.docx", "LIESMICH.txt", "Auskunft.html", "Auskunft.pdf", "daten.json"}),
        ("en", {"Letter.pdf", "Letter.docx", "README.txt", "Answer.html", "Answer.pdf", "data.json"}),
    ],
)
def test_the_package_holds_everything_once(draft: Draft, disclose: Disclose, language: str, names: set[str]) -> None:
    archive = written(build_package(disclose(replace(draft, language=language))))
    folder = "tabellen" if language == "de" else "tables"
    tables = ("01_crm_customer", "02_crm_invoice", "03_mailbox_mail", "04_whatsapp_chat")
    names |= {f"{folder}/{name}.csv" for name in tables}
    assert sorted(archive.namelist()) == sorted({*names, "dateien/0001.pdf", "dateien/0002.html", "manifest.json"})
    assert archive.testzip() is None


def test_the_manifest_names_every_file_and_what_was_approved(draft: Draft, disclose: Disclose) -> None:
    package = build_package(disclose(draft))
    archive = written(package)
    raw = archive.read("manifest.json")
    manifest = orjson.loads(raw)
    assert hashlib.sha256(raw).hexdigest() == package.manifest_sha256
    assert {file["path"] for file in manifest["files"]} == set(archive.namelist()) - {"manifest.json"}
    for file in manifest["files"]:
        content = archive.read(file["path"])
        assert (file["size"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert (manifest["case"], manifest["draft_sha256"]) == (draft.case, draft.digest)
    assert manifest["register_version"] == draft.register_version
    assert (manifest["version"], manifest["replaces_on"]) == (1, None)
    assert manifest["approved_at"] == "2026-11-20T08:05:00+00:00"
    assert len(archive.fp.getvalue()) <= package.size  # type: ignore[union-attr]


def test_names_in_the_package_are_neutral(draft: Draft, disclose: Disclose) -> None:
    names = " ".join(written(build_package(disclose(draft))).namelist())
    assert "Krüger" not in names
    assert "Rechnung" not in names


def test_the_preview_is_what_is_sent(draft: Draft, disclose: Disclose) -> None:
    preview = render_preview(draft)
    archive = written(build_package(disclose(draft)))
    for name, content in preview.items():
        assert archive.read(name) == content
    assert set(preview) == {name for name in archive.namelist() if "dateien/" not in name} - {"manifest.json"}


def test_one_approval_always_makes_the_same_bytes(draft: Draft, disclose: Disclose) -> None:
    """Nothing in it says when it was made, only what day the letter bears: so the same can be compared."""
    first, again = (written(build_package(disclose(draft))) for _ in range(2))
    assert first.fp.getvalue() == again.fp.getvalue()  # type: ignore[union-attr]
    word = zipfile.ZipFile(BytesIO(first.read("Anschreiben.docx")))
    assert {entry.date_time for entry in (*first.infolist(), *word.infolist())} == {(2026, 11, 21, 11, 0, 0)}
    assert word.read("docProps/core.xml").count(b">2026-11-21T11:00:00Z<") == 2
    for name in ("Anschreiben.pdf", "Auskunft.pdf"):
        assert b"/CreationDate(D:20261121110000Z)" in first.read(name)


def test_nothing_held_has_a_letter_and_no_copy(nothing_held: Draft, disclose: Disclose) -> None:
    archive = written(build_package(disclose(nothing_held)))
    assert sorted(archive.namelist()) == ["Anschreiben.docx", "Anschreiben.pdf", "LIESMICH.txt", "manifest.json"]
    assert "Auskunft.html" not in archive.read("LIESMICH.txt").decode()


def test_only_a_disclosure_is_packaged(draft: Draft) -> None:
    with pytest.raises(PackageRefused, match="not_approved"):
        build_package(cast(Disclosure, draft))


@pytest.mark.parametrize(
    ("content", "promise"),
    [
        (b"other bytes", {}),
        (b"longer than what was promised", {"size": 4}),
        (b"short", {"size": 4000}),
    ],
)
def test_a_file_that_is_not_what_it_promised_stops_the_package(
    draft: Draft, disclose: Disclose, make_file: MakeFile, content: bytes, promise: dict[str, int]
) -> None:
    file = replace(make_file("dateien/0001.pdf", "a.pdf", content), sha256="0" * 64, **promise)  # type: ignore[arg-type]
    package = build_package(disclose(with_file(draft, file)))
    with pytest.raises(PackageRefused, match="file_differs"):
        package.write(cast(BinaryIO, Pipe()))


@pytest.mark.parametrize(
    "path",
    [
        *("../x.pdf", "/etc/passwd", "dateien/Krüger.pdf", "0001.pdf", "a/b/0001.pdf", "dateien/1.pdf"),
        *("dateien/0001.meier", "dateien/0001", "dateien/0001.exe"),
    ],
)
def test_a_path_that_is_not_neutral_is_refused(draft: Draft, make_file: MakeFile, path: str) -> None:
    with pytest.raises(PackageRefused, match="path_not_neutral"):
        check_complete(with_file(draft, make_file(path, "a.pdf", b"x")))


def test_every_item_and_every_file_has_its_place(draft: Draft, make_file: MakeFile) -> None:
    item = draft.items[1]
    undecided = replace(draft.items[5], decision=None)
    groundless = replace(item, decision=Decision(DecisionKind.WITHHOLD, "x", AT, "because"))
    for broken, code in (
        ((undecided,), "item_missing"),
        ((groundless,), "item_missing"),
        ((item, item), "item_twice"),
        ((item, replace(item, number=99)), "path_twice"),
    ):
        with pytest.raises(PackageRefused, match=code):
            check_complete(replace(draft, items=broken))
    check_complete(draft)
