"""`auskunft search`: the sources asked for one person, answered as JSON lines. Nothing is stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, StrictStr, ValidationError

from cases.finding import Finding, Gap, Other
from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.others import KnownPeople, others_in
from cases.own import Own
from cases.source import Naming, Searched, Source, SourceUnavailable
from cases.subjects import SubjectIndex
from sources.building import BadOptions, Tools
from sources.catalogue import UnknownKind, build_from_location

COMPLETE, USAGE, INCOMPLETE = 0, 2, 3
_LARGEST = 1024 * 1024  # bytes of a subject file: a few identifiers, not a database


class BadRequest(Exception):
    """The command cannot be carried out as it was given (exit status 2). The text says what is allowed."""


class SubjectFile(BaseModel):
    """`subject.json`; its identifiers count as verified."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: list[StrictStr] = []
    emails: list[StrictStr] = []
    phones: list[StrictStr] = []
    birth_date: date | None = None
    addresses: list[StrictStr] = []
    customer_numbers: list[StrictStr] = []
    handles: dict[StrictStr, list[StrictStr]] = {}
    cookie_ids: list[StrictStr] = Field(default=[])
    ibans: list[StrictStr] = []
    order_numbers: list[StrictStr] = []
    user_names: list[StrictStr] = []

    def subject(self) -> Subject:
        lists = {
            Kind.NAME: self.names,
            Kind.EMAIL: self.emails,
            Kind.PHONE: self.phones,
            Kind.ADDRESS: self.addresses,
            Kind.CUSTOMER_NUMBER: self.customer_numbers,
            Kind.COOKIE_ID: self.cookie_ids,
            Kind.IBAN: self.ibans,
            Kind.ORDER_NUMBER: self.order_numbers,
            Kind.USER_NAME: self.user_names,
            Kind.BIRTH_DATE: [self.birth_date.isoformat()] if self.birth_date else [],
        }
        plain = [Identifier(kind, value, Origin.VERIFIED) for kind, values in lists.items() for value in values]
        handles = [
            Identifier(Kind.HANDLE, value, Origin.VERIFIED, platform)
            for platform, values in self.handles.items()
            for value in values
        ]
        return Subject("subject", (*plain, *handles))


@dataclass(slots=True)
class Search:
    """One run. `lines()` gives the JSON lines as they come; `status` is right once all of them are taken."""

    subject: Subject = field(repr=False)
    sources: tuple[Source, ...]
    seconds: Callable[[], float]
    number_formats: tuple[str, ...] = ()
    status: int = COMPLETE

    def lines(self) -> Iterator[dict[str, Any]]:
        index = SubjectIndex([self.subject], number_formats=self.number_formats)
        look = Onlooker(Own.of(self.subject.identifiers), _known(self.sources))
        for source in self.sources:
            yield from self._one(source, index, look)

    def _one(self, source: Source, index: SubjectIndex, look: Onlooker) -> Iterator[dict[str, Any]]:
        started, counted = self.seconds(), {"records": 0, "findings": 0, "gaps": 0}
        try:
            for item in source.search(index):
                if isinstance(item, Searched):
                    counted["records"] = item.records
                else:
                    counted["findings" if isinstance(item, Finding) else "gaps"] += 1
                    yield finding_line(item, look.people(item)) if isinstance(item, Finding) else gap_line(item)
        except SourceUnavailable as error:
            counted["gaps"] += 1
            yield {"type": "gap", "source": source.name, "locator": "", "reason": "unreachable"} | _told(error)
        if counted["gaps"]:
            self.status = INCOMPLETE
        spent = round(self.seconds() - started, 3)
        yield {"type": "searched", "source": source.name, **counted, "seconds": spent}


def prepare(subject_file: Path, sources: Sequence[str], tools: Tools, seconds: Callable[[], float]) -> Search:
    """The search of `--subject` and every `--source KIND=LOCATION`; `seconds` is a monotonic clock.

    Raises `BadRequest`, and `SourceUnavailable` never: what cannot be asked is a gap in the answer.
    """
    subject = read_subject(subject_file)
    if not sources:
        raise BadRequest("no source to ask: give --source KIND=LOCATION, or a settings file with sources")
    return Search(subject, tuple(_sources(sources, tools)), seconds)


def read_subject(path: Path) -> Subject:
    """The person of a `subject.json`. Raises `BadRequest` that names the key, never a value."""
    try:
        data = path.read_bytes()[: _LARGEST + 1]
    except OSError:
        raise BadRequest(f"{path}: cannot be read") from None
    if len(data) > _LARGEST:
        raise BadRequest(f"{path}: larger than a subject file can be (1 MB)")
    try:
        subject = SubjectFile.model_validate(json.loads(data)).subject()
    except (ValueError, RecursionError) as error:
        problem = _problems(error)
    else:
        _demand_usable(path, subject)
        return subject
    raise BadRequest(f"{path}: {problem}")


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who else is in what is found; `known` are the people of the sources that can name theirs."""

    own: Own = field(repr=False)
    known: KnownPeople = field(repr=False)

    def people(self, finding: Finding) -> tuple[Other, ...]:
        learned = (item.value for item in finding.learned if item.kind is Kind.NAME)
        return others_in(finding.fields, (*finding.others, *learned), self.own.in_row(finding), self.known)


def finding_line(finding: Finding, people: Sequence[Other] = ()) -> dict[str, Any]:
    """A finding as the command gives it. A field that a record has several times becomes a list."""
    fields: dict[str, Any] = {}
    for item in finding.fields:
        before = fields.get(item.name)
        fields[item.name] = item.value if before is None else [*_as_list(before), item.value]
    return {
        "type": "finding",
        "source": finding.source,
        "kind": finding.kind,
        "locator": finding.locator,
        "strength": finding.strength.value,
        "matched": [{"identifier": match.identifier.kind.value, "field": match.field} for match in finding.matched],
        "fields": fields,
        "files": [{"name": blob.name, "media_type": blob.media_type, "size": blob.size} for blob in finding.blobs],
        "at": finding.at.isoformat() if finding.at else None,
        "others": list(finding.others),
        "people": [
            {"kind": one.kind.value, "part": one.part.value, "value": one.value, "spans": _spans(finding, one)}
            for one in people
        ],
    }


def _spans(finding: Finding, other: Other) -> list[dict[str, Any]]:
    """Places as the line names fields: `index` counts the values of one name, where it has several."""
    names = [item.name for item in finding.fields]
    return [
        {
            "field": names[span.field],
            "index": names[: span.field].count(names[span.field]),
            "start": span.start,
            "end": span.end,
        }
        for span in other.spans
    ]


def _known(sources: Iterable[Source]) -> KnownPeople:
    """One who cannot be asked for names now cannot be searched either: that is told there."""
    names: list[str] = []
    for source in sources:
        if isinstance(source, Naming):
            with suppress(SourceUnavailable):
                names += source.names()
    return KnownPeople.of(names)


def gap_line(gap: Gap) -> dict[str, Any]:
    line = {"type": "gap", "source": gap.source, "locator": gap.locator, "reason": gap.reason.value}
    return line | ({"code": gap.code} if gap.code else {})


def _sources(stated: Sequence[str], tools: Tools) -> Iterator[Source]:
    """Sources of one kind are told apart by their number: `folder`, `folder-2`."""
    counted: dict[str, int] = {}
    for item in stated:
        kind, equals, location = item.partition("=")
        if not equals:
            raise BadRequest("--source: allowed: KIND=LOCATION, such as folder=/srv/customers")
        counted[kind] = counted.get(kind, 0) + 1
        name = kind if counted[kind] == 1 else f"{kind}-{counted[kind]}"
        try:
            yield build_from_location(kind, location, tools, name)
        except (UnknownKind, BadOptions) as error:
            problem = str(error)
        else:
            continue
        raise BadRequest(f"--source: {problem}")


def _told(error: SourceUnavailable) -> dict[str, str]:
    return {"code": error.code} | ({"advice": error.advice} if error.advice else {})


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _problems(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return "is not JSON"
    told = [f"{'.'.join(map(str, item['loc'])) or 'the file'}: {item['msg']}" for item in error.errors()]
    return f"{'; '.join(told)}; allowed keys: {', '.join(SubjectFile.model_fields)}"


def _demand_usable(path: Path, subject: Subject) -> None:
    """An identifier that is none would be searched for nowhere, and nobody would know."""
    for item in subject.identifiers:
        if not item.normal:
            raise BadRequest(f"{path}: {_KEYS[item.kind]} holds a value that is none")
    if not any(item.kind is not Kind.BIRTH_DATE for item in subject.identifiers):
        raise BadRequest(f"{path}: nothing to search for: give a name, an address or a number")


_KEYS: Mapping[Kind, str] = {
    Kind.NAME: "names",
    Kind.EMAIL: "emails",
    Kind.PHONE: "phones",
    Kind.BIRTH_DATE: "birth_date",
    Kind.ADDRESS: "addresses",
    Kind.CUSTOMER_NUMBER: "customer_numbers",
    Kind.HANDLE: "handles",
    Kind.COOKIE_ID: "cookie_ids",
    Kind.IBAN: "ibans",
    Kind.ORDER_NUMBER: "order_numbers",
    Kind.USER_NAME: "user_names",
}
