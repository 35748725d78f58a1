import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.similar import Likeness, Neighbours, cologne, is_garbled, likeness

LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = st.text(LETTERS, min_size=1, max_size=14)

# Postel's rules (IBM-Nachrichten 19, 1969), each by an example that fails without it.
CODES = {
    "Müller-Lüdenscheidt": "65752682",
    "Wikipedia": "3412",
    "Breschnew": "17863",
    "Meyer": "67",
    "Mayr": "67",
    "Heinz": "068",
    "Classen": "4586",  # C at the start before L
    "Cäsar": "487",  # C at the start before A
    "Celle": "85",  # C at the start before E
    "Schmidt": "862",  # C after S, D before T
    "Escoffier": "0837",  # C after S, although before O
    "Jacob": "041",  # C before O
    "Lucie": "58",  # C before I
    "Philipp": "351",  # P before H
    "Xaver": "4837",  # X at the start
    "Hacks": "048",
    "Hexe": "048",
    "Lockx": "548",  # X after K
    "Witz": "38",  # T before Z
    "Weiß": "38",
    "Aida": "02",  # a vowel counts at the start only
    "Nahme": "66",  # a vowel parts what would be one
    "H": "",
    "42": "",
}


@pytest.mark.parametrize(("word", "code"), CODES.items())
def test_the_code_of_a_word(word: str, code: str) -> None:
    assert cologne(word) == code


@pytest.mark.parametrize("names", ["Meier Maier Meyer Mayer Mayr", "Schmidt Schmitt Schmid Schmied", "Janssen Jansen"])
def test_names_of_one_sound_have_one_code(names: str) -> None:
    codes = {cologne(name) for name in names.split()}
    assert len(codes) == 1


ALIKE = {
    ("meier", "mayr"): Likeness.PHONETIC,
    ("schmidt", "schmitt"): Likeness.PHONETIC,
    ("krueger", "krueher"): Likeness.SIMILAR,
    ("weber", "weger"): Likeness.SIMILAR,
    ("zimmermann", "zimmetmakn"): Likeness.SIMILAR,  # two slips in a long word
    ("bauer", "bader"): Likeness.SIMILAR,
    ("weber", "wegar"): None,
    ("jan", "ina"): None,
    ("max", "mex"): Likeness.PHONETIC,
    ("jan", "jen"): None,  # one consonant
    ("ida", "ude"): None,
    ("meier", "meier"): None,
    ("beate", "boettch"): None,
    ("a" * 41, "a" * 42): None,
}


@pytest.mark.parametrize(("pair", "expected"), ALIKE.items())
def test_how_two_words_are_alike(pair: tuple[str, str], expected: Likeness | None) -> None:
    assert likeness(*pair) is likeness(*reversed(pair)) is expected


@given(WORDS, st.data())
def test_a_word_with_one_slip_is_found_by_its_keys(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word)))
    kind = data.draw(st.sampled_from(["insert", "drop", "swap", "change"]))
    letter = data.draw(st.sampled_from(LETTERS))
    head, tail = word[:at], word[at:]
    slipped = {
        "insert": head + letter + tail,
        "drop": head + tail[1:],
        "swap": head + tail[1:2] + tail[:1] + tail[2:],
        "change": head + letter + tail[1:],
    }[kind]
    expected = likeness(slipped, word)
    assert dict(Neighbours([word]).near(slipped)) == ({word: expected} if expected else {})


@given(st.lists(WORDS, max_size=30), WORDS)
def test_keys_find_every_word_that_is_alike_and_no_other(known: list[str], word: str) -> None:
    expected = {one: found for one in known if (found := likeness(word, one))}
    assert dict(Neighbours(known).near(word)) == expected


def test_garbled_words_may_be_one_but_other_names_are_not() -> None:
    for pair in (("luca", "acula"), ("elliot", "eloilt"), ("price", "pcrie"), ("peter", "petra")):
        assert is_garbled(*pair)
    for pair in (("lena", "nora"), ("jonas", "peter"), ("hans", "jens"), ("ab", "ba")):
        assert not is_garbled(*pair)


def test_very_long_words_cost_nothing() -> None:
    begun = time.process_time()
    known = Neighbours(["a" * 100_000, "krueger"])
    assert list(known.near("b" * 100_000)) == []
    assert time.process_time() - begun < 1
