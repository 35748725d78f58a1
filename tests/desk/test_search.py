import itertools
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from cases.identifiers import Kind, Origin
from desk.search import COMPLETE, INCOMPLETE, BadRequest, Search, prepare, read_subject
from sources.building import Tools
from tests.sources.fakes import PlainText

TOOLS = Tools(PlainText())
SUBJECT = {
    "names": ["Lena Krüger"],
    "emails": ["lena@mail.example"],
    "handles": {"instagram": ["lena.k"]},
    "birth_date": "1984-03-02",
}


@pytest.fixture
def subject(tmp_path: Path) -> Path:
    path = tmp_path / "subject.json"
    path.write_text(json.dumps(SUBJECT))
    return path


def run(subject: Path, *sources: str) -> tuple[list[dict[str, Any]], int]:
    ticks = itertools.count()
    search: Search = prepare(subject, sources, TOOLS, lambda: float(next(ticks)))
    return list(search.lines()), search.status


def test_findings_gaps_and_the_last_word(subject: Path, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "brief.txt").write_text("An lena@mail.example")
    (files / "film.mp4").write_text("x")
    lines, status = run(subject, f"folder={files}")
    found, gap, last = lines
    assert {key: found[key] for key in ("type", "source", "kind", "locator", "strength", "matched")} == {
        "type": "finding", "source": "folder", "kind": "file", "locator": "brief.txt", "strength": "certain",
        "matched": [{"identifier": "email", "field": "text"}],
    }  # fmt: skip
    assert found["fields"]["path"] == "brief.txt"
    assert found["files"] == [{"name": "brief.txt", "media_type": "text/plain", "size": 20}]
    assert gap == {"type": "gap", "source": "folder", "locator": "film.mp4", "reason": "unsupported", "code": "no_text"}
    assert last == {"type": "searched", "source": "folder", "records": 2, "findings": 1, "gaps": 1, "seconds": 1.0}
    assert status == INCOMPLETE
    assert json.loads(json.dumps(lines)) == lines


def test_everything_asked_is_status_nothing_else(subject: Path, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    lines, status = run(subject, f"folder={tmp_path / 'files'}")
    assert [line["type"] for line in lines] == ["searched"]
    assert status == COMPLETE


def test_a_source_that_cannot_be_asked_is_a_gap_and_the_others_go_on(subject: Path, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    lines, status = run(subject, "folder=/nowhere-at-all", f"folder={tmp_path / 'files'}")
    assert [(line["type"], line["source"], line.get("code")) for line in lines] == [
        ("gap", "folder", "not_found"), ("searched", "folder", None), ("searched", "folder-2", None),
    ]  # fmt: skip
    assert status == INCOMPLETE


def test_identifiers_count_as_verified(subject: Path) -> None:
    read = read_subject(subject)
    assert {item.origin for item in read.identifiers} == {Origin.VERIFIED}
    assert [(item.value, item.scope) for item in read.of(Kind.HANDLE)] == [("lena.k", "instagram")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "is not JSON"),
        ("[]", "the file"),
        ('{"email": ["lena@mail.example"]}', "email: Extra inputs are not permitted; allowed keys: names, emails"),
        ('{"emails": "lena@mail.example"}', "emails: Input should be a valid list"),
        ('{"emails": ["lena"]}', "emails holds a value that is none"),
        ('{"birth_date": "1984-03-02"}', "nothing to search for"),
        ("{}", "nothing to search for"),
    ],
)
def test_a_wrong_subject_file_is_told_without_its_values(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "s.json"
    path.write_text(content)
    with pytest.raises(BadRequest) as raised:
        read_subject(path)
    assert told in str(raised.value)
    assert "lena" not in str(raised.value)


@pytest.mark.parametrize("sources", [(), ("folder",), ("fax=1",), ("sql=x",)])
def test_a_wrong_source_is_told(subject: Path, sources: tuple[str, ...]) -> None:
    with pytest.raises(BadRequest):
        prepare(subject, sources, TOOLS, lambda: 0.0)


def test_who_else_is_in_a_finding_is_said_with_every_place(subject: Path, tmp_path: Path) -> None:
    note = "Rückruf an Frau Petersen, 030 23125 077, wegen Lena Krüger"
    database = tmp_path / "crm.db"
    with sqlite3.connect(database) as connection:
        connection.execute("create table customers(id integer primary key, name text, email text, note text)")
        connection.execute("insert into customers values (1, 'Lena Krüger', 'lena@mail.example', ?)", (note,))
        connection.execute("insert into customers values (2, 'Jonas Abendroth', 'ja@mail.example', 'x')")
        connection.execute("create table notes(id integer primary key, email text, note text)")
        connection.execute("insert into notes values (1, 'lena@mail.example', 'Jonas Abendroth war dabei')")
    connection.close()
    lines, _ = run(subject, f"sql=sqlite:///{database}")
    people = {line["locator"]: line["people"] for line in lines if line["type"] == "finding"}
    petersen, phone = note.index("Petersen"), note.index("030")
    assert sorted(people["customers[id=1]"], key=lambda one: str(one["kind"])) == [
        {"kind": "name", "part": "mentioned", "value": "Petersen",
         "spans": [{"field": "note", "index": 0, "start": petersen, "end": petersen + 8}]},
        {"kind": "phone", "part": "mentioned", "value": "030 23125 077",
         "spans": [{"field": "note", "index": 0, "start": phone, "end": phone + 13}]},
    ]  # fmt: skip
    assert [(one["part"], one["value"]) for one in people["notes[id=1]"]] == [("contact", "Jonas Abendroth")]
