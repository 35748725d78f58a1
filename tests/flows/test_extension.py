"""An extension holds only if its notice went out within the first month, for a reason of the law."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from email import message_from_bytes
from email.policy import default

import pytest

from cases.case import Extension, Status
from cases.clock import Extended
from cases.deadline import deadline
from cases.identifiers import Identifier, Kind, Origin
from cases.source import Contact
from desk.recording import withdraw_case
from flows.alarm_forms import answer as answer_alarm
from flows.approval import Reply, answer_form
from flows.dispatch import dispatch
from flows.extension import REASONS, CannotExtend, extend, letter, told_by_letter, watch_share, went_out
from flows.forms import AlarmForm, ReviewForm, ReviewWithoutExtensionForm
from flows.identify import identify_all, record_check
from flows.questions import answer as answer_question
from flows.refusal import Reasons
from flows.timeline import was_extended
from flows.watch import watch
from infra.post import PostRefused, PostUnavailable
from outputs.texts import texts
from tests.flows import history, steps
from tests.flows.house import LENA, RELEASER, REVIEWER, World, mail

FACTS = "Unterlagen aus zehn Jahren, in vier Archiven"


def ask(world: World, case: str, reason: str = "volume", facts: str = FACTS) -> date:
    with world.house.store.begin() as tx:
        return extend(world.house, tx, case, reason, RELEASER, facts)


def notices(world: World) -> list[str]:
    """What the person was told of an extension."""
    mails = (message_from_bytes(raw, policy=default) for raw in world.post.to(LENA))
    return [mail.get_content() for mail in mails if "länger" in str(mail["Subject"])]


def test_nothing_is_extended_before_the_notice_has_gone_out(world: World) -> None:
    case = steps.in_review(world)
    before = world.case(case)
    assert ask(world, case) == date(2026, 6, 2)
    assert (world.case(case).due, world.case(case).extension) == (before.due, "asked")
    dispatch(world.house)
    after = world.case(case)
    assert (after.due, after.extension) == (deadline(after.received_at, land="MV", extended=True).due, "in_force")
    assert {"extended:volume", "due:2026-06-02"} <= set(world.steps(case))
    (text,) = notices(world)
    assert "große Menge" in text and "2. Juni 2026" in text and "Art. 77" in text and "Art. 79" in text


def test_date_alarms_begin_anew_with_the_new_due_day(world: World) -> None:
    case = steps.in_review(world)
    world.clock.move(days=25)
    watch(world.house)
    assert {(case, "due_soon"), (case, "target_passed")} <= world.alarms()
    ask(world, case)
    dispatch(world.house)
    watch(world.house)
    assert not {(case, "due_soon"), (case, "target_passed")} & world.alarms()


@pytest.mark.parametrize("facts", ["", "zu viel Arbeit"])
def test_facts_are_needed(world: World, facts: str) -> None:
    case = steps.in_review(world)
    with pytest.raises(CannotExtend, match="Tatsachen"):
        ask(world, case, facts=facts)


@pytest.mark.parametrize("reason", ["effort", "staff", "", "volume: Anna Beispiel"])
def test_only_reasons_of_the_law_extend(world: World, reason: str) -> None:
    case = steps.in_review(world)
    with pytest.raises(CannotExtend, match="Grund"):
        ask(world, case, reason)


def test_after_the_first_month_it_is_too_late_and_the_form_does_not_offer_it(world: World) -> None:
    case = steps.in_review(world)
    world.clock.at = history.at("2026-04-02", 23)  # the last day: 2 April
    with world.house.store.begin() as tx:
        assert answer_form(world.house, tx, case, Reply("extend", RELEASER, ground="peak", reason="zu spät")) != ""
    world.clock.at = history.at("2026-04-03", 0)
    with pytest.raises(CannotExtend, match="Zu spät"):
        ask(world, case)
    offered = [ReviewForm, ReviewWithoutExtensionForm, AlarmForm]
    assert ["extend: volume" in str(form.model_json_schema()) for form in offered] == [True, False, False]


def test_a_notice_that_cannot_leave_in_time_is_void_and_is_not_sent_any_more(world: World) -> None:
    case = steps.in_review(world)
    dispatch(world.house)
    world.clock.at = history.at("2026-04-01")
    ask(world, case)
    world.post.outcomes = [PostUnavailable("refused")] * 9
    dispatch(world.house)
    watch(world.house)
    assert (case, "extension_unsent") in world.alarms()
    world.clock.at = history.at("2026-04-03")
    watch(world.house)
    world.post.outcomes = []
    dispatch(world.house)
    found = world.case(case)
    assert (found.extension, found.due) == (Extension.VOID, date(2026, 4, 2))
    assert {(case, "extension_void"), (case, "overdue")} <= world.alarms()
    assert notices(world) == []
    assert "extended:volume" not in world.steps(case)


def test_a_late_notice_does_not_leave_even_if_nobody_watched(world: World) -> None:
    case = steps.in_review(world)
    dispatch(world.house)
    world.clock.at = history.at("2026-04-02", 20)
    ask(world, case)
    world.clock.at = history.at("2026-04-07", 9)
    assert dispatch(world.house).sent == 0
    assert notices(world) == []
    assert world.case(case).extension == Extension.VOID
    assert (case, "extension_void") in world.alarms()


def refused(world: World, case: str) -> None:
    told = "Dieselbe Anfrage kam in dieser Woche an jedem Tag."
    steps.refuse(world, case, Reasons("excessive", sentence=told), "schreibt täglich dieselbe Anfrage")


def withdrawn_by_command(world: World, case: str) -> None:
    withdraw_case(world.house, case, RELEASER, "Anruf")


def withdrawn_by_form(world: World, case: str) -> None:
    with world.house.store.begin() as tx:
        tx.questions.ask(case, "withdrawal", tx.cases.get(case).due)
        question = next(one for one in tx.questions.open_ones() if one.kind == "withdrawal")
        assert answer_question(world.house, tx, question, {"decision": "withdrawn", "by": RELEASER}) == ""


@pytest.mark.parametrize("end", [refused, withdrawn_by_command, withdrawn_by_form])
def test_no_notice_leaves_once_the_case_has_ended(world: World, end: Callable[[World, str], None]) -> None:
    case = steps.in_review(world)
    dispatch(world.house)
    before = world.case(case).due
    ask(world, case)
    world.post.outcomes = [PostUnavailable("refused")]
    dispatch(world.house)
    end(world, case)
    assert "extension_called_off:volume" in world.steps(case)
    world.clock.move(hours=5)
    dispatch(world.house)
    assert notices(world) == []
    assert (world.case(case).extension, world.case(case).due) == (Extension.VOID, before)


def test_a_notice_that_was_leaving_when_the_case_ended_extends_nothing(world: World) -> None:
    case = steps.in_review(world)
    ask(world, case)
    with world.house.store.begin() as tx:
        tx.cases.move(case, Status.WITHDRAWN, RELEASER, "Anruf")
        went_out(world.house, tx, case)
    assert world.case(case).extension == Extension.VOID
    assert "extended:volume" not in world.steps(case)


def test_a_notice_that_the_server_refuses_can_be_sent_once_more(world: World) -> None:
    case = steps.in_review(world)
    dispatch(world.house)
    ask(world, case)
    world.post.outcomes = [PostRefused("550")]
    dispatch(world.house)
    assert world.case(case).extension == Extension.FAILED
    ask(world, case, "redaction")
    dispatch(world.house)
    assert (world.case(case).extension, world.case(case).extension_reason) == (Extension.IN_FORCE, "redaction")


@pytest.mark.parametrize(("day", "became"), [("2026-04-02", Extended.IN_FORCE), ("2026-04-03", Extended.VOID)])
def test_a_letter_counts_by_the_day_on_which_it_went(world: World, day: str, became: Extended) -> None:
    case = steps.in_review(world)
    world.clock.at = history.at("2026-04-10")
    with world.house.store.begin() as tx:
        sent = date.fromisoformat(day)
        assert told_by_letter(world.house, tx, case, "retrieval", RELEASER, FACTS, sent) is became
    assert was_extended_now(world, case) == (became is Extended.IN_FORCE)


def was_extended_now(world: World, case: str) -> bool:
    with world.house.store.begin() as tx:
        return was_extended(tx.facts.steps().get(case, ()))


def test_it_is_extended_from_the_form_of_an_alarm_by_who_may(world: World) -> None:
    case = steps.in_review(world)
    world.clock.move(days=25)
    watch(world.house)
    for by, code in ((REVIEWER, "not_a_releaser"), ("Unbekannt", "not_a_reviewer"), (RELEASER, "")):
        typed = f'{{"decision": "extend: peak", "by": "{by}", "note": "{FACTS}"}}'
        with world.house.store.begin() as tx:
            assert answer_alarm(world.house, tx, case, typed) == code
    assert world.case(case).extension == Extension.ASKED


def test_a_large_share_of_extended_cases_is_told(world: World) -> None:
    for day in range(1, 7):
        case = history.case(world, f"2026-03-0{day}")
        if day < 3:
            history.extended(world, case, "2026-03-20")
            with world.house.store.begin() as tx:
                tx.clocks.extension(case, Extension.IN_FORCE, "volume")
    with world.house.store.begin() as tx:
        watch_share(world.house, tx)
    assert ("extensions", "extended_often") in world.alarms()


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_reason_has_words(language: str) -> None:
    assert [reason for reason in REASONS if not texts(language).known(f"notices.reason.{reason}")] == []


def test_an_answer_on_its_way_is_not_extended(world: World) -> None:
    case = steps.sealed(world)
    assert world.case(case).status is Status.SEALED
    with pytest.raises(CannotExtend, match="Stand"):
        ask(world, case)


STRANGER = "lena@fremd.example"
BY_POST = (Kind.NAME, "Lena Krüger"), (Kind.ADDRESS, "Lange Straße 5, 19053 Schwerin")


def unknown_asker(world: World, *known: tuple[Kind, str]) -> str:
    """Somebody at an address that nobody has on file."""
    world.crm.contacts = [Contact("customers/1", tuple(Identifier(kind, value, Origin.FOUND) for kind, value in known))]
    case = steps.acknowledged(world, mail(sender=f"Lena Krüger <{STRANGER}>"))
    identify_all(world.house)
    assert world.case(case).status is Status.IDENTIFYING
    return case


def checked(world: World, case: str) -> None:
    with world.house.store.begin() as tx:
        record_check(world.house, tx, case, 1, RELEASER, "Brief an die hinterlegte Anschrift")


def test_whom_we_do_not_know_yet_is_not_told_what_we_hold(world: World) -> None:
    case = unknown_asker(world, *BY_POST)
    dispatch(world.house)
    before = len(world.post.sent)
    for reason in sorted({*REASONS} - {"peak"}):
        with pytest.raises(CannotExtend, match="peak"):
            ask(world, case, reason)
    for ground in ("secrecy", "excessive"):
        with pytest.raises(ValueError, match=r"data are held|feststeht"):
            steps.refuse(world, case, Reasons(ground, sentence="Es geht um ein Berufsgeheimnis."), "Berufsgeheimnis")
    dispatch(world.house)
    assert len(world.post.sent) == before
    ask(world, case, "peak")
    dispatch(world.house)
    assert world.post.sent[-1][1] == STRANGER


def test_who_is_known_by_a_postal_address_alone_is_told_by_letter_never_at_the_address_that_asked(world: World) -> None:
    case = unknown_asker(world, *BY_POST)
    checked(world, case)
    dispatch(world.house)
    before = len(world.post.sent)
    with pytest.raises(CannotExtend, match="Brief"):
        ask(world, case)
    with world.house.store.begin() as tx:
        words = letter(world.house, tx, case, "volume")
    told = "Dieselbe Anfrage kam in dieser Woche an jedem Tag."
    refusal = steps.refuse(world, case, Reasons("excessive", sentence=told), "schreibt täglich dieselbe Anfrage")
    dispatch(world.house)
    assert len(world.post.sent) == before
    assert "19053 Schwerin" in words and "große Menge" in words and "Art. 77" in words
    assert "19053 Schwerin" in refusal and "exzessiv" in refusal and told in refusal
    assert (world.case(case).status, world.case(case).attention) == (Status.WITH_PERSON, "refusal_by_post")


def test_who_is_known_by_another_address_is_told_there(world: World) -> None:
    case = unknown_asker(world, *BY_POST, (Kind.EMAIL, "lena@arbeit.example"), (Kind.CUSTOMER_NUMBER, "K-177"))
    checked(world, case)
    ask(world, case)
    dispatch(world.house)
    assert world.post.sent[-1][1] == "lena@arbeit.example"
