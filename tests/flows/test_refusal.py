"""A refusal tells its facts: those the store knows, and one sentence that the releaser has read as it goes out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from cases.case import Status, UnlawfulMove
from flows import asking
from flows.asking import ask_clarification, clarified
from flows.dispatch import dispatch
from flows.identify import identify_all
from flows.refusal import Reasons, Shown, refuse, show
from flows.refusal_facts import CannotRefuse
from tests.flows import steps
from tests.flows.house import LENA, RELEASER, REVIEWER, World, finding, gap, mail

TOLD = "Sie haben uns geschrieben, dass Sie weitere Anfragen nur gegen Zahlung unterlassen."
WHY = "Schreiben vom 3. Februar in der Akte, zwei Zeugen"
WEIGHED = ("excessive", "manifestly_unfounded")


def shown(world: World, case: str, reasons: Reasons, by: str = RELEASER) -> Shown:
    with world.house.store.begin() as tx:
        return show(world.house, tx, case, reasons, by)


def why_not(world: World, case: str, reasons: Reasons) -> str:
    with pytest.raises(CannotRefuse) as found:
        shown(world, case, reasons)
    return found.value.code


def answered(world: World) -> str:
    """A case of Lena's that was answered nine days after it came in."""
    case = steps.sent(world)
    world.clock.move(hours=9 * 24)
    with world.house.store.begin() as tx:
        tx.cases.move(case, Status.ANSWERED, RELEASER)
    return case


def again(world: World, *, text: str = "", sender: str = f"Lena Krüger <{LENA}>", number: int = 2) -> str:
    world.clock.move(hours=24)
    words = {"text": text} if text else {}
    case = steps.acknowledged(world, mail(sender=sender, message_id=f"<again{number}@mail.example>", **words))
    identify_all(world.house)
    return case


def unproven(world: World, case: str) -> None:
    with world.house.store.begin() as tx:
        tx.cases.set_person(case, replace(tx.cases.person(case), verification=None, recipient=""))


def text_to(world: World, recipient: str) -> str:
    dispatch(world.house)
    body = message_from_bytes(world.post.to(recipient)[-1], policy=default).get_body()
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_what_goes_out_is_what_was_read_and_nothing_else(world: World) -> None:
    """The code is for the reader, the ground and these words: another reading before it, or a change since, counts
    for nothing."""
    case = steps.in_review(world)
    first = shown(world, case, Reasons("excessive", sentence="Ein erster Satz, der dann doch nicht gilt."))
    read = shown(world, case, Reasons("excessive", sentence=TOLD))
    other = shown(world, case, Reasons("excessive", sentence=TOLD), REVIEWER)
    assert read.words.startswith(LENA) and f"- {TOLD}\n" in read.words
    with world.house.store.begin() as tx:
        for ground, by, code in (
            ("excessive", RELEASER, first.code),
            ("excessive", RELEASER, other.code),
            ("excessive", RELEASER, ""),
            ("manifestly_unfounded", RELEASER, read.code),
        ):
            with pytest.raises(CannotRefuse, match="Code"):
                refuse(world.house, tx, case, ground, by, WHY, code)
        refuse(world.house, tx, case, "excessive", RELEASER, WHY, read.code.lower())
    assert world.case(case).status is Status.REFUSED
    text = text_to(world, LENA)
    assert text.strip() in read.words
    assert "zwei Zeugen" not in text
    with pytest.raises(UnlawfulMove):
        shown(world, case, Reasons("excessive", sentence=TOLD))


def test_the_history_keeps_what_was_told_and_to_whom_it_was_shown(world: World) -> None:
    case = steps.in_review(world)
    shown(world, case, Reasons("excessive", sentence=TOLD))
    with world.house.store.begin() as tx:
        (event,) = (event for event in tx.cases.history(case) if event.what == "refusal_shown:excessive")
    assert event.who == RELEASER
    assert json.loads(event.why)["sentence"] == TOLD


def test_earlier_requests_are_told_with_their_days_and_numbers(world: World) -> None:
    first = answered(world)
    case = again(world)
    steps.search_all(world)
    words = shown(world, case, Reasons("excessive", (f"earlier:{first}", f"unchanged:{first}"))).words
    received, on = (
        f"{day:%-d}. März {day:%Y}" for day in (world.house.today(world.case(first).received_at), date(2026, 3, 11))
    )
    assert f"- Auf Ihre Anfrage vom {received} (Vorgangsnummer {first}) haben wir am {on} geantwortet.\n" in words
    assert f"- Seit unserer Antwort vom {on} sind außer Ihren Anfragen keine Daten" in words
    sentence = f"Sie haben uns zum Vorgang {first} dasselbe schon geschrieben."
    assert sentence in shown(world, case, Reasons("excessive", (f"earlier:{first}",), sentence)).words
    assert why_not(world, case, Reasons("excessive", (), sentence)) == "refusal_number"
    with world.house.store.begin() as tx:
        tx.cases.move(case, Status.WITHDRAWN, RELEASER)
    third = again(world, number=3)
    assert f"- Sie haben schon am 12. März 2026 Auskunft verlangt (Vorgangsnummer {case})." in (
        shown(world, third, Reasons("excessive", (f"earlier:{case}",))).words
    )
    assert why_not(world, third, Reasons("excessive", (f"unchanged:{case}",))) == "refusal_unanswered"


def test_that_nothing_changed_is_told_only_after_a_whole_search_that_found_the_same(world: World) -> None:
    """The program told it of every earlier answer, also where its own search had found more."""
    first = answered(world)
    held = world.crm.holds[LENA]
    case = again(world)
    unchanged = Reasons("excessive", (f"unchanged:{first}",))
    assert why_not(world, case, unchanged) == "refusal_unchanged"
    for found in ([*held, finding("orders/2")], [gap("crm"), *held], [], held):
        world.crm.holds[LENA] = list(found)
        with world.house.store.begin() as tx:
            tx.cases.move(case, Status.WITHDRAWN, RELEASER)
        case = again(world, number=10 + len(world.cases()))
        steps.search_all(world)
        if found == held:
            assert "keine Daten" in shown(world, case, unchanged).words
        else:
            assert why_not(world, case, unchanged) == "refusal_unchanged"


def test_that_nothing_changed_is_told_of_the_latest_answer_only(world: World) -> None:
    first = answered(world)
    second = again(world)
    steps.search_all(world)
    with world.house.store.begin() as tx:
        for status in (Status.APPROVED, Status.SEALED, Status.SENT, Status.ANSWERED):
            tx.cases.move(second, status, RELEASER)
    third = again(world, number=3)
    steps.search_all(world)
    assert why_not(world, third, Reasons("excessive", (f"unchanged:{first}",))) == "refusal_unchanged"
    assert "keine Daten" in shown(world, third, Reasons("excessive", (f"unchanged:{second}",))).words


def test_nobody_is_told_of_another_persons_case(world: World) -> None:
    first = answered(world)
    other = again(world, sender="Ole <ole@mail.example>", text="Auskunft nach Art. 15 DSGVO bitte.\n\nOle Hansen\n")
    shared = f"Jonas Krüger <{LENA}>"
    namesake = again(world, sender=shared, text="Auskunft nach Art. 15 DSGVO bitte.\n\nJonas Krüger\n", number=3)
    for case in (other, namesake):
        assert why_not(world, case, Reasons("excessive", (f"earlier:{first}",))) == "refusal_case"
    mine = again(world, number=4)
    for number in (mine, "DSAR-2020-0001", other, namesake):
        assert why_not(world, mine, Reasons("excessive", (f"earlier:{number}",))) == "refusal_case"


def test_a_case_that_can_be_read_no_more_is_told_to_nobody_of_the_same_mailbox(world: World) -> None:
    first = answered(world)
    mine = again(world)
    text = "Auskunft nach Art. 15 DSGVO bitte.\n\nJonas Krüger\n"
    shared = again(world, sender=f"Jonas Krüger <{LENA}>", text=text, number=3)
    with world.house.store.begin() as tx:
        world.house.keystore.destroy(tx.cases.row(first).material_key, world.clock.now())
    for case in (mine, shared):
        for named in (f"earlier:{first}", f"unchanged:{first}"):
            assert why_not(world, case, Reasons("excessive", (named,))) == "refusal_case"


def test_whom_we_do_not_know_is_told_nothing_of_what_we_hold(world: World) -> None:
    first = answered(world)
    case = again(world)
    unproven(world, case)
    assert why_not(world, case, Reasons("excessive", sentence=TOLD)) == "refusal_sentence"
    assert why_not(world, case, Reasons("excessive", (f"unchanged:{first}",))) == "refusal_tells"
    words = shown(world, case, Reasons("excessive", (f"earlier:{first}",))).words
    assert "geantwortet" not in words
    assert f"Auskunft verlangt (Vorgangsnummer {first})." in words


@pytest.mark.parametrize("ground", WEIGHED)
def test_a_question_without_a_reply_is_told_with_its_day(
    world: World, monkeypatch: pytest.MonkeyPatch, ground: str
) -> None:
    monkeypatch.setattr(asking, "LARGE_QUANTITY", 1)
    case = steps.in_review(world)
    assert why_not(world, case, Reasons(ground, ("asked",))) == "refusal_no_question"
    with world.house.store.begin() as tx:
        ask_clarification(world.house, tx, case, RELEASER)
    world.clock.at += timedelta(days=7)
    assert "- Am 2. März 2026 haben wir Sie gefragt" in shown(world, case, Reasons(ground, ("asked",))).words
    with world.house.store.begin() as tx:
        clarified(world.house, tx, case, RELEASER)
    assert why_not(world, case, Reasons(ground, ("asked",))) == "refusal_no_question"


def test_who_was_not_found_is_told_what_was_compared_and_when_we_asked(world: World) -> None:
    case = steps.acknowledged(world, mail(sender="Ole Hansen <ole@mail.example>", message_id="<2@mail.example>"))
    identify_all(world.house)
    words = shown(world, case, Reasons("not_identifiable")).words
    assert "- Verglichen haben wir: " in words and "E-Mail-Adresse" in words
    assert "haben wir Sie um Angaben gebeten, mit denen wir Sie finden können" in words


def test_a_ground_without_facts_or_with_those_of_another_is_none(world: World) -> None:
    case = steps.in_review(world)
    for ground in (*WEIGHED, "secrecy"):
        assert why_not(world, case, Reasons(ground)) == "refusal_facts"
    for named in ("asked:1", "earlier", "rude", "asked"):
        assert why_not(world, case, Reasons("secrecy", (named,))) == "refusal_fact"
    assert why_not(world, case, Reasons("excessive", ("rude:yes",))) == "refusal_fact"
    assert TOLD in shown(world, case, Reasons("secrecy", sentence=TOLD)).words
