"""What a request wants beyond the default, in words written for these tests."""

from __future__ import annotations

import pytest

from cases.wishes import read_wishes


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Welche Daten haben Sie seit dem 01.03.2021 über mich gespeichert?", "seit dem 01.03.2021"),
        (
            "Bitte schicken Sie mir alle Aufzeichnungen zwischen Mai 2022 und Juli 2023.",
            "zwischen Mai 2022 und Juli 2023",
        ),
        ("Mich interessieren die Daten der letzten drei Jahre.", "der letzten drei Jahre"),
        ("Please send me every record from 2019 to 2021.", "from 2019 to 2021"),
        ("I want the emails you hold about me over the last 6 months.", "over the last 6 months"),
        ("Was haben Sie über mich gespeichert?", ""),
        ("Bitte geben Sie mir die Auskunft innerhalb der Frist bis zum 03.04.2024.", ""),
        ("Ich bin geboren am 02.03.1984 und möchte meine Daten sehen.", ""),
    ],
)
def test_a_period_is_quoted_and_a_deadline_or_birth_date_is_none(text: str, period: str) -> None:
    assert read_wishes(text).period == period


@pytest.mark.parametrize(
    ("text", "systems"),
    [
        ("Mir geht es nur um die Daten aus dem Newsletter.", ("Newsletter",)),
        (
            "Please send my data, including the call recordings and the CCTV footage.",
            ("CCTV", "footage", "call recordings"),
        ),
        ("Der Newsletter war schön. Welche Daten haben Sie über mich?", ()),
    ],
)
def test_systems_count_where_the_sentence_singles_them_out(text: str, systems: tuple[str, ...]) -> None:
    assert set(read_wishes(text).systems) == set(systems)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Bitte antworten Sie mir per Post, ich habe keinen Drucker.", "paper"),
        ("Bitte nicht per Post, sondern als PDF.", "pdf"),
        ("I would like a hard copy, please.", "paper"),
        ("Eine elektronische Kopie genügt.", "electronic"),
        ("Was wissen Sie über mich?", ""),
    ],
)
def test_the_form_of_the_answer(text: str, form: str) -> None:
    assert read_wishes(text).form == form


def test_the_points_of_article_15_are_named_by_their_letters() -> None:
    text = "Wie lange heben Sie das auf, an wen haben Sie es weitergegeben und woher haben Sie meine Nummer?"
    assert read_wishes(text).points == ("c", "d", "g")
    assert read_wishes("For what purpose, and was there any automated decision?").points == ("a", "h")
    assert not read_wishes("Hallo, was habt ihr über mich?")
