"""Mails that cannot hold a finding: fixed texts with closed fields, each field bound to a pattern.

Fields by template (dates are ISO 8601; the case number comes from the notice itself):

| template          | fields |
|-------------------|--------|
| `acknowledgement` | a `row` per case (`acknowledged`), `material_days`, `record_years`, `authority` |
| `identity_request`, `identity_code`, `code_not_accepted` | see `outputs.notices_identity` |
| `clarification`, `fee` | see `outputs.notices_questions` |
| `extension`       | `received`, `due` (the new date), `reason` (a key of `[notices.reason]`) |
| `refusal`         | `received`, `ground` (a key of `[notices.ground]`), `authority` (the code of the competent one), |
|                   | the `fact`s and a `sentence`, at least one of them: see `outputs.notices_refusal` |
| `answer_cover`    | `filename`, `channel` (`sms`, `phone`, `letter`, `portal`, `person`) |
| `answer_link`     | as `answer_cover`; `url`, `until` |
| `answer_own_key`  | `kind` (`smime`, `openpgp`), `theirs` and `ours`: fingerprints in groups of four |
| `alarm`           | `code`, `due`, `days_left` |
| `other_right`     | `right`, `due`, `days_left`, `note`s (keys of `[notices.other_right.note]`), `first`: a case |
| `system_alarm`    | `code`; without a case |
| `many_alarms`     | `code`, `number` of cases; without a case |
| `flood`           | `number` of requests within an hour, `held` back mails; without a case |
| `weekly_report`   | `first`, `last` (days), `received`, `answered`, `in_month`, `late`, `open`, `overdue`, and the |
|                   | name of a `file` in the folder of reports, if one is written; it is never attached |
| `daily_report`    | `day`, `cases`, `overdue`, `head` (64 hex digits), a `row` per case (`report.packed`), `alarm`s, |
|                   | `queued` questions and `held` back mails, if any |
| `caught_up`       | `since`, `until` (local times), `number` of alarms, a `missed` one per row: day, case, code |
| `hold`, `hold_lifted` | `since` (the day of the first search) |

A notice's language is "de", "en", or "both": German first, then English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from cases.authorities import competent
from cases.draft import Controller, Notice
from outputs import notices_identity, notices_questions, notices_refusal, notices_reports
from outputs.errors import NoticeRefused
from outputs.letter_frame import officer
from outputs.report import CASE, ROW, days_in_words
from outputs.texts import Texts, texts

_DATE = r"\d{4}-\d{2}-\d{2}"
_NUMBER = r"-?\d{1,5}"
_MOMENT = rf"{_DATE}T\d{{2}}:\d{{2}}"
_FINGERPRINT = r"[0-9A-F]{4}( [0-9A-F]{4}){9,15}"
_AUTHORITY = r"[A-Z]{2}(-[A-Z]{3})?"
_ACKNOWLEDGED = rf"{CASE}\|{_DATE}\|{_DATE}"
ALARM = r"[A-Za-z0-9:_-]{1,80}=[a-z][a-z0-9_]{1,63}"  # what it is about (a case, `source:crm`) and its code
_PATTERNS: Mapping[str, Mapping[str, str]] = {
    "acknowledgement": {
        "row": _ACKNOWLEDGED,
        "material_days": r"\d{1,3}",
        "record_years": r"\d{1,2}",
        "authority": _AUTHORITY,
    },
    **notices_identity.PATTERNS,
    **notices_questions.PATTERNS,
    "extension": {"received": _DATE, "due": _DATE, "reason": "volume|retrieval|redaction|explanation|peak"},
    "refusal": {
        "received": _DATE,
        "ground": "manifestly_unfounded|excessive|not_identifiable|secrecy",
        "authority": _AUTHORITY,
        "fact": notices_refusal.FACT,
        "sentence": notices_refusal.SENTENCE,
    },
    "answer_cover": {
        "filename": rf"[A-Z][a-z]{{2,11}}-{CASE}(-[1-9][0-9]{{0,2}})?\.(zip|html)",
        "channel": "sms|phone|letter|portal|person",
    },
    "answer_link": {
        "filename": rf"[A-Z][a-z]{{2,11}}-{CASE}(-[1-9][0-9]{{0,2}})?\.(zip|html)",
        "channel": "sms|phone|letter|portal|person",
        "url": r"https://[a-z0-9.-]{1,253}(:[0-9]{1,5})?/[A-Za-z0-9/._-]{0,100}s/[A-Za-z0-9]{4,64}",
        "until": _DATE,
    },
    "answer_own_key": {"kind": "smime|openpgp", "theirs": _FINGERPRINT, "ours": _FINGERPRINT},
    "alarm": {"code": r"[a-z][a-z0-9_]{1,40}", "due": _DATE, "days_left": _NUMBER},
    "other_right": {
        "right": "erasure|rectification|restriction|portability|objection",
        "due": _DATE,
        "days_left": _NUMBER,
        "note": "access_open|access_over|access_late|authority",
        "first": CASE,
    },
    "system_alarm": {"code": r"[a-z][a-z0-9_]{1,40}"},
    "many_alarms": {"code": r"[a-z][a-z0-9_]{1,40}", "number": _NUMBER},
    "flood": {"number": _NUMBER, "held": _NUMBER},
    "weekly_report": {
        "first": _DATE,
        "last": _DATE,
        "received": _NUMBER,
        "answered": _NUMBER,
        "in_month": _NUMBER,
        "late": _NUMBER,
        "open": _NUMBER,
        "overdue": _NUMBER,
        "file": rf"bericht-{_DATE}",
    },
    "daily_report": {
        "day": _DATE,
        "cases": _NUMBER,
        "overdue": _NUMBER,
        "head": r"[0-9a-f]{64}",
        "row": ROW,
        "alarm": ALARM,
        "queued": _NUMBER,
        "held": _NUMBER,
    },
    "caught_up": {
        "since": _MOMENT,
        "until": _MOMENT,
        "number": _NUMBER,
        "missed": rf"{_DATE}\|{CASE}\|[a-z][a-z0-9_]{{1,40}}",
    },
    "hold": {"since": _DATE},
    "hold_lifted": {"since": _DATE},
}
_REPEATED = {"row", "alarm", "note", "missed", "fact", *notices_questions.REPEATED}
_OPTIONAL = {("other_right", "first"), ("daily_report", "queued"), ("daily_report", "held"), ("weekly_report", "file")}
_OPTIONAL |= notices_identity.OPTIONAL | {("refusal", "sentence")}
_NO_CASE = {"daily_report", "weekly_report", "system_alarm", "many_alarms", "flood", "caught_up"}
_OWN_KEY = ("theirs_is", "ours_is", "public")
_BOTH = "both"
_BETWEEN = "\n" + "-" * 60 + "\n\n"


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
    if notice.language == _BOTH:
        german, english = (render(replace(notice, language=language), controller) for language in ("de", "en"))
        subject = f"{german.subject} / {english.subject.removeprefix(f'[{notice.case}] ')}"
        return RenderedMail(subject, german.text + _BETWEEN + english.text)
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
        count = len(values.get(name, []))
        if count != 1 and name not in _REPEATED and (count or (notice.template, name) not in _OPTIONAL):
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


def acknowledged(case: str, received: date, due: date) -> str:
    """One case as a closed field of an acknowledgement."""
    return f"{case}|{received.isoformat()}|{due.isoformat()}"


def _acknowledgement(making: _Making) -> dict[str, str]:
    """Receipt, due date and number of each case (TIM-11), and how the request itself is handled (Art. 13; ACC-05).
    One mail answers one that asked for many people, without saying who has which number."""
    cases = [_acknowledged_case(making, row) for row in making.fields.get("row", ())]
    numbers = [said["case"] for said in cases]
    if not cases or len(set(numbers)) != len(numbers):
        raise NoticeRefused("field_missing", "acknowledgement needs the field row once for each case")
    words = making.words
    if len(cases) == 1:
        what = words("notices.acknowledgement.one", email=making.controller.email, **cases[0])
    else:
        lines = "\n".join(words("notices.acknowledgement.line", **said) for said in cases)
        what = words("notices.acknowledgement.many", lines=lines)
    kept = {name: making.one(name) for name in ("material_days", "record_years")}
    return {"what": what, **kept, "authority": _authority(making)}


def _acknowledged_case(making: _Making, row: str) -> dict[str, str]:
    case, *days = row.split("|")
    try:
        received, due = (making.words.date(date.fromisoformat(day)) for day in days)
    except ValueError:
        received = ""
    if not received:
        raise NoticeRefused("field_invalid", "a date of row is not a date")
    return {"case": case, "received": received, "due": due}


def _authority(making: _Making) -> str:
    authority = competent(making.controller.land, making.controller.public_body)
    if making.one("authority") != authority.code:
        raise NoticeRefused("field_invalid", "authority is not the one competent for the controller")
    return ", ".join((authority.name, authority.postal or authority.street, authority.email))


def _extension(making: _Making) -> dict[str, str]:
    """Art. 12(3): told within the first month, with one of the reasons that the EDPB accepts (TIM-08)."""
    reason = making.words(f"notices.reason.{making.one('reason')}")
    return {"received": making.day("received"), "due": making.day("due"), "reason": reason}


def _refusal(making: _Making) -> dict[str, str]:
    """Art. 12(4): reasons and their facts, complaint with the competent authority, judicial remedy."""
    return {
        "received": making.day("received"),
        "ground": making.words(f"notices.ground.{making.one('ground')}"),
        "facts": notices_refusal.facts(making),
        "authority": _authority(making),
    }


def _answer_cover(making: _Making) -> dict[str, str]:
    channel = making.words(f"notices.channel.{making.one('channel')}")
    filename, inner, pdf = making.one("filename"), making.words("file.inner"), making.words("file.pdf")
    key = f"notices.answer_cover.how.{filename.rpartition('.')[2]}"
    how = making.words(key, filename=filename, inner=inner, pdf=pdf)
    return {"filename": filename, "channel": channel, "how": how}


def _answer_link(making: _Making) -> dict[str, str]:
    return {**_answer_cover(making), "url": making.one("url"), "until": making.day("until")}


def _answer_own_key(making: _Making) -> dict[str, str]:
    """Sealed with a key of the person's own: no passphrase, and the fingerprints by which both can be compared."""
    names = {name: making.words(f"notices.answer_own_key.{making.one('kind')}.{name}") for name in _OWN_KEY}
    files = {"inner": making.words("file.inner"), "pdf": making.words("file.pdf")}
    return {**names, **files, "theirs": making.one("theirs"), "ours": making.one("ours")}


def _system_alarm(making: _Making) -> dict[str, str]:
    """An alarm whose code has no text yet is sent in general words: it must not be lost, and its code not be a way to
    say something else."""
    code = making.one("code")
    known = code if making.words.known(f"alarm.{code}.what") else "unknown"
    return {"what": making.words(f"alarm.{known}.what"), "todo": making.words(f"alarm.{known}.todo")}


def _alarm(making: _Making) -> dict[str, str]:
    days = days_in_words(int(making.one("days_left")), making.words)
    return {**_system_alarm(making), "due": making.day("due"), "days": days}


def _other_right(making: _Making) -> dict[str, str]:
    """A case that a person handles: which right, until when, and what must not be done before; nothing personal."""
    words, first = making.words, next(iter(making.fields.get("first", ())), "")
    notes = [words(f"notices.other_right.note.{note}", first=first) for note in making.fields.get("note", ())]
    if not first and any(note.startswith("access") for note in making.fields.get("note", ())):
        raise NoticeRefused("field_missing", "a note on an access case needs the field first")
    return {
        "right": words(f"notices.right.{making.one('right')}"),
        "due": making.day("due"),
        "days": days_in_words(int(making.one("days_left")), words),
        "notes": "".join(f"\n{note}\n" for note in notes),
    }


def _many_alarms(making: _Making) -> dict[str, str]:
    return {**_system_alarm(making), "number": making.one("number")}


def _flood(making: _Making) -> dict[str, str]:
    return {name: making.one(name) for name in ("number", "held")}


def _hold(making: _Making) -> dict[str, str]:
    """Names no person: whoever may know finds them on the machine."""
    return {"since": making.day("since")}


_MAKERS = {
    "acknowledgement": _acknowledgement,
    **notices_identity.MAKERS,
    **notices_questions.MAKERS,
    "extension": _extension,
    "refusal": _refusal,
    "answer_cover": _answer_cover,
    "answer_link": _answer_link,
    "answer_own_key": _answer_own_key,
    "alarm": _alarm,
    "other_right": _other_right,
    "system_alarm": _system_alarm,
    "many_alarms": _many_alarms,
    "flood": _flood,
    **notices_reports.MAKERS,
    "hold": _hold,
    "hold_lifted": _hold,
}


def _one_line(text: str) -> str:
    return " ".join(text.split())
