"""Other people in a finding (Art. 15(4) GDPR): who appears in it, and where exactly, as raw material for redaction.

Found are: whom the source names itself (sender, participants), e-mail addresses, phone numbers and IBANs that are not
this person's, people with a form of address ("Frau Meier"), signatures below a closing, and everybody whom the
company's own system of record knows by name (`KnownPeople`). What is found is a reason for a person to look, never a
decision: a name may be a namesake's, and nobody can list every name there is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from phonenumbers import PhoneNumberMatcher

from cases.finding import DataField, Other, Part, Span
from cases.identifiers import Kind, fold, name_words, normalise
from cases.own import Own, normal
from cases.person_names import people_in_name
from cases.readable import Reading, plain, readings

_Found = tuple[Kind, Part, str, int, int]  # kind, part, value, start, end

_EMAIL = re.compile(r"(?<![\w.!#$%*+'^~-])[\w.!#$%*+'^~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_DIGITS = re.compile(r"(?<![\w.,])(?:\+|00?)[1-9(][\d\s()/.\u2010-\u2015-]{4,24}\d(?![\w])")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?(?!\w)")
_ANY_WORD = re.compile(r"\w+")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
# Every pattern is bounded where it may have to go back: a text may be written to stop whoever reads it.
_CAPITAL = f"[{''.join(one for one in map(chr, range(0x41, 0x1F00)) if one.isupper() or one.istitle())}]"
_NAME_PART = rf"{_CAPITAL}[^\W\d_]{{1,40}}(?:[-'’][^\W\d_]{{1,40}}){{0,3}}"
_WRITTEN = rf"(?:{_NAME_PART}|{_CAPITAL}\.)"
_PARTICLE = r"(?:von|van|der|den|de|zu|VON|VAN|DER|DEN|DE|ZU)"
_ADDRESSED = re.compile(
    r"(?<!\w)(?P<form>(?:Herrn?|Frau)\s{1,8}(?:und|u\.|&)\s{1,8}(?:Herrn?|Frau)|Familie|FAMILIE|Fam\.|Eheleute|Ehepaar|"
    r"Herrn?|HERRN?|Frau|FRAU|Hr\.|Fr\.|M[rR][sS]?\.?|M[sS]\.?|Monsieur|Madame)\s{1,8}"
    r"(?:(?:Dr|DR|Prof|PROF)\.?\s{1,8}(?:[a-z]{1,12}\.\s{0,8}){0,4}){0,3}"
    rf"(?P<name>(?:{_PARTICLE}\s{{1,8}}){{0,4}}{_NAME_PART}(?:\s{{1,8}}{_PARTICLE}\b){{0,4}}(?:\s{{1,8}}{_NAME_PART})?)"
)
_MAIL_SENDER = re.compile(r"(?:^|[_.\W])(?:from|sender|author|von|absender|verfasser|reply_?to)(?:$|[_.\W])", re.I)
_MAIL_RECIPIENT = re.compile(
    r"(?:^|[_.\W])(?:to|cc|bcc|recipients?|receivers?|an|empf(?:ä|ae)nger|kopie)(?:$|[_.\W\d])", re.I
)
_NAMED = re.compile(r"""["']?([^<>"@\d()]{2,80})["']?\s{0,4}(?:<[^<>]*>|\([^()]*\))?""")
_CLOSING = re.compile(
    r"(?im)(?:\b(?:mit\s{1,8})?(?:(?:freundlich|best|herzlich|lieb|sch[öo]n|viele)\w{0,8}\s{1,8})?gr(?:u|ü|ue)(?:ß|ss)e?n?\b|"
    r"\b(?:mfg|lg|vg)\b|\bhochachtungsvoll\b|\b(?:kind|best|warm)\s{1,8}(?:regards|wishes)\b|"
    r"\b(?:sincerely|faithfully)(?:\s{1,8}yours)?\b|^[^\S\n]{0,8}(?:regards|cheers|yours)\b)[\s,.!:*_>–—-]*"
    r"(?:(?:aus|vom|from|in)[^\S\n][^\n]{1,60}\n[\s,.!:*_>–—-]*)?"  # from where: `Beste Grüße aus Köln`
)
_SIGNATURE = re.compile(
    rf"(?:(?:i\.\s?[AV]\.|ppa\.|von|from)\s{{0,8}})?({_WRITTEN}(?:[ \t]{{1,8}}(?:{_PARTICLE}|{_WRITTEN})){{0,3}})"
)
_BETWEEN = re.compile(r"\s+|,\s*")  # what may stand between the words of one name
_LONGEST_NAME = 4  # words
_LONGEST_FIELD = 200  # characters; a field that holds more holds no name alone
_LONGEST_WORD = 60  # characters
_MOST_NUMBERS = 1000  # in one field that are held against the numbering plans, at about a fifth of a millisecond each


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """The names of everybody in the company's system of record, as digests of a few bytes each.

    `complete` is False where the system could not be asked: then a text in which nobody was recognised may still name
    somebody, and a person has to look.
    """

    digests: frozenset[int] = field(default=frozenset(), repr=False)
    complete: bool = True
    words: frozenset[int] = field(default=frozenset(), repr=False)  # digests of the words of all the names

    @classmethod
    def of(cls, names: Iterable[str]) -> KnownPeople:
        """Names of one word are left out: `Müller` alone is a trade, too."""
        keys: set[int] = set()
        each: set[int] = set()
        for name in names:
            if len(words := name_words(name)) > 1:
                keys.add(hash(_key(words)))
                each.update(map(hash, words))
        return cls(frozenset(keys), words=frozenset(each))

    def knows(self, words: Sequence[str]) -> bool:
        return hash(_key(words)) in self.digests

    def may_know(self, word: str) -> bool:
        """Whether somebody's name has this word, which is folded here."""
        parts = _words_of(word) if len(word) <= _LONGEST_WORD else ()
        return bool(parts) and all(hash(part) in self.words for part in parts)


def others_in(fields: Sequence[DataField], named: Iterable[str], own: Own, known: KnownPeople) -> tuple[Other, ...]:
    """Everybody in the fields of a finding who is not the data subject, in the order of their first place; each once,
    with all places. `named` are names that the source itself states (participants of a conversation, an owner's
    second name); where one of them is several people's (`Lena und Peter Krüger`), each is looked at."""
    everybody = (one for name in named for one in people_in_name(name))
    stated = tuple(dict.fromkeys(name for name in everybody if name.strip() and not own.has(Kind.NAME, name)))
    participants = _Participants(stated)
    places: dict[tuple[Kind, str], set[Span]] = defaultdict(set)
    first: dict[tuple[Kind, str], tuple[Part, str]] = {}
    written: dict[tuple[Kind, str], tuple[Kind, str] | None] = {}  # None: the person's own
    for index, item in enumerate(fields):
        for kind, part, value, start, end in _in_field(item, participants, own, known):
            if (kind, value) not in written:
                written[kind, value] = None if own.has(kind, value) else (kind, _comparable(kind, value))
            if key := written[kind, value]:
                first.setdefault(key, (part, value))
                places[key].add(Span(index, start, end))
    unseen = (name for name in stated if (Kind.NAME, _comparable(Kind.NAME, name)) not in first)
    nameless = tuple(Other(Kind.NAME, Part.PARTICIPANT, name, ()) for name in unseen)
    return (*(Other(kind, *first[kind, key], _outermost(places[kind, key])) for kind, key in first), *nameless)


def _outermost(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In order, without those that lie inside another."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.field, one.start, -one.end)):
        if not kept or kept[-1].field != span.field or span.end > kept[-1].end:
            kept.append(span)
    return tuple(kept)


class _Participants:
    """Names that a source states, by their first word: of thousands only those are looked for that may be there."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_word: dict[str, list[re.Pattern[str]]] = defaultdict(list)
        self._names: dict[re.Pattern[str], str] = {}
        for name in names:
            for read in readings(name) if len(name) <= _LONGEST_FIELD else ():
                if word := _ANY_WORD.search(read.text.casefold()):
                    pattern = re.compile(rf"(?<!\w){re.escape(read.text)}(?!\w)", re.I)  # `Jan` is not in `Januar`
                    self._by_word[word[0]].append(pattern)
                    self._names[pattern] = name

    def places(self, text: str) -> Iterator[tuple[str, int, int]]:
        if not self._by_word:
            return
        for word in dict.fromkeys(_ANY_WORD.findall(text.casefold())):
            for pattern in self._by_word.get(word, ()):
                yield from ((self._names[pattern], *found.span()) for found in pattern.finditer(text))


def _in_field(item: DataField, participants: _Participants, own: Own, known: KnownPeople) -> Iterator[_Found]:
    """Everybody in the field as it is read, with their places in the field as it is."""
    part = _part_of(plain(item.name))

    def found(reading: Reading) -> Iterator[_Found]:
        for kind, role, value, start, end in _in_text(reading.text, part, participants, own, known):
            place = reading.place(start, end)
            as_written = kind is Kind.NAME and value == reading.text[start:end]
            yield kind, role, plain(item.value[slice(*place)]) if as_written else value, *place

    first, *others = readings(item.value)
    whole = list(found(first))
    yield from whole
    for other in others:
        yield from _outside(whole, found(other))


def _outside(whole: Iterable[_Found], more: Iterable[_Found]) -> Iterator[_Found]:
    """Who is not inside somebody found before: the halves of `Are\u00adndt` are nobody."""
    reach: dict[Kind, list[tuple[int, int]]] = defaultdict(list)  # by start, with how far anything before it reaches
    for kind, _, _, start, end in sorted(whole, key=lambda one: one[3]):
        reach[kind].append((start, max(end, reach[kind][-1][1] if reach[kind] else 0)))
    for one in more:
        kind, _, _, start, end = one
        before = bisect_right(reach[kind], start, key=lambda pair: pair[0])
        if not before or reach[kind][before - 1][1] < end:
            yield one


def _in_text(text: str, part: Part, participants: _Participants, own: Own, known: KnownPeople) -> Iterator[_Found]:
    yield from ((Kind.NAME, Part.PARTICIPANT, *found) for found in participants.places(text))
    if part is not Part.MENTIONED:
        yield from ((Kind.NAME, part, *found) for found in _named(text))
    yield from ((Kind.EMAIL, part, *found) for found in _emails(text))
    yield from ((Kind.IBAN, Part.MENTIONED, *found) for found in _checked(_IBAN, Kind.IBAN, text))
    yield from ((Kind.PHONE, Part.MENTIONED, *found) for found in _phones(text))
    yield from ((Kind.NAME, Part.MENTIONED, *found) for found in _addressed(text, own))
    yield from ((Kind.NAME, Part.SIGNED, *found) for found in _signed(text))
    yield from ((Kind.NAME, Part.CONTACT, *found) for found in _contacts(text, known))


def _part_of(name: str) -> Part:
    """`messages[3].sender_name` states a sender, `to[0]` a recipient."""
    last = re.sub(r"\[\d+\]$", "", name).rpartition(".")[2]
    if _MAIL_SENDER.search(last):
        return Part.SENDER
    return Part.RECIPIENT if _MAIL_RECIPIENT.search(last) else Part.MENTIONED


def _addressed(text: str, own: Own) -> Iterator[tuple[str, int, int]]:
    """People with a form of address. With this person's own surname the form belongs to it: whether `Herr Krüger` is
    she or her husband `Own` says."""
    for found in _ADDRESSED.finditer(text):
        if own.has(Kind.NAME, found["name"]):
            yield found[0], *found.span()
        else:
            yield found["name"], *found.span("name")


def _named(text: str) -> Iterator[tuple[str, int, int]]:
    """The name in a field that holds nothing but a name, perhaps with an address behind it."""
    bare = text.strip()
    if len(bare) > _LONGEST_FIELD or not (found := _NAMED.fullmatch(bare)):
        return
    name = found[1].strip(" \t\r\n\"'")
    if name_words(name):
        start = text.index(name)
        yield name, start, start + len(name)


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
    """Only numbers that exist as such (`phonenumbers`, leniency VALID): an order number is no phone. Where a field
    holds more candidates than anybody's text does, the rest of it is taken for numbers unseen."""
    after = 0
    for _ in range(_MOST_NUMBERS):
        found = _DIGITS.search(text, after)
        if not found:
            return
        after = found.start() + 1
        begin = max(0, found.start() - 2)  # an opening bracket; and a letter right before makes it no phone
        for match in PhoneNumberMatcher(text[begin : found.end() + 12], "DE", max_tries=8):
            start, end = begin + match.start, begin + match.end
            clock = text[max(0, start - 1) : start] == ":"  # `12:00:03.748000` is a time
            if re.match(r"[+0(]", match.raw_string) and not _DATE.fullmatch(match.raw_string) and not clock:
                yield match.raw_string, start, end
            after = max(after, end)
            break
    if found := _DIGITS.search(text, after):
        yield text[found.start() : found.start() + _LONGEST_FIELD], found.start(), len(text)


def _signed(text: str) -> Iterator[tuple[str, int, int]]:
    """What stands behind or below a closing formula as a name does: one to four words, each with a capital."""
    for closing in _CLOSING.finditer(text):
        if found := _SIGNATURE.match(text, closing.end()):
            yield found[1], found.start(1), found.end(1)


def _contacts(text: str, known: KnownPeople) -> Iterator[tuple[str, int, int]]:
    """Runs of words that together are a known name, in any order; longer names first."""
    if not known.digests:
        return
    for words in _neighbours(text, known):
        folded = [_words_of(word[0]) for word in words]
        loud = [word[0][0].isupper() for word in words]
        index = 0
        while index < len(words):
            length = _name_from(index, folded, loud, known)
            if length:
                start, end = words[index].start(), words[index + length - 1].end()
                yield text[start:end], start, end
            index += length or 1


def _neighbours(text: str, known: KnownPeople) -> Iterator[list[re.Match[str]]]:
    """Words that known names have, as long as they stand side by side."""
    words: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        if not known.may_know(word[0]):
            continue
        if words and not _BETWEEN.fullmatch(text, words[-1].end(), word.start()):
            if len(words) > 1:
                yield words
            words = []
        words.append(word)
    if len(words) > 1:
        yield words


def _name_from(index: int, folded: Sequence[Sequence[str]], loud: Sequence[bool], known: KnownPeople) -> int:
    """How many of the words that begin at `index` are a known name; 0 for none."""
    last = min(len(folded), index + _LONGEST_NAME)
    for end in range(last, index + 1, -1) if loud[index] else ():
        if loud[end - 1] and known.knows([part for word in folded[index:end] for part in word]):
            return end - index
    return 0


@lru_cache(maxsize=20_000)
def _words_of(word: str) -> tuple[str, ...]:
    return name_words(word)


def _key(words: Iterable[str]) -> str:
    return " ".join(sorted(words))


def _comparable(kind: Kind, value: str) -> str:
    return normal(kind, value[:_LONGEST_FIELD]) or fold(value[:_LONGEST_FIELD])
