"""How strongly a record points to a person, by everything that it states for and against. See docs/matching.md."""

from __future__ import annotations

from dataclasses import dataclass

from cases.comparing import Births, Names
from cases.finding import Strength
from cases.identifiers import Kind


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a record and a person have in common. `keys`: kinds of unique identifiers met, `verified` whether one of
    them was verified; `factors`: kinds of what several people may have; `alike`: an e-mail address that looks mistyped,
    or a number divided otherwise; `literally`: the name is stated word for word; `several`: the record states more than
    one person."""

    keys: frozenset[Kind] = frozenset()
    verified: bool = False
    factors: frozenset[Kind] = frozenset()
    names: Names = Names.UNKNOWN
    births: Births = Births.UNKNOWN
    alike: bool = False
    literally: bool = False
    several: bool = False


def judge(evidence: Evidence) -> Strength | None:
    """None where the record says too little, or too much against this person, to be shown to anybody."""
    if evidence.keys:
        return _by_key(evidence)
    if _agrees(evidence) and evidence.births is not Births.OTHER:
        return Strength.PROBABLE
    return Strength.POSSIBLE if _worth_a_look(evidence) else None


def _agrees(evidence: Evidence) -> bool:
    """A full name and a second factor; where only a part of it is stated, or the surname is another, the birth date
    and something of the household as well. Twins share these too, but no given name."""
    if evidence.names is Names.SAME:
        return bool(evidence.factors)
    both = Kind.BIRTH_DATE in evidence.factors and len(evidence.factors) > 1
    return both and evidence.names in (Names.FITS, Names.RENAMED)


def _by_key(evidence: Evidence) -> Strength:
    """A verified key proves, unless name or birth date speak against it: a mailbox may be a family's, a number may have
    been given out again. Both against it, or another name and nothing else for it, is somebody else until a person
    says otherwise."""
    if _is_somebody_else(evidence):
        return Strength.POSSIBLE
    contradicted = evidence.names < Names.UNKNOWN or evidence.births < Births.UNKNOWN
    if not evidence.verified:
        return Strength.POSSIBLE if contradicted else Strength.PROBABLE
    return Strength.PROBABLE if contradicted or evidence.several else Strength.CERTAIN


def _is_somebody_else(evidence: Evidence) -> bool:
    """Name and birth date both speak against the person, or the name does and nothing but one key speaks for them. An
    account under the number that the system gave, at the same address and under the same surname, is the household's
    and concerns this person too."""
    if evidence.names is Names.OTHER and not evidence.factors and len(evidence.keys) == 1:
        return True
    account = Kind.CUSTOMER_NUMBER in evidence.keys and Kind.ADDRESS in evidence.factors
    household = account and evidence.names in (Names.SHARED, Names.RENAMED)
    return evidence.names <= Names.RENAMED and evidence.births is Births.OTHER and not household


def _worth_a_look(evidence: Evidence) -> bool:
    """A namesake, a household's phone, a slip of the pen: enough to ask a person. A birth date is thousands of
    people's, an address a whole house's: each says something only while the name does not speak against it."""
    if evidence.factors - {Kind.ADDRESS, Kind.BIRTH_DATE}:
        return True
    here, born = Kind.ADDRESS in evidence.factors, Kind.BIRTH_DATE in evidence.factors
    match evidence.names:
        case Names.SAME if evidence.literally:
            return True
        case Names.SAME | Names.SIMILAR:
            return here or evidence.births is not Births.OTHER
        case Names.FITS | Names.LOOSE:
            return here or born or evidence.alike
        case Names.UNKNOWN:
            return here or evidence.alike
        case Names.SHARED | Names.RENAMED:
            return born or (here and evidence.births is not Births.OTHER)
        case _:
            return here and born
