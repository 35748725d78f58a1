# ruff: noqa: E501 - patterns and reasons
"""Is a mail a request under Art. 15 to 21 GDPR, which, and by whom? Rules with reasons; offline; the same every time.

The order of judgement: delivery reports; what machines send; where the person speaks (body, attached letter, forwarded
mail, web form); what they ask for there. A machine's sign is outweighed only where it rests on words alone and a person
clearly asks for something. Real doubt is `unclear`: a person decides, and the clock already runs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from cases import machine, voices
from cases.claims import is_machine, read_claims
from cases.follow_up import follow_up_of, takes_back
from cases.language import language_of
from cases.message import Address, Message
from cases.phrases_access import ENGLISH, GERMAN
from cases.phrases_context import (
    ANEW,
    BUSINESS,
    DOCUMENTS,
    DOUBT,
    EXTRAS,
    FIRST_PERSON,
    POINTS_BELOW,
    THANKS,
)
from cases.phrases_languages import ACCESS as ACCESS_ELSEWHERE
from cases.phrases_languages import OTHER_RIGHTS as OTHER_RIGHTS_ELSEWHERE
from cases.phrases_machine import ATTACHED_LETTER, COMPLAINT, EARLIER_REQUEST, REMINDER
from cases.phrases_rights import OTHER_RIGHTS
from cases.phrases_voices import FOR_OTHERS, SPELLED_OUT
from cases.proxy import read_proxy, represented
from cases.refusals import without_refusals
from cases.request import Claims, Proxy, Request, Right, Verdict, Wishes
from cases.weighing import learned
from cases.wishes import read_wishes
from cases.wording import MAX_CONSIDERED, Hit, any_of, considered, find, find_across, fold

ACCESS_CUES = (*GERMAN, *ENGLISH, *SPELLED_OUT, *FOR_OTHERS, *ACCESS_ELSEWHERE)
OTHER_CUES = (*OTHER_RIGHTS, *OTHER_RIGHTS_ELSEWHERE)
_DECIDES = 4
_LONGEST_SUBJECT = 2_000
_ORDER = (Right.ACCESS, Right.ERASURE, Right.RESTRICTION, Right.PORTABILITY, Right.RECTIFICATION, Right.OBJECTION)

_FORWARD = re.compile(r"^\s*(?:(?:re|aw|antw)\s?:\s?)?(?:fwd?|wg|tr|i|doorst|enc|rv|pd)\s?:", re.I)
_REPLY = re.compile(r"^\s*(?:re|aw|antw|sv|odp)\s?:", re.I)


@dataclass(frozen=True, slots=True)
class _Mail:
    """The mail's parts that are read, prepared once. `folded` is subject and own text on one line."""

    message: Message
    own_text: str = field(repr=False)
    folded: str = field(repr=False)
    letters: tuple[str, ...] = field(repr=False)
    ours: Collection[str] = field(repr=False)
    form: bool = False

    @property
    def from_us(self) -> bool:
        return self.message.sender.email.lower() in {address.lower() for address in self.ours}

    @property
    def forwards(self) -> bool:
        """True if what is quoted is the matter itself, not the history below an answer."""
        attached = any(part.media_type == "message/rfc822" for part in self.message.attachments)
        return bool(self.message.quoted) and (
            bool(_FORWARD.match(self.message.subject)) or self.from_us or attached or len(self.own_text) < 20
        )


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What a text asks for: rights with their hits, the weight of the best access cue, codes of special wishes."""

    rights: tuple[Right, ...] = ()
    hits: tuple[Hit, ...] = ()
    access: int = 0
    extras: tuple[str, ...] = ()
    doubts: tuple[Hit, ...] = ()

    @property
    def asks(self) -> bool:
        return bool(self.rights)


def recognise(message: Message, attachment_texts: Sequence[str] = (), own_addresses: Collection[str] = ()) -> Request:
    """The request in `message`.

    `attachment_texts`: texts of attached documents, read by the caller where wanted. `own_addresses`: the controller's
    own mailboxes; mail from them passes on what others wrote. Pure; a few milliseconds for an ordinary mail.
    """
    mail = _prepare(message, attachment_texts, own_addresses)
    sign = machine.bounce(mail.message, mail.folded)
    if sign:
        return _request(mail, _Wishes(), sign.verdict, 0.99, (sign.reason,))
    return _judge(mail, _wishes(mail))


def _prepare(message: Message, attachment_texts: Sequence[str], ours: Collection[str]) -> _Mail:
    message = replace(
        message,
        subject=_bounded(message.subject[:_LONGEST_SUBJECT])[:_LONGEST_SUBJECT],
        text=_bounded(message.text),
        quoted=_bounded(message.quoted),
    )
    own_text = considered(voices.spoken_part(message.text))
    folded = " ".join(fold(f"{message.subject}\n{own_text}").split())
    lines = "\n".join(fold(line) for line in own_text.split("\n"))
    letters = tuple(_bounded(text) for text in attachment_texts[:5])
    return _Mail(message, own_text, folded, letters, ours, machine.is_web_form(message, lines))


def _bounded(text: str) -> str:
    """The part of `text` that is looked at, as long as it will be in one spelling: some signs stand for whole sentences."""
    text = considered(text)
    spelled = unicodedata.normalize("NFKC", text)
    return text if len(spelled) <= MAX_CONSIDERED + 2 else considered(spelled)


def _judge(mail: _Mail, wishes: _Wishes) -> Request:
    """The verdict where machines' signs and a person's wishes are weighed against each other."""
    for sign in () if mail.form else _signs(mail, wishes):
        if not _outweighs(wishes, sign):
            return _request(mail, _Wishes(), sign.verdict, 0.95 if sign.certain else 0.8, (sign.reason,))
        if _is_drowned(mail, wishes, sign):
            reasons = (sign.reason, "a person's request was not recognised in it")
            return _request(mail, _Wishes(), sign.verdict, 0.7, reasons)
        if wishes.access < 5 or sign.verdict is Verdict.OTHER or sign.doubtful or is_machine(mail.message.sender.email):
            return _request(mail, wishes, Verdict.UNCLEAR, 0.4, (sign.reason, *_reasons(wishes)))
    if _only_takes_back(mail, wishes):
        return _without_wish(mail, _Wishes())
    if not wishes.asks:
        return _without_wish(mail, wishes)
    if machine.promotional(mail.folded) and not mail.form:
        if not _speaks_personally(mail):
            return _request(
                mail, _Wishes(), Verdict.OTHER, 0.7, ("it is advertising or a newsletter that only speaks of rights",)
            )
        if Right.ACCESS in wishes.rights:
            return _request(mail, wishes, Verdict.UNCLEAR, 0.4, ("it has marks of advertising", *_reasons(wishes)))
    return _asked(mail, wishes)


def _outweighs(wishes: _Wishes, sign: machine.MachineSign) -> bool:
    """True if what is asked for can weigh against a machine's sign."""
    if sign.certain or not wishes.asks:
        return False
    weak = sign.verdict is not Verdict.OTHER
    return Right.ACCESS in wishes.rights or (weak and _has_several_cues(wishes))


def _is_drowned(mail: _Mail, wishes: _Wishes, sign: machine.MachineSign) -> bool:
    """True if the words that ask are more likely a machine's own, or quoted by it, than a person's."""
    if Right.ACCESS in wishes.rights and "representative" in wishes.extras and voices.authorised(mail.folded):
        return False  # services that ask for many people send their letters in bulk
    if machine.promotional(mail.folded) or _only_names_it(wishes):
        return True
    if not is_machine(mail.message.sender.email):
        return False
    return not (sign.submitted and _speaks_personally(mail)) or machine.acknowledges(mail.folded)


def _only_takes_back(mail: _Mail, wishes: _Wishes) -> bool:
    """True if what asks is only the subject, or the very sentence that takes an earlier request back."""
    deciding = [hit.sentence for hit in wishes.hits if hit.cue.weight >= _DECIDES]
    return takes_back(" ".join(fold(mail.own_text).split())) and all(
        sentence in mail.message.subject or (takes_back(fold(sentence)) and not any_of(fold(sentence), ANEW))
        for sentence in deciding
    )


def _only_names_it(wishes: _Wishes) -> bool:
    """True if no words ask: the subject, perhaps of the mail that is answered, only names a request."""
    return "reminder" not in wishes.extras and all(hit.cue.weight < _DECIDES for hit in wishes.hits)


def _has_several_cues(wishes: _Wishes) -> bool:
    """True if the wish rests on more than one cue, so that a polite formula alone cannot make it an automatic reply."""
    return len({hit.sentence for hit in wishes.hits if hit.cue.weight >= _DECIDES}) >= 2


def _signs(mail: _Mail, wishes: _Wishes) -> tuple[machine.MachineSign, ...]:
    found = (
        machine.automatic(mail.message, mail.folded),
        machine.answer(mail.folded) if wishes.asks or wishes.doubts else None,
        machine.from_list(mail.message, mail.ours),
        machine.newsletter(mail.message, mail.folded) if wishes.asks else None,
    )
    return tuple(sign for sign in found if sign)


def _speaks_personally(mail: _Mail) -> bool:
    return any_of(mail.folded, FIRST_PERSON)


def _wishes(mail: _Mail) -> _Wishes:
    """What is asked for: in the body, else in an attached letter, else in what is forwarded."""
    body = f"{mail.message.subject}\n\n{mail.own_text}"
    wishes = _read(body, mail)
    for letter in mail.letters:
        if Right.ACCESS not in wishes.rights:
            wishes = _joined(wishes, _read(letter, mail))
    if not wishes.asks and mail.message.quoted and (mail.forwards or any_of(mail.folded, POINTS_BELOW)):
        return _read(mail.message.quoted, mail, ("forwarded",))
    return wishes


def _joined(first: _Wishes, second: _Wishes) -> _Wishes:
    rights = tuple(right for right in _ORDER if right in (*first.rights, *second.rights))
    return _Wishes(
        rights,
        first.hits + second.hits,
        max(first.access, second.access),
        tuple(dict.fromkeys(first.extras + second.extras)),
        first.doubts + second.doubts,
    )


def _read(text: str, mail: _Mail, extras: tuple[str, ...] = ()) -> _Wishes:
    text = without_refusals(text)
    others = find(text, OTHER_CUES)
    model = learned(text, bool(others))
    others += [hit for hit in model.sure if hit.cue.right is not Right.ACCESS]
    hits = find(text, ACCESS_CUES) + [hit for hit in (*model.sure, *model.doubtful) if hit.cue.right is Right.ACCESS]
    if not others and max((hit.cue.weight for hit in hits), default=0) < _DECIDES and _speaks_personally(mail):
        hits += [hit for hit in find_across(text, ACCESS_CUES) if hit.cue.weight >= 5]
    folded = " ".join(fold(text).split())
    access, more = _access_weight(hits, folded, mail)
    rights = {hit.cue.right for hit in others} | ({Right.ACCESS} if access >= _DECIDES else set())
    if access == _DECIDES and Right.PORTABILITY in rights and Right.ACCESS in rights:
        rights.discard(Right.ACCESS)  # "send me my data in a portable format" is Art. 20 alone
    extras += more + tuple(code for code, expression in EXTRAS if any_of(folded, (expression,)))
    if model.contradicts_access and Right.ACCESS in rights and not {"reminder", "representative"}.intersection(more):
        rights.discard(Right.ACCESS)
        model = replace(model, doubtful=(*model.doubtful, *hits))
    doubts = tuple(hit for hit in model.doubtful if hit.cue.right not in rights)
    return _Wishes(tuple(right for right in _ORDER if right in rights), (*hits, *others), access, extras, doubts)


def _access_weight(hits: list[Hit], folded: str, mail: _Mail) -> tuple[int, tuple[str, ...]]:
    """How strongly a text asks for access, and codes for how: a clear wish, a reminder, or a subject that names it."""
    best = max((hit.cue.weight for hit in hits), default=0)
    extras = tuple(hit.cue.extra for hit in hits if hit.cue.extra and hit.cue.weight == best)
    if best >= _DECIDES:
        return best, extras
    if any_of(folded, COMPLAINT):
        return best, (*extras, "complaint")
    if any_of(folded, EARLIER_REQUEST) and any_of(folded, REMINDER) and _speaks_personally(mail):
        return _DECIDES, ("reminder",)
    in_subject = any(hit.sentence in mail.message.subject for hit in hits) and not _only_thanks(mail)
    if best == 3:
        return (_DECIDES if mail.from_us else 3), extras
    return (
        _DECIDES if in_subject and _speaks_personally(mail) and not machine.promotional(folded) else best + in_subject
    ), extras


def _only_thanks(mail: _Mail) -> bool:
    """True for "Re: your request" above a mere thank-you."""
    return bool(_REPLY.match(mail.message.subject)) and len(mail.own_text) < 300 and any_of(mail.folded, THANKS)


def _asked(mail: _Mail, wishes: _Wishes) -> Request:
    if any(hit.cue.right is Right.ACCESS for hit in wishes.doubts) and Right.ACCESS not in wishes.rights:
        doubted = replace(wishes, rights=(Right.ACCESS, *wishes.rights))  # what is erased first can be shown no more
        return _request(mail, doubted, Verdict.UNCLEAR, 0.5, _reasons(doubted))
    verdict = Verdict(wishes.rights[0].value)
    strong = len([hit for hit in wishes.hits if hit.cue.weight >= 5])
    confidence = 0.97 if strong >= 2 else 0.9 if strong else 0.65
    return _request(mail, wishes, verdict, confidence, _reasons(wishes))


def _reasons(wishes: _Wishes) -> tuple[str, ...]:
    """The strongest cue of each right first, at most six, no sentence twice for the same statement."""
    ordered = sorted(wishes.hits, key=lambda hit: (_ORDER.index(hit.cue.right), -hit.cue.weight))
    reminder = ("reminds of an earlier request",) if "reminder" in wishes.extras else ()
    return (*reminder, *tuple(dict.fromkeys(hit.reason for hit in ordered))[:6])


def _without_wish(mail: _Mail, wishes: _Wishes) -> Request:
    """Nothing is asked for: spam, an unread letter, doubt, or ordinary mail."""
    spam = machine.unwanted(mail.message, mail.folded)
    if spam and not wishes.hits:
        return _request(mail, wishes, spam.verdict, 0.8, (spam.reason,))
    doubt = _doubt(mail, wishes)
    if doubt:
        return _request(mail, wishes, Verdict.UNCLEAR, 0.3, doubt)
    mentioned = tuple(hit.reason for hit in wishes.hits[:2])
    return _request(
        mail,
        wishes,
        Verdict.OTHER,
        0.75 if mentioned else 0.9,
        mentioned or ("it asks for none of the rights under Art. 15 to 21 GDPR",),
    )


def _doubt(mail: _Mail, wishes: _Wishes) -> tuple[str, ...]:
    """Reasons why a person must look, empty if none."""
    if "complaint" in wishes.extras:
        return ("it complains to a supervisory authority (Art. 77 GDPR), perhaps about an unanswered request",)
    if wishes.access == 3 and not machine.promotional(mail.folded):
        return _reasons(wishes)
    if wishes.doubts and not machine.promotional(mail.folded):
        return tuple(hit.reason for hit in wishes.doubts)
    if not _follows_up(mail, wishes) and not _only_thanks(mail) and voices.terse_request(mail.folded, mail.own_text):
        return ("it says hardly more than the name of a request",)
    if _letter_unread(mail):
        return ("it points to an attached letter whose text could not be read",)
    quoted = find(mail.message.quoted, ACCESS_CUES) if mail.message.quoted else []
    if any(hit.cue.weight >= 5 for hit in quoted) and not any_of(mail.folded, THANKS) and len(mail.own_text) < 300:
        return ("the mail quoted below asks for access, and it is not clear what the answer above wants",)
    vague = [] if machine.promotional(mail.folded) else find(mail.own_text, DOUBT)
    return tuple(hit.reason for hit in vague)


def _letter_unread(mail: _Mail) -> bool:
    documents = [part for part in mail.message.attachments if part.media_type.startswith(DOCUMENTS)]
    if not documents or any(letter.strip() for letter in mail.letters):
        return False
    names = fold(" ".join(part.name.replace("_", " ").replace("-", " ") for part in documents))
    short = len(mail.own_text) < 400 and not any_of(mail.folded + " " + names, BUSINESS)
    return short and (any_of(mail.folded, ATTACHED_LETTER) or len(mail.own_text.strip()) < 20)


def _request(mail: _Mail, wishes: _Wishes, verdict: Verdict, confidence: float, reasons: tuple[str, ...]) -> Request:
    """The result with the person's claims: of the body, of the attached letter, or of the mail passed on."""
    passed_on = mail.form or (
        "forwarded" in wishes.extras and (mail.from_us or bool(_FORWARD.match(mail.message.subject)))
    )
    texts = (mail.message.quoted,) if "forwarded" in wishes.extras else (mail.message.text, *mail.letters[:2])
    extras = tuple(dict.fromkeys(code for code in (*wishes.extras, "web_form" if mail.form else "") if code))
    rights = (
        wishes.rights
        if verdict.is_request or wishes.rights
        else ((Right.ACCESS,) if verdict is Verdict.UNCLEAR and wishes.access >= 3 else ())
    )
    claims, proxy, subjects = _for_whom(mail, read_claims(mail.message, texts, mail.ours, passed_on), texts)
    machine_made = verdict in (Verdict.AUTO_REPLY, Verdict.BOUNCE, Verdict.SPAM)
    return Request(
        verdict,
        rights,
        language_of(" ".join((mail.message.subject, *texts))),
        confidence,
        claims,
        reasons,
        extras,
        wishes=read_wishes("\n\n".join(texts)) if rights else Wishes(),
        proxy=proxy if rights else None,
        subjects=subjects if rights else (),
        follow_up=None if machine_made else follow_up_of(mail.folded, _is_reply(mail), bool(wishes.rights)),
    )


def _for_whom(mail: _Mail, claims: Claims, texts: Sequence[str]) -> tuple[Claims, Proxy | None, tuple[Claims, ...]]:
    """Whose data it is about: the writer's own, or those of the people the writer speaks for."""
    text = considered("\n\n".join(part for part in (mail.message.subject, *texts) if part))
    proxy = read_proxy(Address(next(iter(claims.names), mail.message.sender.name), mail.message.sender.email), text)
    if proxy is None:
        return claims, None, ()
    subjects = represented(proxy, text)
    return (subjects[0] if subjects else claims), proxy, subjects


def _follows_up(mail: _Mail, wishes: _Wishes) -> bool:
    """True for a mail that speaks of an earlier request: to which case it belongs is found out there."""
    return follow_up_of(mail.folded, _is_reply(mail), wishes.asks) is not None


def _is_reply(mail: _Mail) -> bool:
    return bool(mail.message.in_reply_to or mail.message.references or _REPLY.match(mail.message.subject))
