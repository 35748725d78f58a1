# ruff: noqa: E501 - patterns and reasons
"""Mail that no person wrote to us: bounces, automatic replies, lists, advertising. Judged by headers first, then by words.

RFC 3464 (delivery status), RFC 3834 (Auto-Submitted), RFC 2919 and 2369 (lists). Web forms are the exception: a machine
sends them, but a person speaks in them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from cases import phrases_machine as words
from cases.claims import is_machine
from cases.message import Message
from cases.phrases_voices import ANSWER, NEWSLETTER, NEWSLETTER_SENDER, OWN_MATTER
from cases.request import Verdict
from cases.wording import any_of, fold

_FORM_FIELD = re.compile(
    r"^[\s*>•|-]{0,4}(?:(?:ihr|ihre|dein|deine|your) )?(vor|nach|first |last |full )?(name|nachname|vorname|(?:e-?)?mail\w*(?:[ -]ad\w+)?|absender|von|from|"
    r"nachricht\w*|message(?: body)?|mitteilung|anliegen|anfrage|kommentar|comment|betreff|subject|thema|telefon\w*|phone|anrede|firma|"
    r"company|text|ihr anliegen|request)[ *]{0,3}(?:[:=|\t]|$)",
    re.M,
)
_FORM_WORDS = (
    r"\bkontaktformular|\bkontakt ?anfrage|\bcontact form\b|\bformular\b|\bweb ?form|\bform submission|\bneue (?:nachricht|anfrage) (?:von|ueber|auf)|"
    r"\bnew (?:message|submission|enquiry|inquiry)\b|\bueber (?:die|ihre|das) (?:web-?seite|website|homepage|formular)|\bsent from your website\b",
)


@dataclass(frozen=True, slots=True)
class MachineSign:
    """A sign that no person wrote to ask. `certain`: nothing in the words can outweigh it; `submitted`: it is a header
    that web servers also set for what people wrote in a form; `doubtful`: whatever asks besides it is for a person."""

    verdict: Verdict
    reason: str
    certain: bool
    submitted: bool = False
    doubtful: bool = False


def bounce(message: Message, folded: str) -> MachineSign | None:
    """A delivery report: no answer may ever be sent to it."""
    kind = message.header("content-type").lower()
    if "multipart/report" in kind and "disposition-notification" in kind:
        return MachineSign(
            Verdict.AUTO_REPLY, "it is a read receipt (multipart/report, disposition-notification)", True
        )
    report = "multipart/report" in kind and "feedback-report" not in kind
    sender = any_of(message.sender.email.lower(), words.BOUNCE_SENDER)
    technical = report + sender + _null_return(message) + bool(message.header("x-failed-recipients"))
    spoken = any_of(fold(message.subject), words.BOUNCE_SUBJECT) + any_of(folded[:4_000], words.BOUNCE_TEXT)
    if report or (technical and technical + spoken >= 2 and (spoken or sender)):
        return MachineSign(Verdict.BOUNCE, "it is a delivery report of a mail server", True)
    return None


def _null_return(message: Message) -> bool:
    value = message.header("return-path").lower()
    return value == "<>" or "mailer-daemon" in value


def automatic(message: Message, folded: str) -> MachineSign | None:
    """An automatic reply, by its headers or by its words."""
    submitted = message.header("auto-submitted").lower()
    if submitted and not submitted.startswith("no"):
        return MachineSign(
            Verdict.AUTO_REPLY,
            f"its header Auto-Submitted says '{submitted[:30]}'",
            submitted.startswith("auto-replied"),
            submitted=True,
        )
    if (
        message.header("x-autoreply")
        or message.header("x-autorespond")
        or message.header("precedence").lower() == "auto_reply"
    ):
        return MachineSign(Verdict.AUTO_REPLY, "its headers call it an automatic reply", True)
    if any_of(fold(message.subject), words.AUTO_SUBJECT):
        return MachineSign(Verdict.AUTO_REPLY, "its subject is that of an automatic reply", False)
    if len(folded) < 1_500 and any_of(folded, words.OUT_OF_OFFICE):
        return MachineSign(
            Verdict.AUTO_REPLY, "it says that the writer is away or that it was made automatically", False
        )
    if any_of(folded[:2_000], words.ACKNOWLEDGEMENT):
        return MachineSign(Verdict.AUTO_REPLY, "it acknowledges or answers a request of somebody else", False)
    return None


def acknowledges(folded: str) -> bool:
    """True if the words are those of somebody who was asked, or of an automatic reply."""
    return any_of(folded[:2_000], (*words.ACKNOWLEDGEMENT, *words.OUT_OF_OFFICE)) or any_of(folded[:6_000], ANSWER)


def answer(folded: str) -> MachineSign | None:
    """What a company answers to somebody's request. It asks for nothing, unless somebody speaks of themselves in it."""
    if not any_of(folded[:6_000], ANSWER):
        return None
    personal = any_of(folded, OWN_MATTER)
    reason = "it answers a request, or says that one has come"
    return MachineSign(Verdict.AUTO_REPLY, reason, not personal, doubtful=True)


def newsletter(message: Message, folded: str) -> MachineSign | None:
    """A newsletter without a list's headers: whatever letter it prints is a sample."""
    if not any_of(message.sender.email.lower(), NEWSLETTER_SENDER):
        return None
    return MachineSign(Verdict.OTHER, "its sender is called a newsletter", any_of(folded, NEWSLETTER))


def from_list(message: Message, own: Collection[str]) -> MachineSign | None:
    """A newsletter or mailing list; distribution lists of our own domains are not meant."""
    ours = {address.rpartition("@")[2].lower() for address in own} | {address.domain for address in message.to}
    identity = message.header("list-id").lower()
    if identity and any(domain and domain in identity for domain in ours):
        return None
    named = [name for name in ("List-Id", "List-Unsubscribe", "Feedback-ID") if message.header(name)]
    if named or message.header("precedence").lower() in ("bulk", "list", "junk"):
        return MachineSign(
            Verdict.OTHER,
            f"it came through a mailing list or newsletter (header {(named or ['Precedence'])[0]})",
            False,
        )
    return None


def unwanted(message: Message, folded: str) -> MachineSign | None:
    """Advertising and fraud. Only words: whoever wants more runs a spam filter before the mailbox."""
    points = sum(any_of(folded[:8_000], (expression,)) for expression in words.SPAM)
    if points >= 2 or (points and not message.text.strip()) or message.header("x-spam-flag").lower() == "yes":
        return MachineSign(Verdict.SPAM, "it looks like unwanted advertising or fraud", False)
    if points and any_of(folded[:8_000], (r"\bhttps?:", r"\bclick\b", r"\bfree\b", r"\bgratis\b", r"\bhi,|\bhello\b")):
        return MachineSign(Verdict.SPAM, "it looks like unwanted advertising or fraud", False)
    return None


def promotional(folded: str) -> bool:
    """True if the text has several marks of advertising or a newsletter."""
    return sum(any_of(folded, (expression,)) for expression in words.PROMOTION) >= 2


_SAID = re.compile(
    r"^.{0,80}\S@\S+\W{0,3}(?:am .{1,40})?(?:schrieb|schreibt|wrote|writes|hat geschrieben)\b.{0,40}:", re.M
)


def is_web_form(message: Message, folded_lines: str) -> bool:
    """True for a web form's notification: form fields in the body, and a sender or subject that says so."""
    fields = {match[2] for match in _FORM_FIELD.finditer(folded_lines[:6_000])}
    announced = any_of(fold(message.subject + "\n" + message.text[:400]), _FORM_WORDS)
    if is_machine(message.sender.email) and _SAID.search(folded_lines[:1_000]):
        return True
    return len(fields) >= 2 and (is_machine(message.sender.email) or (announced and len(fields) >= 3))
