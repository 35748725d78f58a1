"""What leaves a flow's body: a part and a code. Prefect keeps messages, chains and tracebacks, so none may leave."""

from __future__ import annotations

import pickle
import traceback

import pytest
from prefect.exceptions import Pause

from cases.source import SourceUnavailable
from flows.boundary import Stopped, code_of, guarded
from infra.post import PostRefused
from infra.vault import VaultFull

SECRET = "Lena Krüger, K-177"


@guarded("part")
def body(error: BaseException | None = None) -> str:
    if error is not None:
        raise error
    return "done"


def test_a_body_that_works_is_not_changed() -> None:
    assert body() == "done"
    assert body.__name__ == "body"


@pytest.mark.parametrize(
    "error",
    [ValueError(SECRET), KeyError(SECRET), VaultFull(SECRET), UnicodeDecodeError("utf-8", b"Lena", 0, 1, SECRET)],
    ids=["value", "key", "ours", "decoding"],
)
def test_neither_message_nor_chain_nor_traceback_of_the_error_leaves(error: Exception) -> None:
    with pytest.raises(Stopped) as stopped:
        body(error)
    raised = stopped.value
    assert raised.__context__ is None
    assert raised.__cause__ is None
    shown = "".join(traceback.format_exception(raised)) + repr(raised.__dict__) + repr(pickle.dumps(raised))
    assert "Lena" not in shown
    assert "raise error" not in shown


def test_an_error_chained_to_another_takes_neither_along() -> None:
    @guarded("part")
    def chained() -> None:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(SECRET) from error

    with pytest.raises(Stopped) as stopped:
        chained()
    assert "Lena" not in "".join(traceback.format_exception(stopped.value))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SourceUnavailable("crm", "refused", SECRET), "SourceUnavailable:refused"),
        (PostRefused("550 5.1.1", SECRET), "PostRefused:550 5.1.1"),
        (Stopped("mailbox", "timeout"), "timeout"),
    ],
)
def test_an_error_of_ours_says_its_own_code(error: Exception, code: str) -> None:
    with pytest.raises(Stopped) as stopped:
        body(error)
    assert (stopped.value.part, stopped.value.code) == ("part", code)


def test_an_error_of_somebody_else_says_its_type_and_our_line() -> None:
    class Foreign(Exception):
        code = SECRET

    assert SECRET not in code_of(Foreign(SECRET))
    with pytest.raises(Stopped) as stopped:
        body(Foreign(SECRET))
    assert stopped.value.code.startswith("Foreign at ")


@pytest.mark.parametrize("signal", [KeyboardInterrupt(), SystemExit(3), Pause(state=None)])
def test_signals_pass(signal: BaseException) -> None:
    with pytest.raises(type(signal)):
        body(signal)
