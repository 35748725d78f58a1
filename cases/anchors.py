"""What a scan promises: the letters and digits that a record must hold so that a scan can find a person in it.

A source that is read through (an export, a folder) is not asked by identifier. To read a gigabyte in a second it looks
for literal traces first and parses only what holds one. What counts as a trace is said here once, and nobody may find
more or less than it allows: the search without that short cut asks the same `Anchor`s of the text of every record.

An anchor has spellings (`krüger`, `krueger`, `kruger`, ...), and each spelling has forms in which it may stand in a
text (`cases.writings`). A name's anchor is its surname; another word of the name must stand in the same record.
How a form is written in a file (JSON escapes, UTF-16) is the business of who reads files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

import idna
import phonenumbers

from cases.emails import mailbox_key
from cases.folding import fold
from cases.identifiers import Identifier, Kind, Subject, digest_spellings, digests_of, name_words, short_words
from cases.person_names import born_as
from cases.writings import common_part, either_case, forms, in_url, lower_ascii, word_spellings

_SHORTEST_WORD = 3  # letters of a name that are looked for by themselves
_TELLING_WORD = 4  # letters of a surname that is looked for rather than the given name
_SHORTEST_NUMBER = 4  # characters of a customer number; a shorter one is in every second text
_SHORTEST_RUN = 6  # digits of a phone number that tell it from others
_SHORTEST_CORE = 5  # characters that stand for all forms of an anchor
_SHORTEST_LOCAL = 8  # characters before the @ that stand for a whole address
_MOST_GROUPS = 6
_PHONE_JOINTS = (" ", "-", ".", "/")
_NUMBER_JOINTS = ("-", " ", ".", "/")
_IBAN_JOINTS = (" ", "-")
ODD_SPACES = "\u00a0\u2007\u2009\u202f"  # what programs put between digits instead of a space
ODD_DASHES = "\u2010\u2011\u2013"
_ODD_JOINT = re.compile(rf"(?<=[0-9])[{ODD_SPACES}{ODD_DASHES}](?=[0-9])")
_BETWEEN_DIGITS = re.compile("(?<=[0-9])\u00a0(?=[0-9])")
_LETTERS = re.compile(r"[^\W\d_]+")
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_BASE64_RUN = re.compile(r"[A-Za-z0-9]+", re.ASCII)


class Outside(StrEnum):
    """What a scan does not find of a person; sources that are asked by identifier may."""

    SIMILAR_NAME = "similar_name"  # a slip of the pen, a short form, a name that only sounds alike
    ONE_WORD_OF_A_NAME = "one_word_of_a_name"  # "Frau Krüger" without anything else
    ADDRESS_ALONE = "address_alone"
    BIRTH_DATE_ALONE = "birth_date_alone"
    UNUSUAL_PHONE = "unusual_phone"  # digits grouped in none of the usual ways
    SHORT_NAME = "short_name"  # every word has one or two letters: only the whole name is looked for
    SHORT_NUMBER = "short_number"  # a customer number of fewer than four characters
    OTHER_DOTS = (
        "other_dots"  # an address with dots elsewhere, at a provider that ignores them; without any it is found
    )


SCAN_LIMITS = ("exact_only", *(limit.value for limit in Outside))  # of every scan, for the log of searches


@dataclass(frozen=True, slots=True)
class Anchor:
    """What must be in a record: a form of one of `spellings`, and of one of `beside` unless that is empty.

    `core` is a part that all spellings have and that is worth looking for alone, or empty.
    """

    subject: str
    spellings: tuple[str, ...] = field(repr=False)
    beside: tuple[str, ...] = field(default=(), repr=False)
    core: str = field(default="", repr=False)

    @property
    def forms(self) -> tuple[str, ...]:
        """Everything that counts as this anchor in a text, the plainest first."""
        return _all_forms(self.spellings)

    @property
    def forms_beside(self) -> tuple[str, ...]:
        return _all_forms(self.beside)

    @property
    def traces(self) -> tuple[str, ...]:
        """What to look for before a text is decoded: a text with one of `forms` has one of these, or holds it in an
        encoding beyond a plain `%40`."""
        return (
            (self.core,) if self.core else tuple(dict.fromkeys(text for one in self.spellings for text in in_url(one)))
        )


def anchors(subject: Subject) -> tuple[Anchor, ...]:
    """Every anchor of a subject; a record without any of them is not found by a scan."""
    found = (anchor for item in subject.identifiers if item.normal for anchor in _anchors_of(subject.id, item))
    return tuple(dict.fromkeys(found))


def holds(anchor: Anchor, lowered: bytes) -> bool:
    """Whether a record holds the anchor: the definition that every scan obeys. `lowered` is its text by `lower`."""
    forms, beside = _looked_for(anchor)
    return any(form in lowered for form in forms) and (not beside or any(form in lowered for form in beside))


def lower(text: str) -> bytes:
    """The bytes in which forms are looked for: UTF-8, ASCII letters in lower case, all others as they are; between
    digits every kind of space is a space and every kind of dash a hyphen."""
    if not text.isascii():
        text = _ODD_JOINT.sub(lambda found: " " if found[0] in ODD_SPACES else "-", text)
    return text.encode("utf-8", "surrogatepass").lower()


def _all_forms(spellings: tuple[str, ...]) -> tuple[str, ...]:
    return (*spellings, *(form for one in spellings for form in forms(one)[1:]))


@lru_cache(4096)
def _looked_for(anchor: Anchor) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    forms, beside = (
        tuple(text.encode("utf-8", "surrogatepass") for text in texts) for texts in (anchor.forms, anchor.forms_beside)
    )
    return forms, beside


def _anchors_of(subject: str, item: Identifier) -> Iterator[Anchor]:
    if item.kind is Kind.NAME:
        for value in filter(None, (item.value, born_as(item.value))):
            yield from _name_anchors(subject, value)
    elif item.kind is Kind.EMAIL:
        yield _email_anchor(subject, item)
    elif spelled := tuple(dict.fromkeys(_SPELLINGS[item.kind](item) if item.kind in _SPELLINGS else ())):
        yield Anchor(subject, spelled, core=_core(spelled))
    for _, digest in digests_of(item):
        yield Anchor(subject, tuple(_digest(digest)))


def _core(spelled: tuple[str, ...]) -> str:
    """Where it is most of every spelling: `reuter` is in too many other names to stand for `Außenreuter`."""
    part = common_part(spelled)
    return part if len(part) >= _SHORTEST_CORE and len(part) * 4 >= len(max(spelled, key=len)) * 3 else ""


def _name_anchors(subject: str, value: str) -> Iterator[Anchor]:
    words = _words(value)
    if lead := _lead(words, surname_first="," in value):
        tokens = {fold(token): token for token in _LETTERS.findall(_APOSTROPHES.sub("", value))}
        spelled = _spelled(lead, tokens) + _behind_apostrophes(lead, value)
        others = (text for word in words if word != lead for text in _spelled(word, tokens))
        yield Anchor(subject, spelled, tuple(dict.fromkeys(others)), _core(spelled))
    elif len(words) > 1:
        turns = [words[turn:] + words[:turn] for turn in range(len(words))]
        yield Anchor(subject, tuple(joint.join(turn) for turn in turns for joint in (" ", ", ")))


def _words(value: str) -> tuple[str, ...]:
    """The words that every literal way of writing a name has."""
    return short_words(value) or name_words(value)


def _lead(words: tuple[str, ...], *, surname_first: bool = False) -> str:
    """The surname, which fewer people have than a given name, unless it is short: then the longest word."""
    surname = (words[0] if surname_first else words[-1]) if words else ""
    if len(surname) >= _TELLING_WORD:
        return surname
    longest = max(words, key=len, default="")
    return longest if len(longest) >= _SHORTEST_WORD else ""


def _spelled(word: str, tokens: dict[str, str]) -> tuple[str, ...]:
    return word_spellings(tokens.get(word, word))


def _behind_apostrophes(lead: str, value: str) -> tuple[str, ...]:
    """`O'Neil` by its `neil` too: the apostrophe is written in too many ways to look for."""
    parts = (fold(part) for part in _APOSTROPHES.split(value)[1:])
    ends = (found[0] for part in parts if (found := _LETTERS.match(part)))
    return tuple(end for end in ends if lead.endswith(end) and len(end) >= _SHORTEST_WORD)


def _email_anchor(subject: str, item: Identifier) -> Anchor:
    local, _, domain = item.normal.rpartition("@")
    hosts = dict.fromkeys((domain, _unicode_host(domain)))
    spelled = tuple(text for host in hosts for text in either_case(f"{local}@{host}"))
    if mailbox_key(item.normal):
        base = local.partition("+")[0]
        aliases = dict.fromkeys(f"{text}{end}" for text in (base, base.replace(".", "")) for end in "@+")
        return Anchor(subject, (*spelled, *aliases))
    plain = local.isascii() and "+" not in local and len(local) >= _SHORTEST_LOCAL
    return Anchor(subject, spelled, core=local if plain else "")


def _unicode_host(domain: str) -> str:
    try:
        return idna.decode(domain) if "xn--" in domain else domain
    except idna.IDNAError:
        return domain


def _phone(item: Identifier) -> Iterator[str]:
    """The number behind its area code in one piece, or as the usual groups begin: six digits tell it from others.

    The area code may be written in any way, with or without country code, brackets and zero: it is not looked for.
    """
    number = phonenumbers.parse(item.normal)
    national = phonenumbers.national_significant_number(number)
    area = phonenumbers.length_of_national_destination_code(number)
    local = national[area:]
    if len(local) < _SHORTEST_RUN:
        yield national
        yield from (f"{national[:area]}{joint}{local}" for joint in (*_PHONE_JOINTS, "/", ") ", ")"))
        return
    yield local
    for joint in _PHONE_JOINTS:
        yield from (_grouped(local, cuts, joint) for cuts in _CUTS)


# Where the first digits are cut: 39 20 01, 39 200 1, 39 2001, 392 001, 392 00 1, 3920 01, 39200 1, 3 92 00 1, 3 920 01
_CUTS = ((2, 4), (2, 5), (2,), (3,), (3, 5), (4,), (5,), (1, 3, 5), (1, 4))


def _grouped(digits: str, cuts: tuple[int, ...], joint: str) -> str:
    ends = (*cuts, _SHORTEST_RUN)
    return joint.join(digits[start:end] for start, end in zip((0, *cuts), ends, strict=True))


def _number(item: Identifier) -> Iterator[str]:
    """A number as it was stated, without separators, and with each of the usual ones between its parts."""
    if len(item.normal) < _SHORTEST_NUMBER:
        return
    stated = lower_ascii(item.value.strip())
    yield from (lower_ascii(item.normal), stated)
    for groups in (re.findall(r"[^\s\-./]+", stated), re.findall(r"\d+|\D+", item.normal)):
        if 1 < len(groups) <= _MOST_GROUPS:
            yield from (joint.join(groups) for joint in _NUMBER_JOINTS)


def _handle(item: Identifier) -> Iterator[str]:
    yield from either_case(item.normal)


def _cookie(item: Identifier) -> Iterator[str]:
    yield lower_ascii(item.normal)


def _iban(item: Identifier) -> Iterator[str]:
    plain = item.normal.lower()
    yield plain
    groups = [plain[at : at + 4] for at in range(0, len(plain), 4)]
    yield from (joint.join(groups) for joint in _IBAN_JOINTS)
    yield _BETWEEN_DIGITS.sub(" ", "\u00a0".join(groups))  # as `lower` leaves it


def _hashed(item: Identifier) -> Iterator[str]:
    yield from _digest(item.normal)


def _digest(digest: str) -> Iterator[str]:
    """Hex; and of base64 the longest part that both its alphabets and every escaping leave alone."""
    for text in dict.fromkeys(digest_spellings(digest)):
        yield text.lower() if text == digest else max(_BASE64_RUN.findall(text), key=len).lower()


_SPELLINGS: dict[Kind, Callable[[Identifier], Iterator[str]]] = {
    Kind.PHONE: _phone,
    Kind.CUSTOMER_NUMBER: _number,
    Kind.ORDER_NUMBER: _number,
    Kind.HANDLE: _handle,
    Kind.USER_NAME: _handle,
    Kind.COOKIE_ID: _cookie,
    Kind.EMAIL_HASH: _hashed,
    Kind.PHONE_HASH: _hashed,
    Kind.IBAN: _iban,
}
