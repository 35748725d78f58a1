"""The model: the same every time, fast, bounded, and each answer names the sentence it rests on."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.concepts import concepts_of
from cases.learned import RIGHTS, features_of, read
from cases.request import Right

ASKS = "Moin zusammen. Am Freitag kam der Sessel an. Was steht denn bei euch alles über mich drin? Gruß, Jule"
TRADE = "Guten Tag, der Sessel kam am Freitag an, aber ein Bein fehlt. Wann liefern Sie das nach? Gruß, Jule"


def test_a_wish_in_everyday_words_is_likely_and_quoted() -> None:
    reading = read(ASKS)[Right.ACCESS]
    assert reading.probability > 0.8
    assert reading.sentence == "Was steht denn bei euch alles über mich drin?"


def test_a_complaint_about_furniture_is_not() -> None:
    assert max(reading.probability for reading in read(TRADE).values()) < 0.3


def test_words_that_stand_for_one_thing_share_a_concept() -> None:
    assert "HOLD" in concepts_of("gespeichert")
    assert "HOLD" in concepts_of("stored")
    assert concepts_of("qqqq") == ()


def test_an_empty_text_reads_like_nothing() -> None:
    assert {right: reading.probability < 0.01 for right, reading in read("").items()} == dict.fromkeys(RIGHTS, True)
    assert features_of("") == {"b < >": features_of("")["b < >"]}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_has_a_reading_and_always_the_same(text: str) -> None:
    first = read(text)
    assert set(first) == set(RIGHTS)
    assert all(0 <= reading.probability <= 1 for reading in first.values())
    assert first == read(text)


def test_a_text_of_a_million_characters_takes_no_longer_than_a_long_one() -> None:
    read("warm up")
    began = time.process_time()
    read("was steht ueber mich in euren buechern\n\n" * 25_000)
    read("x" * 1_000_000)
    assert time.process_time() - began < 3
