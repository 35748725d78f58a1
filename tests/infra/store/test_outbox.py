"""Who may send a mail, the attempts at an answer, and what becomes of a link: each compared before it changes."""

from __future__ import annotations

import pytest

from infra.store.answers import GONE, LOADING, MADE, OVER, WANTED, Link
from infra.store.outbox import answer_mail, is_answer
from infra.store.sealed import Posted
from tests.flows import steps
from tests.flows.house import LENA, World


def test_every_attempt_has_a_name_of_its_own_that_fits_and_names_its_version() -> None:
    case = "DSAR-2026-0001"
    names = [
        answer_mail(case, version, number, link=link)
        for version in (1, 11)
        for number in (1, 2)
        for link in (False, True)
    ]
    assert len(set(names)) == 8
    assert [is_answer(name, case, 1) for name in names] == [True] * 4 + [False] * 4
    assert not is_answer(answer_mail("DSAR-2026-00011", 1), case, 1)
    assert max(len(answer_mail("DSAR-2026-12345", 99, 99, link=True)), *map(len, names)) <= 80


def test_attempts_are_in_their_order_however_many_there_are(world: World) -> None:
    case = steps.acknowledged(world)
    with world.house.store.begin() as tx:
        key = tx.cases.row(case).material_key
        for number in range(12):
            assert tx.outbox.put_answer(case, 1, key, Posted(LENA, "a", "b"), "n.example", link=number > 0)
            (*_, last) = tx.outbox.attempts(case, 1)
            assert not tx.outbox.put_answer(case, 1, key, Posted(LENA, "a", "b"), "n.example", link=True)
            assert tx.outbox.withdraw(last.once, "refused")
        assert [each.number for each in tx.outbox.attempts(case, 1)] == list(range(1, 13))
        assert tx.outbox.attempts(case, 2) == ()


def test_who_does_not_have_a_mail_changes_nothing_of_it(world: World) -> None:
    steps.acknowledged(world)
    with world.house.store.begin() as tx:
        (mail,) = tx.outbox.due()
        assert not tx.outbox.sending(mail, "me")  # nobody has claimed it
        tx.outbox.claim(mail, "me")
        for change in (tx.outbox.again, tx.outbox.failed, tx.outbox.uncertain):
            assert not change(mail, "x", "another")
        (left,) = tx.outbox.abandoned(lambda owner: False)
        assert tx.outbox.sending(mail, "me")
        assert not tx.outbox.release(left)  # it went on meanwhile
        assert tx.outbox.get(mail).state == "sending"
        assert tx.outbox.sent(mail) is not None
        assert tx.outbox.sent(mail) is None


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("", Link()),
        ("wanted", Link(WANTED)),
        ("wanted:1", Link(WANTED, 1)),
        ("loading", Link(LOADING, 1)),
        ("made", Link(MADE, 1)),
        ("over:12", Link(OVER, 12)),
        ("gone:2", Link(GONE, 2)),
    ],
)
def test_a_link_is_kept_with_the_number_of_its_upload(text: str, link: Link) -> None:
    assert (Link.read(text), link.text) == (link, text)


def test_a_link_changes_only_as_it_was_read(world: World) -> None:
    case = steps.sealed(world)
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        assert tx.answers.swap_link(row, 1, Link(), Link(WANTED))
        assert not tx.answers.swap_link(row, 1, Link(), Link(OVER, 1))
        assert tx.answers.swap_link(row, 1, Link(WANTED), Link(LOADING, 2))
        assert not tx.answers.swap_link(row, 1, Link(LOADING, 1), Link(GONE, 1))
        assert [found[2] for found in tx.answers.links(LOADING)] == [Link(LOADING, 2)]
        tx.answers.end_links(row)
        assert tx.answers.link(row, 1) == Link(OVER, 2)
        assert tx.answers.links(WANTED, LOADING, MADE) == ()
