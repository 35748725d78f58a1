"""The facts that a refusal tells (Art. 12(4) GDPR: the reasons, not the law alone): kinds of a closed list with dates
and case numbers, and at most one sentence that a person wrote.

A refusal is still a notice and cannot hold a finding: the sentence is one line, has no address and no number that could
be somebody's, and only whoever has proven who they are gets one (`flows/refusal.py`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Protocol

from cases.identifiers import Kind
from outputs.errors import NoticeRefused
from outputs.report import CASE
from outputs.texts import Texts

_DATE = r"\d{4}-\d{2}-\d{2}"
_KIND = f"({'|'.join(Kind)})"
FACT = "|".join(
    (
        rf"answered\|{CASE}\|{_DATE}\|{_DATE}",  # an earlier case, when it was received and answered
        rf"asked_before\|{CASE}\|{_DATE}",
        rf"unchanged\|{_DATE}",
        rf"asked\|{_DATE}",
        rf"identity_asked\|{_DATE}",
        rf"compared\|({_KIND}(,{_KIND})*)?",
    )
)
SHORTEST, LONGEST = 20, 500  # signs of a sentence
# Letters of Western and Central Europe and plain punctuation: nothing unseen, nothing that turns text around.
_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f"
_SIGN = r" -~\u00a1-\u00ac\u00ae-\u017f\u2013\u2014\u2018-\u201f\u2026\u20ac"
SENTENCE = rf"[{_LETTER}„“][{_SIGN}]{{{SHORTEST - 1},{LONGEST - 1}}}"
_ADDRESS = re.compile(r"@|://|\bwww\b|[\w-]{2,}\.[A-Za-z]{2,}\b", re.IGNORECASE)
_DAY = re.compile(r"\b\d{1,2}\.? ?(\d{1,2}\.|[^\W\d]{3,9}) ?\d{4}\b|\b\d{4}-\d{2}-\d{2}\b")
_BETWEEN = re.compile(r"(?<=\d)[ ./()-]+(?=\d)")
_LONG = re.compile(r"\d{5,}")
_TOKEN = re.compile(r"[\w-]*\d[\w-]*")
MOST_FACTS = 12


class Making(Protocol):
    """A notice's checked fields with what is needed to say them."""

    @property
    def fields(self) -> Mapping[str, list[str]]: ...

    @property
    def words(self) -> Texts: ...


def unfit(sentence: str) -> str:
    """Why a sentence goes into no refusal: `signs` (its length or what it is written in), `address`, `number`; empty
    where it may. Years and days are told from numbers that could be somebody's; 12,000 is written in words."""
    if not re.fullmatch(SENTENCE, sentence):
        return "signs"
    if _ADDRESS.search(sentence):
        return "address"
    rest = _BETWEEN.sub("", _DAY.sub(" ", sentence))
    mixed = (word for word in _TOKEN.findall(rest) if re.search(r"[^\W\d]", word))
    return "number" if _LONG.search(rest) or any(len(re.findall(r"\d", word)) > 2 for word in mixed) else ""


def facts(making: Making) -> str:
    """The facts as lines of a list. Raises `NoticeRefused` where there are none, for the law alone is no reason, where
    there are too many or one twice, or where the sentence is unfit."""
    told = making.fields.get("fact", [])
    sentence = next(iter(making.fields.get("sentence", [])), "")
    if not (told or sentence) or len(told) > MOST_FACTS or len(set(told)) < len(told):
        raise NoticeRefused("field_missing", f"refusal needs the facts: 1 to {MOST_FACTS} of fact, or a sentence")
    if sentence and (code := unfit(sentence)):
        raise NoticeRefused("field_invalid", f"sentence is unfit: {code}")
    lines = [*(_fact(making.words, one) for one in told), *([sentence] if sentence else [])]
    return "\n".join(f"- {line}" for line in lines)


def _fact(words: Texts, fact: str) -> str:
    kind, *values = fact.split("|")
    if kind == "compared":
        return words("notices.fact.compared", kinds=", ".join(_kinds(words, values[0])) or words("letters.some"))
    *named, last = values
    said = {"case": named[0]} if named else {}
    if kind == "answered":
        said |= {"received": _day(words, named[1]), "answered": _day(words, last)}
    else:
        said["day"] = _day(words, last)
    return words(f"notices.fact.{kind}", **said)


def _kinds(words: Texts, listed: str) -> Iterator[str]:
    keys = (f"identifiers.{kind}" for kind in dict.fromkeys(listed.split(",")))
    yield from (words(key) for key in keys if words.known(key))


def _day(words: Texts, day: str) -> str:
    try:
        return words.date(date.fromisoformat(day))
    except ValueError:
        pass
    raise NoticeRefused("field_invalid", "a date of fact is not a date")
