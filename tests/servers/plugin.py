"""Fixtures that start real mail servers. Where one is missing the test is skipped; in CI (`CI` set) it fails."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import NoReturn, TypeVar

import pytest

from tests.servers.dovecot import Dovecot, start_dovecot
from tests.servers.postfix import Postfix, start_postfix
from tests.servers.process import ServerMissing, open_to_other_users
from tests.servers.pymap import Pymap, start_pymap

_Server = TypeVar("_Server", Dovecot, Postfix, Pymap)


def _no_server(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _starting(stack: ExitStack, start: Callable[..., _Server]) -> Callable[..., _Server]:
    """`start`, with the server stopped when the stack is closed."""

    def started(*args: object, **options: object) -> _Server:
        try:
            with open_to_other_users():
                server = start(*args, **options)
        except ServerMissing as missing:
            _no_server(str(missing))
        stack.callback(server.stop)
        return server

    return started


@pytest.fixture(scope="session")
def dovecot_with() -> Iterator[Callable[..., Dovecot]]:
    """`dovecot_with(users, extra="")` starts a Dovecot that runs until the tests end."""
    with ExitStack() as stack:
        yield _starting(stack, start_dovecot)


@pytest.fixture(scope="session")
def postfix_for(dovecot_with: Callable[..., Dovecot]) -> Iterator[Callable[..., Postfix]]:
    """`postfix_for(dovecot, extra="")` starts a Postfix before that Dovecot that runs until the tests end."""
    with ExitStack() as stack:
        yield _starting(stack, start_postfix)


@pytest.fixture(scope="session")
def pymap_with() -> Iterator[Callable[..., Pymap]]:
    """`pymap_with(user, password)` starts a pymap: a second, poorer IMAP server that knows one user."""
    with ExitStack() as stack:
        yield _starting(stack, start_pymap)
