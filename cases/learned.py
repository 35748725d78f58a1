"""How much a sentence reads like somebody exercising a right: a linear model, trained on texts written for it.

Rules know the phrases that a lawyer would name; people have countless others. The model weighs words, pairs of words,
groups of letters (for dialect, misspelling and other languages) and pairs of concepts (`cases.concepts`), each with a
number for each right; the sum gives a probability. Nothing in it is random or asked elsewhere: the same text always
gives the same answer, and every answer names the sentence it rests on. `tests/recognition/train.py` makes the weights.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from cases.concepts import concepts_of
from cases.request import Right
from cases.wording import fold, sentences

RIGHTS = tuple(Right)
MOST_SENTENCES = 150
UNIT = 0.1  # a weight of 1 in the table
_WORD = re.compile(r"[^\W_]+|[?!]")
_GROUPS = (3, 4, 5)
_NEAR = 4  # words between two concepts that belong together
_LEAST_FEATURES, _LEAST_CONCEPTS = 20, 10  # as if a short sentence had so many: few words prove little
_CONCEPT_SHARE = 0.5
_MOST_WORDS = 90  # of one sentence
_MOST_OF_MAIL, _LEAST_OF_MAIL = 60, 40


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text seems to exercise. `probability`: how likely it does; `sentence`: the one that speaks for it most."""

    right: Right
    probability: float
    sentence: str = field(repr=False)


def read(text: str) -> Mapping[Right, Reading]:
    """A reading of each right. `text`: what a person wrote; its first 150 sentences count.

    A sentence is judged by itself, and all of them together: "send me everything you have" is one thing in a letter
    about somebody's own file, and another in an order.
    """
    parts = sentences(text)[:MOST_SENTENCES]
    words = [words_of(part) for part in parts]
    scored = [_sums(features(one), _tables()[0]) for one in words]
    whole = _sums(features_of_mail(words), _tables()[1])
    return {right: _reading(right, index, parts, scored, whole) for index, right in enumerate(RIGHTS)}


def _reading(
    right: Right, index: int, parts: Sequence[str], scored: Sequence[Sequence[float]], whole: Sequence[float]
) -> Reading:
    """The likeliest sentence and the whole mail have the same say: the sum of two logits."""
    best, where = max(((sums[index], part) for part, sums in zip(parts, scored, strict=True)), default=(-30.0, ""))
    return Reading(right, _sigmoid(best + whole[index]), where)


def _sigmoid(total: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def features_of(sentence: str) -> dict[str, float]:
    """What the model sees of a sentence, with the share each feature has in it."""
    return features(words_of(sentence))


def words_of(sentence: str) -> list[str]:
    return _WORD.findall(fold(sentence))[:_MOST_WORDS]


def features(words: Sequence[str]) -> dict[str, float]:
    named = _of_words(words)
    share = 1 / math.sqrt(max(_LEAST_FEATURES, len(named)))
    found = dict.fromkeys(named, share)
    ideas = _of_concepts(words)
    share = _CONCEPT_SHARE / math.sqrt(max(_LEAST_CONCEPTS, len(ideas)))
    found.update(dict.fromkeys(ideas, share))
    return found


def features_of_mail(parts: Sequence[Sequence[str]]) -> dict[str, float]:
    """What the model sees of a whole mail, given the words of its sentences: words, neighbours and concepts."""
    named: dict[str, None] = {}
    for words in parts[:_MOST_OF_MAIL]:
        named.update(dict.fromkeys(name for name in _of_words(words, ()) if name[0] in "wb"))
        named.update(dict.fromkeys(name for name in _of_concepts(words) if name[0] in "CN"))
    return dict.fromkeys(named, 1 / math.sqrt(max(_LEAST_OF_MAIL, len(named))))


def _of_words(words: Sequence[str], sizes: Sequence[int] = _GROUPS) -> list[str]:
    """Words, neighbours, neighbours but one, and groups of letters; each once, in the order of the sentence."""
    named = [f"w {word}" for word in words]
    named += [f"b {first} {second}" for first, second in pairwise(("<", *words, ">"))]
    named += [f"s {first} {second}" for first, second in zip(words, words[2:], strict=False)]
    for word in words:
        padded = f" {word} "
        named += [f"c {padded[at : at + size]}" for size in sizes for at in range(len(padded) - size + 1)]
    return list(dict.fromkeys(named))


def _of_concepts(words: Sequence[str]) -> list[str]:
    """Concepts, pairs of them anywhere in the sentence, and pairs near each other in their order."""
    placed = [(at, concept) for at, word in enumerate(words) for concept in concepts_of(word)]
    present = sorted({concept for _, concept in placed})
    named = [f"C {concept}" for concept in present]
    named += [f"A {first} {second}" for at, first in enumerate(present) for second in present[at + 1 :]]
    for number, (at, first) in enumerate(placed):
        for where, second in placed[number + 1 :]:
            if where - at > _NEAR:
                break
            if where > at:
                named.append(f"N {first} {second}")
    return list(dict.fromkeys(named))


def _sums(found: Mapping[str, float], table: Table) -> list[float]:
    """The weighted sum for each right, in the order of `RIGHTS`."""
    sums = list(table.bias)
    for name, share in found.items():
        for index, weight in table.weights.get(name, ()):
            sums[index] += weight * share
    return sums


@dataclass(frozen=True, slots=True)
class Table:
    """`weights`: feature -> (index of a right, weight) pairs; what is not named weighs nothing."""

    bias: tuple[float, ...]
    weights: Mapping[str, tuple[tuple[int, float], ...]]


@cache
def _tables() -> tuple[Table, Table]:
    """The tables for sentences and for whole mails."""
    from cases import learned_weights as made  # here, because most commands recognise nothing

    return (
        Table(made.SENTENCE_BIAS, dict(_rows(made.SENTENCES.splitlines()))),
        Table(made.MAIL_BIAS, dict(_rows(made.MAILS.splitlines()))),
    )


def _rows(lines: Iterable[str]) -> Iterable[tuple[str, tuple[tuple[int, float], ...]]]:
    """Lines `feature|index weight,index weight`, weights in units of `UNIT`."""
    for line in lines:
        name, _, listed = line.rpartition("|")
        if name:
            pairs = (pair.split() for pair in listed.split(","))
            yield name, tuple((int(index), int(weight) * UNIT) for index, weight in pairs)
