"""The promises of `cases.source.Source`, asked of every connector."""

from __future__ import annotations

import gc
import logging
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cases.finding import Finding, Gap, Strength
from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.source import Searched, Source, SourceUnavailable
from cases.subjects import SubjectIndex
from tests.conformance.worlds import KINDS, SECRETS, STRANGER, World, built

Make = Callable[[int], World]
Comparable = tuple[object, ...]


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """`make(strangers)` builds the world of one connector."""
    kind, count = request.param, iter(range(10))
    url = request.getfixturevalue(kind).url if kind in ("postgres", "mariadb") else ""
    with ExitStack() as stack:
        yield lambda strangers: built(kind, tmp_path / str(next(count)), strangers, stack, url)


@pytest.fixture
def world(make: Make) -> World:
    return make(3)


def search(source: Source, *subjects: Subject) -> list[Finding | Gap | Searched]:
    return list(source.search(SubjectIndex(subjects)))


def findings(source: Source, *subjects: Subject) -> list[Finding]:
    return [item for item in search(source, *subjects) if isinstance(item, Finding)]


def comparable(finding: Finding) -> Comparable:
    """Everything that is said of a finding, its files by what they hold."""
    files = tuple((blob.name, blob.media_type, blob.size, read(blob.open)) for blob in finding.blobs)
    said = (finding.fields, finding.at, finding.learned, finding.others, finding.group)
    return (finding.subject, finding.locator, finding.kind, finding.strength, finding.matched, *said, files)


def read(opener: Callable[[], object]) -> bytes:
    with opener() as stream:  # type: ignore[attr-defined]
        return bytes(stream.read())


def collected(source: Source, *subjects: Subject) -> list[Comparable]:
    """As the flow takes them: files are read before the next finding is asked for."""
    found = (item for item in source.search(SubjectIndex(subjects)) if isinstance(item, Finding))
    return sorted((comparable(item) for item in found), key=lambda item: (item[0], item[1]))


def test_each_subject_gets_what_is_held(world: World) -> None:
    found = findings(world.source, world.lena, world.ben)
    by_subject = {one: {item.locator for item in found if item.subject == one} for one in ("A", "B")}
    assert by_subject == world.held


def test_it_is_repeatable_and_locators_are_unique(world: World) -> None:
    once, again = (collected(world.source, world.lena, world.ben) for _ in range(2))
    assert once == again
    assert len({(item[0], item[1]) for item in once}) == len(once)


def test_it_never_writes(world: World) -> None:
    before = world.fingerprint()
    collected(world.source, world.lena, world.ben)
    assert world.source.check() is not None
    assert world.fingerprint() == before


def test_a_stranger_finds_nothing(world: World) -> None:
    assert findings(world.source, world.stranger) == []


def test_a_namesake_is_only_ever_possible(world: World) -> None:
    name = next(item for item in world.lena.identifiers if item.kind is Kind.NAME)
    mail = Identifier(Kind.EMAIL, "another.lena@post.example", Origin.VERIFIED)
    found = findings(world.source, Subject("N", (name, mail)))
    assert {item.strength for item in found} <= {Strength.POSSIBLE}
    assert found


def test_two_at_once_get_what_each_gets_alone(world: World) -> None:
    together = collected(world.source, world.lena, world.ben, world.stranger)
    alone = [item for one in (world.lena, world.ben, world.stranger) for item in collected(world.source, one)]
    assert together == alone


def test_the_last_word_says_how_much_was_looked_at(world: World) -> None:
    said = search(world.source, world.lena)
    assert isinstance(said[-1], Searched)
    assert said[-1].records >= 3
    assert not any(isinstance(item, Searched) for item in said[:-1])


def test_what_cannot_be_placed_is_a_gap(world: World) -> None:
    gaps = [item.locator for item in search(world.source, world.stranger) if isinstance(item, Gap)]
    assert world.gap in gaps


def test_an_unknown_field_is_reported(world: World) -> None:
    locator, name = world.known_by
    (found,) = [item for item in findings(world.source, world.lena) if item.locator == locator]
    assert name in {field.name for field in found.fields}


def test_every_finding_names_its_source_and_why_it_matched(world: World) -> None:
    for found in findings(world.source, world.lena, world.ben):
        assert found.source == world.source.name
        assert found.matched
        assert found.fields


def test_only_keys_of_the_system_itself_have_its_scope(world: World) -> None:
    for found in findings(world.source, world.lena, world.ben):
        for item in found.learned:
            assert item.found_in.startswith(f"{world.source.name}:")
            assert item.kind is Kind.CUSTOMER_NUMBER or item.scope != world.source.name


def test_a_source_that_cannot_be_asked_is_never_an_empty_answer(world: World) -> None:
    with pytest.raises(SourceUnavailable) as raised:
        search(world.gone, world.lena)
    assert raised.value.code in ("refused", "not_found", "timeout", "credentials")
    assert raised.value.advice
    health = world.gone.check()
    assert not health.ok
    assert health.advice


def test_nothing_personal_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        collected(world.source, world.lena, world.ben)
    told = "\n".join(record.getMessage() for record in caplog.records)
    assert [secret for secret in SECRETS if secret.lower() in told.lower()] == []


def test_memory_does_not_grow_with_the_source(make: Make) -> None:
    small, large = make(60).source, make(600).source
    few, many = (min(peak(source), peak(source)) for source in (small, large))  # what is cached once does not count
    assert many < few * 1.5 + 1_200_000  # the strangers' texts alone are 1.7 MB


def peak(source: Source) -> int:
    gc.collect()
    tracemalloc.start()
    try:
        for _ in source.search(SubjectIndex([STRANGER])):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
