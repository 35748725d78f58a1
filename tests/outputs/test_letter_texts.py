"""The wording may be changed, but nothing of what the law demands may be lost, and nothing that people cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.draft import Draft
from outputs import texts as wording_texts
from outputs.errors import WordingRefused
from outputs.information import information
from outputs.letter_elements import Element, elements
from outputs.letter_values import LetterKind
from outputs.text_lint import LONGEST_SENTENCE, faults, hard_to_read, sentences
from outputs.text_trial import unwritten
from outputs.texts import LANGUAGES, Texts, own_texts, shipped, texts
from outputs.wording import use_wording, version

EVERY = [(element, language) for element in elements() for language in LANGUAGES]


@pytest.fixture(autouse=True)
def _as_shipped() -> Iterator[None]:
    yield
    use_wording()


def own(folder: Path, language: str, content: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{language}.toml").write_text(content)
    return folder


def test_what_is_shipped_is_complete_and_plain() -> None:
    assert faults({}) == []
    assert hard_to_read({}) == []


def test_every_letter_has_elements_and_every_text_is_there() -> None:
    assert {element.kind for element in elements()} == set(LetterKind)
    for language in LANGUAGES:
        assert {element.key for element in elements()} <= set(shipped(language))


@pytest.mark.parametrize(("element", "language"), EVERY, ids=lambda item: getattr(item, "key", item))
def test_each_element_that_is_taken_out_is_missed(element: Element, language: str) -> None:
    pattern = element.de if language == "de" else element.en
    text = " ".join(shipped(language)[element.key].split())
    without = text
    while (found := re.search(pattern, without)) and found.group():
        without = without[: found.start()] + without[found.end() :]
    told = faults({language: {element.key: without}})
    place = f"{language}.toml: {element.key} lacks: {element.name} ({element.law}), owed in the letter {element.kind}"
    assert place in told


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('[letter]\nnonsense = "a"', "letter.nonsense is no key"),
        ('[letter]\ngreeting = "Guten Tag {name},"', "letter.greeting has placeholders that nobody fills: name"),
        ('[letter]\ngreeting = "Guten Tag {person"', "letter.greeting has a brace without a name"),
        (
            '[letter]\ngreeting = "Guten Tag {person.name},"',
            "letter.greeting has placeholders that nobody fills",
        ),
        ('[letter]\ngreeting = "Guten Tag {person:%s},"', "letter.greeting formats what it is filled with"),
        ('[letter]\ngreeting = "Guten Tag {person!q},"', "letter.greeting formats what it is filled with"),
        ('[letter]\ngreeting = "Guten Tag {person:{person}},"', "letter.greeting formats what it is filled with"),
        ('[letter]\nregards = " – "', "letter.regards says nothing"),
        ('[open]\nintro = "Es fehlt noch etwas in {sections}."', "open.intro has placeholders that nobody fills"),
        ('[searched]\nopen = "durchsucht, nichts zu Ihnen"', "searched.open lacks: still open"),
        ('[basis]\n"6(1)(f)" = "Einwilligung (Art. 6 Abs. 1 lit. a DSGVO)"', "basis.6(1)(f) lacks: legal basis"),
        ('[letter]\ngreeting = "Sehr geehrte Frau {person},"', "letter.greeting guesses a gender"),
        (
            f'[contact]\ntext = "{"Wort " * (LONGEST_SENTENCE + 1)}{{email}} {{case}}."',
            "contact.text has a sentence of",
        ),
    ],
)
def test_own_texts_that_do_not_fit_are_told(tmp_path: Path, entry: str, told: str) -> None:
    mine = own_texts(own(tmp_path / "own", "de", entry))
    assert any(told in line for line in (*faults(mine), *hard_to_read(mine)))


_OWED = ("searched", "open", "excluded", "basis", "activities", "automated", "complaint", "ground", "notices.reason")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("nothing", ["-", "", "…", "{}"])
def test_no_text_is_taken_out_by_a_dash(language: str, nothing: str) -> None:
    """Whichever of several the case needs: its reason, its legal basis, what became of a system."""
    keys = [key for key in shipped(language) if key.startswith(tuple(f"{one}." for one in _OWED))]
    assert len(keys) > 60
    assert [key for key in keys if not faults({language: {key: nothing}})] == []


_TRIED = ("letter", "letters", "searched", "open", "excluded", "withheld", "ground", "basis", "activities", "transfers",
          "own_key", "handling", "contact", "identifiers", "notices.fact", "notices.ground", "notices.reason",
          "notices.refusal", "notices.answer_cover", "notices.identity_code")  # fmt: skip


def test_every_text_of_a_letter_is_tried_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """With invented values, in both languages; and the words in use stay what they were."""
    tried: set[tuple[str, str]] = set()
    raw = Texts.raw

    def noting(self: Texts, key: str) -> str:
        tried.add((self.language, key))
        return raw(self, key)

    monkeypatch.setattr(Texts, "raw", noting)
    before = version()
    assert unwritten({}) == []
    owed = {
        (lang, key) for lang in LANGUAGES for key in shipped(lang) if key.startswith(tuple(f"{o}." for o in _TRIED))
    }
    assert len(owed) > 300
    assert owed - tried == set()
    assert version() == before


def test_a_text_that_no_letter_can_be_written_with_is_refused(tmp_path: Path) -> None:
    """The systems are a list: named within a sentence the placeholder has no value, which the words do not show."""
    text = shipped("de")["letters.clarification.text"].replace("\n\n- {systems}\n", " {systems}.\n")
    mine = own(tmp_path / "own", "de", f'[letters.clarification]\ntext = """\n{text}\n"""\n')
    assert faults(own_texts(mine)) == []
    before = version()
    with pytest.raises(WordingRefused, match="the letter clarification cannot be written"):
        use_wording(mine)
    assert version() == before


def test_short_sentences_are_counted_as_people_read_them() -> None:
    cited = (
        "Sie können sich beschweren (Art. 77 DSGVO, siehe „Beschwerde“). Wir helfen nach Art. 12 Abs. 3 Satz 2 DSGVO."
    )
    assert sentences(cited) == ["Sie können sich beschweren .", "Wir helfen nach Art 12 Abs 3 Satz 2 DSGVO."]


def test_a_lawyers_words_stand_in_the_letter_and_the_rest_stays_up_to_date(tmp_path: Path, draft: Draft) -> None:
    use_wording(own(tmp_path / "own", "de", '[letter]\nregards = "Mit freundlichen Grüßen"\n'))
    assert information(draft).closing[0] == "Mit freundlichen Grüßen"
    assert texts("de")("letter.unsigned") == shipped("de")["letter.unsigned"]
    assert texts("en")("letter.regards") == shipped("en")["letter.regards"]
    use_wording()
    assert information(draft).closing[0] == "Freundliche Grüße"


def test_other_words_are_another_letter_to_approve(tmp_path: Path) -> None:
    before = version()
    use_wording(own(tmp_path / "own", "en", '[letter]\nregards = "Yours sincerely"\n'))
    assert version() != before
    use_wording()
    assert version() == before


@pytest.mark.parametrize("content", ["no toml", '[remedy]\ntext = "Sie können nichts tun."'])
def test_words_that_are_refused_change_nothing(tmp_path: Path, content: str) -> None:
    before = version()
    with pytest.raises(WordingRefused):
        use_wording(own(tmp_path / "own", "de", content))
    assert version() == before


def test_a_folder_without_texts_is_told(tmp_path: Path) -> None:
    with pytest.raises(WordingRefused, match="neither de"):
        own_texts(tmp_path)
    (tmp_path / "de.toml").write_bytes(b"#" * (wording_texts._LARGEST + 1))
    with pytest.raises(WordingRefused, match="larger than texts are"):
        own_texts(tmp_path)
