"""A person's name taken apart, so that two ways of writing it can be compared.

Nothing here decides that two people are one: it says how two names agree, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from cases.folding import fold, weak_fold
from cases.name_titles import ALWAYS, cut_generation, without_titles
from cases.readable import plain
from cases.short_forms import meanings

_LONGEST = 200  # characters; what is longer is no name
NOBLE = frozenset(
    [
        *("graf", "graefin", "freiherr", "freifrau", "freiin", "baron", "baronin", "baronesse", "fuerst", "fuerstin"),
        *("prinz", "prinzessin", "herzog", "herzogin", "ritter", "edler", "edle", "markgraf", "landgraf", "reichsgraf"),
        *("komtess", "comtesse", "frhr", "frfr"),
    ]
)
_ONLY_PARTICLES = frozenset(["von", "vom", "zu", "zum", "zur", "van", "af", "ter", "della", "del", "dos"])
PARTICLES = _ONLY_PARTICLES | frozenset(
    [
        *("der", "den", "dem", "und", "de", "du", "des", "la", "le", "les", "di", "da", "do", "das", "ten", "te", "av"),
        *("al", "el", "bin", "ibn", "bint", "abu", "v", "d"),
    ]
)
_BIRTH = re.compile(
    r"(?<=\S)[\s,;(]+(?:geb(?:\.|oren[er]?|orene)?|gebürtige?r?|née?|nee|verw\.|gesch\.|vorm(?:als|\.)|ehem(?:als|\.)|früher|"
    r"formerly|birth name:?)\s+(?!am\b)(?P<name>[^\d,;()]{2,60})\)?",
    re.I,
)
_NICK = re.compile(
    r"\(\s*([^()\d]{2,40}?)\s*\)|[\"„“”»«]([^\"„“”»«\d]{2,40})[\"„“”»«]|\bgen(?:annt|\.)\s+([^\W\d_]{2,40})"
)
_AND = re.compile(r"\s+c/o\s+|\s*[&+/]\s*|\s+(?:und|u\.?|and)\s+", re.I)
_HOUSEHOLD = re.compile(
    r"\s*(?:(?:an\s+)?(?:die\s+)?(?:familie|fam\.?|eheleute|ehepaar|geschwister)"
    r"|(?:herrn?|frau|mr\.?|mrs\.?)\s*(?:und|u\.?|and|&|\+|/)\s*(?:herrn?|frau|mr\.?|mrs\.?))\s+(?=\S)",
    re.I,
)
_PERHAPS_SEVERAL = re.compile(r"[&+/;]|\b(?:und|u|and|fam|familie|eheleute|ehepaar|geschwister)\b", re.I)
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")


@dataclass(frozen=True, slots=True)
class PersonName:
    """The folded words of a name. `given` holds a name in several words joined by hyphens as one (`hans peter`);
    `surname` holds titles of nobility and particles; `birth` is the surname at birth; `generation` is `jun`, `sen`,
    `ii`, `iii`, `iv` or nothing; `nick` is what stands in brackets or quotation marks.

    `ordered`: a comma, particle or capitals say which is the surname. Otherwise the last word is taken for it, and
    `Krüger Lena` is taken apart the wrong way round. One word alone is taken for a surname.
    """

    given: tuple[str, ...] = field(default=(), repr=False)
    surname: tuple[str, ...] = field(default=(), repr=False)
    birth: tuple[str, ...] = field(default=(), repr=False)
    generation: str = field(default="", repr=False)
    nick: tuple[str, ...] = field(default=(), repr=False)
    ordered: bool = False

    def __bool__(self) -> bool:
        return bool(self.given or self.surname)

    @property
    def given_words(self) -> tuple[str, ...]:
        return tuple(" ".join(self.given).split())

    @property
    def words(self) -> tuple[str, ...]:
        """Given names and surname, word by word."""
        return self.given_words + self.surname


def parse_name(value: str) -> PersonName:
    """`value` taken apart; without given name and surname where it holds no letters."""
    text, birth, nick, generation = _cut(value)
    front, comma, behind = (part.strip() for part in text.partition(","))
    if comma and front and behind:
        noble = _units(behind)
        surname = _flat(_units(front))
        given = tuple(unit for unit in noble if unit not in NOBLE and unit not in _ONLY_PARTICLES)
        moved = tuple(unit for unit in noble if unit not in given)  # `Guttenberg, Karl Freiherr zu`
        return PersonName(given, moved + surname, birth, generation, nick, ordered=True)
    given, surname, ordered = _split(text.replace(",", " "))
    return PersonName(given, surname, birth, generation, nick, ordered)


@lru_cache(1024)
def name_words(value: str) -> tuple[str, ...]:
    """The folded words of a name in the order given: no titles, birth name, nickname, apostrophes or digits."""
    text, _, _, generation = _cut(value)
    words = (word for word in _flat(_units(text.replace(",", " "))) if word not in ALWAYS)
    return (*words, generation) if generation else tuple(words)


@lru_cache(1024)
def short_words(value: str) -> tuple[str, ...]:
    """First given name and surname of a name with more words, folded; empty where it has no more than these.

    `Krüger, Lena Marie` and `Lena Marie Krüger` both give `lena krueger`. A hyphen holds a double name together.
    """
    name = parse_name(value)
    if not name.given or name.generation:
        return ()
    short = (*name.given[0].split(), *name.surname)
    return short if len(short) < len(name.words) else ()


def people_in_name(value: str) -> tuple[str, ...]:
    """Everybody whom one name field states: `Lena und Peter Krüger` are `Lena Krüger` and `Peter Krüger`, and `Familie
    Krüger` is `Krüger` twice, nobody knows how often. The value itself where it is one person's, or no name."""
    if len(value) > _LONGEST or not _PERHAPS_SEVERAL.search(value):
        return (value,)
    if household := _HOUSEHOLD.match(value):
        return (value[household.end() :], value[household.end() :])
    bits = [bit for bit in _apart(value) if name_words(bit)]
    return tuple(_with_surname(bits, place) for place in range(len(bits))) if len(bits) > 1 else (value,)


def _apart(value: str) -> Iterator[str]:
    lists = [bit.strip() for bit in value.split(";")]
    if len(lists) > 1 and all(len(name_words(bit)) > 1 for bit in lists):
        for bit in lists:
            yield from _apart(bit)
        return
    start = 0
    for found in _AND.finditer(value):
        before = fold(value[start : found.start()]).split()[-1:]
        if found[0].strip().isalpha() and before and before[0] in PARTICLES:  # `von und zu`
            continue
        yield value[start : found.start()].strip()
        start = found.end()
    yield value[start:].strip()


def _with_surname(bits: list[str], place: int) -> str:
    """A given name alone has the surname of who stands behind, else before it."""
    bit = bits[place]
    if len(name_words(bit)) > 1:
        return bit
    for other in (*bits[place + 1 :], *reversed(bits[:place])):
        surname, comma, given = other.partition(",")
        if comma and given.strip():
            return f"{surname}, {bit}"
        if len(name_words(other)) > 1:
            words = other.split()
            start = next((at for at, word in enumerate(words) if at and fold(word) in PARTICLES), len(words) - 1)
            return " ".join((bit, *words[start:]))
    return bit


def born_as(value: str) -> str:
    """The name with the surname at birth, folded: `lena krueger` of `Lena Böhm geb. Krüger`; empty where none is
    stated."""
    name = parse_name(value)
    return " ".join(name.given_words + name.birth) if name.birth and name.given else ""


def name_keys(value: str) -> tuple[str, ...]:
    """Keys under which a name is the same in any order: the whole name, first given name and surname, and the same
    with the surname at birth. Whoever shares one may be the same: a second given name, which only
    `name_agreement` compares, may still speak against it."""
    name = parse_name(value)
    if not name:
        return ()
    generation = (name.generation,) if name.generation else ()
    first = tuple(name.given[0].split()) if name.given else ()
    forms = [name.words, first + name.surname]
    forms += [name.given_words + name.birth, first + name.birth] if name.birth and first else []
    return tuple(dict.fromkeys(_key(form + generation) for form in forms))


def weak_name_keys(value: str) -> tuple[str, ...]:
    """Keys under which names that may be one person's meet, to be compared with `name_agreement`: the first given name
    in each of its full forms with each part of the surname or of the one at birth, umlauts without their dots."""
    name = parse_name(value)
    if not name.given:
        return ()
    first = name.given[0].split()[0]
    called = {meaning for one in (name.given[0], first) for meaning in meanings(one)}
    surnames = [word for word in core(name.surname) + core(name.birth) if len(word) > 1]
    keys = {(weak_fold(one), weak_fold(word)) for one in called for word in surnames}
    return tuple(sorted(" ".join(sorted(key)) for key in keys))


def core(surname: tuple[str, ...]) -> tuple[str, ...]:
    """A surname without particles and titles of nobility; as it is where nothing would be left."""
    return tuple(word for word in surname if word not in PARTICLES and word not in NOBLE) or surname


def _key(words: tuple[str, ...]) -> str:
    return " ".join(sorted(words))


@lru_cache(1024)  # a search takes the same name apart a dozen times
def _cut(value: str) -> tuple[str, tuple[str, ...], tuple[str, ...], str]:
    """The name proper, birth name, nicknames and generation."""
    text = plain(value)[:_LONGEST].replace("\t", " ").replace(";", ",")
    birth: tuple[str, ...] = ()
    if found := _BIRTH.search(text):
        birth = _flat(_units(without_titles(found["name"])))
        text = f"{text[: found.start()]} {text[found.end() :]}"
    text, generation = cut_generation(re.sub(r"\(\s*((?:jun|sen|jr|sr)\.?)\s*\)", r" \1 ", text, flags=re.I).strip())
    text = without_titles(text).strip(" ,")
    nick = tuple(_nicks(text))
    return (_NICK.sub(" ", text) if nick else text), birth, nick, generation


def _nicks(text: str) -> Iterator[str]:
    outside = _NICK.sub(" ", text)
    if not _units(outside):
        return
    for found in _NICK.finditer(text):
        yield from _units(next(filter(None, found.groups())))[:1]


def _units(text: str) -> tuple[str, ...]:
    """Folded words; those joined by a hyphen are one, with a space in it."""
    folded = _APOSTROPHES.sub("", fold(_APOSTROPHES.sub("", text)))
    chunks = re.split(r"[\s.,/&+]+", re.sub(r"\s*[\u2010-\u2015-]\s*", "-", folded))
    return tuple(" ".join(words) for chunk in chunks if (words := re.findall(r"[^\W\d_]+", chunk)))


def _flat(units: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(" ".join(units).split())


def _split(text: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Given names, surname, and whether that is told by the words themselves."""
    units = _units(text)
    if (capitals := _capitals(text)) and len(units) == len(text.split()):
        surname = tuple(units[place] for place in capitals)
        given = tuple(unit for place, unit in enumerate(units) if place not in capitals)
        return given, _flat(surname), True
    if len(units) < 2:
        return (), _flat(units), False
    if units[0] in NOBLE and len(units) > 2:  # `Graf Karl von Hohenstein`
        given, surname, _ = _split(" ".join(unit.replace(" ", "-") for unit in units[1:]))
        return given, (units[0], *surname), True
    if units[0] in _ONLY_PARTICLES:
        end = next((place for place, unit in enumerate(units) if unit not in PARTICLES), len(units) - 1) + 1
        return units[end:], _flat(units[:end]), True
    start = next((place for place, unit in enumerate(units) if place and unit in PARTICLES | NOBLE), len(units) - 1)
    return units[:start], _flat(units[start:]), start < len(units) - 1


def _capitals(text: str) -> tuple[int, ...]:
    """The places of the words in capitals (`KRÜGER Lena`) where only some are, at one end, and none is an initial."""
    words = text.split()
    loud = tuple(place for place, word in enumerate(words) if word.isupper() and len(word.strip(".-")) > 2)
    whole = 0 < len(loud) < len(words) and loud[-1] - loud[0] == len(loud) - 1
    return loud if whole and (loud[0] == 0 or loud[-1] == len(words) - 1) else ()
