"""`case challenge` and what `case show` says of who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from typer.testing import CliRunner, Result

from cases.identifiers import Identifier, Kind, Origin
from cases.source import Contact
from desk import identity_cases
from desk.main import app
from flows import summaries, wiring
from flows.dispatch import dispatch
from tests.flows.house import LENA, REVIEWER, World, contact
from tests.flows.test_challenge import STORED, asks, code_of, comes
from tests.flows.test_id_documents import with_id

Auskunft = Callable[..., Result]
STREET = "Lange Straße 5, 19053 Schwerin"
PHONE = "030 23125 011"


@pytest.fixture
def case(world: World) -> str:
    more = ((Kind.ADDRESS, STREET), (Kind.PHONE, PHONE))
    known = tuple(Identifier(kind, value, Origin.FOUND) for kind, value in more)
    world.crm.contacts = [Contact("customers/1", (*contact(STORED).identifiers, *known))]
    comes(world, asks())
    (one,) = world.cases()
    return one.number


@pytest.fixture
def auskunft(world: World, monkeypatch: pytest.MonkeyPatch) -> Auskunft:
    @contextmanager
    def open_house(*_: object) -> Iterator[object]:
        yield world.house

    monkeypatch.setattr(wiring, "open_house", open_house)
    monkeypatch.setattr(identity_cases, "go_on", lambda _: None)
    for name in ("MAIL_PASSWORD", "PREFECT_AUTH"):
        monkeypatch.setenv(name, "user:invented")
    config = str(world.folder / "auskunft.toml")

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--config", config])

    return run


def test_show_says_why_and_what_is_proportionate(case: str, auskunft: Auskunft) -> None:
    shown = auskunft("case", "show", case).stdout
    assert "bei niemandem hinterlegt" in shown
    assert "is on file for nobody" in shown
    assert "02.03.2026, gilt bis / good until 16.03.2026; offen / open" in shown
    assert "Datensatz / record 1: Code per E-Mail / by mail, Code per Brief / by post, Code am Telefon" in shown
    assert "Keinen Ausweis verlangen" in shown


def test_the_form_says_so_too_and_holds_nothing_personal(world: World, case: str) -> None:
    with world.house.store.begin() as tx:
        (asked,) = (one for one in tx.questions.open_ones(case) if one.kind == "identity")
        text = summaries.question(world.house, tx, asked)
    assert "bei niemandem hinterlegt" in text
    assert f"auskunft case challenge {case}" in text
    for personal in (LENA, STORED, STREET, PHONE, "Krüger", "K-177"):
        assert personal not in text


def test_show_tells_of_an_id_that_came_unasked(world: World, auskunft: Auskunft) -> None:
    comes(world, with_id())
    (one,) = world.cases()
    assert "wird nach Ihrer Entscheidung gelöscht" in auskunft("case", "show", one.number).stdout


@pytest.mark.parametrize(("way", "place"), [("post", STREET), ("phone", PHONE)])
def test_a_code_for_a_letter_or_a_call_is_shown_once_with_what_is_on_file(
    world: World, case: str, auskunft: Auskunft, way: str, place: str
) -> None:
    result = auskunft("case", "challenge", case, "--by", way, "--as", REVIEWER)
    assert result.exit_code == 0, result.output
    assert place in result.stdout
    assert LENA not in result.stdout
    assert len(world.post.to(STORED)) == 1


def test_a_code_by_mail_goes_to_the_address_on_file_and_is_not_shown(
    world: World, case: str, auskunft: Auskunft
) -> None:
    first = code_of(world)
    result = auskunft("case", "challenge", case, "--by", "mail", "--record", "1", "--as", REVIEWER)
    assert result.exit_code == 0, result.output
    dispatch(world.house)
    assert code_of(world) != first
    assert code_of(world) not in result.stdout


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--by", "fax"), "mail, post, phone"),
        (("--by", "mail", "--record", "3"), "no such record"),
        (("--by", "mail", "--as", "Niemand"), "not listed"),
    ],
)
def test_what_cannot_be_sent_says_why(case: str, auskunft: Auskunft, words: tuple[str, ...], why: str) -> None:
    result = auskunft("case", "challenge", case, "--as", REVIEWER, *words)
    assert result.exit_code == 2
    assert why in result.stderr
