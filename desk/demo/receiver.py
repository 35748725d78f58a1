"""The demo's SMTP side: what aiosmtpd asks when somebody logs in, names a recipient or hands over a mail."""

from __future__ import annotations

import asyncio
import hmac
import ssl
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from desk.demo.mailboxes import Mailboxes
from desk.demo.trace import Handover, add_trace

SIZE_LIMIT = 64 * 2**20


class Authenticator:
    """Checks logins. A refusal is not "handled" here: only then does aiosmtpd answer 535 instead of nothing."""

    def __init__(self, accounts: Mapping[str, str]) -> None:
        self._accounts = {address.lower(): password.encode() for address, password in accounts.items()}

    def __call__(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and self._matches(data)
        return AuthResult(success=known, handled=False, auth_data=data if known else None)

    def _matches(self, given: LoginPassword) -> bool:
        expected = self._accounts.get(given.login.decode("utf-8", "replace").lower())
        return expected is not None and hmac.compare_digest(expected, given.password)


class Receiver:
    """Takes mail for the mailboxes it knows and delivers it as a receiving server would."""

    def __init__(self, mailboxes: Mailboxes, honest_domains: Collection[str]) -> None:
        self._mailboxes = mailboxes
        self._honest_domains = frozenset(honest_domains)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks for this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address not in self._mailboxes:
            return "550 5.1.1 no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks for this name
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        handover = _handover(session, envelope)
        for recipient in dict.fromkeys(address.lower() for address in envelope.rcpt_tos):
            delivered = add_trace(envelope.content, handover, recipient, self._honest_domains)
            await self._mailboxes.deliver(recipient, delivered, handover.at)
        return f"250 2.0.0 delivered as {handover.id}"


def _handover(session: Session, envelope: Envelope) -> Handover:
    login = session.auth_data.login.decode().lower() if isinstance(session.auth_data, LoginPassword) else None
    # aiosmtpd hands the null return path over as "<>".
    sender = (envelope.mail_from or "").strip("<>")
    return Handover(session.host_name or "", sender, login, datetime.now(UTC), uuid4().hex[:12])


async def listen(
    receiver: Receiver, authenticator: Authenticator, tls: ssl.SSLContext, *, submission: bool
) -> asyncio.Server:
    """Serve SMTP with STARTTLS demanded on a free port of 127.0.0.1; a submission port demands AUTH as well."""
    loop = asyncio.get_running_loop()

    def protocol() -> SMTP:
        return SMTP(
            receiver, hostname="localhost", ident="Nordlicht demo", tls_context=tls, require_starttls=True,
            authenticator=authenticator, auth_required=submission, data_size_limit=SIZE_LIMIT,
            enable_SMTPUTF8=True, loop=loop,
        )  # fmt: skip

    return await loop.create_server(protocol, "127.0.0.1", 0)
