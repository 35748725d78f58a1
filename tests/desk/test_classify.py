# ruff: noqa: E501 - mails as they stand
"""The classify command's results: one per file, in order, whatever the files are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import BinaryIO

from cases.text import TextUnreadable
from desk.classify import classify

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
    results = list(classify(files, None))
    assert [result["file"] for result in results] == [str(file) for file in files]
    assert [result["verdict"] for result in results] == ["unclear", "access", "unclear", "other"]
    assert results[0]["reasons"] == ["the file could not be read: No such file or directory"]


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
