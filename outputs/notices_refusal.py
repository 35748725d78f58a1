"""The facts that a refusal tells (Art. 12(4) GDPR: the reasons, not the law alone): kinds of a closed list with dates
and case numbers, and at most one sentence that a person wrote.

A refusal is still a notice and cannot hold a finding: the sentence is one line, has no address and no number that could
be somebody's, and only whoever has proven who they are gets one (`flows/refusal.py`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
_ADDRESS = re.compile(
    r"@|://|\bwww\b|[\w-]{2,}\.[A-Za-z]{2,}\b|[(\[{]\s*at\s*[)\]}]"
    r"|\b(?:punkt|dot|[(\[{](?:punkt|dot)[)\]}]) *(?:de|com|org|net|eu|at|ch|info|example)\b",
    re.IGNORECASE,
)
_OWED = re.compile(  # what somebody meant to write, and did not
    r"\b(?:todo|tbd|tbc|fixme|xxx+|ausf(?:ü|ue)llen|platzhalter|placeholder|lorem|(?:noch|bitte) erg(?:ä|ae)nz\w*"
    r"|(?:tatsachen|gründe|begründung|facts|reasons) (?:folg\w+|follow\w*)|siehe anlage|see (?:annex|attachment))\b",
    re.IGNORECASE,
)
_BIRTH = re.compile(r"\b(?:geb\.|geboren|geburts\w+|born\b|birth\w*)", re.IGNORECASE)
_MONTH = (
    r"(?:jan(?:uary?|\.)?|januar|feb(?:ruary?|\.)?|februar|märz|march|apr(?:il|\.)?|mai|may|jun[ie]|jul[iy]|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|o[ck]t(?:ober|\.)?|nov(?:ember|\.)?|de[cz](?:ember|\.)?)"
)
_DAYS = re.compile(
    r"(?<!\d)(?:(?:0?[1-9]|[12]\d|3[01])\. ?(?:0?[1-9]|1[0-2])\. ?20(?:1[89]|[2-4]\d)"
    r"|20(?:1[89]|[2-4]\d)-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    rf"|(?:0?[1-9]|[12]\d|3[01])(?:\.|st|nd|rd|th)? {_MONTH},? 20(?:1[89]|[2-4]\d))(?!\d)"
    rf"|\b{_MONTH} (?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,? 20(?:1[89]|[2-4]\d)(?!\d)",
    re.IGNORECASE,
)
_OLD_DAY = re.compile(rf"\b\d{{1,2}}\.? {_MONTH},? \d{{4}}|\b{_MONTH} \d{{1,2}},? \d{{4}}", re.IGNORECASE)
_MONEY = r"\d{1,3}(?:[.,]\d{3})?(?:[.,]\d{2})?|\d{4,6}(?:[.,]\d{2})?"
_AMOUNT = re.compile(
    rf"(?<![\d.,/-])(?<!\d )(?:{_MONEY}) ?(?:€|(?:euros?|eur)\b)|(?:€|\beur) ?(?:{_MONEY})(?![\d.,/-]*\d)",
    re.IGNORECASE,
)
_COURT = re.compile(  # C-526/24, VI ZR 576/19, 14 O 123/22
    r"(?<![\d-])(?<!\d )(?:\b[CT]-\d{1,3}|\b[IVX]{1,4} Z[RB] \d{1,3}"
    r"|\b\d{1,2} (?:BvR|AZR|C|K|O|S|U) \d{1,4})/\d{2}(?![\d/-])(?! \d)"
)
_YEAR = re.compile(r"(?<!\d)(?:199\d|20[0-4]\d)(?: ?[-/\u2013] ?\d{2})?(?!\d)")
_CLUSTER = re.compile(r"\d(?:[\W\d_]*\d)?")
_TOKEN = re.compile(r"[\w-]*\d[\w-]*")
_RAISED = str.maketrans("\u00b9\u00b2\u00b3", "123")
MOST_DIGITS = 8  # of one sentence, besides days, years, amounts and files of courts
FEWEST_WORDS = 4
MOST_FACTS = 12


class Making(Protocol):
    """A notice's checked fields with what is needed to say them."""

    @property
    def fields(self) -> Mapping[str, list[str]]: ...

    @property
    def words(self) -> Texts: ...


def unfit(sentence: str, told: Iterable[str] = ()) -> str:
    """Why a sentence goes into no refusal: `signs` (its length or what it is written in), `words` (too few different
    ones), `owed` (it says that the facts are still to be written), `address`, `number`; empty where it may. It may name
    the cases that the facts `told` name."""
    if not re.fullmatch(SENTENCE, sentence):
        return "signs"
    if len({word.casefold() for word in re.findall(r"[^\W\d_]{2,}", sentence)}) < FEWEST_WORDS:
        return "words"
    if _OWED.search(sentence):
        return "owed"
    if _ADDRESS.search(sentence):
        return "address"
    for case in re.findall(CASE, " ".join(told)):
        sentence = re.sub(rf"(?<![\w-]){case}(?![\w-])", "", sentence)
    return "number" if _numbered(sentence.translate(_RAISED)) else ""


def _numbered(sentence: str) -> bool:
    """Whether digits could be somebody's: with any signs but letters between them, or in parts with words between.
    Days of the Regulation's time, amounts of money and files of courts are not, nor are years that stand alone."""
    if _BIRTH.search(sentence) and re.search(r"\d", sentence):
        return True
    rest = _COURT.sub(" x ", _AMOUNT.sub(" x ", _DAYS.sub(" ", sentence)))
    parts = [_YEAR.sub(" ", part) for part in _CLUSTER.findall(rest)]
    counts = [len(re.findall(r"\d", part)) for part in parts]
    mixed = (word for word in _TOKEN.findall(rest) if re.search(r"[^\W\d_]", word))
    return (
        bool(_OLD_DAY.search(rest))
        or any(count > 4 for count in counts)
        or any(re.search(r"\d{4}", part) for part in parts)
        or sum(count > 2 for count in counts) > 1
        or sum(counts) > MOST_DIGITS
        or any(len(re.findall(r"\d", word)) > 2 for word in mixed)
    )


def facts(making: Making) -> str:
    """The facts as lines of a list. Raises `NoticeRefused` where there are none, for the law alone is no reason, where
    there are too many or one twice, or where the sentence is unfit."""
    told = making.fields.get("fact", [])
    sentence = next(iter(making.fields.get("sentence", [])), "")
    if not (told or sentence) or len(told) > MOST_FACTS or len(set(told)) < len(told):
        raise NoticeRefused("field_missing", f"refusal needs the facts: 1 to {MOST_FACTS} of fact, or a sentence")
    if sentence and (code := unfit(sentence, told)):
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
