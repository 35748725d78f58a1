"""A JSON record about several people is never one person's without a person's look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cases.finding import Finding
from cases.identifiers import Kind
from cases.subjects import SubjectIndex
from sources.json_files import JsonFiles
from sources.json_people import Meanings
from sources.meta_people import Known, Recognition
from tests.sources.fakes import verified

EMAIL = "lena.krueger@mail.example"
LENA = verified("A", (Kind.EMAIL, EMAIL), (Kind.NAME, "Lena Krüger"), (Kind.BIRTH_DATE, "1984-03-02"))
HERS = {"name": "Lena Krüger", "email": EMAIL}
HIS = {"name": "Peter Schmidt", "geburtsdatum": "05.01.1950", "diagnose": "Asthma"}


def findings(folder: Path, value: Any, name: str) -> list[Finding]:
    path = folder / name
    path.write_text(json.dumps(value))
    index = SubjectIndex([LENA])
    quick, slow = (list(JsonFiles("x", path, skipping=skipping).search(index)) for skipping in (True, False))
    assert quick == slow
    return [one for one in quick if isinstance(one, Finding)]


def in_a_line(folder: Path, value: Any) -> Finding:
    (found,) = findings(folder, value, "e.jsonl")
    return found


def test_what_a_text_says_does_not_undo_what_the_fields_say_against_it(tmp_path: Path) -> None:
    found = in_a_line(tmp_path, {"name": "Peter Schmidt", "birth_date": "1950-01-05", "email": EMAIL, "diagnose": "x"})
    assert (found.strength.value, found.others, found.shared) == ("possible", ("Peter Schmidt",), False)


@pytest.mark.parametrize(
    "stated", [{"email": "p@mail.example"}, {"kundennummer": "K-9999"}, {"name": "Peter Schmidt"}, {"name": "Peter"}]
)
def test_an_address_in_the_text_of_somebody_elses_record_proves_nothing(tmp_path: Path, stated: dict[str, str]) -> None:
    assert in_a_line(tmp_path, {**stated, "text": f"Kopie an {EMAIL}"}).strength.value == "probable"
    assert in_a_line(tmp_path, {"text": f"Kopie an {EMAIL}"}).strength.value == "certain"


@pytest.mark.parametrize(
    "record",
    [
        {"contacts": [HIS, HERS]},
        {"contacts": [{**HIS, "name": "Ben"}, HERS]},
        {"email": EMAIL, "family": [HIS]},
        {"deep": {"er": [[HERS, HIS]]}},
        {"users": {"u1": HIS, "u2": HERS}},
        {"users": {EMAIL: {}, "peter@mail.example": {}}},
        {"users": {EMAIL: {"x": 1}, "peter@mail.example": {"x": 2}}},
    ],
)
def test_a_record_with_several_people_is_shared(tmp_path: Path, record: dict[str, Any]) -> None:
    found = in_a_line(tmp_path, record)
    assert (found.strength.value, found.shared) == ("probable", True)
    assert found.others == tuple(name for name in ("Peter Schmidt", "Ben") if name in json.dumps(record))


@pytest.mark.parametrize(
    "record",
    [
        {**HERS, "orders": [{"name": "Espressomaschine Deluxe", "sku": "E-1"}]},
        {**HERS, "product": {"name": "Espressomaschine Deluxe"}},
        {**HERS, "display_name": "sonnenlena"},
        {"customer": HERS, "billing": {"name": "Krüger, Lena", "phone": "030 23125099"}},
    ],
)
def test_what_is_no_other_person_takes_nothing_away(tmp_path: Path, record: dict[str, Any]) -> None:
    found = in_a_line(tmp_path, record)
    assert (found.strength.value, found.others, found.shared) == ("certain", (), False)


@pytest.mark.parametrize("large", [False, True])
def test_an_outermost_map_is_cut_into_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool) -> None:
    if large:
        monkeypatch.setattr("sources.json_files.SMALL", 0)
    (found,) = findings(tmp_path, {"version": 2, "users": {"u1": HIS, "u2": HERS}}, "e.json")
    assert (found.locator, found.strength.value, found.shared) == ("e.json#users.u2", "certain", False)
    assert [field.name for field in found.fields] == ["u2.name", "u2.email"]
    (found,) = findings(tmp_path, {"users": {EMAIL: {}, "peter@mail.example": {}}}, "e.json")
    assert [field.name for field in found.fields] == [EMAIL]
    (found,) = findings(tmp_path, {"customer": HERS, "invoice": {"number": 7}}, "e.json")
    assert found.locator == "e.json#"  # no map: one record


def test_lists_of_a_maps_elements_stay_with_them(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, {"u1": HIS, "u2": {**HERS, "notes": [{"t": "x"}]}}, "e.json")
    assert [field.name for field in found.fields] == ["u2.name", "u2.email", "u2.notes[0].t"]


def test_a_meaning_of_the_settings_holds_in_maps_too(tmp_path: Path) -> None:
    record = {"u2": {"wer": "Lena Krüger", "geb": "1984-03-02"}}
    meanings = Meanings({"wer": "name", "geb": "birth_date"})
    (met,) = meanings.met(record, "", SubjectIndex([LENA]))
    assert met.hit.strength.value == "probable"


def test_a_record_of_two_profiles_is_shared() -> None:
    subjects = SubjectIndex([verified("A", (Kind.HANDLE, "lena.k", "instagram"))])
    known, links = Known.of(subjects, "instagram", skipping=True), ["lena.k", "peter.s"]
    both, alone = (
        Recognition("instagram").in_record(
            {"string_list_data": [{"href": f"https://www.instagram.com/{one}"} for one in some]}, known
        )
        for some in (links, links[:1])
    )
    assert [(met.hit.strength.value, met.others, met.shared) for met in both] == [("probable", ("peter.s",), True)]
    assert [(met.hit.strength.value, met.others, met.shared) for met in alone] == [("certain", (), False)]
