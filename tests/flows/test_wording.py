"""A house speaks with its own words, or does not start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows.draft import current
from flows.wiring import make_house
from infra.settings import load_settings
from outputs.errors import WordingRefused
from outputs.wording import use_wording
from tests.flows import steps
from tests.flows.house import World, mail


@pytest.fixture(autouse=True)
def _as_shipped() -> Iterator[None]:
    yield
    use_wording()


def test_a_house_whose_letters_would_lack_something_does_not_start(world: World) -> None:
    file = world.folder / "auskunft.toml"
    file.write_text(file.read_text() + '\n[letters]\ntexts = "texte"\n')
    (world.folder / "texte").mkdir()
    (world.folder / "texte" / "de.toml").write_text('[notices.refusal]\ntext = "Nein."\n')
    with pytest.raises(WordingRefused, match=r"lacks: judicial remedy \(Art\. 79\)"):
        make_house(load_settings(file), world.clock)


def test_other_words_are_a_draft_to_approve_anew(world: World) -> None:
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        before, draft = current(world.house, tx, case)
    (world.folder / "texte").mkdir()
    (world.folder / "texte" / "de.toml").write_text('[letter]\nregards = "Mit freundlichen Grüßen"\n')
    use_wording(world.folder / "texte")
    with world.house.store.begin() as tx:
        after, other = current(world.house, tx, case)
    assert after.number == before.number + 1
    assert other.digest != draft.digest


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello,\n\nplease send me a copy of all the personal data you hold about me under Art. 15 GDPR.\n", "en"),
        ("Guten Tag,\n\nich bitte um Auskunft über alle meine Daten nach Art. 15 DSGVO.\n", "de"),
        ("Bonjour,\n\nje demande l'accès à toutes mes données personnelles (article 15 du RGPD).\n", "de"),
    ],
)
def test_letters_are_in_german_or_english_as_the_person_wrote(world: World, text: str, language: str) -> None:
    """FRM-06: a third language is answered in the one that the company serves people in."""
    case = steps.acknowledged(world, mail("Art. 15", f"{text}\nLena Krüger\n"))
    assert world.case(case).language == language
