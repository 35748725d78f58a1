"""Addresses and numbers that more than one person uses: they point to a person, and prove nothing about which."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from cases.comparing import Names, compare_names
from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.person_names import PersonName, parse_name

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
    the system of record (`on_file`: the identifiers of each) state of people with different names.

    For `SubjectIndex(..., shared=...)`. It is handed in and not found by the index: what a record says of one person
    must not depend on who else is looked for. A mere claim does not count, or anybody could take another's key away by
    claiming it. `People` gathers the same from records.
    """
    people = People()
    for subject in subjects:
        people.note(item for item in subject.identifiers if item.kind is Kind.NAME or item.origin is Origin.VERIFIED)
    for record in on_file:
        people.note(record)
    return people.shared()


class People:
    """Who uses what, gathered over the records of a system of record or over all open cases."""

    def __init__(self) -> None:
        self._names: dict[Key, list[PersonName]] = defaultdict(list)
        self._shared: set[Key] = set()

    def note(self, identifiers: Iterable[Identifier]) -> None:
        """One person's identifiers, as one record or one case states them."""
        items = [item for item in identifiers if item.normal]
        known = [parse_name(item.value) for item in items if item.kind is Kind.NAME]
        names = [name for name in known if len(name.words) > 1]
        if not names:
            return
        for item in items:
            if item.kind in SHAREABLE:
                self._use((item.kind, item.normal), names)

    def shared(self) -> frozenset[Key]:
        return frozenset(self._shared)

    def _use(self, key: Key, names: list[PersonName]) -> None:
        before = self._names[key]
        if not before:
            before.extend(names)
        elif not any(compare_names(mine, theirs)[0] > Names.SHARED for mine in names for theirs in before):
            self._shared.add(key)


SHAREABLE = frozenset({Kind.EMAIL, Kind.HANDLE, Kind.COOKIE_ID})
