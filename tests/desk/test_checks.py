"""What `doctor` asks the mailboxes."""

from __future__ import annotations

import pytest

from cases.source import Health
from desk import checks
from infra.mailbox import Reading
from infra.settings_sections import NO_COPIES
from tests.flows.house import World


class Recorder:
    """A mailbox that keeps what it was asked."""

    def __init__(self) -> None:
        self.reading = Reading()

    def check(self, reading: Reading) -> Health:
        self.reading = reading
        return Health(True, "asked")


@pytest.mark.parametrize(
    ("sent", "opened", "finds"),
    [((), (), True), (("Gesendet", "Archiv"), ("Gesendet", "Archiv"), False), (NO_COPIES, (), False)],
)
def test_the_folder_of_sent_mail_is_asked_for_as_the_settings_say(
    world: World, monkeypatch: pytest.MonkeyPatch, sent: tuple[str, ...], opened: tuple[str, ...], finds: bool
) -> None:
    object.__setattr__(world.house.settings.mailbox, "sent", sent)
    mailbox = Recorder()
    monkeypatch.setattr(checks, "make_mailbox", lambda *_: mailbox)
    assert checks._mailbox(world.house.settings, "main", {})().ok
    assert mailbox.reading.folders == ("INBOX", *opened)
    assert mailbox.reading.finds_sent is finds
