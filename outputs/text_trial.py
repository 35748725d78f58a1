"""Every letter and every mail to a person, written once with invented values, before own texts are used: what cannot be
written is found by `auskunft texts check` and at the start, and not on the day a case needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from random import Random

from cases.draft import Notice
from outputs import texts
from outputs.errors import OutputError
from outputs.information import information
from outputs.letter_values import (
    COSTS,
    ENCLOSED,
    GROUNDS,
    REASONS,
    Addressed,
    CannotIdentify,
    Clarification,
    Cover,
    Extension,
    Fee,
    IdentityQuestion,
    Letter,
    LetterKind,
    PassphraseLetter,
    Refusal,
)
from outputs.letters import render_letter
from outputs.notices import render
from outputs.passphrase import new_passphrase
from outputs.text_trial_values import ADDRESS, ANSWERED, CASE, CONTROLLER, DUE, RECEIVED, REPLY_BY, WRITTEN, drafts

_PRINT = "0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567"
_SENTENCE = "Ein Satz, den ein Mensch dazu geschrieben hat."
_WEIGHED = (
    f"answered|{CASE}|{ANSWERED}|{ANSWERED}",
    f"asked_before|{CASE}|{ANSWERED}",
    f"unchanged|{ANSWERED}",
    f"asked|{WRITTEN}",
)
_SOUGHT = (f"identity_asked|{WRITTEN}", "compared|name,email")
Trial = tuple[str, Callable[[], object]]


def unwritten(own: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What could not be written in the words of `own` (by language and key); one line each, empty where all could."""
    before = texts.in_use()
    texts.use(own)
    try:
        found = [fault for language in texts.LANGUAGES for fault in _tried(language)]
    finally:
        texts.use(before)
    return list(dict.fromkeys(found))


def _tried(language: str) -> Iterator[str]:
    for what, write in (*_answers(language), *_letters(language), *_mails(language)):
        try:
            write()
        except (OutputError, ValueError, LookupError, TypeError, AttributeError) as error:
            yield f"{language}.toml: {what} cannot be written: {error}"


def _answers(language: str) -> Iterator[Trial]:
    for draft in drafts(language):
        yield f"the letter {LetterKind.ANSWER}", lambda draft=draft: information(draft)  # type: ignore[misc]


def _letters(language: str) -> Iterator[Trial]:
    for kind, values in _values(language):
        yield f"the letter {kind}", lambda kind=kind, values=values: render_letter(kind, values)  # type: ignore[misc]


def _values(language: str) -> Iterator[tuple[LetterKind, Letter]]:
    to = Addressed(CASE, language, CONTROLLER, "Mia Beispiel", RECEIVED, WRITTEN, ADDRESS)
    for reason in REASONS:
        yield LetterKind.EXTENSION, Extension(to, DUE, reason)
    for ground in GROUNDS:
        facts = _SOUGHT if ground == "not_identifiable" else _WEIGHED
        yield LetterKind.REFUSAL, Refusal(to, ground, facts, _SENTENCE)
    for compared in ((), ("name", "email")):
        yield LetterKind.CANNOT_IDENTIFY, CannotIdentify(to, compared)
    yield LetterKind.IDENTITY, IdentityQuestion(replace(to, controller=replace(CONTROLLER, phone="")))
    yield LetterKind.CLARIFICATION, Clarification(to, 1000, ("Ablage",), REPLY_BY, DUE)
    yield LetterKind.FEE, Fee(to, "DSAR-2025-0001", ANSWERED, 640, COSTS, REPLY_BY)
    many = tuple(f"dateien/{number}.bin" for number in range(40))
    yield LetterKind.COVER, Cover(to, ENCLOSED, many)
    opens = new_passphrase(Random(1), language)  # noqa: S311 - it opens nothing
    for ending in ("html", "zip"):
        yield LetterKind.PASSPHRASE, PassphraseLetter(to, opens, f"Antwort-{CASE}.{ending}", "Abcde-1")


def _mails(language: str) -> Iterator[Trial]:
    for template, fields in _fields():
        notice = Notice(template, language, CASE, fields)
        yield f"the mail {template}", lambda notice=notice: render(notice, CONTROLLER)  # type: ignore[misc]


def _fields() -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Fields of each mail that a person gets (`outputs/notices.py`)."""
    received, due, authority = ("received", f"{RECEIVED}"), ("due", f"{DUE}"), ("authority", CONTROLLER.land)
    rows = (("row", f"{CASE}|{RECEIVED}|{DUE}"), ("row", f"DSAR-2026-0002|{RECEIVED}|{DUE}"))
    kept = (("material_days", "30"), ("record_years", "3"), authority)
    yield "acknowledgement", (rows[0], *kept)
    yield "acknowledgement", (*rows, *kept)
    yield "identity_request", (received,)
    code = (received, ("expires", f"{DUE}"), ("code", "ACD-EFH-347"))
    yield "identity_code", code
    yield "identity_code", (*code, ("requester", "mia@post.example"))
    yield "code_not_accepted", ()
    for reason in REASONS:
        yield "extension", (received, due, ("reason", reason))
    for ground in GROUNDS:
        facts = tuple(("fact", fact) for fact in (*_WEIGHED, *_SOUGHT))
        yield "refusal", (received, ("ground", ground), authority, *facts, ("sentence", _SENTENCE))
    yield "clarification", (received, ("entries", "1000"), ("reply_by", f"{REPLY_BY}"), due)
    costs = tuple(("cost", code) for code in COSTS)
    told = (("answered", f"{ANSWERED}"), ("earlier", "DSAR-2025-0001"), ("cents", "640"), ("reply_by", f"{REPLY_BY}"))
    yield "fee", (received, *told, *costs)
    yield from _covers()


def _covers() -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    for ending in ("html", "zip"):
        for channel in ("sms", "phone", "letter", "portal", "person"):
            cover = (("filename", f"Antwort-{CASE}.{ending}"), ("channel", channel))
            yield "answer_cover", cover
        yield "answer_link", (*cover, ("url", "https://wolke.example/s/abcd1234"), ("until", f"{DUE}"))
    for kind in ("smime", "openpgp"):
        yield "answer_own_key", (("kind", kind), ("theirs", _PRINT), ("ours", _PRINT))
