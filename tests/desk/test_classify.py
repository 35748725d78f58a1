# ruff: noqa: E501 - mails as they stand
"""The classify command's results: one per file, in order, whatever the files are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import BinaryIO

import pytest

from cases.text import TextUnreadable
from desk.classify import MAX_FILE, Unreadable, classify
from desk.main import classify as command
from flows.arrivals import MAX_MAIL_BYTES

LETTER = (
    "From: Ada Ost <ada@post.example>\nTo: info@kesselhaus.example\nSubject: Brief\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSiehe Anhang.\n"
    "--b\nContent-Type: application/pdf; name=brief.pdf\n\n%PDF-1.7\n--b--\n"
)
PLAIN = "From: Ada Ost <ada@post.example>\nTo: info@kesselhaus.example\nSubject: Hallo\n\nWelche Daten haben Sie über mich?\n\nKundennummer: KH-7\ngeboren am 01.02.1980\n"


class Reader:
    """An extractor that knows one text and counts how often it is asked."""

    def __init__(self, text: str | None) -> None:
        self.known = text
        self.asked: list[str] = []

    def text(self, name: str, media_type: str, stream: BinaryIO) -> str:
        self.asked.append(f"{name} {media_type} {len(stream.read())}")
        if self.known is None:
            raise TextUnreadable("damaged")
        return self.known


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_one_result_per_file_in_order_also_for_what_cannot_be_read(tmp_path: Path) -> None:
    files = [
        tmp_path / "missing.eml",
        written(tmp_path, "plain.eml", PLAIN),
        tmp_path,
        written(tmp_path, "empty.eml", ""),
    ]
    missing, plain, folder, empty = classify(files, None)
    assert missing == Unreadable(str(files[0]), "No such file or directory")
    assert isinstance(plain, dict)
    assert (plain["file"], plain["verdict"]) == (str(files[1]), "access")
    assert folder == Unreadable(str(tmp_path), "Is a directory")
    assert isinstance(empty, dict)
    assert (empty["file"], empty["verdict"]) == (str(files[3]), "other")


def test_the_command_prints_what_it_can_read_and_ends_with_2_for_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = written(tmp_path, "plain.eml", PLAIN)
    with pytest.raises(SystemExit) as ended:
        command([tmp_path / "missing\x1b[2J.eml", plain, plain], as_json=True)
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert [json.loads(line)["verdict"] for line in printed.out.splitlines()] == ["access", "access"]
    assert "No such file or directory" in printed.err
    assert "\x1b" not in printed.err


def test_a_file_longer_than_a_mail_that_is_fetched_is_read_in_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.classify.MAX_FILE", 400)
    long_request = written(tmp_path, "long.eml", PLAIN + "x " * 400)
    [request] = classify([long_request], None)
    [cut] = classify([written(tmp_path, "other.eml", "From: a@b.example\n\nHallo!\n" + "x " * 400)], None)
    assert isinstance(request, dict)
    assert isinstance(cut, dict)
    assert (request["verdict"], cut["verdict"]) == ("access", "unclear")


def test_as_much_of_a_file_is_read_as_of_a_mail() -> None:
    assert MAX_FILE == MAX_MAIL_BYTES


def test_the_stable_form(tmp_path: Path) -> None:
    [result] = classify([written(tmp_path, "plain.eml", PLAIN)], None)
    again = json.loads(json.dumps(result))
    assert sorted(again) == ["confidence", "file", "language", "reasons", "rights", "subject", "verdict"]
    assert again["rights"] == ["access"]
    assert again["subject"] == {
        "names": ["Ada Ost"],
        "emails": ["ada@post.example"],
        "phones": [],
        "birth_date": "1980-02-01",
        "addresses": [],
        "customer_numbers": ["KH-7"],
        "handles": {},
        "cookie_ids": [],
    }


def test_an_attached_letter_is_read_where_the_body_says_nothing(tmp_path: Path) -> None:
    reader = Reader("Ich bitte um Auskunft nach Art. 15 DSGVO.")
    [result] = classify([written(tmp_path, "letter.eml", LETTER)], reader)
    assert result["verdict"] == "access"
    assert reader.asked == ["brief.pdf application/pdf 8"]


def test_an_attachment_is_not_touched_where_the_body_is_clear(tmp_path: Path) -> None:
    reader = Reader("")
    list(
        classify(
            [written(tmp_path, "clear.eml", LETTER.replace("Siehe Anhang.", "Welche Daten haben Sie über mich?"))],
            reader,
        )
    )
    assert reader.asked == []


def test_an_unreadable_letter_goes_to_a_person(tmp_path: Path) -> None:
    [result] = classify([written(tmp_path, "letter.eml", LETTER)], Reader(None))
    assert result["verdict"] == "unclear"
