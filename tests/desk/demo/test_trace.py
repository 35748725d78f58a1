import re
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import compat32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.demo.trace import Handover, add_trace, author_of

AT = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
RECIPIENT = "datenschutz@nordlicht-raeder.example"
SERVER = "mail.nordlicht-raeder.example"
FROM = b"From: Lena <lena@posteo.example>\r\n"


def handover(login: str | None = None, sender: str = "lena@posteo.example") -> Handover:
    return Handover("client.example", sender, login, AT, "0123456789ab")


def results(raw: bytes, came: Handover | None = None, honest: tuple[str, ...] = ()) -> list[str]:
    delivered = add_trace(raw, came or handover(), RECIPIENT, honest)
    return [str(value) for value in BytesHeaderParser(policy=compat32).parsebytes(delivered).get_all(
        "Authentication-Results", [])]  # fmt: skip


@pytest.mark.parametrize(
    ("login", "honest", "expected"),
    [
        ("lena@posteo.example", (), "dmarc=pass header.from=posteo.example; spf=pass smtp.mailfrom=posteo.example"),
        ("other@posteo.example", (), "dmarc=fail header.from=posteo.example; spf=pass smtp.mailfrom=posteo.example"),
        ("other@webpost.example", ("posteo.example",), "dmarc=fail header.from=posteo.example; "
         "spf=fail smtp.mailfrom=posteo.example"),
        (None, ("posteo.example",), "dmarc=pass header.from=posteo.example; spf=pass smtp.mailfrom=posteo.example"),
        (None, (), "dmarc=fail header.from=posteo.example; spf=fail smtp.mailfrom=posteo.example"),
    ],
)  # fmt: skip
def test_only_the_author_or_an_honest_domain_passes(login: str | None, honest: tuple[str, ...], expected: str) -> None:
    assert results(FROM + b"\r\nbody", handover(login), honest) == [f"{SERVER}; {expected}"]


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"From: a@posteo.example, b@webpost.example\r\n",
        b"From: a@posteo.example\r\nFrom: a@posteo.example\r\n",
        b"From: nobody\r\n",
        b"From: a@posteo.example; dmarc=pass\r\n",
    ],
)
def test_no_single_author_never_passes(head: bytes) -> None:
    (result,) = results(head + b"\r\nbody", handover("a@posteo.example"), ("posteo.example",))
    assert "dmarc=permerror" in result
    assert "dmarc=pass" not in result


def test_results_of_other_servers_stay() -> None:
    raw = FROM + b"Authentication-Results: mx.elsewhere.example 1; dmarc=pass\r\n\r\nbody"
    assert results(raw)[1:] == ["mx.elsewhere.example 1; dmarc=pass"]


@pytest.mark.parametrize(
    "field",
    [
        b"Authentication-Results: mail.nordlicht-raeder.example; dmarc=pass\r\n",
        b"AUTHENTICATION-results:\r\n\tMAIL.Nordlicht-Raeder.example 1; dmarc=pass\r\n",
        b'Authentication-Results: "mail.nordlicht-raeder.example"; dmarc=pass\r\n',
        b"Authentication-Results: (x) mail.nordlicht-raeder.example; dmarc=pass\r\n",
        b"Authentication-Results: =?utf-8?q?mail=2Enordlicht-raeder=2Eexample?=; dmarc=pass\r\n",
        b"X-One: 1\nAuthentication-Results: mail.nordlicht-raeder.example; dmarc=pass\r\n",
        b"X-One: 1\rAuthentication-Results: mail.nordlicht-raeder.example; dmarc=pass\r\n",
    ],
)
def test_forged_results_are_removed(field: bytes) -> None:
    assert len(results(field + FROM + b"\r\nbody")) == 1


def any_of(*pieces: str) -> st.SearchStrategy[str]:
    return st.sampled_from(pieces)


FIELDS = st.tuples(
    any_of("Authentication-Results", "authentication-RESULTS", "X", "From"),
    any_of(":", ": ", " :", ":\r\n ", ":\n\t", ""),
    any_of("", "(c) ", '"', "(", " ", "\\"),
    any_of(SERVER, SERVER.upper(), "mx.elsewhere.example", "lena@posteo.example", ""),
    any_of("", " 1", '"', "/1", ")", " (c)"),
    any_of("; dmarc=pass", ";", ""),
    any_of("\r\n", "\n", "\r", "\r\n\r\n", "\r\n "),
)


@given(st.lists(FIELDS.map("".join), max_size=4))
def test_whatever_comes_in_only_our_own_result_is_left(fields: list[str]) -> None:
    ours, *others = results("".join(fields).encode())
    assert "dmarc=pass" not in ours
    for value in others:
        without_comments = re.sub(r"\([^()]*\)", "", value)
        assert not re.sub(r'[\s"\\]', "", without_comments).lower().startswith(SERVER)


def test_body_is_kept_and_trace_is_on_top() -> None:
    delivered = add_trace(FROM + b"\r\nMoin\r\n\xe4\xf6\r\n", handover(sender=""), RECIPIENT, ())
    assert delivered.startswith(b"Return-Path: <>\r\nAuthentication-Results: ")
    assert delivered.endswith(b"\r\n\r\nMoin\r\n\xe4\xf6\r\n")
    assert b"with ESMTPS id 0123456789ab\r\n\tfor <datenschutz@nordlicht-raeder.example>; Tue, 03 Nov" in delivered


def test_helo_cannot_write_headers() -> None:
    came = Handover("a\r\nAuthentication-Results: x", "", None, AT, "1")
    delivered = add_trace(FROM + b"\r\n", came, RECIPIENT, ())
    assert delivered.count(b"\r\nAuthentication-Results") == 1


def test_author_is_read_from_the_header_only() -> None:
    assert author_of(b"Subject: x\r\n\r\nFrom: a@posteo.example\r\n") is None
    assert author_of(b"From: =?utf-8?q?M=C3=BCller?= <A@Posteo.example>\r\n\r\n") == "a@posteo.example"
