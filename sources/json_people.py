"""What the fields of an unknown export state about people: by their names, or as the settings say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cases.identifiers import Kind
from cases.subjects import Clue, Hit, SubjectIndex, strongest
from sources.json_values import at
from sources.meta_json import moment
from sources.scan_filter import readings

# By the last part of a field's path, without case and separators.
_KINDS = {
    **dict.fromkeys(("email", "emailaddress", "mail", "emailadresse", "mailadresse"), Kind.EMAIL),
    **dict.fromkeys(("phone", "phonenumber", "mobile", "mobilephone", "telefon", "telefonnummer", "handy"), Kind.PHONE),
    **dict.fromkeys(("name", "fullname", "displayname", "customername", "kundenname", "sendername"), Kind.NAME),
    **dict.fromkeys(("birthdate", "birthday", "dateofbirth", "geburtsdatum", "geburtstag"), Kind.BIRTH_DATE),
    **dict.fromkeys(("customernumber", "customerno", "kundennummer", "kundennr"), Kind.CUSTOMER_NUMBER),
    **dict.fromkeys(("iban",), Kind.IBAN),
    **dict.fromkeys(("emailhash", "emailsha256", "hashedemail"), Kind.EMAIL_HASH),
    **dict.fromkeys(("phonehash", "phonesha256", "hashedphone"), Kind.PHONE_HASH),
}
_GIVEN = ("firstname", "givenname", "vorname")
_SURNAME = ("lastname", "surname", "familyname", "nachname")
_TIMES = ("createdat", "created", "timestamp", "timestampms", "date", "sentat", "time")
_DEEPEST = 3  # objects inside a record in which fields are told by their names


@dataclass(frozen=True, slots=True)
class Meanings:
    """`identifying`: a field's path to a kind, or to `handle:PLATFORM`; `names`: groups of paths that state one name;
    `time`: a path; `scope`: the system whose numbers these are."""

    identifying: Mapping[str, str] = field(default_factory=dict)
    names: tuple[tuple[str, ...], ...] = ()
    time: str = ""
    scope: str = ""

    def hits(self, record: Any, text: str, index: SubjectIndex) -> tuple[Hit, ...]:
        """Whom of the index a record is about; `text` is all that it says."""
        clues = [*self._stated(record), *_told_by_names(record, "", 0, self.scope)]
        stated = index.match(clues) or index.match_alike(clues) if clues else ()
        return strongest((*stated, *index.match_text(readings(text), "record", self.scope)))

    def moment_of(self, record: Any) -> datetime | None:
        if not isinstance(record, dict):
            return None
        if self.time:
            return _moment(at(record, self.time))
        found = (_moment(value) for key, value in record.items() if _bare(key) in _TIMES)
        return next((one for one in found if one), None)

    def _stated(self, record: Any) -> Iterator[Clue]:
        for path, stated in self.identifying.items():
            kind, _, scope = stated.partition(":")
            if text := _text(at(record, path)):
                yield Clue(Kind(kind), text, path, scope or self.scope)
        for group in self.names:
            if text := " ".join(filter(None, (_text(at(record, path)) for path in group))):
                yield Clue(Kind.NAME, text, "+".join(group), self.scope)


def _told_by_names(record: Any, path: str, depth: int, scope: str) -> Iterator[Clue]:
    if not isinstance(record, dict) or depth > _DEEPEST:
        return
    given = surname = ""
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _told_by_names(value, f"{path}{key}.", depth + 1, scope)
            continue
        bare = _bare(key)
        if kind := _KINDS.get(bare):
            if text := _text(value):
                yield Clue(kind, text, path + key, scope)
        elif bare in _GIVEN:
            given = _text(value)
        elif bare in _SURNAME:
            surname = _text(value)
    if given and surname:
        yield Clue(Kind.NAME, f"{given} {surname}", f"{path}name", scope)


def _bare(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "").replace(" ", "")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return moment(value)
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else None
