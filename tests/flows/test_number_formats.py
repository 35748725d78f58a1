"""`[identity] customer_numbers`: what a mail claims in one spelling is on file in another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cases.challenge import on_file_as_claimed, searched_for
from cases.identifiers import Identifier, Kind, Origin
from cases.source import Contact
from flows.identify import identify_all
from flows.wiring import completing
from infra.settings import SettingsError, load_settings
from tests.flows import steps
from tests.flows.house import LENA, SETTINGS, World, build_world, mail, write_settings

ON_FILE = Contact(
    "customers/1",
    (
        Identifier(Kind.EMAIL, LENA, Origin.FOUND),
        Identifier(Kind.NAME, "Lena Krüger", Origin.FOUND),
        Identifier(Kind.CUSTOMER_NUMBER, "42", Origin.FOUND),
    ),
)
TEXT = "Ich bitte um Auskunft nach Art. 15 DSGVO. Meine Kundennummer: K-0042\n\nLena Krüger\n"


@pytest.fixture(params=['["K-#####"]', "[]"], ids=["with formats", "without"])
def world(request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path) -> Iterator[World]:
    settings = f"{SETTINGS}[identity]\ncustomer_numbers = {request.param}\n"
    made = build_world(tmp_path / "house", empty_database, settings=settings)
    made.crm.contacts = [ON_FILE]
    yield replace(made, house=replace(made.house, record=completing(made.house.settings, made.crm)))
    made.house.close()


def test_a_claim_in_another_spelling_fits_the_record_on_file(world: World) -> None:
    case = steps.acknowledged(world, mail(text=TEXT, sender="Lena Krüger <lena@neu.example>"))
    identify_all(world.house)
    with world.house.store.begin() as tx:
        person = tx.cases.person(case)
    claimed = {item.value for item in person.claims if item.kind is Kind.CUSTOMER_NUMBER}
    formats = bool(world.house.settings.identity.customer_numbers)
    assert claimed == {"K-00042" if formats else "K-0042"}
    assert bool(on_file_as_claimed(searched_for(person), person.candidates)) is formats


@pytest.mark.parametrize("wrong", ["K-", "", "K_#", "#" * 70])
def test_a_format_that_is_none_is_told(tmp_path: Path, wrong: str) -> None:
    file = write_settings(tmp_path / "house", f'{SETTINGS}[identity]\ncustomer_numbers = ["{wrong}"]\n')
    with pytest.raises(SettingsError, match=r"identity\.customer_numbers"):
        load_settings(file)
