from __future__ import annotations

import pytest

from cases.eea import in_eea


@pytest.mark.parametrize(
    "country",
    [
        "Deutschland",
        "die Niederlande",
        "EU/EWR",
        "Germany and France",
        "Tschechische Republik",
        "ISLAND",
        "Irland, Malta",
    ],
)
def test_countries_of_the_eea_are_known_by_their_names(country: str) -> None:
    assert in_eea(country)


@pytest.mark.parametrize(
    "country",
    [
        "USA",
        "Schweiz",
        "United Kingdom",
        "Nordirland",
        "Irland und USA",
        "Dublin",
        "Neue Niederlande",
        "weltweit",
        "",
        " , ",
    ],
)
def test_whatever_else_lies_outside(country: str) -> None:
    assert not in_eea(country)
