"""Every way of writing a word of a name, letter by letter."""

from __future__ import annotations

import pytest

from cases.writings import lower_ascii, word_spellings


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("Rößler", "Rößler RÖSSLER Rössler ROESSLER Roeßler Rossler Ro\u0308ssler RÖẞLER"),
        ("Größler", "GRÖSSLER Grössler"),
        ("Süß", "SÜSS Süss Suess süß"),
        ("Großkötz", "GROSSKÖTZ Grosskötz Großkoetz"),
        ("Roessler", "Rößler RÖSSLER Roessler"),
        ("Größößöß", "GRÖSSÖSSÖSS grössössöss Groessoessoess größößöß"),  # too many letters for all combinations
    ],
)
def test_each_letter_is_written_in_its_own_way(word: str, written: str) -> None:
    spelled = word_spellings(word)
    assert [text for text in written.split() if not any(one in lower_ascii(text) for one in spelled)] == []


def test_the_spellings_of_a_word_stay_few() -> None:
    assert len(word_spellings("Öäüßöäüßöäüß" * 9)) < 100
