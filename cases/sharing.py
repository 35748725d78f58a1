"""Addresses and numbers that more than one person uses: they point to a person, and prove nothing about which."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from cases.comparing import Births, Names, compare_births, compare_names
from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.person_names import PersonName, parse_name, people_in_name

Key = tuple[Kind, str]

# What everybody at a company, or in a family, may read. `info.berlin@`, `info-shop@` and `info2@` are meant as well.
_ROLES = """
    abrechnung abuse admin anfrage anfragen apotheke assistenz auftrag bestellung bestellungen bewerbung bewerbungen
    billing buchhaltung buero büro contact datenschutz dispo dsgvo einkauf empfang fa fam familie family faktura firma
    hallo hello help hilfe hotel hr info infos invoice jobs kanzlei karriere kasse kontakt kunden kundendienst
    kundenservice lager leitung lohn mail mailbox marketing newsletter noreply office order orders personal post
    poststelle postmaster praxis presse privacy rechnung rechnungen redaktion reception reservierung sales sekretariat
    service shop studio support team technik termin termine tickets verein verkauf versand verwaltung vertrieb vorstand
    webmaster werkstatt wir zentrale
"""
_ROLE = re.compile(rf"(?:no-reply|do-not-reply|{'|'.join(_ROLES.split())})(?:[._+-].*|\d*)")


def is_role_address(email: str) -> bool:
    """Whether a normalised e-mail address is a function's or a family's and not one person's: `info@`, `familie.x@`."""
    return _ROLE.fullmatch(email.partition("@")[0]) is not None


def shared_keys(subjects: Iterable[Subject], on_file: Iterable[Iterable[Identifier]] = ()) -> frozenset[Key]:
    """The identifiers, by kind and normal form, that were verified of people with different names, or that records of
    the system of record (`on_file`: the identifiers of each) state of what may be different people.

    For `SubjectIndex(..., shared=...)`. It is handed in and not found by the index: what a record says of one person
    must not depend on who else is looked for. A mere claim does not count, or anybody could take another's key away by
    claiming it. `People` gathers the same from records.
    """
    people = People()
    for subject in subjects:
        people.note(item for item in subject.identifiers if item.kind in _TELLING or item.origin is Origin.VERIFIED)
    for record in on_file:
        people.note(record, on_file=True)
    return people.shared()


@dataclass(frozen=True, slots=True)
class _User:
    """Whoever a record or a case says uses a key. `names` are whole ones; a record without any may be anybody's."""

    names: tuple[PersonName, ...] = field(repr=False)
    births: tuple[str, ...] = field(repr=False)
    several: bool
    on_file: bool

    @classmethod
    def of(cls, items: Iterable[Identifier], on_file: bool) -> _User:
        values = [item.value for item in items if item.kind is Kind.NAME]
        names = (parse_name(value) for value in values)
        births = tuple(item.value for item in items if item.kind is Kind.BIRTH_DATE)
        several = any(len(people_in_name(value)) > 1 for value in values)
        return cls(tuple(name for name in names if len(name.words) > 1), births, several, on_file)

    def may_be_another_than(self, other: _User) -> bool:
        """Between two records any doubt counts: a father and a son have one name, and a row without a name or with
        another surname may be the wife's. A case states what somebody typed; there a short form or a wedding is none.
        """
        births = compare_births(self.births, other.births)
        names = max((compare_names(mine, theirs)[0] for mine in self.names for theirs in other.names), default=None)
        if self.on_file and other.on_file:
            return names is not Names.SAME or births < Births.UNKNOWN
        generations = {name.generation for name in (*self.names, *other.names)} - {""}
        return (names is not None and names <= Names.SHARED) or births is Births.OTHER or len(generations) > 1


class People:
    """Who uses what, gathered over the records of a system of record or over all open cases."""

    def __init__(self) -> None:
        self._users: dict[tuple[Kind, str, str], list[_User]] = defaultdict(list)
        self._shared: set[Key] = set()

    def note(self, identifiers: Iterable[Identifier], on_file: bool = False) -> None:
        """One person's identifiers, as one record (`on_file`) or one case states them; each record once."""
        items = [item for item in identifiers if item.normal]
        user = _User.of(items, on_file)
        if user.names or user.several or on_file:  # a case without a name says nothing
            for item in items:
                if item.kind in SHAREABLE:
                    self._use((item.kind, item.scope, item.normal), user)

    def shared(self) -> frozenset[Key]:
        return frozenset(self._shared)

    def _use(self, key: tuple[Kind, str, str], user: _User) -> None:
        """Compared with everybody before: who agrees with two says nothing of these. Once shared, always."""
        kind, _, normal = key
        if (kind, normal) in self._shared:
            return
        if user.several or any(user.may_be_another_than(other) for other in self._users[key]):
            self._shared.add((kind, normal))
        elif user not in self._users[key]:
            self._users[key].append(user)


# What a birth date and a name tell of a case, even if they were only claimed, concerns its own verified keys.
_TELLING = frozenset({Kind.NAME, Kind.BIRTH_DATE})
SHAREABLE = frozenset({Kind.EMAIL, Kind.CUSTOMER_NUMBER, Kind.HANDLE, Kind.COOKIE_ID})
