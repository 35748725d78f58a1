"""A search that finds nothing proves something only if it would have found it."""

from __future__ import annotations

import base64
import gzip
import io
import json
import pickle
import quopri
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.e2e.scan import Scanner, scan_apart

WORD = "q7zk2m9xstreet"
SCANNER = Scanner({"street": WORD, "note": "q7zk2m9xnote"})
FILLER = b"Am Stadthafen 12 \x00\xff "


def _zip(data: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", data * 20)
    return sink.getvalue()


def _raw_deflate(data: bytes) -> bytes:
    machine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return machine.compress(data) + machine.flush()


def _mail_base64(data: bytes) -> bytes:
    return base64.encodebytes(b"x" * 50 + data)


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "text": lambda word: word,
    "capitals": bytes.upper,
    "utf-16-le": lambda word: word.decode().encode("utf-16-le"),
    "utf-16-be": lambda word: word.decode().encode("utf-16-be"),
    "json escapes": lambda word: "".join(f"\\u{sign:04x}" for sign in word).encode(),
    "json escapes in capitals": lambda word: "".join(f"\\u{sign:04X}" for sign in word).encode(),
    "percent": lambda word: "".join(f"%{sign:02X}" for sign in word).encode(),
    "percent in part": lambda word: quote(f"ä{word.decode()}").replace("z", "%7A").encode(),
    "quoted-printable": lambda word: "".join(f"={sign:02X}" for sign in word).encode(),
    "quoted-printable over a line end": lambda word: quopri.encodestring(b"b" * 68 + word),
    "html entities": lambda word: "".join(f"&#x{sign:x};" for sign in word).encode(),
    "hex": lambda word: word.hex().encode(),
    "hex after an odd digit": lambda word: b"a" + word.hex().upper().encode(),
    "base64 at 0": base64.b64encode,
    "base64 at 1": lambda word: base64.b64encode(b"1" + word),
    "base64 at 2": lambda word: base64.b64encode(b"12" + word),
    "base64 of utf-16": lambda word: base64.b64encode(b"1" + word.decode().encode("utf-16-le")),
    "base64 of capitals": lambda word: base64.b64encode(word.upper()),
    "urlsafe base64": lambda word: base64.urlsafe_b64encode(b"\xff\xfe\xfd" + word),
    "base64 over line ends": _mail_base64,
    "base64 over line ends in json": lambda word: json.dumps(_mail_base64(word).decode()).encode(),
    "zlib": zlib.compress,
    "gzip": gzip.compress,
    "zip member": _zip,
    "zip in base64": lambda word: base64.b64encode(_zip(word)),
    "zip in zip": lambda word: _zip(_zip(word)),
    "pickle": lambda word: pickle.dumps({"text": word.decode()}),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_word_is_found_however_it_is_written(way: str, tmp_path: Path) -> None:
    (tmp_path / "planted.bin").write_bytes(FILLER + WAYS[way](WORD.encode()) + FILLER)
    assert SCANNER.files([tmp_path])


def test_a_word_is_found_in_a_file_that_is_one_raw_deflate_stream(tmp_path: Path) -> None:
    (tmp_path / "planted.bin").write_bytes(_raw_deflate(FILLER + WORD.encode()))
    assert SCANNER.files([tmp_path])


def test_a_word_is_found_in_the_name_of_a_file_and_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / f"Angebot {WORD}.docx").touch()
    (tmp_path / f"folder-{WORD}").mkdir()
    found = SCANNER.files([tmp_path])
    assert {Path(leak.path).name for leak in found} == {f"Angebot {WORD}.docx", f"folder-{WORD}"}
    assert {leak.word for leak in found} == {"street"}


def test_a_word_is_found_in_a_database_where_its_row_is_spread_over_pages(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "some.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (value TEXT)")
        for before in range(0, 4096, 5):
            connection.execute("INSERT INTO t VALUES (?)", ("x" * (4096 + before) + WORD,))
        connection.commit()
        assert {leak.word for leak in SCANNER.files([tmp_path])} >= {"street"}


def test_what_is_deleted_without_secure_delete_is_found(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "some.db")) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("CREATE TABLE t (value TEXT)")
        connection.executemany("INSERT INTO t VALUES (?)", [(f"{WORD} {number}",) for number in range(50)])
        connection.commit()
        connection.execute("DELETE FROM t")
        connection.commit()
    assert SCANNER.files([tmp_path])


def test_a_process_of_its_own_finds_the_same(tmp_path: Path) -> None:
    (tmp_path / "planted.bin").write_bytes(_zip(WORD.encode()))
    words = {"street": WORD, "note": "q7zk2m9xnote"}
    assert scan_apart(words, [tmp_path]) == SCANNER.files([tmp_path])
    assert not scan_apart(words, [tmp_path], leave_out=[tmp_path])


def test_what_is_left_out_is_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "company").mkdir()
    (tmp_path / "company" / "crm.txt").write_text(WORD)
    assert not SCANNER.files([tmp_path], leave_out=[tmp_path / "company"])
    assert SCANNER.files([tmp_path])


def test_a_clean_folder_is_clean(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.bin").write_bytes(bytes(range(256)) * 500 + zlib.compress(FILLER * 99))
    assert not SCANNER.files([tmp_path])


def test_words_without_a_common_beginning_are_refused() -> None:
    with pytest.raises(ValueError, match="beginning"):
        Scanner({"one": "abcdefgh1", "two": "xyzdefgh1"})
