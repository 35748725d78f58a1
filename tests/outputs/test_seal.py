"""Sealing and opening: whole or not at all, flat in memory, and nothing but the right passphrase."""

from __future__ import annotations

import hashlib
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import BinaryIO, cast

import orjson
import pytest
import pyzipper
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.draft import Disclosure, Draft, ItemFile, Package
from outputs import seal_format
from outputs.errors import Damaged, NotOurs, OpenError, PackageRefused, SealRefused, WrongPassphrase
from outputs.open import Limits, open_package
from outputs.package import MANIFEST, SCHEMA, build_package
from outputs.seal import KINDS, Passphrase, new_passphrase, seal, sealed, sealed_filename

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
Disclose = Callable[[Draft], Disclosure]
SECRET = Passphrase("aaaaa-bbbbb-ccccc-ddddd-eeeee")
each_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(autouse=True)
def derived_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """600,000 rounds take a sixth of a second; the same key need not be derived for every example."""
    monkeypatch.setattr(seal_format, "derive", cache(seal_format.derive))


class Pipe(RawIOBase):
    """A sink like a socket that counts and, on request, keeps what it gets."""

    def __init__(self, keep: bool = True) -> None:
        super().__init__()
        self.size, self.digest, self.held = 0, hashlib.sha256(), BytesIO() if keep else None

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        piece = bytes(cast(bytes, data))
        self.size += len(piece)
        self.digest.update(piece)
        if self.held:
            self.held.write(piece)
        return len(piece)


class Zeros(RawIOBase):
    """A large file that exists nowhere."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.left = size

    def read(self, size: int = -1, /) -> bytes:
        piece = min(size, self.left)
        self.left -= piece
        return bytes(piece)


def inner(files: dict[str, bytes], manifest: object = None) -> Package:
    listed = [{"path": n, "size": len(c), "sha256": hashlib.sha256(c).hexdigest()} for n, c in files.items()]
    said = orjson.dumps(manifest if manifest is not None else {"schema": SCHEMA, "case": "X", "files": listed})

    def write(sink: BinaryIO) -> None:
        with zipfile.ZipFile(sink, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
            archive.writestr("manifest.json", said)

    return Package("DSAR-2026-0001", hashlib.sha256(said).hexdigest(), write)


def sealed_bytes(package: Package, passphrase: Passphrase = SECRET, kind: str = "zip") -> bytes:
    pipe = Pipe()
    seal(package, passphrase, cast(BinaryIO, pipe), kind)
    assert pipe.held is not None
    return pipe.held.getvalue()


def put(folder: Path, content: bytes) -> Path:
    path = folder / "answer"
    path.write_bytes(content)
    return path


@each_kind
def test_an_answer_goes_round(draft: Draft, disclose: Disclose, tmp_path: Path, kind: str) -> None:
    passphrase = new_passphrase()
    path = put(tmp_path, sealed_bytes(build_package(disclose(draft)), passphrase, kind))
    typed = Passphrase(passphrase.reveal().replace("-", " ").upper())
    report = open_package(path, typed, tmp_path / "out")
    files = [one for one in (tmp_path / "out").rglob("*") if one.is_file() and one.name != MANIFEST]
    assert (report.case, report.draft_sha256, report.files) == (draft.case, draft.digest, len(files))
    assert (tmp_path / "out/dateien/0001.pdf").read_bytes() == draft.items[1].files[0].open().read()
    assert {f.stat().st_mode & 0o777 for f in (tmp_path / "out").rglob("*") if f.is_file()} == {0o600}
    assert not (tmp_path / "out/.content").exists()


def test_the_seal_is_aes_256_ae_2_with_one_neutral_entry(draft: Draft, disclose: Disclose) -> None:
    content = sealed_bytes(build_package(disclose(draft)))
    entries = pyzipper.AESZipFile(BytesIO(content)).infolist()
    assert [(e.filename, e.wz_aes_strength, e.wz_aes_version, e.CRC) for e in entries] == [("inhalt.zip", 3, 2, 0)]
    for word in (b"Auskunft.html", b"manifest", "Krüger".encode(), b"%PDF"):
        assert word not in content


@each_kind
def test_what_is_reported_is_what_was_written(draft: Draft, disclose: Disclose, kind: str) -> None:
    pipe, package = Pipe(), build_package(disclose(draft))
    made = seal(package, SECRET, cast(BinaryIO, pipe), kind)
    assert made == (pipe.digest.hexdigest(), pipe.size, kind)
    ready = sealed(package, made, BytesIO)
    assert ready.filename == f"Antwort-DSAR-2026-0001.{kind}"
    assert ready.media_type == {"html": "text/html", "zip": "application/zip"}[kind]
    assert ready.sha256 == made.sha256
    assert sealed_filename("DSAR-2026-0001", "en", kind) == f"Answer-DSAR-2026-0001.{kind}"


@pytest.mark.parametrize(("language", "word"), [("de", "Antwort"), ("en", "Answer")])
def test_a_corrected_answer_says_so_outside_and_inside(
    draft: Draft, disclose: Disclose, tmp_path: Path, language: str, word: str
) -> None:
    corrected = replace(draft, version=2, replaces_on=date(2026, 11, 21), language=language)
    pipe, package = Pipe(), build_package(disclose(corrected))
    made = seal(package, SECRET, cast(BinaryIO, pipe), "zip")
    assert sealed(package, made, BytesIO).filename == f"{word}-DSAR-2026-0001-2.zip"
    assert pipe.held is not None
    report = open_package(put(tmp_path, pipe.held.getvalue()), SECRET, tmp_path / "out")
    assert (report.version, report.replaces_on) == (2, "2026-11-21")


def test_another_kind_is_refused() -> None:
    with pytest.raises(SealRefused, match="html, zip"):
        seal(inner({}), SECRET, BytesIO(), "rot13")


names = st.from_regex(r"[a-z]{1,8}/[0-9]{4}\.[a-z]{3}", fullmatch=True)


@given(st.dictionaries(names, st.binary(max_size=3000), max_size=5), st.sampled_from(KINDS))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_content_goes_round(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes], kind: str) -> None:
    folder = tmp_path_factory.mktemp("round")
    open_package(put(folder, sealed_bytes(inner(files), SECRET, kind)), SECRET, folder / "out")
    found = {str(f.relative_to(folder / "out")): f.read_bytes() for f in (folder / "out").rglob("*") if f.is_file()}
    assert {name: content for name, content in found.items() if name != "manifest.json"} == files


@each_kind
def test_a_wrong_passphrase_opens_nothing(tmp_path: Path, kind: str) -> None:
    path = put(tmp_path, sealed_bytes(inner({"dateien/0001.txt": b"x"}), SECRET, kind))
    with pytest.raises((WrongPassphrase, Damaged)):  # one in 65,536 passes the two bytes of AE-2 and fails its MAC
        open_package(path, Passphrase("aaaaa-bbbbb-ccccc-ddddd-eeeef"), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


CONTENT = {"dateien/0001.txt": b"content " * 40, "dateien/0002.bin": bytes(range(256))}
WHOLE = {kind: sealed_bytes(inner(CONTENT), SECRET, kind) for kind in KINDS}
SEALED_PART = WHOLE["html"].index(seal_format.HEADER_LINE[0])
TOUCHED = st.one_of(
    st.tuples(st.just("zip"), st.integers(0, len(WHOLE["zip"]) - 1)),
    st.tuples(st.just("html"), st.integers(0, len(WHOLE["html"]) - 1)),
    st.tuples(st.just("html"), st.integers(SEALED_PART, len(WHOLE["html"]) - 1)),
)


@given(TOUCHED, st.integers(1, 255))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tampering_never_gives_other_content(
    tmp_path_factory: pytest.TempPathFactory, touched: tuple[str, int], change: int
) -> None:
    kind, position = touched
    folder = tmp_path_factory.mktemp("tampered")
    changed = bytearray(WHOLE[kind])
    changed[position] ^= change
    try:
        open_package(put(folder, bytes(changed)), SECRET, folder / "out")
    except OpenError:
        assert list((folder / "out").iterdir()) == []
    else:  # what nobody reads: the time in a ZIP's header, the text of the page
        assert {name: (folder / "out" / name).read_bytes() for name in CONTENT} == CONTENT


def test_no_changed_byte_around_the_zip_s_content_gives_other_content(tmp_path: Path) -> None:
    """Every byte of its headers, its data descriptor and its directory, in two bits each."""
    whole, opened = WHOLE["zip"], 0
    clear = len(sealed_bytes(Package("X", "", lambda _: None), SECRET))
    around = [place for place in range(len(whole)) if place < 60 or place >= len(whole) - clear]
    for place in around:
        for bit in (0x01, 0x80):
            out = tmp_path / f"{place}-{bit}"
            try:
                open_package(
                    put(tmp_path, whole[:place] + bytes((whole[place] ^ bit,)) + whole[place + 1 :]), SECRET, out
                )
            except OpenError:
                continue
            opened += 1
            assert {name: (out / name).read_bytes() for name in CONTENT} == CONTENT
    assert opened < len(around)  # most of it counts


@pytest.mark.parametrize("where", [0.3, 0.5, 0.7])
@each_kind
def test_a_changed_byte_of_the_content_is_noticed(tmp_path: Path, kind: str, where: float) -> None:
    changed = bytearray(WHOLE[kind])
    start = SEALED_PART + 400 if kind == "html" else 0
    changed[start + int((len(changed) - start) * where)] ^= 1
    with pytest.raises(Damaged):
        open_package(put(tmp_path, bytes(changed)), SECRET, tmp_path / "out")


@given(st.sampled_from(KINDS), st.floats(0, 0.999))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_cut_off_is_noticed(tmp_path_factory: pytest.TempPathFactory, kind: str, part: float) -> None:
    folder = tmp_path_factory.mktemp("cut")
    with pytest.raises(OpenError):
        open_package(put(folder, WHOLE[kind][: int(len(WHOLE[kind]) * part)]), SECRET, folder / "out")


def listing(**changes: object) -> dict[str, object]:
    one = {"path": "dateien/0001.txt", "size": 1, "sha256": hashlib.sha256(b"x").hexdigest(), **changes}
    return {"schema": SCHEMA, "files": [one]}


@pytest.mark.parametrize(
    ("files", "manifest", "error"),
    [
        ({"../evil.txt": b"x"}, None, NotOurs),
        ({"/abs.txt": b"x"}, None, NotOurs),
        ({"a/b/c.txt": b"x"}, None, NotOurs),
        ({"..\\evil.txt": b"x"}, None, NotOurs),
        ({"C:evil.txt": b"x"}, None, NotOurs),
        ({".content": b"x"}, None, NotOurs),
        ({"dateien/0001.txt": b"x", "Dateien/0001.TXT": b"x"}, None, Damaged),
        ({"dateien/0001.txt": b"x", "extra.txt": b"x"}, listing(), Damaged),
        ({}, listing(), Damaged),
        ({"dateien/0001.txt": b"y"}, listing(), Damaged),
        ({"dateien/0001.txt": b"xy"}, listing(), Damaged),
        ({"dateien/0001.txt": b"x"}, listing(size="1"), NotOurs),
        ({"dateien/0001.txt": b"x"}, {"schema": "other", "files": []}, NotOurs),
        ({"dateien/0001.txt": b"x"}, [], NotOurs),
    ],
)
def test_an_archive_that_is_not_an_answer_is_refused(
    tmp_path: Path, files: dict[str, bytes], manifest: object, error: type[OpenError]
) -> None:
    path = put(tmp_path, sealed_bytes(inner(files, manifest)))
    with pytest.raises(error):
        open_package(path, SECRET, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    assert [f.name for f in tmp_path.iterdir()] == ["answer", "out"] or not (tmp_path.parent / "evil.txt").exists()


def test_sizes_and_counts_are_bounded(tmp_path: Path) -> None:
    path = put(tmp_path, sealed_bytes(inner({"dateien/0001.txt": b"x" * 5000, "dateien/0002.txt": b""})))
    for number, limits in enumerate((Limits(files=1), Limits(total=4000), Limits(manifest=10))):
        with pytest.raises(OpenError):
            open_package(path, SECRET, tmp_path / f"out{number}", limits)


def test_a_plain_or_weakly_encrypted_zip_is_not_an_answer(tmp_path: Path) -> None:
    plain = BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("inhalt.zip", b"x")
    with pytest.raises(NotOurs):
        open_package(put(tmp_path, plain.getvalue()), SECRET, tmp_path / "out")


def test_only_a_new_or_empty_folder_is_written_to(tmp_path: Path) -> None:
    path = put(tmp_path, WHOLE["html"])
    with pytest.raises(OpenError, match="folder_not_empty"):
        open_package(path, SECRET, tmp_path)
    assert path.read_bytes() == WHOLE["html"]


@each_kind
def test_150_mb_are_sealed_in_flat_memory(draft: Draft, disclose: Disclose, kind: str) -> None:
    size = 150 << 20
    digest = hashlib.sha256()
    for _ in range(size >> 20):
        digest.update(bytes(1 << 20))
    large = ItemFile(
        "dateien/0001.mp4", "film.mp4", "video/mp4", size, digest.hexdigest(), lambda: cast(BinaryIO, Zeros(size))
    )
    package = build_package(disclose(replace(draft, items=(replace(draft.items[1], files=(large,)),))))
    pipe = Pipe(keep=False)
    tracemalloc.start()
    made = seal(package, SECRET, cast(BinaryIO, pipe), kind)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made.size > size
    assert peak < 16 << 20


@pytest.mark.parametrize("rounds", [1, 599_999, 10_000_001, 600_000.0, "600000", True])
def test_fewer_rounds_than_ours_are_refused(rounds: object) -> None:
    said = orjson.loads(seal_format.make_header(bytes(32)).raw)
    assert seal_format.read_header(orjson.dumps(said)).rounds == 600_000
    with pytest.raises(NotOurs):
        seal_format.read_header(orjson.dumps(said | {"rounds": rounds}))


@pytest.mark.parametrize("changes", [{"version": 2}, {"chunk": 0}, {"salt": "00"}, {"cipher": "AES-256-CBC"}, {"x": 1}])
def test_a_header_of_another_format_is_refused(changes: dict[str, object]) -> None:
    said = orjson.loads(seal_format.make_header(bytes(32)).raw)
    for raw in (orjson.dumps(said | changes), b"[]", b"nonsense", b""):
        with pytest.raises(NotOurs):
            seal_format.read_header(raw)


def lines_of(content: bytes) -> tuple[bytes, list[bytes], bytes]:
    before, after = seal_format.CHUNK_LINE
    first, end = content.index(before), content.rindex(after) + len(after)
    return content[:first], content[first:end].splitlines(keepends=True), content[end:]


def test_chunks_exchanged_doubled_left_out_or_of_another_file_are_refused(tmp_path: Path) -> None:
    files = {"dateien/0001.bin": bytes(range(256)) * (3 << 12)}
    start, (check, one, two, three, last), end = lines_of(sealed_bytes(inner(files), SECRET, "html"))
    _, foreign, _ = lines_of(sealed_bytes(inner(files), SECRET, "html"))
    orders = (
        [check, two, one, three, last],
        [check, one, one, two, three, last],
        [check, one, three, last],
        [check, one, two, three],
        [check, one, foreign[2], three, last],
        [check, one, two, three, last, last],
        [check],
        [],
    )
    for number, order in enumerate(orders):
        path = put(tmp_path, start + b"".join(order) + end)
        with pytest.raises(OpenError):
            open_package(path, SECRET, tmp_path / f"out{number}")
        assert list((tmp_path / f"out{number}").iterdir()) == []
    open_package(put(tmp_path, start + check + one + two + three + last + end), SECRET, tmp_path / "whole")


class Full(RawIOBase):
    """A sink whose disk is full after some bytes."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        self.room -= len(cast(bytes, data))
        if self.room < 0:
            raise OSError(28, "no space left on device")
        return len(cast(bytes, data))


@each_kind
@pytest.mark.parametrize("room", [10, 300_000, 3 << 20])
def test_a_full_disk_is_never_a_sealed_answer(kind: str, room: int) -> None:
    """Writing happens beside the sealing: what goes wrong there is still told."""
    package = inner({"dateien/0001.bin": bytes(4 << 20)})
    with pytest.raises(OSError, match="no space"):
        seal(package, SECRET, cast(BinaryIO, Full(room)), kind)


@each_kind
def test_a_package_that_breaks_is_told(kind: str) -> None:
    def write(sink: BinaryIO) -> None:
        sink.write(b"x" * 3_000_000)
        raise PackageRefused("file_differs", "make the draft again")

    with pytest.raises(PackageRefused):
        seal(Package("X", "", write), SECRET, BytesIO(), kind)
