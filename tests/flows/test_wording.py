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
from tests.flows.house import World


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
