"""`python -m tests.recognition.train`: makes `cases/learned_weights.py` from the texts in `corpus/`. Takes minutes.

Logistic regression for each right, by AdaGrad (Duchi, Hazan, Singer 2011) in a fixed order: the same texts always give
the same weights, on any machine. Features that occur in fewer than three sentences, and weights that hardly count, are
left out.
"""

from __future__ import annotations

import hashlib
import math
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from cases import concepts, learned, wording
from cases.learned import RIGHTS, UNIT, features_of, features_of_mail, words_of
from tests.recognition.corpus import CORPUS, read_corpus

OUT = Path(__file__).parents[2] / "cases" / "learned_weights.py"
SEED, EPOCHS, RATE, DECAY = 7, 20, 0.2, 1e-4
LEAST_SENTENCES = 3
LEAST_WEIGHT = 3  # in units of the table

HEAD = '''"""Weights of `cases.learned`, made by `python -m tests.recognition.train`; not to be edited."""

# The texts and the code that reads them: a test sees when they have changed.
MADE_FROM = "{digest}"
'''

Row = list[tuple[int, float]]


class Vocabulary:
    """Numbers for the features that occur often enough."""

    def __init__(self, found: Sequence[dict[str, float]]) -> None:
        counts = Counter(name for one in found for name in one)
        self.names = sorted(name for name, count in counts.items() if count >= LEAST_SENTENCES and "|" not in name)
        self._numbers = {name: number for number, name in enumerate(self.names)}

    def row(self, found: dict[str, float]) -> Row:
        numbers = self._numbers
        return [(numbers[name], share) for name, share in found.items() if name in numbers]


def trained(rows: Sequence[Row], wanted: Sequence[bool], size: int) -> tuple[float, list[float]]:
    """Bias and weights of one right."""
    weights, squares = [0.0] * size, [1e-6] * size
    bias, bias_square = -3.0, 1e-6
    order = list(range(len(rows)))
    chance = random.Random(SEED)
    for _ in range(EPOCHS):
        chance.shuffle(order)
        for number in order:
            row = rows[number]
            total = bias + sum(weights[name] * share for name, share in row)
            error = 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - wanted[number]
            if abs(error) < 1e-4:
                continue
            bias_square += error * error
            bias -= 0.1 * error / math.sqrt(bias_square)
            for name, share in row:
                slope = error * share + DECAY * weights[name]
                squares[name] += slope * slope
                weights[name] -= RATE * slope / math.sqrt(squares[name])
    return bias, weights


def table(found: Sequence[dict[str, float]], rights: Sequence[frozenset[str]]) -> tuple[list[float], str]:
    """The biases, and the table's text: a line for each feature that weighs something."""
    vocabulary = Vocabulary(found)
    rows = [vocabulary.row(one) for one in found]
    size = len(vocabulary.names)
    results = [trained(rows, [right in mine for mine in rights], size) for right in RIGHTS]
    lines = list(_lines([weights for _, weights in results], vocabulary.names))
    print(f"{len(rows)} rows, {size} features, {len(lines)} kept", file=sys.stderr)
    return [bias for bias, _ in results], "\n".join(lines)


def _lines(weights: Sequence[Sequence[float]], names: Sequence[str]) -> Iterator[str]:
    for number, name in enumerate(names):
        units = [round(one[number] / UNIT) for one in weights]
        kept = [f"{index} {value}" for index, value in enumerate(units) if abs(value) >= LEAST_WEIGHT]
        if kept:
            yield f"{name}|{','.join(kept)}"


def main() -> None:
    examples = read_corpus()
    known = [sentence for example in examples for sentence in example.sentences]
    sentences = table([features_of(one.text) for one in known], [one.rights for one in known])
    mails = table(
        [features_of_mail([words_of(one.text) for one in example.sentences]) for example in examples],
        [example.rights for example in examples],
    )
    OUT.write_text(
        HEAD.format(digest=digest())
        + _module("SENTENCE_BIAS", "SENTENCES", *sentences)
        + _module("MAIL_BIAS", "MAILS", *mails)
    )


def digest() -> str:
    """SHA-256 over the texts and over the code that decides what the model sees of them."""
    total = hashlib.sha256()
    code = [Path(module.__file__ or "") for module in (concepts, learned, wording)]
    for path in (*sorted(CORPUS.rglob("*.txt")), *code, Path(__file__)):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def _module(bias: str, name: str, biases: Sequence[float], lines: str) -> str:
    return f'\n{bias} = ({", ".join(f"{value:.2f}" for value in biases)})\n{name} = """\\\n{lines}\n"""\n'


if __name__ == "__main__":
    main()
