"""Other people in a finding (Art. 15(4) GDPR): who appears in it, and where exactly, as raw material for redaction.

Found are: whom the source names itself (sender, participants), e-mail addresses, phone numbers and IBANs that are not
this person's, people with a form of address ("Frau Meier"), signatures below a closing, and everybody whom the
company's own system of record knows by name (`KnownPeople`). What is found is a reason for a person to look, never a
decision: a name may be a namesake's, and nobody can list every name there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import phonenumbers

from cases.finding import DataField, Other, Part, Span
from cases.identifiers import Identifier, Kind, fold, name_words, normalise

_Found = tuple[Kind, Part, str, int, int]  # kind, part, value, start, end

_EMAIL = re.compile(r"(?<![\w.!#$%*+'^~-])[\w.!#$%*+'^~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_DIGITS = re.compile(r"(?<![\w.,])(?:\+|00?)[1-9(][\d\s()/.\u2010-\u2015-]{4,24}\d(?![\w])")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?(?!\w)")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_NAME_PART = r"[A-ZÄÖÜ][^\W\d_]+(?:[-'’][^\W\d_]+)*"
_WRITTEN = rf"(?:{_NAME_PART}|[A-ZÄÖÜ]\.)"
_ADDRESSED = re.compile(
    r"(?<!\w)(?:Herrn?|Frau|Hr\.|Fr\.|Mrs?\.?|Ms\.?|Monsieur|Madame)\s+(?:(?:Dr|Prof)\.?\s+(?:[a-z]+\.\s*)*)*"
    rf"((?:(?:von|van|der|den|de|zu)\s+)*{_NAME_PART}(?:\s+(?:von|van|der|den|de|zu)\b)*(?:\s+{_NAME_PART})?)"
)
_MAIL_SENDER = re.compile(r"(?:^|[_.\W])(?:from|sender|author|von|absender|verfasser|reply_?to)(?:$|[_.\W])", re.I)
_MAIL_RECIPIENT = re.compile(
    r"(?:^|[_.\W])(?:to|cc|bcc|recipients?|receivers?|an|empf(?:ä|ae)nger|kopie)(?:$|[_.\W\d])", re.I
)
_NAMED = re.compile(r"""\s*["']?([^<>"'@\d]{2,80}?)["']?\s*(?:<[^<>]*>|\([^()]*\))?\s*$""")
_CLOSING = re.compile(
    r"(?im)(?:\b(?:mit\s+)?(?:freundlich|best|herzlich|lieb|sch[öo]n|viele)\w*\s+gr(?:ü|ue)(?:ß|ss)\w*|\b(?:mfg|lg|vg)\b|"
    r"\bhochachtungsvoll\b|\b(?:kind|best|warm)\s+(?:regards|wishes)\b|\b(?:sincerely|faithfully)(?:\s+yours)?\b|"
    r"^\s*(?:regards|cheers|yours)\b)[\s,.!:*_>–—-]*"
)
_SIGNATURE = re.compile(
    rf"(?:(?:i\.\s?[AV]\.|ppa\.)\s*)?({_WRITTEN}(?:[ \t]+(?:von|van|der|den|de|zu|{_WRITTEN})){{0,3}})"
)
_BETWEEN = re.compile(r"\s+|,\s*")  # what may stand between the words of one name
_LONGEST_NAME = 4  # words


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """The names of everybody in the company's system of record, as digests of a few bytes each.

    `complete` is False where the system could not be asked: then a text in which nobody was recognised may still name
    somebody, and a person has to look.
    """

    digests: frozenset[int] = field(default=frozenset(), repr=False)
    complete: bool = True

    @classmethod
    def of(cls, names: Iterable[str]) -> KnownPeople:
        """Names of one word are left out: `Müller` alone is a trade, too."""
        keys = (_key(words) for name in names if len(words := name_words(name)) > 1)
        return cls(frozenset(map(hash, keys)))

    def knows(self, words: Sequence[str]) -> bool:
        return hash(_key(words)) in self.digests


@dataclass(frozen=True, slots=True)
class Own:
    """What is no other person's: the data subject's identifiers, and addresses and names of the company itself."""

    emails: frozenset[str] = field(repr=False)
    phones: frozenset[str] = field(repr=False)
    ibans: frozenset[str] = field(repr=False)
    names: tuple[frozenset[str], ...] = field(repr=False)

    @classmethod
    def of(cls, identifiers: Iterable[Identifier], ours: Iterable[Identifier] = ()) -> Own:
        items = (*identifiers, *ours)

        def normal(kind: Kind) -> frozenset[str]:
            return frozenset(item.normal for item in items if item.kind is kind and item.normal)

        names = (frozenset(name_words(item.value)) for item in items if item.kind is Kind.NAME)
        return cls(normal(Kind.EMAIL), normal(Kind.PHONE), normal(Kind.IBAN), tuple(filter(None, names)))

    def beside(self, other: Own) -> Own:
        names = self.names + other.names
        return Own(self.emails | other.emails, self.phones | other.phones, self.ibans | other.ibans, names)

    def has(self, kind: Kind, value: str) -> bool:
        if kind is Kind.NAME:
            words = frozenset(name_words(value))
            return not words or any(words <= name for name in self.names)
        known = {Kind.EMAIL: self.emails, Kind.PHONE: self.phones, Kind.IBAN: self.ibans}[kind]
        return normalise(kind, value) in known


def others_in(fields: Sequence[DataField], named: Iterable[str], own: Own, known: KnownPeople) -> tuple[Other, ...]:
    """Everybody in the fields of a finding who is not the data subject, in the order of their first place; each once,
    with all places. `named` are names that the source itself states (participants of a conversation)."""
    stated = tuple(dict.fromkeys(name for name in named if name.strip() and not own.has(Kind.NAME, name)))
    places: dict[tuple[Kind, str], list[Span]] = {}
    first: dict[tuple[Kind, str], tuple[Part, str]] = {}
    for index, item in enumerate(fields):
        for kind, part, value, start, end in _in_field(item, stated, known):
            if own.has(kind, value):
                continue
            key = (kind, _comparable(kind, value))
            first.setdefault(key, (part, value))
            spans = places.setdefault(key, [])
            if not any(span.field == index and span.start <= start and end <= span.end for span in spans):
                spans.append(Span(index, start, end))
    unseen = (name for name in stated if (Kind.NAME, _comparable(Kind.NAME, name)) not in first)
    nameless = tuple(Other(Kind.NAME, Part.PARTICIPANT, name, ()) for name in unseen)
    return (*(Other(kind, *first[kind, key], tuple(places[kind, key])) for kind, key in first), *nameless)


def _in_field(item: DataField, stated: Sequence[str], known: KnownPeople) -> Iterator[_Found]:
    text = item.value
    part = _part_of(item.name)
    for name in stated:
        yield from ((Kind.NAME, Part.PARTICIPANT, name, *place) for place in _literal(name, text))
    if part is not Part.MENTIONED and (found := _NAMED.match(text)) and name_words(found[1]):
        yield Kind.NAME, part, found[1], found.start(1), found.end(1)
    yield from ((Kind.EMAIL, part, value, start, end) for value, start, end in _emails(text))
    yield from (
        (Kind.IBAN, Part.MENTIONED, value, start, end) for value, start, end in _checked(_IBAN, Kind.IBAN, text)
    )
    yield from ((Kind.PHONE, Part.MENTIONED, value, start, end) for value, start, end in _phones(text))
    yield from ((Kind.NAME, Part.MENTIONED, found[1], *found.span(1)) for found in _ADDRESSED.finditer(text))
    yield from ((Kind.NAME, Part.SIGNED, value, start, end) for value, start, end in _signed(text))
    yield from ((Kind.NAME, Part.CONTACT, value, start, end) for value, start, end in _contacts(text, known))


def _part_of(name: str) -> Part:
    """`messages[3].sender_name` states a sender, `to[0]` a recipient."""
    last = re.sub(r"\[\d+\]$", "", name).rpartition(".")[2]
    if _MAIL_SENDER.search(last):
        return Part.SENDER
    return Part.RECIPIENT if _MAIL_RECIPIENT.search(last) else Part.MENTIONED


def _literal(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Whole words only: the participant `Jan` is not in `Januar`."""
    if name.casefold() in text.casefold():
        for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.I):
            yield found.span()


def _emails(text: str) -> Iterator[tuple[str, int, int]]:
    if "@" in text:
        for found in _EMAIL.finditer(text):
            value = found[0].lstrip("._-'*+~!#$%^")
            yield value, found.end() - len(value), found.end()


def _checked(pattern: re.Pattern[str], kind: Kind, text: str) -> Iterator[tuple[str, int, int]]:
    for found in pattern.finditer(text):
        if normalise(kind, found[0]):
            yield found[0], found.start(), found.end()


def _phones(text: str) -> Iterator[tuple[str, int, int]]:
    """Only numbers that exist as such (`phonenumbers`, leniency VALID): an order number is no phone."""
    if _DIGITS.search(text):
        for match in phonenumbers.PhoneNumberMatcher(text, "DE"):
            if re.match(r"[+0(]", match.raw_string) and not _DATE.fullmatch(match.raw_string):
                yield match.raw_string, match.start, match.end


def _signed(text: str) -> Iterator[tuple[str, int, int]]:
    """What stands behind or below a closing formula as a name does: one to four words, each with a capital."""
    for closing in _CLOSING.finditer(text):
        if found := _SIGNATURE.match(text, closing.end()):
            yield found[1], found.start(1), found.end(1)


def _contacts(text: str, known: KnownPeople) -> Iterator[tuple[str, int, int]]:
    """Runs of words that together are a known name, in any order; longer names first."""
    if not known.digests:
        return
    words = list(_WORD.finditer(text))
    after = 0
    for index, found in enumerate(words):
        if found.start() < after or not found[0][0].isupper():
            continue
        for run in _runs(text, words, index):
            if run[-1][0][0].isupper() and known.knows(_folded(run)):
                after = run[-1].end()
                yield text[found.start() : after], found.start(), after
                break


def _runs(text: str, words: list[re.Match[str]], index: int) -> Iterator[list[re.Match[str]]]:
    run = [words[index]]
    for word in words[index + 1 : index + _LONGEST_NAME]:
        if not _BETWEEN.fullmatch(text, run[-1].end(), word.start()):
            break
        run.append(word)
    yield from (run[:length] for length in range(len(run), 1, -1))


def _folded(run: Iterable[re.Match[str]]) -> list[str]:
    return [part for word in run for part in _words_of(word[0])]


@lru_cache(maxsize=20_000)
def _words_of(word: str) -> tuple[str, ...]:
    return name_words(word)


def _key(words: Iterable[str]) -> str:
    return " ".join(sorted(words))


def _comparable(kind: Kind, value: str) -> str:
    return normalise(kind, value) or fold(value)
