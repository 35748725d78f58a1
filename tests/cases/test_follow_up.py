"""What a mail says of an earlier request."""

from __future__ import annotations

import pytest

from cases.follow_up import follow_up_of
from cases.request import FollowUp
from cases.wording import fold


def says(text: str, *, reply: bool = True, asks: bool = False) -> FollowUp | None:
    return follow_up_of(" ".join(fold(text).split()), reply, asks)


@pytest.mark.parametrize(
    "text",
    [
        "Ich ziehe meine Anfrage zurück, danke.",
        "Die Sache hat sich inzwischen erledigt.",
        "Ich brauche die Auskunft nicht mehr.",
        "Please disregard my request.",
        "I withdraw my request of last week.",
        "You can stop, I no longer need the copy.",
    ],
)
def test_a_request_that_is_taken_back(text: str) -> None:
    assert says(text) is FollowUp.WITHDRAWAL
    assert says(text, asks=True) is not FollowUp.WITHDRAWAL


def test_a_stranger_who_takes_back_an_order_takes_back_no_request() -> None:
    assert says("Ich nehme den Tisch doch nicht und schicke ihn zurück.", reply=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "Ach ja, meine alte Adresse war Lange Zeile 4 in Oberau.",
        "Noch ein Nachtrag zu meiner Anfrage: früher hieß ich Brenner.",
        "I forgot to mention that my customer number is 4711.",
        "Further to my request, my previous address was 4 Long Row.",
    ],
)
def test_an_addition(text: str) -> None:
    assert says(text) is FollowUp.ADDITION


def test_a_reminder() -> None:
    assert says("Erinnerung: Auf mein Auskunftsersuchen vom 3. Mai kam keine Antwort.") is FollowUp.REMINDER


def test_an_ordinary_mail_says_nothing_of_an_earlier_request() -> None:
    assert says("Wann kommt das Sofa?", reply=False) is None
