"""The outbox leaves. `sending` is committed before the mail server sees any content."""

from __future__ import annotations

import hashlib
import re
from contextlib import ExitStack
from dataclasses import dataclass

from cases.case import Status
from cases.draft import AnswerKind
from flows.bounces import (
    ARRIVED,
    CAME_BACK,
    SENT_ANEW,
    given,
    lost,
    recount,
    replaced_arrived,
    replaced_did_not_arrive,
    still_asked,
)
from flows.challenging import QUESTION, not_asked_any_more
from flows.delivering import NOT_DELIVERED
from flows.extension import ONCE as EXTENSION
from flows.extension import did_not_go_out, stopped, went_out
from flows.house import House
from flows.readable import brought, check_readable
from flows.refusal import ONCE as REFUSAL
from flows.refusal import TOLD
from infra.compose import Attachment, compose
from infra.crypto import Tampered
from infra.keystore import KeyDestroyed, KeyStoreError
from infra.post import DeliveryUncertain, PostRefused, PostUnavailable
from infra.store.answers import LOADING, WANTED, PackageRecord
from infra.store.cases import SYSTEM
from infra.store.outbox import CODES, Abandoned, Outgoing, alive, is_answer, this_process
from infra.store.store import Transaction
from infra.vault import VaultError

GIVE_UP_AFTER = 50  # tries, the later ones an hour apart: about two days, with an alarm from the first on
OWN_KEY = "opens_with_own_key"  # nothing to hand over
_NOT_OURS = "taken"
_ACCEPTED = re.compile(r"[245]\d\d(?: [245]\.\d{1,3}\.\d{1,3})?")


class _Overtaken(Exception):
    """The mail is another sender's by now, or nobody is to send it: this one stops before the content."""


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What happened to the waiting mails, in numbers. `trouble`: a code where the post could not be reached."""

    sent: int = 0
    waiting: int = 0
    uncertain: int = 0
    failed: int = 0
    trouble: str = ""


def dispatch(house: House) -> Dispatched:
    """Takes up what a dead sender left, then sends everything that is due."""
    recover(house)
    with house.store.begin() as tx:
        due = tx.outbox.due()
    outcomes = [send(house, mail) for mail in due]
    _note_post(house, outcomes)
    trouble = next((outcome for outcome in outcomes if outcome.startswith("again:")), "").partition(":")[2]
    kinds = [outcome.partition(":")[0] for outcome in outcomes]
    return Dispatched(
        kinds.count("sent"), kinds.count("again"), kinds.count("uncertain"), kinds.count("failed"), trouble
    )


def recover(house: House) -> None:
    """A sender died. In `claimed` it had sent nothing; in `sending` a notice goes again under its Message-ID, and an
    answer does not: two answers, or one to nobody, are worse than a person having to look."""
    with house.store.begin() as tx:
        for mail in tx.outbox.abandoned(alive):
            if mail.state != "sending" or mail.kind != "answer":
                tx.outbox.release(mail)
            elif tx.outbox.uncertain(mail.id, "sender_died", mail.owner):
                _uncertain(tx, mail, "sender_died")


def send(house: House, mail: str) -> str:
    """Sends one mail if nobody else does: `sent`, `again:CODE`, `uncertain:CODE`, `failed:CODE`, `stopped:CODE` or
    `taken`."""
    try:
        with house.store.begin() as tx:
            claimed = tx.outbox.claim(mail, this_process())
    except (KeyStoreError, Tampered) as error:
        return _not_opened(house, mail, error)
    if claimed is None:
        return _NOT_OURS
    return _stopped(house, claimed) or _deliver(house, claimed)


def _stopped(house: House, claimed: Outgoing) -> str:
    """A notice of an extension that is too late, or whose case has ended, promises what the law does not give: whatever
    looked at the case before, it does not leave."""
    asking = claimed.once.startswith((QUESTION, CODES))
    if claimed.case is None or not (asking or claimed.once.startswith(EXTENSION)):
        return ""
    with house.store.begin() as tx:
        settled = "settled" if asking and not_asked_any_more(tx, claimed.case) else ""
        code = settled if asking else stopped(house, tx, claimed.case)
        if code:
            tx.outbox.failed(claimed.id, code, this_process())
    return f"stopped:{code}" if code else ""


def _deliver(house: House, claimed: Outgoing) -> str:
    """Whatever is wrong with one mail, the ones behind it go out."""
    try:
        raw = _compose(house, claimed)
        sender, recipient = house.settings.post.from_address, claimed.mail.recipient
        accepted = house.post.send(raw, sender, recipient, before_data=lambda: _sending(house, claimed.id))
    except _Overtaken:
        return _NOT_OURS
    except PostUnavailable as error:
        return _try_again(house, claimed, error.code)
    except PostRefused as error:
        return _refused(house, claimed, error.code)
    except DeliveryUncertain as error:
        return _nobody_knows(house, claimed, error.code)
    except (VaultError, KeyStoreError, Tampered) as error:  # its attachment: before anything was sent
        return _try_again(house, claimed, type(error).__name__)
    except ValueError:  # no mail can be made of it, as with an address that is none
        return _refused(house, claimed, "malformed")
    with house.store.begin() as tx:
        gone = tx.outbox.sent(claimed.id)
        if gone is not None:
            _sent(house, tx, gone, accepted)
    return "sent"


def _not_opened(house: House, mail: str, error: Exception) -> str:
    """A mail whose key was destroyed came back with a restored backup: it is never sent. Any other key may be found."""
    code = type(error).__name__
    with house.store.begin() as tx:
        if isinstance(error, KeyDestroyed):
            tx.outbox.failed(mail, code)
            return f"failed:{code}"
        tx.outbox.again(mail, code)
    return f"again:{code}"


def _sending(house: House, mail: str) -> None:
    with house.store.begin() as tx:
        ours = tx.outbox.sending(mail, this_process())
    if not ours:
        raise _Overtaken


def _compose(house: House, outgoing: Outgoing) -> bytes:
    mail, settings = outgoing.mail, house.settings.post
    replied = mail.in_reply_to if mail.in_reply_to.isprintable() else ""  # a stranger wrote it
    with ExitStack() as stack:
        attachment: Attachment | None = None
        if mail.blob is not None:
            attachment = (mail.filename, mail.media_type, stack.enter_context(house.vault.open(mail.blob)))
        return compose(
            settings.from_address,
            settings.from_name,
            mail.recipient,
            mail.subject,
            mail.text,
            outgoing.message_id,
            outgoing.created_at.astimezone(house.zone),
            replied,
            (replied,) if replied else (),
            attachment,
            auto=outgoing.kind == "notice",
        )


def _sent(house: House, tx: Transaction, mail: Outgoing, accepted: str) -> None:
    if mail.case is None:
        return
    tx.cases.note(mail.case, f"sent:{mail.kind}", why=evidence(mail, accepted))
    if mail.once.startswith(CODES):
        tx.outbox.blank(mail.id)
    if mail.once.startswith(EXTENSION):
        went_out(house, tx, mail.case)
    elif mail.once.startswith(REFUSAL):
        tx.cases.note(mail.case, TOLD)
    if _is_current(tx, mail):
        _answer_sent(tx, mail.case)


def _answer_sent(tx: Transaction, case: str) -> None:
    """A sender that slept may tell after it was given up, or a new link went: then nobody needs to look any more,
    unless an answer came back."""
    value, back = tx.cases.get(case), any(item.code == CAME_BACK for item in tx.alarms.of(case))
    if value.status is Status.SEALED or (value.status is Status.DELIVERY_UNCERTAIN and not back):
        _no_alarm(tx, case)
        tx.questions.settle(case, "delivery")
        tx.cases.move(case, Status.SENT)
        _left(tx, case)
    elif value.status is Status.DELIVERY_UNCERTAIN:
        tx.questions.ask(case, "delivery", value.due)


def _is_current(tx: Transaction, mail: Outgoing | Abandoned) -> bool:
    """Whether a mail is an attempt at the newest answer of its case: one of before changes nothing any more."""
    if mail.kind != "answer" or mail.case is None:
        return False
    package = tx.answers.package(tx.cases.row(mail.case))
    return package is not None and is_answer(mail.once, mail.case, package.version)


def _left(tx: Transaction, case: str, step: str = SENT_ANEW) -> None:
    """The answer is with the person: now they need the passphrase, or have it from before, or already read it with
    their own key. `step`: how one that came back is with them all the same."""
    package = tx.answers.package(tx.cases.row(case))
    if package is not None and package.handed_over_at is not None:
        tx.cases.note(case, f"{step}:{package.version}")
        _answered(tx, case, package, SYSTEM)
        tx.cases.row(case).closed_at = given(tx, case)[package.version]
        recount(tx, case)
        return
    if package is not None and package.kept is not None and not package.kept.passphrase:
        _end(tx, case, package, OWN_KEY, SYSTEM)
        return
    tx.questions.ask(case, "handover", tx.cases.get(case).due)
    tx.cases.needs_attention(case, "passphrase_waiting")


def evidence(mail: Outgoing, accepted: str) -> str:
    """What proves later that this mail left, and nothing of what it said: its Message-ID as SHA-256, by which the mail
    server's log can be compared, and the code of the server's acceptance (RFC 3463), without its words."""
    digest = hashlib.sha256(mail.message_id.encode()).hexdigest()
    code = _ACCEPTED.match(accepted)
    return f"message-id-sha256:{digest} smtp:{code[0] if code else 'unknown'}"


def _try_again(house: House, mail: Outgoing, code: str) -> str:
    if mail.attempts >= GIVE_UP_AFTER:
        return _refused(house, mail, code)
    with house.store.begin() as tx:
        ours = tx.outbox.again(mail.id, code, this_process())
    return f"again:{code}" if ours else _NOT_OURS


def _refused(house: House, mail: Outgoing, code: str) -> str:
    """The server will never take this mail: of an answer a person is asked how it reached the other, or whether it is
    to be reviewed again."""
    with house.store.begin() as tx:
        if not tx.outbox.failed(mail.id, code, this_process()):
            return _NOT_OURS
        if mail.once.startswith(CODES):
            tx.outbox.blank(mail.id)
        if mail.case is not None:
            tx.cases.note(mail.case, f"refused_by_server:{mail.kind}", why=code)
            tx.cases.needs_attention(mail.case, "mail_refused")
            tx.alarms.raise_(mail.case, "mail_refused")
            if _is_current(tx, mail):
                tx.questions.ask(mail.case, "delivery", tx.cases.get(mail.case).due)
            elif mail.once.startswith(EXTENSION):
                did_not_go_out(tx, mail.case)
        else:
            tx.alarms.raise_("post", "mail_refused")
    return f"failed:{code}"


def _nobody_knows(house: House, mail: Outgoing, code: str) -> str:
    with house.store.begin() as tx:
        if mail.kind != "answer":
            tx.outbox.again(mail.id, code, this_process())
        elif tx.outbox.uncertain(mail.id, code, this_process()):
            _uncertain(tx, mail, code)
    return f"uncertain:{code}"


def _uncertain(tx: Transaction, mail: Outgoing | Abandoned, code: str) -> None:
    if mail.case is None or not _is_current(tx, mail):
        return
    if tx.cases.get(mail.case).status is Status.SEALED:
        tx.cases.move(mail.case, Status.DELIVERY_UNCERTAIN, why=code)
    tx.cases.needs_attention(mail.case, "delivery_uncertain")
    tx.alarms.raise_(mail.case, "delivery_uncertain")
    tx.questions.ask(mail.case, "delivery", tx.cases.get(mail.case).due)


def arrived(tx: Transaction, case: str, by: str, how: str, version: str = "") -> None:
    """A person found out that an uncertain answer did arrive, or brought one another way: then no link to it is made
    any more. Of a case that has been answered meanwhile only the question is settled. `version`: one that was replaced;
    empty for the newest. Raises `NotReadable`."""
    if version:
        replaced_arrived(tx, case, version, by, how)
        return
    check_readable(tx, case)
    tx.answers.end_links(tx.cases.row(case), WANTED, LOADING)
    _no_alarm(tx, case)
    tx.questions.settle(case, "delivery")
    if not tx.cases.get(case).open:
        tx.cases.note(case, "delivery:arrived", by, how)
        tx.cases.needs_attention(case, "")
        return
    tx.cases.move(case, Status.SENT, by, how)
    _left(tx, case, SENT_ANEW if brought(tx, case) else ARRIVED)


def did_not_arrive(tx: Transaction, case: str, by: str, how: str, version: str = "") -> None:
    """A person found out that an uncertain answer did not arrive: it is reviewed and approved again, as a new one. The
    clock of a case that was taken for answered goes on as if it never had been. `version`: as above."""
    if version:
        replaced_did_not_arrive(tx, case, version, by, how)
        return
    _no_alarm(tx, case)
    tx.questions.settle(case, "delivery")
    tx.questions.settle(case, "handover")
    no_longer_readable(tx, case)
    tx.cases.reopen(case, by, how)
    if package := tx.answers.package(tx.cases.row(case)):
        lost(tx, case, package.version, by, how)


def no_longer_readable(tx: Transaction, case: str) -> None:
    """The last answer is not to be read, nor sent once more: its links end, a mail that waits does not leave."""
    row = tx.cases.row(case)
    package = tx.answers.package(row)
    if package is not None:
        for each in tx.outbox.attempts(case, package.version):
            tx.outbox.withdraw(each.once, "superseded")
    tx.answers.end_links(row)
    tx.answers.supersede(row)


def _no_alarm(tx: Transaction, case: str) -> None:
    for code in NOT_DELIVERED:
        tx.alarms.clear(case, code)


def hand_over(tx: Transaction, case: str, by: str, channel: str) -> AnswerKind:
    """The passphrase has reached the person by another channel: only now is the case answered. Raises `NotReadable`,
    `UnlawfulMove`, and `LookupError` where there is no sealed answer."""
    package = tx.answers.package(tx.cases.row(case))
    if package is None:
        raise LookupError(f"{case} has no sealed answer yet")
    check_readable(tx, case)
    return _end(tx, case, package, f"passphrase_handed_over:{channel}", by)


def _end(tx: Transaction, case: str, package: PackageRecord, step: str, by: str) -> AnswerKind:
    """The person has all that they need to read the answer."""
    tx.answers.handed_over(tx.cases.row(case))
    tx.cases.note(case, step, by)
    return _answered(tx, case, package, by)


def _answered(tx: Transaction, case: str, package: PackageRecord, by: str) -> AnswerKind:
    kind = AnswerKind(package.kind)
    end = Status.ANSWERED if kind is AnswerKind.DATA else Status.ANSWERED_NOTHING_HELD
    tx.cases.move(case, end, by)
    for question in tx.questions.open_ones(case):
        if not still_asked(question):
            tx.questions.settle(case, question.kind, question.about, "void")
    return kind


def _note_post(house: House, outcomes: list[str]) -> None:
    """A post that cannot be reached is an alarm of its own: nothing leaves, acknowledgements and answers alike."""
    with house.store.begin() as tx:
        if any(outcome.startswith("again:") for outcome in outcomes):
            tx.alarms.raise_("post", "post_unavailable")
        elif any(outcome == "sent" for outcome in outcomes):
            tx.alarms.clear("post", "post_unavailable")
