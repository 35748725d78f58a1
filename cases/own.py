"""What is no other person's in a finding: the data subject's own names and numbers, and what is the company's.

What merely stands in a record about the person is not theirs by that: a second e-mail address may be the husband's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from cases.comparing import Names, compare_names
from cases.finding import Finding, Strength
from cases.identifiers import Identifier, Kind, Origin, fold, name_words, normalise
from cases.person_names import PersonName, parse_name

_FORM = re.compile(r"\s*(?P<form>Herrn?|Hr\.|Mr\.?|Monsieur|Frau|Fr\.|Mrs\.?|Ms\.?|Madame)(?:\s+|$)", re.I)
_HIS = frozenset({"herr", "herrn", "hr", "mr", "monsieur"})
_OF_THE_ROW = frozenset({Kind.PHONE, Kind.IBAN})  # what a person's own row may add without anybody's yes


@dataclass(frozen=True, slots=True)
class Own:
    """What is no other person's: the data subject's identifiers, and addresses and names of the company itself.

    `people` are the names of the person; `forms` the forms of address (`herr`, `frau`) that their record states.
    """

    emails: frozenset[str] = field(default=frozenset(), repr=False)
    phones: frozenset[str] = field(default=frozenset(), repr=False)
    ibans: frozenset[str] = field(default=frozenset(), repr=False)
    names: tuple[frozenset[str], ...] = field(default=(), repr=False)
    people: tuple[PersonName, ...] = field(default=(), repr=False)
    forms: frozenset[str] = field(default=frozenset(), repr=False)

    @classmethod
    def of(cls, identifiers: Iterable[Identifier], ours: Iterable[Identifier] = ()) -> Own:
        hers = tuple(identifiers)
        items = (*hers, *ours)

        def normal_of(kind: Kind) -> frozenset[str]:
            return frozenset(item.normal for item in items if item.kind is kind and item.normal)

        names = (frozenset(name_words(item.value)) for item in items if item.kind is Kind.NAME)
        people = tuple(parse_name(item.value) for item in hers if item.kind is Kind.NAME)
        on_file = (item.value for item in hers if item.kind is Kind.NAME and item.origin is not Origin.CLAIMED)
        forms = frozenset(filter(None, map(_form, on_file)))
        numbers = (normal_of(Kind.EMAIL), normal_of(Kind.PHONE), normal_of(Kind.IBAN))
        return cls(*numbers, tuple(filter(None, names)), people, forms)

    def has(self, kind: Kind, value: str) -> bool:
        """Of a name: whether it is no more than a part of a known one. A surname with a form of address is hers only
        if her record states that form: `Herr Krüger` may be her husband, and no gender is guessed from a name."""
        if kind is Kind.NAME:
            words = frozenset(name_words(value))
            if words and not any(words <= name for name in self.names):
                return False
            return not words or not (form := _form(value)) or form in self.forms or bool(words & self._given)
        known = {Kind.EMAIL: self.emails, Kind.PHONE: self.phones, Kind.IBAN: self.ibans}[kind]
        return normal(kind, value) in known

    def is_called(self, value: str) -> bool:
        """Whether a whole name is the person's as far as both state it."""
        name = parse_name(value)
        return any(compare_names(mine, name)[0] is Names.SAME for mine in self.people)

    def in_row(self, finding: Finding) -> Own:
        """With what the record itself adds: her name in further words; and where the record is surely hers and names
        nobody else (no order or message that hangs on it), its phone numbers and accounts."""
        stated = [item for item in finding.learned if item.kind is Kind.NAME]
        names = [item for item in stated if self.is_called(item.value)]
        itself = finding.strength is Strength.CERTAIN and finding.group in ("", finding.locator)
        if not itself or finding.others or len(names) < len(stated):
            return self._with(names)
        seen = (*finding.learned, *(match.identifier for match in finding.matched))
        more = self._with((*names, *(item for item in seen if item.kind in _OF_THE_ROW)))
        forms = (_form(item.value) for item in finding.fields if len(item.value) < 10 and not name_words(item.value))
        return replace(more, forms=more.forms | frozenset(filter(None, forms)))

    def _with(self, items: Iterable[Identifier]) -> Own:
        more = Own.of(items)
        names, people = self.names + more.names, self.people + more.people
        numbers = (self.emails | more.emails, self.phones | more.phones, self.ibans | more.ibans)
        return Own(*numbers, names, people, self.forms | more.forms)

    @property
    def _given(self) -> frozenset[str]:
        return frozenset(word for name in self.people for word in name.given_words)


def hers(known: Iterable[Identifier], filed: Iterable[Identifier], declined: Collection[object]) -> list[Identifier]:
    """Which identifiers are surely the person's own: what was verified or accepted by somebody; of what their record
    on file states beside (`filed`) all but what somebody `declined` (keys), another name, and an e-mail address that
    is not made of their name; and of what they only claim what their record states as well. Anybody may claim the
    address of somebody else, whose messages would then be released as theirs."""
    items = tuple(known)
    sure = [item for item in items if item.origin is not Origin.CLAIMED]
    claimed = [item for item in items if item.origin is Origin.CLAIMED]
    names = [item for item in sure if item.kind is Kind.NAME]
    proven = Own.of(names)
    called = [one for one in claimed if one.kind is Kind.NAME and (not names or proven.is_called(one.value))]
    person = Own.of((*names, *called))
    ours = [item for item in filed if item.key not in declined and _fits(item, person)]
    on_file = {(item.kind, item.normal) for item in ours}
    return [*sure, *called, *ours, *(item for item in claimed if (item.kind, item.normal) in on_file)]


@lru_cache(maxsize=4096)  # one number stands in thousands of messages
def normal(kind: Kind, value: str) -> str:
    return normalise(kind, value)


def _fits(item: Identifier, person: Own) -> bool:
    match item.kind:
        case Kind.NAME:
            return person.is_called(item.value)
        case Kind.EMAIL:
            words = re.findall(r"[^\W\d_]+", fold(item.value.partition("@")[0]))
            return any(_made_of(words, name) for name in person.people)
        case _:
            return True


def _made_of(words: list[str], name: PersonName) -> bool:
    """Whether a mailbox is called by this name: `lena`, `lena.krueger`, `lkrueger`. A surname alone is a family's."""
    given = set(name.given_words)
    initials = {word[0] for word in given}
    surname = "".join(name.surname)
    glued = {whole for one in given | initials for whole in (one + surname, surname + one)}
    told = len(set(words)) > 1 or bool(set(words) & (given | glued))
    return told and set(words) <= given | initials | glued | set(name.surname)


def _form(value: str) -> str:
    """`herr` or `frau` where a name begins with such a form of address, else nothing."""
    found = _FORM.match(value)
    return ("herr" if found["form"].casefold().rstrip(".") in _HIS else "frau") if found else ""
