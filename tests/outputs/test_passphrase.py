"""Passphrases: strong by construction, told apart when heard, and understood however they are typed."""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from outputs.errors import Mistyped
from outputs.passphrase import COUNT, SPELLED, Passphrase, checksum, new_passphrase, read_passphrase, spelled
from outputs.words import LANGUAGES, words

languages = st.sampled_from(LANGUAGES)


class First:
    """Always draws the first word, and keeps what it was offered."""

    def __init__(self) -> None:
        self.offered: list[Sequence[str]] = []

    def choice(self, sequence: Sequence[str], /) -> str:
        self.offered.append(sequence)
        return sequence[0]


def slips(word: str) -> set[str]:
    """What is left of a word, its length aside, when one letter is lost or unreadable."""
    return {word[:at] + gap + word[at + 1 :] for at in range(len(word)) for gap in ("", "?")}


def drawn(language: str, seed: Sequence[int]) -> list[str]:
    listed = words(language)
    chosen = [listed[number % len(listed)] for number in seed]
    return [*chosen, checksum(chosen, language)]


seeds = st.lists(st.integers(0, 1023), min_size=COUNT, max_size=COUNT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_short_plain_and_far_from_each_other(language: str) -> None:
    listed = words(language)
    assert len(listed) == len(set(listed)) == 1024
    assert list(listed) == sorted(listed)
    assert all(word.isascii() and word.isalpha() and word.islower() and 4 <= len(word) <= 9 for word in listed)
    assert len({word[:4] for word in listed}) == 1024
    taken = set(listed)  # no typed letter, one more or one less makes one word of another
    for word in listed:
        assert not slips(word) & taken, word
        taken |= {slip for slip in slips(word) if "?" in slip}
    assert not {slip for word in listed for slip in slips(word)} & set(listed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_passphrase_has_110_bits_and_a_checksum_word(language: str) -> None:
    rng = First()
    made = new_passphrase(rng, language).reveal().split("-")
    assert rng.offered == [words(language)] * COUNT
    assert COUNT * math.log2(len(words(language))) >= 110
    assert made == [words(language)[0]] * COUNT + [checksum(made[:COUNT], language)]
    assert new_passphrase.__defaults__ == (secrets, "de")
    assert len({new_passphrase().reveal() for _ in range(50)}) == 50


def test_the_checksum_is_what_the_format_says() -> None:
    """A value that a reader written by others must give too (docs/seal-format.md)."""
    assert checksum(["abend"] * COUNT, "de") == "sanft"
    assert checksum(["abbey"] * COUNT, "en") == "mutual"


@given(languages, seeds, st.sampled_from(["-", " ", "  ", ", ", "\n", " – ", ". "]), st.integers(4, 9), st.booleans())
def test_any_way_of_typing_the_words_is_understood(
    language: str, seed: list[int], between: str, letters: int, capitals: bool
) -> None:
    meant = drawn(language, seed)
    typed = between.join(word[:letters] for word in meant)
    assert read_passphrase(f" {typed.upper() if capitals else typed}\n").reveal() == "-".join(meant)


@given(languages, seeds, st.integers(0, COUNT), st.integers(0, 3), st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
def test_one_wrong_letter_is_a_slip_and_names_its_word(
    language: str, seed: list[int], place: int, at: int, letter: str
) -> None:
    meant = drawn(language, seed)
    if meant[place][at] == letter:
        return
    typed = [*meant]
    typed[place] = meant[place][:at] + letter + meant[place][at + 1 :]
    heard = {word for word in words(language) if word.startswith(typed[place])}
    if heard:  # a word of four letters became the beginning of another: that is what the checksum word is for
        assume(
            checksum([*meant[:place], *heard, *meant[place + 1 :]][:COUNT], language) != meant[COUNT] or place == COUNT
        )
    with pytest.raises(Mistyped) as caught:
        read_passphrase(" ".join(typed))
    assert caught.value.code == ("checksum" if heard else "unknown_word")
    if not heard:  # the place, and nothing of what was typed
        assert caught.value.advice == f"word {place + 1} is not one of ours; look at its spelling"


@given(languages, seeds, st.data())
def test_words_exchanged_or_missing_are_noticed(language: str, seed: list[int], data: st.DataObject) -> None:
    meant = drawn(language, seed)
    with pytest.raises(Mistyped, match="word_count"):
        read_passphrase(" ".join(meant[:-1]))
    one, other = data.draw(st.integers(0, COUNT - 1)), data.draw(st.integers(0, COUNT - 1))
    typed = [*meant]
    typed[one], typed[other] = typed[other], typed[one]
    try:
        read = read_passphrase(" ".join(typed))
    except Mistyped as slip:
        read = Passphrase("")
        code = slip.code
    else:  # one exchange in 1,024 has the same checksum: then the file's own check is what notices
        code = ""
    assert code == "checksum" or read.reveal() == "-".join(typed)


def test_passphrases_of_signs_stay_good() -> None:
    for typed in ("k7mfa-x2qpd-aaaaa-bbbbb-22222", " K7MFA X2QPD AAAAA BBBBB 22222 ", "k7mfax2qpdaaaaabbbbb22222"):
        assert read_passphrase(typed).reveal() == "k7mfa-x2qpd-aaaaa-bbbbb-22222"
    assert read_passphrase(" Etwas ganz anderes! \n").reveal() == "Etwas ganz anderes!"


def test_a_passphrase_hides_itself() -> None:
    secret = new_passphrase()
    for shown in (repr(secret), str(secret), f"{secret}", f"{[secret]}", "%s" % secret):  # noqa: UP031
        assert secret.reveal() not in shown


def test_it_is_read_aloud_letter_by_letter() -> None:
    assert spelled(Passphrase("apfel-zebra"), "de") == (
        "apfel (Aachen Potsdam Frankfurt Essen)",
        "zebra (Zwickau Essen Berlin Rostock)",
    )
    assert spelled(Passphrase("apple"), "en") == ("apple (Alfa Papa Papa Lima)",)
    for names in SPELLED.values():
        assert [name[0].lower() for name in names.split()] == [chr(97 + at) for at in range(26)]
