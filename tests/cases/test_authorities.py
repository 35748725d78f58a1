"""Every Land has its authority, Bavaria two."""

from __future__ import annotations

from datetime import date

import pytest

from cases.authorities import AUTHORITIES, FEDERAL, Remit, competent
from cases.laender import LAENDER


def test_there_are_eighteen_and_each_is_complete() -> None:
    assert len(AUTHORITIES) == 18
    for code, authority in AUTHORITIES.items():
        assert authority.code == code
        assert authority.web.startswith("https://")
        assert authority.email.count("@") == 1
        assert authority.phone.startswith("+49 ")
        assert authority.postal[-1].isalpha()
        assert authority.verified_on >= date(2026, 7, 21)


def test_a_private_company_in_bavaria_has_the_baylda() -> None:
    assert "BayLDA" in competent("BY").name
    assert "BayLfD" not in competent("BY").name


def test_a_public_body_in_bavaria_has_the_baylfd() -> None:
    assert "BayLfD" in competent("BY", public_body=True).name


@pytest.mark.parametrize("code", [code for code in LAENDER if code != "BY"])
def test_elsewhere_one_authority_supervises_both(code: str) -> None:
    assert competent(code).code == code
    assert competent(code).remit is Remit.ALL
    assert competent(code) is competent(code, public_body=True)


def test_the_land_is_written_as_everywhere_else() -> None:
    names = {land.name.de for land in LAENDER.values()}
    assert {one.land for one in AUTHORITIES.values()} == names | {"Bund"}


def test_the_federal_commissioner_is_nobodys_land() -> None:
    assert "BfDI" in FEDERAL.name
    with pytest.raises(ValueError, match="BB, BE, BW"):
        competent("DE")
