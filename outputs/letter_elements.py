# ruff: noqa: E501 - an element a line is easier to check against the law than broken patterns
"""What each letter must say by law, as places in the texts: a lawyer may reword everything, but leave none of it out.

An element is a key and a pattern for each language. `{placeholders}` are elements too: a refusal that lost `{ground}`
gives no reasons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from outputs.letter_values import LetterKind


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that the text of `key` must say; `law` is where that stands."""

    kind: LetterKind
    name: str
    law: str
    key: str
    de: str
    en: str

    def said_in(self, language: str, text: str) -> bool:
        return re.search(self.de if language == "de" else self.en, text) is not None


_ANSWERS = (LetterKind.ANSWER, LetterKind.PARTIAL)
_ALL_ANSWERS = (*_ANSWERS, LetterKind.NOTHING_HELD)
_PARTIAL = (LetterKind.PARTIAL,)
_LETTERS = (LetterKind.CANNOT_IDENTIFY, LetterKind.IDENTITY, LetterKind.CLARIFICATION, LetterKind.FEE, LetterKind.COVER)
_COMPLAINT = ("complaint", "Art. 77", r"Aufsichtsbehörde.{0,60}Art\. 77", r"supervisory authority.{0,60}Art\. 77")
_REMEDY = (
    "judicial remedy",
    "Art. 79",
    r"gerichtlichen Rechtsbehelf.{0,60}Art\. 79",
    r"judicial remedy.{0,60}Art\. 79",
)

# fmt: off
# kind(s), element, law, key, German, English
_Row = tuple[tuple[LetterKind, ...], str, str, str, str, str]
_INFORMATION: tuple[_Row, ...] = (
    (_ANSWERS, "confirmation", "Art. 15(1)", "letter.confirm_data", r"verarbeiten personenbezogene Daten", r"process personal data"),
    ((LetterKind.PARTIAL,), "what is missing", "Art. 12(4)", "letter.partial", r"\{sections\}", r"\{sections\}"),
    ((LetterKind.PARTIAL,), *_COMPLAINT[:2], "remedy.text", *_COMPLAINT[2:]),
    ((LetterKind.PARTIAL,), *_REMEDY[:2], "remedy.text", *_REMEDY[2:]),
    ((LetterKind.NOTHING_HELD,), "confirmation with its time", "Art. 15(1)", "letter.confirm_nothing", r"\{received\}.*keine personenbezogenen Daten", r"\{received\}.*not .*personal data"),
    ((LetterKind.NOTHING_HELD,), "confirmation of what was searched", "Art. 15(1)", "letter.confirm_nothing_searched", r"\{received\}.*durchsucht", r"\{received\}.*searched"),
    ((LetterKind.NOTHING_HELD,), "identifiers", "Art. 12(1)", "identifiers.intro", r"[Gg]esucht", r"search"),
    ((LetterKind.NOTHING_HELD,), "retention of the record", "Art. 13(2)(a)", "handling.record", r"\{days\}.*\{years\}", r"\{days\}.*\{years\}"),
    (_ANSWERS, "purposes", "Art. 15(1)(a)", "activities.purposes", r"Zweck", r"[Pp]urpose"),
    (_ANSWERS, "categories", "Art. 15(1)(b)", "activities.categories", r"Kategorien|Datenarten", r"[Cc]ategories"),
    (_ANSWERS, "recipients", "Art. 15(1)(c)", "activities.recipients", r"Empfänger", r"[Rr]ecipients"),
    (_ANSWERS, "name of a recipient", "C-154/21", "activities.recipient", r"\{name\}", r"\{name\}"),
    (_ANSWERS, "why only a category", "C-154/21", "activities.recipient_category", r"\{reason\}", r"\{reason\}"),
    (_ANSWERS, "period", "Art. 15(1)(d)", "activities.retention", r"[Dd]auer|[Ff]rist", r"[Pp]eriod|[Hh]ow long|[Rr]etention"),
    (_ANSWERS, "rectification", "Art. 15(1)(e), 16", "rights.rectification", r"Berichtigung.*Art\. 16", r"Rectification.*Art\. 16"),
    (_ANSWERS, "erasure", "Art. 15(1)(e), 17", "rights.erasure", r"Löschung.*Art\. 17", r"Erasure.*Art\. 17"),
    (_ANSWERS, "restriction", "Art. 15(1)(e), 18", "rights.restriction", r"Einschränkung.*Art\. 18", r"Restriction.*Art\. 18"),
    (_ANSWERS, "objection", "Art. 15(1)(e), 21", "rights.objection", r"Widerspruch.*Art\. 21", r"Objection.*Art\. 21|[Oo]bject.*Art\. 21"),
    (_ANSWERS, "objection to direct marketing", "Art. 21(2), (4)", "rights.marketing", r"Direktwerbung.*Art\. 21", r"direct marketing.*Art\. 21"),
    (_ANSWERS, "withdrawal of consent", "Art. 7(3)", "rights.withdrawal", r"Widerruf.*Art\. 7", r"[Ww]ithdraw.*Art\. 7"),
    (_ANSWERS, "source not recorded", "Art. 15(1)(g)", "origin.unknown", r"nicht (festgehalten|bekannt|vermerkt)", r"not recorded|not known|unknown"),
    (_ANSWERS, "source of an entry", "Art. 15(1)(g)", "origin.entry", r"\{origin\}", r"\{origin\}"),
    (_ANSWERS, "no automated decision", "Art. 15(1)(h)", "automated.none", r"keine.*Profiling.*Art\. 22", r"\bnot? .*profiling.*Art\. 22"),
    (_ANSWERS, "automated decision", "Art. 15(1)(h)", "automated.some", r"Art\. 22", r"Art\. 22"),
    (_ANSWERS, "no transfer", "Art. 15(2)", "transfers.none", r"nicht.*außerhalb", r"not .*outside"),
    (_ANSWERS, "adequacy", "Art. 45", "transfers.adequacy", r"\{recipient\}.*\{country\}.*Art\. 45", r"\{recipient\}.*\{country\}.*Art\. 45"),
    (_ANSWERS, "adequacy checked", "Art. 45", "transfers.checked", r"\{verified\}", r"\{verified\}"),
    (_ANSWERS, "DPF with its decision", "(EU) 2023/1795", "transfers.dpf", r"2023/1795.*\{verified\}", r"2023/1795.*\{verified\}"),
    (_ANSWERS, "SCC with module and copy", "Art. 46(2)(c)", "transfers.scc", r"2021/914.*\{module\}.*Art\. 46.*Kopie", r"2021/914.*\{module\}.*Art\. 46.*copy"),
    (_ANSWERS, "BCR with copy", "Art. 46(2)(b)", "transfers.bcr", r"Art\. 46.*Kopie", r"Art\. 46.*copy"),
    (_ANSWERS, "exception", "Art. 49", "transfers.art49", r"Art\. 49", r"Art\. 49"),
    (_ANSWERS, "what paper lacks and where it is", "Art. 15(3)", "enclosed.paper_part", r"\{what\}.*\{html\}", r"\{what\}.*\{html\}"),
    (_ANSWERS, "what the sheets lack and where it is", "Art. 15(3)", "enclosed.post.copy_part", r"\{what\}.*Datenträger", r"\{what\}.*data carrier"),
    (_ANSWERS, "date of the data", "EDPB 01/2022 par. 37", "enclosed.how", r"\{snapshot\}", r"\{snapshot\}"),
    (_ANSWERS, "date of the data", "EDPB 01/2022 par. 37", "enclosed.how_removed", r"\{snapshot\}", r"\{snapshot\}"),
    (_ANSWERS, "names of staff that are left out", "C-579/21", "withheld.staff", r"\{reason\}", r"\{reason\}"),
    (_ANSWERS, "ground for leaving out names of staff", "Art. 15(4)", "ground.staff", r"15 Abs\. 4", r"15\(4\)"),
    (_ANSWERS, "what is withheld", "Art. 12(4)", "withheld.intro", r".", r"."),
    (_ANSWERS, "retention of the package", "Art. 13(2)(a)", "handling.package", r"\{days\}.*\{years\}", r"\{days\}.*\{years\}"),
    (_ALL_ANSWERS, *_COMPLAINT[:2], "complaint.text", *_COMPLAINT[2:]),
    (_ALL_ANSWERS, "systems", "Art. 12(1)", "searched.title", r".", r"."),
    (_ALL_ANSWERS, "purpose of the handling", "Art. 13(1)(c)", "handling.purpose", r"Art\. 6", r"Art\. 6"),
    (_ALL_ANSWERS, "contact", "Art. 12(2)", "contact.text", r"\{email\}.*\{case\}", r"\{email\}.*\{case\}"),
    (_ALL_ANSWERS, "our certificate", "Art. 32", "own_key.smime", r"\{theirs\}.*\{ours\}", r"\{theirs\}.*\{ours\}"),
    (_ALL_ANSWERS, "our OpenPGP key", "Art. 32", "own_key.openpgp", r"\{theirs\}.*\{ours\}", r"\{theirs\}.*\{ours\}"),
)
_OTHERS: tuple[_Row, ...] = (
    ((LetterKind.EXTENSION,), "new date", "Art. 12(3)", "notices.extension.text", r"\{due\}", r"\{due\}"),
    ((LetterKind.EXTENSION,), "reasons", "Art. 12(3)", "notices.extension.text", r"\{reason\}", r"\{reason\}"),
    ((LetterKind.EXTENSION,), "law", "Art. 12(3)", "notices.extension.text", r"Art\. 12 Abs\. 3", r"Art\. 12\(3\)"),
    ((LetterKind.EXTENSION,), *_COMPLAINT[:2], "notices.extension.text", *_COMPLAINT[2:]),
    ((LetterKind.EXTENSION,), *_REMEDY[:2], "notices.extension.text", *_REMEDY[2:]),
    ((LetterKind.REFUSAL,), "reasons", "Art. 12(4)", "notices.refusal.text", r"\{ground\}", r"\{ground\}"),
    ((LetterKind.REFUSAL,), "facts", "Art. 12(4), (5)", "notices.refusal.text", r"\{facts\}", r"\{facts\}"),
    ((LetterKind.REFUSAL,), "earlier answer", "Art. 12(5)", "notices.fact.answered", r"\{received\}.*\{case\}.*\{answered\}", r"\{received\}.*\{case\}.*\{answered\}"),
    ((LetterKind.REFUSAL,), "earlier request", "Art. 12(5)", "notices.fact.asked_before", r"\{day\}.*\{case\}", r"\{day\}.*\{case\}"),
    ((LetterKind.REFUSAL,), "nothing has changed", "Art. 12(5)", "notices.fact.unchanged", r"\{day\}.*(geändert|verändert)", r"\{day\}.*change"),
    ((LetterKind.REFUSAL,), "question without a reply", "Art. 12(5)", "notices.fact.asked", r"\{day\}.*nicht geantwortet", r"\{day\}.*not replied"),
    ((LetterKind.REFUSAL,), "asked for details", "Art. 11(2), 12(2)", "notices.fact.identity_asked", r"\{day\}", r"\{day\}"),
    ((LetterKind.REFUSAL,), "what was compared", "Art. 11(2), 12(2)", "notices.fact.compared", r"\{kinds\}", r"\{kinds\}"),
    ((LetterKind.REFUSAL,), *_COMPLAINT[:2], "notices.refusal.text", *_COMPLAINT[2:]),
    ((LetterKind.REFUSAL,), "competent authority", "Art. 77", "notices.refusal.text", r"\{authority\}", r"\{authority\}"),
    ((LetterKind.REFUSAL,), *_REMEDY[:2], "notices.refusal.text", *_REMEDY[2:]),
    ((LetterKind.CANNOT_IDENTIFY,), "that nobody was found", "Art. 11(2), 12(2)", "letters.cannot_identify.text", r"Art\. 11 Abs\. 2, Art\. 12 Abs\. 2", r"Art\. 11\(2\), Art\. 12\(2\)"),
    ((LetterKind.CANNOT_IDENTIFY,), "what was compared", "Art. 11(2)", "letters.cannot_identify.text", r"\{compared\}", r"\{compared\}"),
    ((LetterKind.CANNOT_IDENTIFY,), "more may be supplied", "Art. 11(2)", "letters.cannot_identify.text", r"weitere Angaben", r"more details"),
    ((LetterKind.CANNOT_IDENTIFY,), "it is voluntary", "Art. 11(2)", "letters.cannot_identify.text", r"freiwillig", r"voluntary"),
    ((LetterKind.CANNOT_IDENTIFY,), "no identity document", "Art. 5(1)(c)", "letters.cannot_identify.text", r"Ausweis brauchen wir nicht", r"not need an identity document"),
    ((LetterKind.CANNOT_IDENTIFY, LetterKind.FEE), *_COMPLAINT[:2], "letters.complaint", *_COMPLAINT[2:]),
    ((LetterKind.CANNOT_IDENTIFY, LetterKind.FEE), "competent authority", "Art. 77", "letters.complaint", r"\{authority\}", r"\{authority\}"),
    ((LetterKind.CANNOT_IDENTIFY, LetterKind.FEE), *_REMEDY[:2], "letters.complaint", *_REMEDY[2:]),
    ((LetterKind.IDENTITY,), "why we ask", "Art. 12(6)", "letters.identity.text", r"Art\. 12 Abs\. 6", r"Art\. 12\(6\)"),
    ((LetterKind.IDENTITY,), "no identity document", "Art. 5(1)(c)", "letters.identity.text", r"Ausweis brauchen wir nicht", r"not need an identity document"),
    ((LetterKind.IDENTITY,), "nothing is confirmed", "Art. 5(1)(f)", "letters.identity.text", r"sagt nicht, ob", r"not say whether"),
    ((LetterKind.CLARIFICATION,), "large quantity", "recital 63", "letters.clarification.text", r"\{entries\}", r"\{entries\}"),
    ((LetterKind.CLARIFICATION,), "law", "recital 63", "letters.clarification.text", r"Erwägungsgrund 63", r"recital 63"),
    ((LetterKind.CLARIFICATION,), "what is held", "recital 63", "letters.clarification.text", r"\{systems\}", r"\{systems\}"),
    ((LetterKind.CLARIFICATION,), "everything is possible", "TIM-10", "letters.clarification.text", r"erhalten Sie alles\b", r"receive everything\b"),
    ((LetterKind.CLARIFICATION,), "silence means everything", "TIM-10", "letters.clarification.text", r"\{reply_by\}.*ebenfalls alles", r"\{reply_by\}.*everything as well"),
    ((LetterKind.CLARIFICATION,), "due day", "Art. 12(3)", "letters.due", r"\{due\}", r"\{due\}"),
    ((LetterKind.FEE,), "first copy was free", "Art. 15(3)", "letters.fee.text", r"kostenlos mit unserer Antwort vom \{answered\}", r"free of charge with our answer of \{answered\}"),
    ((LetterKind.FEE,), "law", "Art. 15(3) s. 2", "letters.fee.text", r"Verwaltungskosten.{0,40}Art\. 15 Abs\. 3 Satz 2", r"administrative costs.{0,40}Art\. 15\(3\) sentence 2"),
    ((LetterKind.FEE,), "amount", "Art. 15(3) s. 2", "letters.fee.text", r"\{amount\}", r"\{amount\}"),
    ((LetterKind.FEE,), "costs", "Art. 15(3) s. 2", "letters.fee.text", r"\{costs\}", r"\{costs\}"),
    ((LetterKind.FEE,), "nothing owed before consent", "ANS-18", "letters.fee.text", r"Bisher schulden Sie uns nichts", r"So far you owe us nothing"),
    ((LetterKind.FEE,), "withdrawal", "ANS-18", "letters.fee.text", r"ziehen die Anfrage zurück", r"withdraw the request"),
    ((LetterKind.FEE,), "other data are free", "EDPB 01/2022 par. 28", "letters.fee.text", r"anderen Zeitraum.{0,40}kostenlos", r"another period.{0,40}free of charge"),
    ((LetterKind.FEE,), "information is free", "Art. 12(5)", "letters.fee.text", r"Art\. 15 Abs\. 1.{0,60}kostenlos", r"Art\. 15\(1\).{0,60}free of charge"),
    ((LetterKind.CLARIFICATION,), "text of the mail", "TIM-10", "notices.clarification.text", r"\{body\}", r"\{body\}"),
    ((LetterKind.FEE,), "text of the mail", "ANS-18", "notices.fee.text", r"\{body\}", r"\{body\}"),
    ((LetterKind.COVER,), "what is enclosed", "FRM-05", "letters.cover.text", r"\{enclosed\}", r"\{enclosed\}"),
    ((LetterKind.COVER,), "passphrase apart", "Art. 32", "letters.cover.medium", r"getrennt", r"separately"),
    ((LetterKind.COVER,), "what is on the carrier alone", "Art. 15(3)", "letters.cover.unprinted", r"Datenträger", r"data carrier"),
    ((LetterKind.PASSPHRASE,), "the passphrase", "Art. 32", "letters.passphrase.whole", r"\{passphrase\}", r"\{passphrase\}"),
    ((LetterKind.PASSPHRASE,), "which file it opens", "FRM-05", "letters.passphrase.text", r"\{filename\}.*getrennt", r"\{filename\}.*apart"),
    ((LetterKind.PASSPHRASE,), "how to open it", "FRM-05", "letters.passphrase.html", r"\{filename\}.*Browser", r"\{filename\}.*browser"),
    ((LetterKind.PASSPHRASE,), "how to open a ZIP", "FRM-05", "letters.passphrase.zip", r"\{filename\}.*Windows", r"\{filename\}.*Windows"),
    ((LetterKind.PASSPHRASE,), "password of the link", "Art. 32", "letters.passphrase.link", r"\{password\}", r"\{password\}"),
)
_OPEN_DE, _OPEN_EN = r"offen|aussteh|noch nicht|unvollst", r"\bopen\b|outstanding|pending|not\b.*\byet|not finished|incomplete"
_NOTHING_DE, _NOTHING_EN = r"nichts|kein|ohne", r"nothing|\bno\b|none"
_NOT_DE, _NOT_EN = r"nicht (durchsucht|geprüft)|ausgenommen", r"not (search|check)|excluded"
_PART_DE, _PART_EN = r"teilweise|zum Teil|nicht ganz|nicht vollst|unvollst", r"in part|partly|partially|not (fully|completely)|incomplete"
# What one of several texts says, whichever is used: "-" in its place would be a letter that keeps silent.
_CHOSEN: tuple[_Row, ...] = (
    (_ANSWERS, "completeness", "BGH VI ZR 576/19", "searched.complete", r"vollständig", r"complete"),
    ((LetterKind.NOTHING_HELD,), "completeness", "BGH VI ZR 576/19", "searched.complete_nothing", r"\balle\b", r"\ball\b"),
    (_ANSWERS, "what is not complete", "Art. 12(4)", "searched.except", r"\{sections\}", r"\{sections\}"),
    (_ALL_ANSWERS, "nothing was found", "Art. 12(1)", "searched.nothing", _NOTHING_DE, _NOTHING_EN),
    (_ANSWERS, "what was found", "Art. 12(1)", "searched.some", r"\{entries\}", r"\{entries\}"),
    (_ALL_ANSWERS, "nothing was found by hand", "Art. 12(1)", "searched.by_hand_nothing", _NOTHING_DE, _NOTHING_EN),
    (_ANSWERS, "what was found by hand", "Art. 12(1)", "searched.by_hand_some", r"\{entries\}", r"\{entries\}"),
    (_PARTIAL, "searched in part", "Art. 12(4)", "searched.gaps_nothing", _PART_DE, _PART_EN),
    (_PARTIAL, "how much was not readable", "Art. 12(4)", "searched.gaps_nothing", r"\{parts\}", r"\{parts\}"),
    (_PARTIAL, "searched in part", "Art. 12(4)", "searched.gaps_some", _PART_DE, _PART_EN),
    (_PARTIAL, "how much was not readable", "Art. 12(4)", "searched.gaps_some", r"\{entries\}.*\{parts\}", r"\{entries\}.*\{parts\}"),
    (_PARTIAL, "still open", "Art. 12(4)", "searched.open", _OPEN_DE, _OPEN_EN),
    (_PARTIAL, "still open", "Art. 12(4)", "searched.open_some", _OPEN_DE, _OPEN_EN),
    (_PARTIAL, "what was found so far", "Art. 12(1)", "searched.open_some", r"\{entries\}", r"\{entries\}"),
    (_PARTIAL, "not searched", "Art. 12(4)", "searched.excluded", _NOT_DE, _NOT_EN),
    (_PARTIAL, "not complete", "Art. 12(4)", "open.intro", r"(noch )?nicht vollst|unvollst", r"not (yet )?complete|incomplete"),
    (_PARTIAL, "why it is open", "Art. 12(4)", "open.not_answered", _OPEN_DE, _OPEN_EN),
    (_PARTIAL, "why it is open", "Art. 12(4)", "open.not_searched", _OPEN_DE, _OPEN_EN),
    (_PARTIAL, "why it is open", "Art. 12(4)", "open.asked_before_new_identifiers", _OPEN_DE, _OPEN_EN),
    (_PARTIAL, "why it is open", "Art. 12(4)", "open.unavailable", r"nicht|kein", r"\bnot?\b"),
    (_PARTIAL, "what is found later is sent", "Art. 12(3)", "open.after", r"erhalten|schicken|senden", r"send|receive"),
    (_PARTIAL, "not searched", "Art. 12(4)", "excluded.intro", _NOT_DE, _NOT_EN),
    (_PARTIAL, "ground of an exclusion", "SCP-02", "excluded.bdsg-34-1-2", r"§ 34 Abs\. 1 Nr\. 2", r"[Ss]ection 34\(1\) no\. 2"),
    (_PARTIAL, "ground of an exclusion", "SCP-02", "excluded.no-personal-data", r"keine personenbezogenen Daten", r"[Nn]o personal data"),
    (_PARTIAL, "ground of an exclusion", "SCP-02", "excluded.art-11-2", r"Art\. 11 Abs\. 2", r"Art\. 11\(2\)"),
    (_PARTIAL, "ground of an exclusion", "SCP-02", "excluded.processor", r"Art\. 28", r"Art\. 28"),
    (_ANSWERS, "why only a category", "C-154/21", "activities.category.not-yet-known", r"noch nicht|künftig", r"not\b.*\byet|future"),
    (_ANSWERS, "why only a category", "C-154/21", "activities.category.not-identifiable", r"nicht", r"no longer|cannot|\bnot\b"),
    (_ANSWERS, "why only a category", "C-154/21", "activities.category.excessive", r"Art\. 12 Abs\. 5", r"Art\. 12\(5\)"),
    (_ANSWERS, "legal basis", "Art. 15(1)(a)", "activities.basis", r"[Gg]rundlage", r"[Bb]asis"),
    (_ANSWERS, "how it is decided", "Art. 15(1)(h)", "automated.logic", r"\w", r"\w"),
    (_ANSWERS, "what it means", "Art. 15(1)(h)", "automated.significance", r"\w", r"\w"),
    (_ANSWERS, "what may follow", "Art. 15(1)(h)", "automated.consequences", r"\w", r"\w"),
    (_ALL_ANSWERS, "how to reach the authority", "Art. 15(1)(f)", "complaint.reach", r"\{email\}", r"\{email\}"),
    (_ALL_ANSWERS, "data protection officer", "Art. 13(1)(b)", "contact.dpo", r"\{dpo\}", r"\{dpo\}"),
    (_LETTERS, "contact", "Art. 12(2)", "letters.contact", r"\{email\}.*\{case\}", r"\{email\}.*\{case\}"),
    ((LetterKind.EXTENSION,), "reason: volume", "TIM-08", "notices.reason.volume", r"Menge|Umfang|umfangreich|viele", r"amount|volume|extensive|many"),
    ((LetterKind.EXTENSION,), "reason: retrieval", "TIM-08", "notices.reason.retrieval", r"techni|wieder", r"technical|retriev"),
    ((LetterKind.EXTENSION,), "reason: redaction", "TIM-08", "notices.reason.redaction", r"andere[rn]? Person|Dritte|schwärz|unkenntlich", r"other (persons|people)|third|redact"),
    ((LetterKind.EXTENSION,), "reason: explanation", "TIM-08", "notices.reason.explanation", r"[Ee]rläuter|[Ee]rklär|verständlich", r"expla|understood|intelligible"),
    ((LetterKind.EXTENSION,), "reason: peak", "TIM-08", "notices.reason.peak", r"Anfragen", r"requests"),
)
# fmt: on
_BASES = "abcdef"
_GROUNDS = ("art-15-4", "art-11-2", "art-12-5", "bdsg-27-2", "bdsg-28-2", "bdsg-29-1-2", "bdsg-34-1-1", "bdsg-34-1-2")
_REFUSALS: Mapping[str, tuple[str, str]] = {
    "manifestly_unfounded": (r"Art\. 12 Abs\. 5", r"Art\. 12\(5\)"),
    "excessive": (r"Art\. 12 Abs\. 5", r"Art\. 12\(5\)"),
    "not_identifiable": (r"Art\. 11 Abs\. 2", r"Art\. 11\(2\)"),
    "secrecy": (r"§ 29 Abs\. 1", r"[Ss]ection 29\(1\)"),
}


def _bases() -> Iterator[_Row]:
    """Each legal basis by its letter: (a) is consent, and nothing else."""
    for letter in _BASES:
        german = rf"Art\. 6 Abs\. 1 (UAbs\. 1 )?(lit\.|Buchst\.|Buchstabe) {letter}\b"
        yield _ANSWERS, "legal basis", "Art. 15(1)(a)", f"basis.6(1)({letter})", german, rf"Art\. 6\(1\)\({letter}\)"


def elements() -> Iterator[Element]:
    """Every element of every letter."""
    for kinds, name, law, key, german, english in (*_INFORMATION, *_CHOSEN, *_bases(), *_OTHERS):
        for kind in kinds:
            yield Element(kind, name, law, key, german, english)
    for ground in _GROUNDS:
        german, english = (
            (r"Art\. 1[125] Abs\.", r"Art\. 1[125]\(") if ground[0] == "a" else (r"§ \d\d", r"[Ss]ection \d\d")
        )
        yield Element(LetterKind.PARTIAL, "ground in words of the law", "SCP-05", f"ground.{ground}", german, english)
    for ground, (german, english) in _REFUSALS.items():
        yield Element(
            LetterKind.REFUSAL, "ground in words of the law", "Art. 12(4)", f"notices.ground.{ground}", german, english
        )
