"""A gigabyte of JSON exports, read for one subject and for a thousand, beside ripgrep with as many patterns.

What is written, seeded: half of it JSON lines as a shop exports its customers, half of it one indented document as a
ticket system exports conversations; a record is about 2 KB of German words, names, addresses and numbers. One in a
hundred records is about a subject; all others are about strangers, whose names come from the same lists.

Ours includes compiling the subjects, parsing, matching and making the findings with all their fields. ripgrep is given
the patterns that our matcher compiles, of which it prints the lines. Each measurement runs in a process of its own.
Seconds are seconds of the processor (user and system): both use one thread, the files are in the page cache, and other
programs of the machine do not count.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from cases.finding import Finding
from cases.identifiers import Identifier, Kind, Origin, Subject, fold
from cases.source import Searched
from cases.subjects import SubjectIndex
from sources.json_files import JsonFiles
from sources.scan_filter import Filter

GIGABYTE = 1 << 30
SUBJECTS = 1000
EVERY = 100  # one record in so many is about a subject
SEED = 5


@dataclass(frozen=True)
class Run:
    """Seconds of one search from subjects to findings, and the peak of the process in MB."""

    seconds: float
    megabytes: float
    findings: int
    records: int
    patterns: int


def report(folder: Path, size: int = GIGABYTE, rounds: int = 3) -> Iterator[str]:
    """The table, line by line; the files are written below `folder` and deleted."""
    if not shutil.which("rg"):
        yield "scan of JSON exports: ripgrep (rg) is not installed, left out"
        return
    place = folder / "exports"
    place.mkdir()
    try:
        records = write(place, size)
        yield f"scan of {size / GIGABYTE:.2f} GB of JSON exports, {records} records, seed {SEED}"
        yield from _measured(place, size, rounds)
    finally:
        shutil.rmtree(place)


def _measured(place: Path, size: int, rounds: int) -> Iterator[str]:
    seconds: dict[int, list[float]] = {1: [], SUBJECTS: []}
    for subjects in (1, SUBJECTS):
        ratios = []
        for _ in range(rounds if subjects == 1 else 1):
            peer = ripgrep(place, subjects)
            ours = [in_child(place, subjects) for _ in range(1 if subjects == 1 else rounds)]
            seconds[subjects] += [run.seconds for run in ours]
            ratios += [peer / run.seconds for run in ours]
        run, median = ours[-1], statistics.median(seconds[subjects])
        yield (
            f"  {subjects:5} subjects, {run.patterns:5} patterns: {median:6.2f} s ({size / median / 1e6:5.0f} MB/s), "
            f"{run.findings} findings, peak {run.megabytes:.0f} MB; ripgrep {peer:.2f} s; "
            f"ours is {statistics.median(ratios):.2f} times as fast ({min(ratios):.2f} to {max(ratios):.2f})"
        )
    more = statistics.median(seconds[SUBJECTS]) / statistics.median(seconds[1])
    yield f"  {SUBJECTS} subjects in one pass cost {more:.2f} times the time of one"


# What is written


_GIVEN = ["Anna", "Ben", "Clara", "David", "Elif", "Finn", "Greta", "Hannes", "Ida", "Jonas", "Karla", "Leon", "Marie"]
_ONSETS = ["B", "D", "F", "G", "H", "K", "L", "M", "N", "P", "R", "S", "T", "W", "Br", "Kr", "Schl", "Sch", "Gr", "Str"]
_NUCLEI = ["a", "e", "i", "o", "u", "ei", "au", "a", "e", "i", "o", "u", "ü", "ö"]
_CODAS = ["ck", "ng", "rg", "ld", "mp", "rt", "nz", "tz", "lm", "hn", "ll", "rn", "bs", "dl", "pf", "x", "ft", "sk"]
_ENDS = ["er", "mann", "ner", "ke", "sen", "hard", "ow", "inger", "el", "ert"]
_SYLLABLES = ["ab", "an", "auf", "be", "der", "ein", "er", "frei", "ge", "gen", "heit", "in", "keit", "lie", "lich",
              "mit",
              "nach", "schaft", "ung", "ver", "vor", "wei", "zu", "zeit", "für", "über", "größ"]  # fmt: skip


def people(first: int, count: int) -> list[Subject]:
    """Invented customers with an e-mail address, a name and a number; every fourth has a phone number too."""
    return [_person(number) for number in range(first, first + count)]


def _person(number: int) -> Subject:
    chance = random.Random(SEED * 1_000_003 + number)
    given = chance.choice(_GIVEN)
    surname = "".join(chance.choice(part) for part in (_ONSETS, _NUCLEI, _CODAS, _ENDS))
    stated = [
        (Kind.EMAIL, f"{fold(given)}.{fold(surname)}{number % 97}@post{number % 13}.example"),
        (Kind.NAME, f"{given} {surname}"),
        (Kind.CUSTOMER_NUMBER, f"K-{700000 + number}"),
    ]
    if number % 4 == 0:
        stated.append((Kind.PHONE, f"030 23125{number % 1000:03}"))
    return Subject(f"P{number}", tuple(Identifier(kind, value, Origin.VERIFIED) for kind, value in stated))


def write(place: Path, size: int) -> int:
    """Two files of together `size` bytes; how many records they hold. Hits are spread over all subjects, and the same
    records but with the first subject's data are in `one`, for the search for one."""
    records = 0
    for who, folder in (("many", place / "many"), ("one", place / "one")):
        folder.mkdir()
        chance = random.Random(SEED)
        words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(5000)]
        texts = [" ".join(chance.choices(words, k=60)) for _ in range(3000)]
        known = people(0, SUBJECTS if who == "many" else 1)
        with (folder / "customers.jsonl").open("w") as out:
            records = sum(1 for _ in _filled(out, size // 2, chance, known, texts, "{}\n"))
        with (folder / "tickets.json").open("w") as out:
            out.write('{\n  "exported": "2026-01-02",\n  "tickets": [')
            for number in _filled(out, size // 2, chance, known, texts, "", indent=2):
                records += bool(number + 1)
            out.write("\n  ]\n}\n")
    return records


def _filled(
    out: object, size: int, chance: random.Random, known: list[Subject], texts: list[str], form: str, indent: int = 0
) -> Iterator[int]:
    written = number = 0
    while written < size:
        person = known[number // EVERY % len(known)] if number % EVERY == 0 else _person(10_000_000 + number)
        record = _record(person, number, chance, texts)
        text = json.dumps(record, ensure_ascii=bool(indent), indent=indent or None)
        if indent:
            text = ("," if number else "") + "\n" + "\n".join("    " + line for line in text.split("\n"))
        else:
            text += "\n"
        written += out.write(text)  # type: ignore[attr-defined]
        yield number
        number += 1


def _record(person: Subject, number: int, chance: random.Random, texts: list[str]) -> dict[str, object]:
    email, name, key = (item.value for item in person.identifiers[:3])
    given, _, surname = name.partition(" ")
    return {
        "id": number,
        "customer": {"number": key, "first_name": given, "last_name": surname, "email": email},
        "status": chance.choice(("open", "closed", "waiting")),
        "created_at": f"2025-{1 + number % 12:02}-{1 + number % 28:02}T10:15:00+01:00",
        "tags": [chance.choice(("Lieferung", "Rechnung", "Rückgabe")) for _ in range(2)],
        "messages": [
            {"from": given, "text": f"Guten Tag, {chance.choice(texts)} Viele Grüße {name}"},
            {"from": "Service", "text": f"Hallo {given}, {chance.choice(texts)}"},
        ],
        "note": chance.choice(texts),
    }


# What is measured


def search(place: Path, subjects: int) -> Run:
    """In this process, from subjects to the last finding; findings are taken one by one, as a pass takes them."""
    started = time.process_time()
    index = SubjectIndex(people(0, subjects))
    findings = records = 0
    for item in JsonFiles("export", folder_of(place, subjects)).search(index):
        if isinstance(item, Finding):
            findings += 1
        elif isinstance(item, Searched):
            records = item.records
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Run(seconds, peak, findings, records, len(Filter(index).patterns))


def folder_of(place: Path, subjects: int) -> Path:
    return place / ("one" if subjects == 1 else "many")


def in_child(place: Path, subjects: int) -> Run:
    command = [sys.executable, "-m", "tests.benchmarks.scan", str(place), str(subjects)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Run(**json.loads(done.stdout))


def ripgrep(place: Path, subjects: int) -> float:
    """Seconds of `rg -i -F -f PATTERNS` over the same files; one thread, as ours."""
    patterns = place / f"patterns{subjects}"
    known = Filter(SubjectIndex(people(0, subjects))).patterns
    patterns.write_bytes(b"".join(pattern + b"\n" for pattern in known if not _is_broken(pattern)))
    files = [str(path) for path in sorted(folder_of(place, subjects).iterdir())]
    command = ["rg", "-i", "-F", "-j1", "--no-config", "-f", str(patterns), *files]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _is_broken(pattern: bytes) -> bool:
    """ripgrep takes patterns in UTF-8 only."""
    try:
        pattern.decode()
    except UnicodeDecodeError:
        return True
    return b"\n" in pattern


if __name__ == "__main__":
    print(json.dumps(asdict(search(Path(sys.argv[1]), int(sys.argv[2])))))
