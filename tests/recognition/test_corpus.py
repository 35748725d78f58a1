"""The training texts: marks are read as meant, everybody in them is invented, and the weights are made from them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cases import learned_weights
from tests.recognition.corpus import CORPUS, read_corpus
from tests.recognition.train import Vocabulary, digest, table, trained

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.(\w+)")


def corpus(folder: Path, text: str) -> list[tuple[str, frozenset[str]]]:
    (folder / "one.txt").write_text(text, encoding="utf-8")
    (example,) = read_corpus(folder)
    return [(sentence.text, sentence.rights) for sentence in example.sentences]


def test_a_mark_labels_the_sentences_it_stands_in(tmp_path: Path) -> None:
    body = "Der Tisch ist da. {{access: Was habt ihr über mich?}} Danke. {{erasure+objection: Weg damit.}}"
    assert corpus(tmp_path, f"%% de\nSubject: Frage\n{body}\n") == [
        ("Frage", frozenset()),
        ("Der Tisch ist da.", frozenset()),
        ("Was habt ihr über mich?", frozenset({"access"})),
        ("Danke.", frozenset()),
        ("Weg damit.", frozenset({"erasure", "objection"})),
    ]


@pytest.mark.parametrize("text", ["{{acess: Was?}}", "{{access: Was?"])
def test_a_wrong_mark_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"mark|right"):
        corpus(tmp_path, f"%% de\nSubject:\n{text}\n")


def test_nobody_in_the_texts_has_a_real_address() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in CORPUS.rglob("*.txt"))
    assert {found[1].lower() for found in ADDRESS.finditer(text)} <= {"example"}


def test_the_weights_are_made_from_these_texts() -> None:
    """After a change of a text or of the features: `python -m tests.recognition.train`."""
    assert digest() == learned_weights.MADE_FROM


def test_training_learns_what_separates_and_always_the_same() -> None:
    found = [{"w data": 0.5, "w me": 0.5}, {"w sofa": 0.5, "w me": 0.5}] * 20
    vocabulary = Vocabulary(found)
    rows = [vocabulary.row(one) for one in found]
    bias, weights = trained(rows, [True, False] * 20, len(vocabulary.names))
    named = dict(zip(vocabulary.names, weights, strict=True))
    assert named["w data"] > 1
    assert named["w sofa"] < -1
    assert (bias, weights) == trained(rows, [True, False] * 20, len(vocabulary.names))
    biases, lines = table(found, [frozenset({"access"}), frozenset()] * 20)
    assert len(biases) == 6
    assert "w data|0 " in lines
