"""Given names and what their bearers are called: short forms, pet forms and other spellings, German and English.

A short form may belong to several names (`Lena` to `Helena` and `Magdalena`), and it is a name of its own: so it says
that two people may be one, never that they are. `Helena` and `Magdalena` stay two.
"""

from __future__ import annotations

from types import MappingProxyType

from cases.folding import fold
from cases.short_forms_english import ENGLISH
from cases.short_forms_german import GERMAN, SPELLINGS


def _fold_word(name: str) -> str:
    return fold(name).replace("-", " ")


def _table() -> dict[str, frozenset[str]]:
    """Folded name -> the full names it may stand for, itself among them."""
    known: dict[str, set[str]] = {}
    for line in (GERMAN + ENGLISH).strip().splitlines():
        if not line:
            continue
        full, _, shorts = line.partition(":")
        for short in shorts.split():
            known.setdefault(_fold_word(short), set()).add(_fold_word(full))
    return {short: frozenset(fulls | {short}) for short, fulls in known.items()}


def _spellings() -> dict[str, str]:
    return {
        _fold_word(name): _fold_word(line.split()[0])
        for line in SPELLINGS.strip().splitlines()
        for name in line.split()
    }


SHORT_FORMS = MappingProxyType(_table())
_SPELLED = MappingProxyType(_spellings())


def meanings(name: str) -> frozenset[str]:
    """The full names that a folded given name may stand for, each in one spelling, itself among them."""
    found = SHORT_FORMS.get(name, frozenset({name}))
    return frozenset(_SPELLED.get(one, one) for one in found)


def is_short_for(one: str, other: str) -> bool:
    """Whether one of two folded given names is short for the other, or only another spelling of it."""
    return _spelled(one) in meanings(other) or _spelled(other) in meanings(one)


def both_short(one: str, other: str) -> bool:
    """Whether there is a name for which both may be short: `Bob` and `Rob`, but also the sisters `Anja` and `Antje`."""
    return bool(meanings(one) & meanings(other))


def _spelled(name: str) -> str:
    return _SPELLED.get(name, name)
