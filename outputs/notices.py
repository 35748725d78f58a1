"""Mails that cannot hold a finding: fixed texts with closed fields, each field bound to a pattern.

Fields by template (dates are ISO 8601; the case number comes from the notice itself):

| template          | fields |
|-------------------|--------|
| `acknowledgement` | `received`, `due` |
| `identity_request`| `received` |
| `extension`       | `received`, `due` (the new date), `reason` (a key of `[notices.reason]`) |
| `refusal`         | `received`, `ground` (a key of `[notices.ground]`), `authority` (the code of the competent one) |
| `answer_cover`    | `filename`, `channel` (`sms`, `phone`, `letter`, `portal`, `person`) |
| `alarm`           | `code`, `due`, `days_left` |
| `system_alarm`    | `code`; without a case |
| `daily_report`    | `day`, `cases`, `overdue`, `head` (64 hex digits), a `row` per case (`report.packed`), `alarm`s |
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cases.authorities import competent
from cases.draft import Controller, Notice
from outputs.errors import NoticeRefused
from outputs.letter_frame import officer
from outputs.report import CASE, ROW, days_in_words, table_text, unpacked
from outputs.texts import Texts, texts

_DATE = r"\d{4}-\d{2}-\d{2}"
_NUMBER = r"-?\d{1,5}"
ALARM = r"[A-Za-z0-9:_-]{1,80}=[a-z][a-z0-9_]{1,63}"  # what it is about (a case, `source:crm`) and its code
_PATTERNS: Mapping[str, Mapping[str, str]] = {
    "acknowledgement": {"received": _DATE, "due": _DATE},
    "identity_request": {"received": _DATE},
    "extension": {"received": _DATE, "due": _DATE, "reason": "volume|retrieval|redaction|explanation|peak"},
    "refusal": {
        "received": _DATE,
        "ground": "manifestly_unfounded|excessive|not_identifiable|secrecy",
        "authority": r"[A-Z]{2}(-[A-Z]{3})?",
    },
    "answer_cover": {"filename": rf"[A-Z][a-z]{{2,11}}-{CASE}\.zip", "channel": "sms|phone|letter|portal|person"},
    "alarm": {"code": r"[a-z][a-z0-9_]{1,40}", "due": _DATE, "days_left": _NUMBER},
    "system_alarm": {"code": r"[a-z][a-z0-9_]{1,40}"},
    "daily_report": {
        "day": _DATE,
        "cases": _NUMBER,
        "overdue": _NUMBER,
        "head": r"[0-9a-f]{64}",
        "row": ROW,
        "alarm": ALARM,
    },
}
_REPEATED = {"row", "alarm"}
_NO_CASE = {"daily_report", "system_alarm"}


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """Subject and plain text of a mail."""

    subject: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Making:
    """A notice's checked fields with what is needed to say them."""

    fields: Mapping[str, list[str]]
    words: Texts
    controller: Controller

    def one(self, name: str) -> str:
        return self.fields[name][0]

    def day(self, name: str) -> str:
        try:
            return self.words.date(date.fromisoformat(self.one(name)))
        except ValueError:
            pass
        raise NoticeRefused("field_invalid", f"the value of {name} is not a date")


def render(notice: Notice, controller: Controller) -> RenderedMail:
    """Fills the notice's template. Raises `NoticeRefused` for an unknown template, a missing, doubled, unknown or
    impermissible field; its message names the field and never its value."""
    words = texts(notice.language)
    fields = _checked(notice)
    said = {**_sender(controller, notice.template, words), "case": notice.case}
    said |= _MAKERS[notice.template](_Making(fields, words, controller))
    subject = words(f"notices.{notice.template}.subject", **said)
    return RenderedMail(_one_line(subject), words(f"notices.{notice.template}.text", **said) + "\n")


def _checked(notice: Notice) -> dict[str, list[str]]:
    patterns = _PATTERNS.get(notice.template)
    if patterns is None:
        raise NoticeRefused("template_unknown", f"known are {', '.join(_PATTERNS)}")
    if not re.fullmatch(CASE, notice.case) and not (notice.template in _NO_CASE and notice.case == ""):
        raise NoticeRefused("case_invalid", "a notice names its case by number")
    values: dict[str, list[str]] = {}
    for name, value in notice.fields:
        _check_field(patterns, name, value)
        values.setdefault(name, []).append(value)
    for name in patterns:
        if len(values.get(name, [])) != 1 and name not in _REPEATED:
            raise NoticeRefused("field_missing", f"{notice.template} needs the field {name} exactly once")
    return values


def _check_field(patterns: Mapping[str, str], name: str, value: str) -> None:
    if name not in patterns:
        raise NoticeRefused("field_unknown", f"permitted are {', '.join(patterns)}")
    if not re.fullmatch(patterns[name], value, re.ASCII):
        raise NoticeRefused("field_invalid", f"the value of {name} does not have the form of that field")


def _sender(controller: Controller, template: str, words: Texts) -> dict[str, str]:
    """The controller's own facts; telephone and data protection officer as a clause, where there is one."""
    clauses = {"phone": controller.phone, "dpo": officer(controller)}
    said = {name: (f"notices.{template}.{name}", value) for name, value in clauses.items()}
    return {
        **{
            name: words(key, **{name: value}) if value and words.known(key) else ""
            for name, (key, value) in said.items()
        },
        "controller": controller.name,
        "street": controller.street,
        "postcode": controller.postcode,
        "city": controller.city,
        "email": controller.email,
    }


def _acknowledgement(making: _Making) -> dict[str, str]:
    return {"received": making.day("received"), "due": making.day("due")}


def _identity_request(making: _Making) -> dict[str, str]:
    return {"received": making.day("received")}


def _extension(making: _Making) -> dict[str, str]:
    """Art. 12(3): told within the first month, with one of the reasons that the EDPB accepts (TIM-08)."""
    reason = making.words(f"notices.reason.{making.one('reason')}")
    return {**_acknowledgement(making), "reason": reason}


def _refusal(making: _Making) -> dict[str, str]:
    """Art. 12(4): reasons, complaint with the competent authority, judicial remedy."""
    authority = competent(making.controller.land, making.controller.public_body)
    if making.one("authority") != authority.code:
        raise NoticeRefused("field_invalid", "authority is not the one competent for the controller")
    return {
        "received": making.day("received"),
        "ground": making.words(f"notices.ground.{making.one('ground')}"),
        "authority": ", ".join((authority.name, authority.postal or authority.street, authority.email)),
    }


def _answer_cover(making: _Making) -> dict[str, str]:
    channel = making.words(f"notices.channel.{making.one('channel')}")
    made = {"inner": making.words("file.inner"), "pdf": making.words("file.pdf")}
    return {"filename": making.one("filename"), "channel": channel, **made}


def _system_alarm(making: _Making) -> dict[str, str]:
    """An alarm whose code has no text yet is sent in general words: it must not be lost, and its code not be a way to
    say something else."""
    code = making.one("code")
    known = code if making.words.known(f"alarm.{code}.what") else "unknown"
    return {"what": making.words(f"alarm.{known}.what"), "todo": making.words(f"alarm.{known}.todo")}


def _alarm(making: _Making) -> dict[str, str]:
    days = days_in_words(int(making.one("days_left")), making.words)
    return {**_system_alarm(making), "due": making.day("due"), "days": days}


def _daily_report(making: _Making) -> dict[str, str]:
    rows = tuple(unpacked(row) for row in making.fields.get("row", ()))
    if len(rows) != int(making.one("cases")):
        raise NoticeRefused("rows_differ", "the daily report has as many rows as it says cases")
    numbers = {name: making.one(name) for name in ("cases", "overdue", "head")}
    table = table_text(rows, making.words.language)
    return {**numbers, "day": making.day("day"), "table": table, "alarms": _alarms(making)}


def _alarms(making: _Making) -> str:
    """One line for each standing alarm: what it is about and, in words, what is the matter."""
    standing = [value.split("=", 1) for value in making.fields.get("alarm", ())]
    lines = [f"\n  {about}: {_what(code, making.words)}" for about, code in standing]
    return "".join(lines) or making.words("notices.daily_report.no_alarms")


def _what(code: str, words: Texts) -> str:
    key = f"alarm.{code}.what"
    return words(key) if words.known(key) else words("alarm.unknown.what")


_MAKERS = {
    "acknowledgement": _acknowledgement,
    "identity_request": _identity_request,
    "extension": _extension,
    "refusal": _refusal,
    "answer_cover": _answer_cover,
    "alarm": _alarm,
    "system_alarm": _system_alarm,
    "daily_report": _daily_report,
}


def _one_line(text: str) -> str:
    return " ".join(text.split())
