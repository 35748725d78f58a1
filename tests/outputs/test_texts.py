from __future__ import annotations

import string
from datetime import UTC, date, datetime

import pytest

from outputs.errors import TextMissing
from outputs.texts import texts


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    german, english = texts("de").entries, texts("en").entries
    assert set(german) == set(english)
    differing = [key for key in german if placeholders(german[key]) != placeholders(english[key])]
    assert differing == []


def test_no_text_is_empty_or_guesses_a_gender() -> None:
    for language in ("de", "en"):
        for key, text in texts(language).entries.items():
            assert text.strip(), key
            assert not {"Herr", "Frau", "Mr", "Mrs", "Herrn"} & set(text.replace(",", " ").split()), key


def test_dates_and_times_are_local() -> None:
    winter = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert texts("de").date(date(2026, 3, 1)) == "1. März 2026"
    assert texts("de").moment(winter, "Europe/Berlin") == "21. November 2026, 00:30 Uhr"
    assert texts("en").day(winter, "Europe/Berlin") == "21 November 2026"


def test_a_value_is_not_read_as_a_template() -> None:
    assert texts("de")("letter.greeting", person="{date} {0}") == "Guten Tag {date} {0},"


def test_what_is_missing_is_said() -> None:
    with pytest.raises(TextMissing, match="text_missing"):
        texts("de")("letter.nonsense")
    with pytest.raises(TextMissing, match="placeholder_unknown"):
        texts("de")("letter.greeting")
    with pytest.raises(TextMissing, match="language_unknown"):
        texts("fr")
