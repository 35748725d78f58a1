"""Requests that did not come by mail: recorded as claimed, scans encrypted, the clock from the day they came."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.case import Acknowledgement, Status
from cases.identifiers import Kind
from desk.new_case import Recorded, record_request
from flows.dispatch import dispatch
from flows.identify import identify_all
from flows.retain import retain
from tests.flows import steps
from tests.flows.house import LENA, REVIEWER, US, World

SCAN = b"%PDF-1.7 Lena Krueger, Birkenweg 4"


def recorded(**said: object) -> Recorded:
    values = {"name": "Lena Krüger", "channel": "letter", "by": REVIEWER, "received": "2026-02-27"} | said
    return Recorded(**values)  # type: ignore[arg-type]


def only(world: World) -> str:
    (case,) = world.cases()
    return case.number


def test_the_due_date_is_told_with_its_derivation(world: World) -> None:
    told = record_request(world.house, recorded())
    assert "due 27.03.2026" in told
    assert world.case(only(world)).derivation_de in told


@pytest.mark.parametrize("channel", ["phone", "letter", "in_person", "direct_message", "web_form", "other"])
def test_every_channel_opens_a_case_that_a_person_acknowledges(world: World, channel: str) -> None:
    told = record_request(world.house, recorded(channel=channel, email=LENA))
    case = world.case(only(world))
    assert (case.channel, case.acknowledgement, case.attention) == (channel, "by_hand", "acknowledge_by_hand")
    assert "not acknowledged yet" in told
    dispatch(world.house)
    assert world.post.sent == []


def test_with_an_address_it_is_acknowledged_where_that_was_said(world: World) -> None:
    record_request(world.house, recorded(email=LENA, acknowledge=True, language="fr"))
    dispatch(world.house)
    (raw,) = world.post.to(LENA)
    assert raw.index(b"Guten Tag") < raw.index(b"Hello")
    assert world.case(only(world)).acknowledgement == Acknowledgement.QUEUED


def test_everything_that_was_said_is_claimed_and_verifies_nobody(world: World) -> None:
    said = recorded(
        email=LENA,
        phones=("030 23125 111",),
        addresses=("Birkenweg 4, 19053 Schwerin",),
        customer_numbers=("K-177",),
        handles=("instagram:@lena.rad",),
        birth_date="1984-05-17",
    )
    record_request(world.house, said)
    with world.house.store.begin() as tx:
        person = tx.cases.person(only(world))
    assert {item.origin for item in person.claims} == {"claimed"}
    assert ("instagram", "lena.rad") in {(item.scope, item.value) for item in person.claims}
    assert {item.kind for item in person.claims} >= {Kind.PHONE, Kind.ADDRESS, Kind.CUSTOMER_NUMBER, Kind.BIRTH_DATE}
    identify_all(world.house)
    assert world.case(only(world)).status is Status.IDENTIFYING


def test_a_scan_lies_in_the_case_encrypted_and_goes_with_it(world: World, tmp_path: Path) -> None:
    scan = tmp_path / "brief.pdf"
    scan.write_bytes(SCAN)
    told = record_request(world.house, recorded(scans=(scan,)))
    assert "delete your copy" in told
    assert not [path for path in world.house.settings.folder.rglob("*") if path.is_file() and SCAN in path.read_bytes()]
    with world.house.store.begin() as tx:
        (document,) = tx.documents.of_case(tx.cases.row(only(world)))
        assert document.file is not None
        assert document.file.name == "brief.pdf"
    with world.house.vault.open(document.file.blob) as stream:
        assert stream.read() == SCAN
    with world.house.store.begin() as tx:
        tx.cases.move(only(world), Status.WITHDRAWN)
    retain(world.house)
    world.clock.move(days=40)
    retain(world.house)
    assert world.files() == []
    with world.house.store.begin() as tx:
        assert tx.documents.of_case(tx.cases.row(only(world))) == ()


def test_another_right_goes_to_a_person(world: World) -> None:
    record_request(world.house, recorded(right="erasure"))
    assert world.case(only(world)).status is Status.WITH_PERSON


def test_somebody_who_asks_for_another_is_asked_for_the_authority(world: World) -> None:
    record_request(world.house, recorded(email="falk@kanzlei.example", on_behalf="lawyer", proxy_name="Dr. Ines Falk"))
    identify_all(world.house)
    case = only(world)
    assert world.waiting(case) == {("authority", "")}
    with world.house.store.begin() as tx:
        assert Kind.EMAIL not in {item.kind for item in tx.cases.person(case).claims}


def test_an_open_case_of_the_same_address_is_named(world: World) -> None:
    case = steps.acknowledged(world)
    told = record_request(world.house, recorded(channel="phone", email=LENA, again=True))
    assert f"{case} (access)" in told


@pytest.mark.parametrize("address", [US, "noreply@mail.example", "wordpress@web.example"])
def test_nobody_acknowledges_to_an_address_that_the_intake_would_not_write_to(world: World, address: str) -> None:
    told = record_request(world.house, recorded(email=address, acknowledge=True))
    dispatch(world.house)
    assert world.post.sent == []
    assert "not acknowledged yet" in told
    assert world.case(only(world)).acknowledgement == Acknowledgement.BY_HAND


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"received": "1990-01-01"}, "--received lies before"),
        ({"received": "0001-01-01"}, "--received lies before"),
        ({"received": "9999-12-31T23:59:59-12:00"}, "--received lies in the future"),
        ({"birth_date": "2099-01-01"}, "--birth-date lies in the future"),
        ({"by": "Nobody Known"}, "is not listed under [[people]]"),
    ],
)
def test_what_cannot_be_is_refused_with_one_message(
    world: World, capsys: pytest.CaptureFixture[str], said: dict[str, str], words: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        record_request(world.house, recorded(**said))
    assert ended.value.code == 2
    assert words in capsys.readouterr().err
    assert world.cases() == ()


def test_the_same_request_twice_needs_a_word(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    record_request(world.house, recorded(channel="phone"))
    case = only(world)
    with pytest.raises(SystemExit) as ended:
        record_request(world.house, recorded(channel="phone", name="L. Krüger"))
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert case in said
    assert "--again" in said
    assert only(world) == case
    record_request(world.house, recorded(channel="phone", again=True))
    assert len(world.cases()) == 2


@pytest.mark.parametrize("other", [{"name": "Ole Brandt"}, {"right": "erasure"}])
def test_another_person_or_right_is_no_repetition(world: World, other: dict[str, str]) -> None:
    record_request(world.house, recorded())
    record_request(world.house, recorded(**other))
    assert len(world.cases()) == 2
