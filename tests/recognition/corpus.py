"""The texts from which the model of `cases.learned` is made: written for this, with the sentences marked that ask.

A file holds many texts: `%% language`, `Subject: …`, then the body, in which `{{right: words}}` (or `{{a+b: words}}`)
marks what exercises a right. Whatever is not marked asks for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cases.request import Right
from cases.wording import sentences

CORPUS = Path(__file__).parent / "corpus"
_MARK = re.compile(r"\{\{\s*(?P<rights>[a-z+ ]+?)\s*:\s?(?P<words>.*?)\}\}", re.S)
_LEAST_OVERLAP = 12  # characters


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as it is judged, and the rights it exercises (none for most)."""

    text: str = field(repr=False)
    rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class Example:
    """One text. `group` is the file it stands in: texts of one author."""

    group: str
    language: str
    sentences: tuple[Sentence, ...] = field(repr=False)

    @property
    def rights(self) -> frozenset[str]:
        return frozenset(right for sentence in self.sentences for right in sentence.rights)


def read_corpus(folder: Path = CORPUS) -> list[Example]:
    """Every text in the order of files and places; raises `ValueError` for a mark of an unknown right."""
    return [example for path in sorted(folder.rglob("*.txt")) for example in _of_file(path, path.stem)]


def _of_file(path: Path, group: str) -> Iterator[Example]:
    for block in re.split(r"(?m)^(?=%%)", path.read_text(encoding="utf-8")):
        head, _, rest = block.partition("\n")
        if head.strip():
            yield Example(group, head.removeprefix("%%").strip(), tuple(_sentences(rest, path)))


def _sentences(text: str, path: Path) -> Iterator[Sentence]:
    """The sentences as recognition cuts them; a mark may reach over several, each of which then carries its rights."""
    subject, _, body = text.partition("\n")
    whole = f"{subject.removeprefix('Subject:').strip()}\n\n{body}"
    marks = [(_rights(found["rights"], path), _flat(found["words"])) for found in _MARK.finditer(whole)]
    plain = _MARK.sub(lambda found: found["words"], whole)
    if "{{" in plain or "}}" in plain:
        raise ValueError(f"{path.name}: a mark that is not closed: {plain[:80]!r}")
    for part in sentences(plain):
        mine = [rights for rights, words in marks if _overlap(words, part)]
        yield Sentence(part, frozenset().union(*mine))


def _rights(named: str, path: Path) -> frozenset[str]:
    rights = frozenset(part.strip() for part in named.split("+"))
    if rights - set(Right):
        raise ValueError(f"{path.name}: no such right: {named}")
    return rights


def _flat(words: str) -> str:
    return " ".join(words.split())


def _overlap(words: str, sentence: str) -> bool:
    """Whether marked words stand in a sentence, wholly or with a good part of them."""
    if words in sentence or sentence in words:
        return True
    least = min(_LEAST_OVERLAP, len(words), len(sentence))
    longest = min(len(words), len(sentence))
    return any(
        words.endswith(sentence[:size]) or sentence.endswith(words[:size]) for size in range(longest, least - 1, -1)
    )
