"""The flows: thin shells around what the other modules of this room do. Only case numbers, counts and dates go
through the engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from prefect import flow, get_run_logger, runtime, suspend_flow_run, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.exceptions import PrefectException
from prefect.input import RunInput
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from cases.case import Status
from flows import alarm_forms, summaries
from flows import draft as drafts
from flows.answer import package_and_queue
from flows.approval import Reply, answer_form
from flows.boundary import Stopped, code_of, guarded
from flows.calendar_feed import refresh_calendar
from flows.collect import finish, note_crash, search_source
from flows.delivering import publish_waiting
from flows.dispatch import dispatch
from flows.emitting import emit_alarms
from flows.engine import FORM, FORM_KEYS, reconcile, take_reply
from flows.extension import watch_share, why_not
from flows.figures import report_of, this_year
from flows.forms import QUESTIONS, AlarmForm, AlarmOrExtendForm, ReviewForm, ReviewWithoutExtensionForm
from flows.house import House
from flows.id_documents import wipe_decided
from flows.identify import identify_all
from flows.inbox import poll
from flows.needs import KEY as NEEDS
from flows.needs import TITLE as NEEDS_TITLE
from flows.needs import needs_you_now
from flows.questions import answer, parse
from flows.report import daily_report, not_put_yet_lines
from flows.retain import bury_restored, retain
from flows.watch import watch
from flows.weekly import weekly_report
from flows.wiring import open_api, open_house
from infra.keystore import KeyStoreError
from infra.store.outbox import alive, this_process
from infra.vault import VaultFull
from outputs.report import as_table
from outputs.report_figures import Report
from outputs.report_plain import markdown_report
from outputs.report_text import told

LONGEST_WAIT = int(timedelta(days=400).total_seconds())  # beyond every deadline: our store says when nobody waits
# Not the draft's: a disk that is full, a database or keys that are away. The next attempt may get through, and nobody
# has to approve anew for it; a case that stands still meanwhile has an alarm of its own.
PASSING = (OSError, SQLAlchemyError, VaultFull, KeyStoreError, MemoryError)


@flow(name="intake", persist_result=False)
@guarded("intake")
def intake() -> str:
    """Mailbox to case. One poll at a time; one that finds another at work leaves at once."""
    with open_house() as house:
        if not _hold(house, "intake"):
            return "another poll is at work"
        began = house.clock.now()
        try:
            polled = poll(house)
        finally:
            _let_go(house, "intake")
        get_run_logger().info("stored %d, opened %d, attached %d", polled.stored, polled.opened, polled.attached)
        _go_on(house)
        _cancel_late(house, "intake", began)
        if polled.trouble:
            raise Stopped("mailbox", polled.trouble)
        return f"{polled.opened} opened"


@flow(name="collect", persist_result=False)
@guarded("collect")
def collect(key: str, attempt: str) -> str:
    """One pass over every source for every case that waits for it."""
    with open_house() as house:
        if not _claim(house, key, attempt):
            return "superseded"
        identify_all(house)
        for name in house.sources:
            ask_source.with_options(task_run_name=name)(name, return_state=True)  # one that fails stops no other
        done = finish(house)
        get_run_logger().info("%d cases went on to review", len(done))
        _go_on(house)
        return f"{len(done)} to review"


@task(persist_result=False)
@guarded("source")
def ask_source(name: str) -> str:
    """Asks one source. Whatever goes wrong inside a connector is noted as a source that could not be asked: the cases
    wait for it, the other sources are asked all the same, and no answer says that this one was searched."""
    with open_house() as house:
        began = house.clock.now()
        try:
            passed = search_source(house, name)
        except Exception as error:  # noqa: BLE001 - the boundary of this task: a connector may be anybody's
            code = code_of(error)
            note_crash(house, name, code, began)
        else:
            get_run_logger().info("%s: %d records, %d findings", name, passed.records, passed.findings)
            return passed.trouble or "searched"
    raise Stopped(name, code)


@flow(name="fulfil", persist_result=False)
@guarded("fulfil")
def fulfil(case: str, draft: str, key: str, attempt: str) -> str:
    """Waits for the approval of one draft, then packages and sends it."""
    with open_house() as house:
        if not _claim(house, key, attempt):
            return "superseded"
        if _status(house, case) is Status.REVIEW:
            typed = _typed(house, key, _review_form(house, case), lambda: _review_text(house, case, draft))
            with house.store.begin() as tx:
                said = tx.runs.take_reply(key) if typed else None
                code = answer_form(house, tx, case, Reply.parse(said)) if said is not None else "no_input"
            get_run_logger().info("the form of draft %s: %s", draft, code or "accepted")
        if _status(house, case) is Status.APPROVED:
            _seal(house, case)
        _go_on(house)
        return str(_status(house, case))


@flow(name="ask", persist_result=False)
@guarded("ask")
def ask(question: str, key: str, attempt: str) -> str:
    """Puts one question to a person and does what the answer says."""
    with open_house() as house:
        if not _claim(house, key, attempt):
            return "superseded"
        with house.store.begin() as tx:
            asked = tx.questions.get(question)
            text = summaries.question(house, tx, asked)
        if asked.state == "open" and _typed(house, key, QUESTIONS[asked.kind], lambda: text):
            with house.store.begin() as tx:
                said = tx.runs.take_reply(key)
                code = answer(house, tx, tx.questions.get(question), parse(said)) if said is not None else "no_input"
            get_run_logger().info("%s: %s", asked.kind, code or "accepted")
        _go_on(house)
        return "done"


@flow(name="alarm", persist_result=False)
@guarded("alarm")
def alarm(subject: str, key: str, attempt: str) -> str:
    """Shows the alarms of a case or part until somebody says that they have seen them."""
    with open_house() as house:
        if not _claim(house, key, attempt):
            return "superseded"
        with house.store.begin() as tx:
            text, extendable = alarm_forms.text(house, tx, subject), alarm_forms.may_be_extended(house, tx, subject)
        if _typed(house, key, AlarmOrExtendForm if extendable else AlarmForm, lambda: text):
            with house.store.begin() as tx:
                said = tx.runs.take_reply(key)
                code = alarm_forms.answer(house, tx, subject, said) if said is not None else "no_input"
            get_run_logger().info("alarms of %s: %s", subject, code or "seen")
        _go_on(house)
        return "done"


@flow(name="tidy", persist_result=False)
@guarded("tidy")
def tidy() -> str:
    """The reconciler: starts whatever should be running or waiting, whatever happened to it, and sends what waits."""
    with open_house() as house:
        began = house.clock.now()
        bury_restored(house)
        wipe_decided(house)
        _go_on(house)
        refresh_calendar(house)
        _cancel_late(house, "tidy", began)
        return "done"


@flow(name="report", persist_result=False)
@guarded("report")
def report() -> str:
    """Alarms, the daily report, once a week that of the week, and the calendar."""
    with open_house() as house:
        with house.store.begin() as tx:
            watch_share(house, tx)
        watched = watch(house)
        daily_report(house)
        refresh_calendar(house)
        week = weekly_report(house)
        _show(house, week)
        _go_on(house)
        return f"{watched.open} open, {watched.overdue} overdue"


@flow(name="retain", persist_result=False)
@guarded("retain")
def retention() -> str:
    """Destroys what has served its purpose."""
    with open_house() as house:
        gone = retain(house)
        return f"{gone.materials} materials, {gone.records} records, {gone.mails} mails"


def _show(house: House, week: Report | None) -> None:
    """The reports in the interface: for people as text, for machines the open cases as a table."""
    with house.store.begin() as tx:
        now = report_of(house, tx, this_year(house.today(tx.now)))
    markdown = f"{markdown_report(told(now))}\n\n{not_put_yet_lines(house)}"
    create_markdown_artifact(key="open-cases", markdown=markdown, description="Offene Vorgänge / open cases")
    create_table_artifact(
        key="open-cases-table", table=as_table(now.rows), description="Für Programme / for machines (JSON)"
    )
    if week is not None:
        create_markdown_artifact(
            key="weekly-report", markdown=markdown_report(told(week)), description="Wochenbericht / weekly report"
        )


def _go_on(house: House) -> None:
    """Every flow ends by telling new alarms, sending what waits and starting what should run next."""
    watch(house)
    publish_waiting(house)
    dispatch(house)
    with open_api(house.settings) as api:
        reconcile(house, api)
        emit_alarms(house, api)
    page = needs_you_now(house)
    if page:
        create_markdown_artifact(key=NEEDS, markdown=page, description=NEEDS_TITLE)


def _review_form(house: House, case: str) -> type[RunInput]:
    """The form offers an extension only while there is time for its notice; the text above says until when, or why
    not."""
    with house.store.begin() as tx:
        return ReviewWithoutExtensionForm if why_not(house, tx, tx.cases.get(case)) else ReviewForm


def _cancel_late(house: House, deployment: str, began: datetime) -> None:
    """What should have run before this run began is done by it: else polls queue up before approvals on a slow
    machine, each waiting for a process of its own."""
    with open_api(house.settings) as api:
        api.cancel_late(began, deployment)


def _seal(house: House, case: str) -> None:
    """Packages and sends. What the same draft would meet again, a fault of ours too, goes back to a person with an
    alarm: an attempt after the other would fail in silence until the due day."""
    try:
        package_and_queue(house, case)
    except PASSING:
        raise
    except Exception as error:  # noqa: BLE001 - what stands in data may break any part of the making
        _refused(house, case, code_of(error))
    dispatch(house)


def _refused(house: House, case: str, code: str) -> None:
    with house.store.begin() as tx:
        if tx.cases.get(case).status is not Status.APPROVED:  # it went another way meanwhile
            return
        tx.answers.supersede(tx.cases.row(case))
        tx.cases.move(case, Status.REVIEW, why=code)
        tx.cases.needs_attention(case, "package_refused")
        tx.alarms.raise_(case, "package_refused")


def _typed(house: House, key: str, form: type[RunInput], text: Callable[[], str]) -> bool:
    """Whether our store now holds what was typed into this run's form. Suspends the run where nobody was asked yet;
    a run that comes back without input (resumed by hand), or has nothing to ask any more, ends, and a new attempt or
    another run asks."""
    with house.store.begin() as tx:
        run = tx.runs.get(key)
        if run is not None and run.has_reply:
            return True
    if _take(house, key):
        return True
    description = text()
    if not description:
        return False
    with house.store.begin() as tx:
        tx.runs.let_go(key, this_process())  # who resumes is another process, and no dead one is to be blamed till then
    try:
        suspend_flow_run(wait_for_input=form.with_initial_data(description=description), timeout=LONGEST_WAIT, key=FORM)
    except (PrefectException, ValidationError):
        get_run_logger().info("resumed without a usable form")
    return _take(house, key)


def _take(house: House, key: str) -> bool:
    """Takes over what was typed into this run's form, if anything was, and deletes it in the engine's database."""
    run = str(runtime.flow_run.id)
    with open_api(house.settings) as api:
        if api.reply(run, FORM_KEYS) is None:
            return False
        return take_reply(house, api, key, run, FORM_KEYS)


def _review_text(house: House, case: str, number: str) -> str:
    """Empty where another draft waits by now: another run asks for that one, and what is typed here would be lost."""
    with house.store.begin() as tx:
        record, draft = drafts.current(house, tx, case)
        if record.number != int(number):
            return ""
        return summaries.review(house, tx, tx.cases.get(case), record, draft)


def _claim(house: House, key: str, attempt: str) -> bool:
    with house.store.begin() as tx:
        return tx.runs.claim(key, int(attempt), this_process())


def _hold(house: House, name: str) -> bool:
    with house.store.begin() as tx:
        return tx.runs.hold(name, this_process(), alive)


def _let_go(house: House, name: str) -> None:
    with house.store.begin() as tx:
        tx.runs.let_go(name, this_process())


def _status(house: House, case: str) -> Status:
    with house.store.begin() as tx:
        return tx.cases.get(case).status
