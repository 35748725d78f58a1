"""How two names agree: a closed list, strongest first, and what each of its values says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from cases.folding import weak_fold
from cases.person_names import PersonName, core, parse_name
from cases.short_forms import both_short, is_short_for


class NameAgreement(Enum):
    """Strongest first. None of them proves anything: `SAME` is said of every namesake too."""

    SAME = "same"  # the same words; case, titles, hyphens, umlauts as `ue` and a comma do not count
    REORDERED = "reordered"  # the same words, but which is the surname is not told: Martin Peter, Peter Martin
    SHORTER = "shorter"  # further given names are missing or initials on one side; the first is written out on both
    SAME_BUT_SHORT_FORM = "short_form"  # Hannes for Johannes, Stephan for Stefan
    BIRTH_NAME = "birth_name"  # the given names agree; one's surname is the other's surname at birth
    CALL_NAME = "call_name"  # one states only a later given name of the other, or the name in brackets
    PART_OF_SURNAME = "part_of_surname"  # Meyer for Meyer-Schmidt, Heide for von der Heide
    INITIAL = "initial"  # the first given name is only an initial on one side: J. Krüger is Jonas too
    BOTH_SHORT = "both_short"  # Bob and Rob, but Anja and Antje too
    TRANSLITERATED_WEAKLY = (
        "transliterated_weakly"  # Muller for Müller: a system that dropped the dots, or another name
    )
    GENERATION_UNSAID = "generation_unsaid"  # one says jun. or sen. and the other nothing: may be father and son
    PART_ONLY = "part_only"  # one states no more than a surname or a given name
    DIFFERENT = "different"  # another person's: also where jun. stands against sen., or a second given name differs
    NOT_STATED = "not_stated"  # one of them is no name

    @property
    def rank(self) -> int:
        """0 is the strongest."""
        return _RANK[self]

    @property
    def speaks_against(self) -> bool:
        return self is NameAgreement.DIFFERENT


_RANK = {value: rank for rank, value in enumerate(NameAgreement)}


def name_agreement(one: str | PersonName, other: str | PersonName) -> NameAgreement:
    """How two names agree; symmetrical. Of several ways to read them the one in which they agree best."""
    first = parse_name(one) if isinstance(one, str) else one
    second = parse_name(other) if isinstance(other, str) else other
    if not first or not second:
        return NameAgreement.NOT_STATED
    if first.generation and second.generation and first.generation != second.generation:
        return NameAgreement.DIFFERENT
    found = _words(first, second)
    if first.generation != second.generation:
        found = _weakest(found, NameAgreement.GENERATION_UNSAID)
    return found


def _words(one: PersonName, other: PersonName) -> NameAgreement:
    if "".join(one.words) == "".join(other.words):
        return NameAgreement.SAME if one.given or not other.given else NameAgreement.PART_ONLY
    if len(one.words) == 1 or len(other.words) == 1:
        return _single(one, other)
    return min(_readings(one, other), key=lambda found: found.rank)


def _single(one: PersonName, other: PersonName) -> NameAgreement:
    fewer, more = sorted((one.words, other.words), key=len)
    met = len(fewer[0]) > 1 and fewer[0] in more
    return NameAgreement.PART_ONLY if met else NameAgreement.DIFFERENT


def _readings(one: PersonName, other: PersonName) -> Iterator[NameAgreement]:
    for mine in _ways(one):
        for theirs in _ways(other):
            yield _compared(mine, theirs)
    if _born_as(one, other):
        yield _weakest(NameAgreement.BIRTH_NAME, _givens(one.given, other.given))


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to take a name apart. `limit`: how well two names may agree when one is read so."""

    given: tuple[str, ...] = field(repr=False)
    surname: tuple[str, ...] = field(repr=False)
    limit: NameAgreement = NameAgreement.SAME
    guessed_double: bool = False


def _ways(name: PersonName) -> Iterator[_Way]:
    yield _Way(name.given, name.surname)
    for nick in name.nick:
        yield _Way((nick,), name.surname, NameAgreement.CALL_NAME)
    if name.ordered or not name.given:
        return
    if len(name.given) > 1:  # `Lena Meyer Schmidt`
        yield _Way(name.given[:-1], (*name.given[-1].split(), *name.surname), guessed_double=True)
    rest = (*name.given[1:], " ".join(name.surname))
    yield _Way(rest, tuple(name.given[0].split()), NameAgreement.REORDERED)


def _compared(one: _Way, other: _Way) -> NameAgreement:
    """Both turned round at once (`Lena Marie`, `Lena Marie Krüger`) say little. A second surname that is only guessed
    must be the other's too, or `Lena Marie Krüger` would be `Lena Sophie Krüger`."""
    surnames, limit = _surnames(one.surname, other.surname), _weakest(one.limit, other.limit)
    if one.limit is other.limit is NameAgreement.REORDERED:
        limit = NameAgreement.PART_ONLY
    guessed = [given for way, given in ((one, other.given), (other, one.given)) if way.guessed_double]
    if surnames is NameAgreement.PART_OF_SURNAME and any(len(given) > 1 for given in guessed):
        return NameAgreement.DIFFERENT
    return _weakest(limit, _givens(one.given, other.given), surnames)


def _born_as(one: PersonName, other: PersonName) -> bool:
    pairs = ((one.birth, other.surname), (one.surname, other.birth), (one.birth, other.birth))
    return any(mine and _surnames(mine, theirs) is NameAgreement.SAME for mine, theirs in pairs if theirs)


def _surnames(one: tuple[str, ...], other: tuple[str, ...]) -> NameAgreement:
    if "".join(one) == "".join(other):
        return NameAgreement.SAME
    mine, theirs = core(one), core(other)
    if mine and theirs and (set(mine) <= set(theirs) or set(theirs) <= set(mine)):
        return NameAgreement.PART_OF_SURNAME
    if weak_fold("".join(one)) == weak_fold("".join(other)):
        return NameAgreement.TRANSLITERATED_WEAKLY
    return NameAgreement.DIFFERENT


def _givens(one: tuple[str, ...], other: tuple[str, ...]) -> NameAgreement:
    if not one or not other:
        return NameAgreement.SAME if one == other else NameAgreement.PART_ONLY
    if "".join(one).replace(" ", "") == "".join(other).replace(" ", ""):
        return NameAgreement.SAME
    if len(one) == len(other) == 1 and is_short_for(one[0], other[0]):  # `Hape` for `Hans-Peter`
        return NameAgreement.SAME_BUT_SHORT_FORM
    mine, theirs = " ".join(one).split(), " ".join(other).split()
    first = _word(mine[0], theirs[0])
    if first is not NameAgreement.DIFFERENT:
        return _weakest(first, _later(mine[1:], theirs[1:]))
    called = any(_all_in(fewer, more[1:]) for fewer, more in _by_length(mine, theirs))
    return NameAgreement.CALL_NAME if called else NameAgreement.DIFFERENT


def _later(one: list[str], other: list[str]) -> NameAgreement:
    """What the further given names add: missing ones weaken, others than the other's speak against it."""
    if one == other:
        return NameAgreement.SAME
    fits = all(_all_in(fewer, more) for fewer, more in _by_length(one, other))
    return NameAgreement.SHORTER if fits else NameAgreement.DIFFERENT


def _by_length(one: list[str], other: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """The shorter with the longer; both ways round where they are equally long, so that no order decides."""
    if len(one) <= len(other):
        yield one, other
    if len(other) <= len(one):
        yield other, one


def _all_in(fewer: Iterable[str], more: list[str]) -> bool:
    return all(any(_word(word, known) is not NameAgreement.DIFFERENT for known in more) for word in fewer)


def _word(one: str, other: str) -> NameAgreement:
    if one == other:
        return NameAgreement.SAME
    if 1 in (len(one), len(other)):
        return NameAgreement.INITIAL if one[0] == other[0] else NameAgreement.DIFFERENT
    if is_short_for(one, other):
        return NameAgreement.SAME_BUT_SHORT_FORM
    if weak_fold(one) == weak_fold(other):
        return NameAgreement.TRANSLITERATED_WEAKLY
    return NameAgreement.BOTH_SHORT if both_short(one, other) else NameAgreement.DIFFERENT


def _weakest(*found: NameAgreement) -> NameAgreement:
    return max(found, key=lambda value: value.rank)
