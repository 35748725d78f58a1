"""Finding known identifiers in free text: whole addresses, numbers and names, never a part of a longer one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from cases.emails import mailbox_key
from cases.finding import Reason
from cases.hashes import digest_spellings
from cases.identifiers import Identifier, Kind, Subject, digests_of, fold, name_words, normalise, short_words
from cases.person_names import born_as
from cases.readable import plain

_Holder = tuple[str, Identifier]

# Local part (at most 64 octets, RFC 5321) and domain. What stands in URLs and lists around an address (`=&?/|;<>`)
# ends it; `.`, `-` and `+` do not: `m.anna@` is not `anna@`.
_EMAIL = re.compile(r"(?<![\w.!#$%*+'^~-])[\w.!#$%*+'^~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_WORDS = re.compile(r"[^\W_]+")
_LOCAL_END = re.compile(r"[\w.!#$%*+'^~-]+\Z")
_LONGEST_LOCAL = 64
_ZERO = re.compile(r"\(\s*0\s*\)")  # `+49 (0)30`
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015"
_FEW = 16  # words that are looked for one by one
_DIGITS = re.compile(r"\d+", re.ASCII)
_TAIL = 6  # digits by which phone numbers are looked up
_APOSTROPHES = re.compile(r"(?<=\w)['’`´](?=\w)")  # `O'Neil` is compared as `oneil`
_GAP = r"[\W_]{1,3}"
_DIGEST = re.compile(
    r"(?<![^\W_])[0-9a-f]{32,64}(?![^\W_])|(?<![a-z0-9_+-])[\w+/-]{43}(?![\w+/-])", re.ASCII
)  # hex; SHA-256 in base64 without its padding
_APART = 80  # characters, and
_WORDS_APART = 6  # words at most between two words of a name that do not follow each other
_LOGIN = r"(?:user|username|login|loginname|benutzer|benutzername|account|konto|handle|instagram|facebook|tiktok)"
_SHORTEST_LOGIN = 8  # characters of a log-in with a digit, which is no word: `jmueller84`
_SHORTEST_NUMBER = 4  # a customer number of fewer characters is in every second text


class Mentions:
    """The identifiers of a pass, prepared for texts: one walk over the text, then only what can be in it is tried.

    Expressions are compiled when first tried: most of a thousand subjects are in no text.
    """

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self._exact: dict[str, list[_Holder]] = defaultdict(list)
        self._mailboxes: dict[str, list[_Holder]] = defaultdict(list)
        self._digests: dict[str, list[_Holder]] = defaultdict(list)
        self._loose: dict[str, list[tuple[tuple[str, ...], _Holder]]] = defaultdict(list)
        self._phones: dict[str, list[tuple[str, _Holder]]] = defaultdict(list)
        self._worded: dict[str, list[tuple[str, _Holder]]] = defaultdict(list)
        self._numbers: list[tuple[str, _Holder]] = []
        self._compiled: dict[str, re.Pattern[str]] = {}
        self._places: list[tuple[str, _Holder]] = []
        for subject in subjects:
            for item in subject.identifiers:
                if item.normal:
                    self._compile(subject.id, item)

    def find(self, text: str) -> Iterator[tuple[str, Identifier, Reason]]:
        """Each subject and identifier that the text holds, and how. A name whose words only stand near each other
        (`Name: Krüger, Vorname: Lena`) is `PARTIAL`."""
        text = plain(text)
        folded = _APOSTROPHES.sub("", fold(text))
        yield from self._addresses(text)
        for holder in (*self._by_numbers(folded), *self._by_digits(text), *self._by_place(text)):
            yield *holder, Reason.EXACT
        yield from ((*holder, Reason.HASHED) for holder in self._by_digest(folded))
        met = dict.fromkeys(self._by_words(folded))
        yield from ((*holder, Reason.EXACT) for holder in met)
        yield from ((*holder, Reason.PARTIAL) for holder in self._nearby(folded) if holder not in met)

    def _compile(self, subject: str, item: Identifier) -> None:
        holder = (subject, item)
        for _, digest in digests_of(item):
            for spelled in digest_spellings(digest):
                self._digests[spelled.lower()].append(holder)
        match item.kind:
            case Kind.EMAIL:
                self._exact[item.normal].append(holder)
                if mailbox := mailbox_key(item.normal):
                    self._mailboxes[mailbox].append(holder)
            case Kind.PHONE:
                self._phones[_national(item.normal)[-_TAIL:]].append((item.normal, holder))
            case Kind.ADDRESS:
                self._places.append((item.normal, holder))
            case Kind.NAME:
                self._compile_name(holder)
            case Kind.BIRTH_DATE:
                self._add_worded(_date_pattern(item.normal), item.normal[:4], holder)
            case Kind.CUSTOMER_NUMBER | Kind.ORDER_NUMBER if len(item.normal) >= _SHORTEST_NUMBER:
                self._numbers.append((fold(item.normal), holder))
            case Kind.HANDLE | Kind.USER_NAME:
                self._add_worded(_handle_pattern(item.normal), _anchor(fold(item.normal)), holder)
            case Kind.IBAN:
                self._numbers.append((fold(item.normal), holder))
            case Kind.EMAIL_HASH | Kind.PHONE_HASH:
                for spelled in digest_spellings(item.normal):
                    self._digests[spelled.lower()].append(holder)
            case Kind.COOKIE_ID:
                whole = rf"(?<!\w){re.escape(fold(item.normal))}(?!\w)"
                self._add_worded(whole, _anchor(fold(item.normal)), holder)

    def _compile_name(self, holder: _Holder) -> None:
        value = holder[1].value
        for words in dict.fromkeys((name_words(value), short_words(value), name_words(born_as(value)))):
            if len(words) > 1:
                self._add_worded(_name_pattern(words), max(words, key=len), holder)
        for words in dict.fromkeys((short_words(value) or name_words(value), name_words(born_as(value)))):
            whole = tuple(sorted({word for word in words if len(word) > 1}, key=len, reverse=True))
            if len(whole) > 1:
                self._loose[whole[0]].append((whole, holder))

    def _add_worded(self, pattern: str, anchor: str, holder: _Holder) -> None:
        self._worded[anchor].append((pattern, holder))

    def _is_in(self, text: str, pattern: str) -> bool:
        return self._pattern(pattern).search(text) is not None

    def _pattern(self, pattern: str) -> re.Pattern[str]:
        compiled = self._compiled.get(pattern)
        if compiled is None:
            compiled = self._compiled[pattern] = re.compile(pattern)
        return compiled

    def _addresses(self, text: str) -> Iterator[tuple[str, Identifier, Reason]]:
        for normal in _emails_in(text) if self._exact else ():
            literally = self._exact.get(normal, ())
            yield from ((*holder, Reason.EXACT) for holder in literally)
            same = self._mailboxes.get(mailbox_key(normal), ()) if self._mailboxes else ()
            yield from ((*holder, Reason.ALIAS) for holder in same if holder not in literally)

    def _by_digest(self, folded: str) -> Iterator[_Holder]:
        for found in _DIGEST.finditer(folded) if self._digests else ():
            yield from self._digests.get(found[0], ())

    def _nearby(self, folded: str) -> Iterator[_Holder]:
        for lead in self._words_in(folded, self._loose):
            for words, holder in self._loose[lead]:
                if all(self._has_word(folded, word) for word in words[1:]) and self._are_near(folded, words):
                    yield holder

    def _are_near(self, text: str, words: tuple[str, ...]) -> bool:
        """Whether all words stand around one place of the first."""
        for lead in self._pattern(_word_pattern(words[0])).finditer(text):
            before, after = text[max(0, lead.start() - _APART) : lead.start()], text[lead.end() : lead.end() + _APART]
            near = (*_WORDS.findall(before)[-_WORDS_APART - 1 :], *_WORDS.findall(after)[: _WORDS_APART + 1])
            if all(word in near or f"{word}s" in near for word in words[1:]):
                return True
        return False

    def _has_word(self, text: str, word: str) -> bool:
        return word in text and self._is_in(text, _word_pattern(word))

    def _by_words(self, folded: str) -> Iterator[_Holder]:
        for anchor in ("", *self._words_in(folded, self._worded)):
            for pattern, holder in self._worded.get(anchor, ()):
                if self._is_in(folded, pattern):
                    yield holder

    def _words_in(self, folded: str, anchors: Mapping[str, object]) -> Iterable[str]:
        """Which anchors are words of the text, or the genitive of one."""
        if len(anchors) <= _FEW:
            return [anchor for anchor in anchors if anchor and _is_a_word(folded, anchor)]
        words = set(_WORDS.findall(folded))
        return (words | {word[:-1] for word in words if word.endswith("s")}) & anchors.keys()

    def _by_numbers(self, folded: str) -> Iterator[_Holder]:
        if not self._numbers:
            return
        joined = _without(folded, "./-")
        for number, holder in self._numbers:
            if number in joined and self._is_in(folded, _number_pattern(number)):
                yield holder

    def _by_digits(self, text: str) -> Iterator[_Holder]:
        if not self._phones:
            return
        digits = _without(_ZERO.sub("", text) if "(" in text else text, "/().-" + ("" if text.isascii() else _DASHES))
        for tail in {run[at : at + _TAIL] for run in _DIGITS.findall(digits) for at in range(len(run))}:
            for normal, holder in self._phones.get(tail, ()):
                if self._is_in(text, _phone_pattern(normal)):
                    yield holder

    def _by_place(self, text: str) -> Iterator[_Holder]:
        if not self._places:
            return
        flat = f" {normalise(Kind.ADDRESS, text)} "
        for normal, holder in self._places:
            if f" {normal} " in flat:
                yield holder


def emails_in(text: str) -> Iterator[str]:
    """Every e-mail address of a text in the form in which addresses are compared."""
    yield from _emails_in(plain(text))


def _emails_in(text: str) -> Iterator[str]:
    text = text.replace("%40", "@")
    at, done = text.find("@"), 0
    while at >= 0:
        start = max(done, at - _LONGEST_LOCAL - 1)
        local = _LOCAL_END.search(text, start, at)
        if local and (found := _EMAIL.match(text, local.start())):
            done = found.end()
            if normal := normalise(Kind.EMAIL, re.sub(r"^[^\w]+", "", found[0])):
                yield normal
        at = text.find("@", at + 1)


def _is_a_word(text: str, word: str) -> bool:
    """Whether a text has this word, or its genitive, as one: not as a part of a longer one."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        ends = (end, end + 1) if text[end : end + 1] == "s" else (end,)
        if not text[max(at - 1, 0) : at].isalnum() and any(not text[one : one + 1].isalnum() for one in ends):
            return True
        at = text.find(word, at + 1)
    return False


def _without(text: str, joints: str) -> str:
    """A text without white space and these characters; replacing one by one is far faster than an expression."""
    joined = "".join(text.split())
    for joint in joints:
        joined = joined.replace(joint, "")
    return joined


def _national(e164: str) -> str:
    return e164[3:] if e164.startswith("+49") else e164[1:]


def _phone_pattern(e164: str) -> str:
    """German numbers are written with or without their country code, foreign ones always with it."""
    joint = r"[\s/().\u2010-\u2015-]{0,3}"
    number = joint.join(_national(e164))
    german = rf"(?:(?:\+|00)?{joint}49{joint}(?:\(?0\)?)?{joint}|0{joint})"
    prefix = german if e164.startswith("+49") else r"(?:\+|00)?"
    return rf"(?<![\w+]){prefix}{number}(?!\d)"


def _date_pattern(iso: str) -> str:
    year, month, day = iso.split("-")
    return rf"(?<![\d.-])(?:{iso}|0?{int(day)}\.\s?0?{int(month)}\.\s?{year})(?!\d)"


def _number_pattern(normal: str) -> str:
    number = r"[\s./-]?".join(re.escape(char) for char in normal)
    return rf"(?<![\w@])(?<!\w[.,/-]){number}(?![\w@])(?![.,/-]\w)"


def _handle_pattern(normal: str) -> str:
    """As `@lena.k`, behind a slash as in a profile's address, or behind the word for a log-in; by itself only what is
    no word: a bare `lena` is everybody's."""
    bare = re.escape(fold(normal))
    before = [r"(?<!\w)@", r"(?<=\w)/@?", rf"(?<![^\W_]){_LOGIN}[\W_]{{1,3}}"]
    if len(normal) >= _SHORTEST_LOGIN and any(map(str.isdigit, normal)):
        before.append(r"(?<![\w@.-])")
    return "|".join(rf"{one}{bare}(?!\.?[\w@])" for one in before)


def _word_pattern(word: str) -> str:
    return rf"(?<![^\W_]){word}s?(?![^\W_])"


def _name_pattern(words: tuple[str, ...]) -> str:
    """Every rotation of the words (`Lena Krüger`, `Krüger, Lena`, `von der Heide, Anna`), with a German genitive."""
    turns = (_GAP.join(words[turn:] + words[:turn]) for turn in range(len(words)))
    return rf"(?<![^\W_])(?:{'|'.join(turns)})s?(?![^\W_])"


def _anchor(text: str) -> str:
    """The longest word of a pattern: where the text lacks it the pattern need not be tried."""
    return max(_WORDS.findall(text), key=len, default="")
