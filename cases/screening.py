"""Tells at a glance that a value is none of the known ones, so that it need not be normalised.

A search meets a hundred thousand records that are nobody's: taking every name and phone number apart would be most of
its time. What is compared here every spelling of a value has in common; `True` only says that one has to look.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from cases.identifiers import Identifier, Kind, Subject, digests_of, fold, name_words
from cases.readable import plain

_WORD = re.compile(r"[^\W\d_]+")
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_PLAIN_PHONE = re.compile(r"[\d\s()+/.-]+", re.ASCII)
_PLAIN_EMAIL = re.compile(r"([\w.+-]+)@[\w.-]+", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)
_NO_DIGIT = re.compile(r"\D", re.ASCII)
_LONGEST = 400  # characters of a name; what is longer is none
_TAIL = 6  # digits of a phone number that every spelling ends with, an extension aside
_POSTCODE = 4  # digits at least


def quick_words(value: str) -> list[str]:
    """The folded words of a name with titles and all: never fewer than its `name_words`."""
    value = value[:_LONGEST]
    if value.isascii() and "'" not in value and "`" not in value:
        return _WORD.findall(value.lower())
    return _WORD.findall(_APOSTROPHES.sub("", fold(value)))


class Screen:
    """The known identifiers, reduced to what can be seen at a glance."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self._kinds: set[Kind] = set()
        self._names = 0
        self._having: dict[str, set[int]] = defaultdict(set)
        self._alone: set[str] = set()
        self._locals: set[str] = set()
        self._tails: set[str] = set()
        self._days: set[str] = set()
        self._numbers: set[str] = set()
        self._by_postcode = True
        for subject in subjects:
            for item in subject.identifiers:
                if normal := item.normal:
                    self._kinds |= {item.kind, *(kind for kind, _ in digests_of(item))}
                    self._learn(item, normal)
        self._looks: dict[Kind, Callable[[str], bool]] = {
            Kind.NAME: self._a_name,
            Kind.EMAIL: self._an_email,
            Kind.PHONE: self._a_phone,
            Kind.BIRTH_DATE: self._a_day,
            Kind.ADDRESS: self._an_address,
        }

    def may_hold(self, kind: Kind, value: str) -> bool:
        """False only where no known identifier of this kind can be meant literally."""
        look = self._looks.get(kind)
        return kind in self._kinds and (look is None or look(plain(value)))

    def weight(self, word: str) -> int:
        """Of a folded word: 2 where it is the only one of a known name, 1 where it is one of several, else 0."""
        return 2 if word in self._alone else int(word in self._having)

    def _learn(self, item: Identifier, normal: str) -> None:
        match item.kind:
            case Kind.NAME:
                self._learn_name({*quick_words(item.value), *name_words(item.value)}, normal)
            case Kind.EMAIL:
                self._locals.add(_mailbox(normal.partition("@")[0]))
            case Kind.PHONE:
                self._tails.add(_NO_DIGIT.sub("", normal)[-_TAIL:])
            case Kind.BIRTH_DATE:
                self._days.add(normal)
            case Kind.ADDRESS:
                numbers = _NUMBER.findall(normal)
                self._numbers.update(numbers)
                self._by_postcode &= any(len(number) >= _POSTCODE for number in numbers)

    def _learn_name(self, words: set[str], normal: str) -> None:
        self._names += 1
        for word in words:
            self._having[word].add(self._names)
        if " " not in normal:
            self._alone.add(normal)

    def _a_name(self, value: str) -> bool:
        """Two words of one name, or the only word of one."""
        met: set[int] = set()
        words = quick_words(value)
        for word in words:
            found = self._having.get(word)
            if found and not met.isdisjoint(found):
                return True
            if found:
                met |= found
        return not self._alone.isdisjoint(words) or (bool(met) and len(words) == 1)

    def _an_email(self, value: str) -> bool:
        found = _PLAIN_EMAIL.fullmatch(value)
        return found is None or _mailbox(found[1].lower()) in self._locals

    def _a_phone(self, value: str) -> bool:
        if not _PLAIN_PHONE.fullmatch(value):
            return True
        digits = _NO_DIGIT.sub("", value)
        return any(digits[at : at + _TAIL] in self._tails for at in range(max(1, len(digits) - _TAIL + 1)))

    def _a_day(self, value: str) -> bool:
        return value in self._days or _ISO_DAY.fullmatch(value) is None

    def _an_address(self, value: str) -> bool:
        numbers = _NUMBER.findall(value)
        if self._by_postcode:
            numbers = [number for number in numbers if len(number) >= _POSTCODE] or numbers
        return not numbers or not self._numbers.isdisjoint(numbers)


def _mailbox(local: str) -> str:
    """What every alias of a mailbox begins with, as providers do it: without dots, and up to a plus."""
    return local.partition("+")[0].replace(".", "")
