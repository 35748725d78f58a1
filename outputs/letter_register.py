"""The information of Art. 15(1)(a) to (h) and (2), from the activities of the register that concern the person.

What the register leaves empty is refused and never papered over: a letter with a gap in it would look complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cases.authorities import competent
from cases.draft import Draft
from cases.register import Activity, Automated, LegalBasis, Mechanism, Recipient, Text, Transfer
from outputs.document import Block, Bullets, Heading, Paragraph, Table, Term, Terms
from outputs.errors import LetterRefused
from outputs.names import printable
from outputs.texts import Texts

_LONGEST_ORIGIN = 200  # signs of what an entry says of its source
_OBJECTION = {LegalBasis.PUBLIC_TASK, LegalBasis.LEGITIMATE_INTERESTS}


def activities(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """(a) purposes, (b) categories, (c) recipients, (d) periods: per activity, with its legal basis."""
    if not draft.activities:
        raise LetterRefused("no_activity", "no activity of the register accounts for the findings; complete ropa.toml")
    blocks: list[Block] = [Heading(words("activities.title")), Paragraph(words("activities.intro"))]
    for activity in draft.activities:
        blocks += [Heading(activity.name.in_(words.language), 2), _facts(activity, words)]
    return tuple(blocks)


def _facts(activity: Activity, words: Texts) -> Terms:
    return Terms(
        (
            Term(words("activities.purposes"), _each(activity, "purposes", activity.purposes, words)),
            Term(words("activities.basis"), tuple(words(f"basis.{one.value}") for one in activity.legal_basis)),
            Term(words("activities.categories"), (_list(_each(activity, "categories", activity.categories, words)),)),
            Term(words("activities.recipients"), _recipients(activity, words)),
            Term(words("activities.retention"), _each(activity, "retention", (activity.retention,), words)),
        )
    )


def _recipients(activity: Activity, words: Texts) -> tuple[str, ...]:
    named = tuple(_recipient(activity, one, words) for one in activity.recipients)
    if "recipients" in activity.silent:
        raise _incomplete(activity, "nobody says whether there are recipients")
    return named or (words("activities.no_recipients"),)


def _recipient(activity: Activity, one: Recipient, words: Texts) -> str:
    role = one.role.in_(words.language)
    if one.name:
        name = _list(part for part in (one.name, one.country.in_(words.language)) if part)
        told = "; ".join(part for part in (role, one.period.in_(words.language)) if part)
        return words("activities.recipient", name=name, role=told) if told else name
    if not (role and one.category_reason):
        raise _incomplete(activity, "a recipient has neither a name nor a reason for the category alone")
    reason = words(f"activities.category.{one.category_reason.value}")
    return words("activities.recipient_category", role=role, reason=reason)


def rights(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """(e): objection on grounds only where a legal basis is Art. 6(1)(e) or (f), withdrawal only where one is consent;
    objection to direct marketing whatever the basis, and apart from the rest (Art. 21(4))."""
    items = [words(f"rights.{right}") for right in ("rectification", "erasure", "restriction")]
    if objectionable := _based_on(draft, _OBJECTION, words):
        items.append(words("rights.objection", activities=objectionable))
    if advertised := _list(one.name.in_(words.language) for one in draft.activities if one.advertises):
        items.append(words("rights.marketing", activities=advertised))
    if consented := _based_on(draft, {LegalBasis.CONSENT}, words):
        items.append(words("rights.withdrawal", activities=consented))
    return Heading(words("rights.title")), Paragraph(words("rights.intro")), Bullets(tuple(items))


def _based_on(draft: Draft, bases: set[LegalBasis], words: Texts) -> str:
    return _list(one.name.in_(words.language) for one in draft.activities if bases & set(one.legal_basis))


def complaint(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """(f): any authority, and the one competent for the controller's seat by name (Art. 77)."""
    controller = draft.controller
    authority = competent(controller.land, controller.public_body)
    reach = words("complaint.reach", email=authority.email, phone=authority.phone, web=authority.web)
    return (
        Heading(words("complaint.title")),
        Paragraph(words("complaint.text")),
        Terms((Term(authority.name, (authority.postal or authority.street, reach)),)),
    )


def origins(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """(g): where the data come from, also where that is not recorded, and what a record itself says of its source."""
    rows = tuple(
        (one.name.in_(words.language), one.origin.in_(words.language) or words("origin.unknown"))
        for one in draft.activities
    )
    header = words("origin.activity"), words("origin.origin")
    table = Heading(words("origin.title")), Table(header, rows, (2, 3))
    recorded = tuple(_recorded(draft, words))
    return (*table, Paragraph(words("origin.recorded")), Bullets(recorded)) if recorded else table


def _recorded(draft: Draft, words: Texts) -> Iterator[str]:
    """One line for each source that entries name, with their numbers: `Nr. 3, 7: Messe Rostock 2024`."""
    naming = [label for label in draft.labels if label.origin]
    entries: dict[str, list[int]] = {}
    for item in draft.released if naming else ():
        for part in item.fields:
            if part.value.strip() and any(label.fits(item.source, part.name) for label in naming):
                entries.setdefault(printable(part.value.strip())[:_LONGEST_ORIGIN], []).append(item.number)
    for origin, numbers in entries.items():
        yield words("origin.entry", numbers=", ".join(map(str, dict.fromkeys(numbers))), origin=origin)


def automated(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """(h): the three parts for each automated decision, or that there is none: only if every activity says so."""
    for activity in draft.activities:
        if "automated" in activity.silent:
            raise _incomplete(activity, "nobody says whether decisions are made by machine")
    heading = Heading(words("automated.title"))
    decided = [(one, one.automated) for one in draft.activities if one.automated]
    if not decided:
        return heading, Paragraph(words("automated.none"))
    blocks: list[Block] = [heading, Paragraph(words("automated.some"))]
    for activity, parts in decided:
        blocks += [Heading(activity.name.in_(words.language), 2), _three_parts(activity, parts, words)]
    return tuple(blocks)


def _three_parts(activity: Activity, parts: Automated, words: Texts) -> Terms:
    named = {"logic": parts.logic, "significance": parts.significance, "consequences": parts.consequences}
    return Terms(
        tuple(Term(words(f"automated.{name}"), _each(activity, name, (text,), words)) for name, text in named.items())
    )


def transfers(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """Art. 15(2): what each transfer to a third country rests on; the same recipient is named once. That there is none
    is said only if every activity says so."""
    heading = Heading(words("transfers.title"))
    sentences = tuple(dict.fromkeys(_transfer_sentences(draft, words)))
    return (heading, Bullets(sentences)) if sentences else (heading, Paragraph(words("transfers.none")))


def _transfer_sentences(draft: Draft, words: Texts) -> Iterator[str]:
    for activity in draft.activities:
        if "transfers" in activity.silent:
            raise _incomplete(activity, "of a recipient nobody says whether data leave the EEA, or on what grounds")
        for one in activity.recipients:
            if one.transfer:
                _check_transfer(activity, one.transfer)
                yield _transfer(one.name or one.role.in_(words.language), one.transfer, words)


def _transfer(recipient: str, transfer: Transfer, words: Texts) -> str:
    said = words(
        f"transfers.{transfer.mechanism.value}",
        recipient=recipient,
        country=transfer.country.in_(words.language),
        verified=words.date(transfer.verified_on) if transfer.verified_on else "",
        module=transfer.module,
        detail=_detail(transfer, words),
    )
    if transfer.mechanism is Mechanism.ADEQUACY and transfer.verified_on:
        return f"{said} {words('transfers.checked', verified=words.date(transfer.verified_on))}"
    return said


def _detail(transfer: Transfer, words: Texts) -> str:
    """The number of a decision or an approval; the letter of Art. 49(1)."""
    if not transfer.detail:
        return ""
    if transfer.mechanism is Mechanism.ARTICLE_49:
        return words("transfers.point", point=transfer.detail)
    return words("transfers.detail", detail=transfer.detail)


def _check_transfer(activity: Activity, transfer: Transfer) -> None:
    if transfer.mechanism is Mechanism.DPF and transfer.verified_on is None:
        raise _incomplete(activity, "a transfer under the DPF needs verified_on")
    if transfer.mechanism is Mechanism.SCC and not 1 <= transfer.module <= 4:
        raise _incomplete(activity, "a transfer under standard contractual clauses needs its module, 1 to 4")


def _each(activity: Activity, part: str, given: tuple[Text, ...], words: Texts) -> tuple[str, ...]:
    """The texts in the letter's language; refused where one is missing."""
    said = tuple(text.in_(words.language).strip() for text in given)
    if not said or not all(said):
        raise _incomplete(activity, f"{part} is empty in the letter's language")
    return said


def _incomplete(activity: Activity, what: str) -> LetterRefused:
    return LetterRefused("activity_incomplete", f"activity {activity.key} in ropa.toml: {what}")


def _list(parts: Iterable[str]) -> str:
    return ", ".join(parts)
