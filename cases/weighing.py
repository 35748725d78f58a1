"""Rules and model weighed against each other: what a text asks for beyond doubt, and what it only may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from cases.learned import Reading, read
from cases.request import Right
from cases.wording import Cue, Hit

# Above SURE a right is exercised, above DOUBTFUL a person looks. Ordinary mail hardly ever looks like another right
# than access, so little is enough there; it is full of questions, and so may look a little like access. Below
# CONTRADICTED the model speaks against a rule that met the right words in a text long enough to say more than them.
SURE = {Right.ACCESS: 0.86, Right.PORTABILITY: 0.85}
DOUBTFUL = {Right.ACCESS: 0.5, Right.PORTABILITY: 0.75}
_SURE, _DOUBTFUL = 0.4, 0.2
BESIDE_ANOTHER = 0.99, 0.9  # access, where the rules already know what the letter is about
CONTRADICTED, _WORDS_TO_CONTRADICT = 0.03, 40
_DECIDES, _DOUBT = 5, 3
_SAYS = {
    Right.ACCESS: "reads like a request for access to one's own data",
    Right.ERASURE: "reads like a request to erase one's own data",
    Right.RECTIFICATION: "reads like a request to correct one's own data",
    Right.RESTRICTION: "reads like a request to leave one's own data untouched",
    Right.PORTABILITY: "reads like a request to take one's own data along",
    Right.OBJECTION: "reads like an objection to the use of one's own data",
}


@dataclass(frozen=True, slots=True)
class Learned:
    """What the model says of a text: hits that decide, hits that raise a doubt, whether it speaks against access."""

    sure: tuple[Hit, ...]
    doubtful: tuple[Hit, ...]
    contradicts_access: bool


def learned(text: str, other_right: bool = False) -> Learned:
    """The model's hits in `text`, the likeliest first. `other_right`: the rules found a right other than access."""
    readings = read(text)
    ordered = sorted(readings.values(), key=lambda reading: -reading.probability)
    limits = {right: _limits(right, other_right) for right in readings}
    sure = [one for one in ordered if one.probability >= limits[one.right][0]]
    doubtful = [one for one in ordered if limits[one.right][1] <= one.probability < limits[one.right][0]]
    return Learned(
        tuple(_hit(reading, _DECIDES) for reading in sure),
        tuple(_hit(reading, _DOUBT) for reading in doubtful),
        len(text.split()) >= _WORDS_TO_CONTRADICT and readings[Right.ACCESS].probability < CONTRADICTED,
    )


def _limits(right: Right, other_right: bool) -> tuple[float, float]:
    if other_right and right is Right.ACCESS:
        return BESIDE_ANOTHER
    return SURE.get(right, _SURE), DOUBTFUL.get(right, _DOUBTFUL)


def _hit(reading: Reading, weight: int) -> Hit:
    return Hit(Cue(_SAYS[reading.right], (), weight=weight, right=reading.right), reading.sentence)
