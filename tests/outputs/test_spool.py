"""What is rendered once is written from memory, as far as there is room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.draft import Disclosure, Draft
from outputs import package as packaging
from outputs import rendered
from outputs.copy_html import html
from outputs.package import build_package
from outputs.spool import Reel, Spool
from tests.outputs.test_package import Disclose, written


def reel_of(spool: Spool, chunks: list[bytes]) -> tuple[Reel, bool]:
    reel = spool.reel()
    for chunk in chunks:
        reel.feed(chunk)
    return reel, reel.finish()


@given(st.lists(st.binary(max_size=400_000), max_size=4))
def test_a_kept_file_is_given_back_as_it_was_any_number_of_times(chunks: list[bytes]) -> None:
    reel, kept = reel_of(Spool(), chunks)
    assert kept
    assert b"".join(reel.chunks()) == b"".join(reel.chunks()) == b"".join(chunks)


def test_a_file_without_room_is_dropped_and_leaves_its_room_to_the_next() -> None:
    noise = Random(5).randbytes(300_000)
    spool = Spool(100_000)
    assert not reel_of(spool, [noise[:90_000], noise[90_000:]])[1]
    assert spool.room == 100_000
    assert reel_of(spool, [noise[:90_000]])[1]
    assert not reel_of(spool, [noise[:90_000]])[1]


@pytest.mark.parametrize(("room", "times"), [(64 << 20, 1), (10, 2)])
def test_a_copy_is_rendered_once_where_there_is_room_and_the_package_is_the_same(
    draft: Draft, disclose: Disclose, monkeypatch: pytest.MonkeyPatch, room: int, times: int
) -> None:
    rendering: list[str] = []
    whole = packages(disclose(draft))

    def counted(one: Draft) -> Iterator[bytes]:
        rendering.append(one.case)
        return html(one)

    monkeypatch.setattr(rendered, "html", counted)
    monkeypatch.setattr(packaging, "Spool", lambda: Spool(room))
    assert packages(disclose(replace(draft))) == whole
    assert len(rendering) == times


def packages(disclosure: Disclosure) -> dict[str, bytes]:
    archive = written(build_package(disclosure))
    return {name: archive.read(name) for name in ("Auskunft.html", "daten.json")}
