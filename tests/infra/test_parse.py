# ruff: noqa: E501 - mails as they stand, one per line
"""Parsing: ordinary, odd and hostile mails. The one promise above all: it never raises."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.message import AuthResults, Message
from infra.html_text import html_to_text
from infra.parse import MAX_DEPTH, parse_message
from infra.quoting import split_quoted

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSED = AuthResults(dmarc="pass", authserv_id="mx.kesselhaus.example", dmarc_domain="post.example")


def parsed(text: str | bytes, auth: AuthResults = AuthResults()) -> Message:  # noqa: B008 - frozen
    return parse_message(text if isinstance(text, bytes) else text.replace("\n", "\r\n").encode(), NOW, auth)


def test_an_ordinary_mail() -> None:
    message = parsed(
        "From: =?utf-8?q?J=C3=B6rn_Ahlers?= <joern@Post.Example>\nTo: info@kesselhaus.example\nReply-To: x@y.example\nSubject: =?iso-8859-1?q?Gr=FC=DFe?=\n"
        "Date: Mon, 02 Mar 2026 09:30:00 +0100\nMessage-ID: <1@post.example>\nReferences: <a@b> <c@d>\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe\n"
    )
    assert (message.sender.name, message.sender.email) == ("Jörn Ahlers", "joern@post.example")
    assert (message.subject, message.text, message.message_id) == ("Grüße", "Grüße", "<1@post.example>")
    assert message.date == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert message.references == ("<a@b>", "<c@d>")
    assert [address.email for address in (*message.to, *message.reply_to)] == ["info@kesselhaus.example", "x@y.example"]
    assert message.defects == ()


def test_received_at_is_kept_in_utc_and_must_be_aware() -> None:
    local = datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    assert parse_message(b"", local).received_at == NOW
    with pytest.raises(ValueError, match="time zone"):
        parse_message(b"", datetime(2026, 3, 2))  # noqa: DTZ001 - that is the point


@given(st.binary(max_size=600))
@settings(max_examples=300, deadline=None)
def test_any_bytes_become_a_message(raw: bytes) -> None:
    message = parse_message(raw, NOW)
    assert message.raw == raw
    assert isinstance(message.text, str)


_LINES = st.sampled_from(
    [
        b"From: a@b.example",
        b"From: =?x-odd?b?////?=",
        b'From: <<>>,"',
        b"Subject: =?utf-8?b?w6",
        b"Content-Type: multipart/mixed; boundary=b",
        b"Content-Type: text/html; charset=zzz",
        b'Content-Type: multipart/alternative; boundary=""',
        b"Content-Type: message/rfc822",
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: x-uuencode",
        b"Content-Disposition: attachment; filename*=utf-8''%ff%E4",
        b"Date: Mon, 99 Foo 99999 99:99:99 +9999",
        b"To: undisclosed-recipients:;",
        b"--b",
        b"--b--",
        b"",
        b"<p>x<!--",
        b"\xff\xfe\x00",
        b"Content-Type: text/plain; charset=idna",
        b"Content-Type: text/plain; charset=base64",
        b"> quoted",
        b"Am 1. schrieb x:",
        b"Content-Type: ; ;=",
        b"Content-Type: multipart/digest; boundary=b",
    ]
)


@given(st.lists(_LINES, max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_mixture_of_mail_lines_becomes_a_message(lines: list[bytes]) -> None:
    assert parse_message(b"\r\n".join(lines), NOW).received_at == NOW


@given(st.text(max_size=500))
@settings(max_examples=150, deadline=None)
def test_splitting_quotes_loses_no_words(text: str) -> None:
    own, quoted = split_quoted(text)
    assert sorted((own + quoted).replace(">", "").split()) == sorted(text.replace(">", "").split())


@given(st.text(alphabet="<>/!-ab p='\"&;\n", max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_html_becomes_text(html: str) -> None:
    assert isinstance(html_to_text(html), str)


def test_html_keeps_lines_and_drops_what_is_not_text() -> None:
    html = (
        "<html><head><title>T</title><style>p{color:red}</style></head><body><p>Guten Tag,</p><script>alert(1)</script>"
        "<p>welche Daten<br>haben&nbsp;Sie?</p><!-- nein --><ul><li>eins</li><li>zwei</li></ul><blockquote>alt</blockquote></body></html>"
    )
    text = html_to_text(html)
    assert [line for line in text.split("\n") if line] == [
        "Guten Tag,",
        "welche Daten",
        "haben Sie?",
        "- eins",
        "- zwei",
        "> alt",
    ]


@pytest.mark.parametrize("unit", ["<", "<a ", "<!--", "<script>", "</style ", "&#", "<a b='", "<![", "<?", "<p>"])
def test_hostile_html_costs_bounded_time(unit: str) -> None:
    begin = time.process_time()
    html_to_text(unit * (400_000 // len(unit)))
    assert time.process_time() - begin < 3


def test_plain_text_wins_unless_it_only_points_to_the_html() -> None:
    def alternative(plain: str) -> str:
        return parsed(
            "From: a@b.example\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
            + plain
            + "\n--b\nContent-Type: text/html\n\n<p>"
            + "Der Brief steht hier. " * 20
            + "</p>\n--b--\n"
        ).text

    assert alternative("Ein Brief. " * 30).startswith("Ein Brief.")
    assert alternative("Ihr Programm zeigt kein HTML.").startswith("Der Brief steht hier.")


def test_two_from_headers_and_two_addresses_are_beyond_vouching() -> None:
    for head in (
        "From: a@b.example\nFrom: c@d.example\n",
        "From: a@b.example, c@d.example\n",
        "From: a@b.example\nSender: x@y.example\nSender: z@y.example\n",
    ):
        message = parsed(head + "\nText", PASSED)
        assert "many_from" in message.defects
        assert message.auth == AuthResults()
        assert not message.vouched


def test_a_comma_in_an_encoded_name_is_no_second_address() -> None:
    message = parsed("From: =?utf-8?q?Ahlers=2C_J=C3=B6rn?= <joern@post.example>\n\nText", PASSED)
    assert (message.sender.name, message.sender.email) == ("Ahlers, Jörn", "joern@post.example")
    assert message.vouched


def test_a_display_name_posing_as_an_address_is_noted() -> None:
    message = parsed('From: "chef@bank.example" <dieb@boese.example>\n\nText')
    assert message.sender.email == "dieb@boese.example"
    assert "name_is_address" in message.defects


def test_wrong_charsets_are_read_anyway() -> None:
    head = b"From: a@b.example\r\nContent-Type: text/plain; charset="
    assert parsed(head + b"us-ascii\r\n\r\n" + "Löschung".encode()).text == "Löschung"
    assert parsed(head + b"utf-8\r\n\r\n" + "Löschung".encode("cp1252")).text == "Löschung"
    assert parsed(head + b"no-such\r\n\r\n" + "Löschung".encode("cp1252")).text == "Löschung"


def test_flowed_lines_are_joined() -> None:
    text = parsed(
        "From: a@b.example\nContent-Type: text/plain; format=flowed\n\nwelche Daten \nhaben Sie?\n\n-- \nAda\n"
    ).text
    assert text.startswith("welche Daten haben Sie?")
    assert "\n-- \nAda" in text


def test_attachments_and_their_names() -> None:
    message = parsed(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nAnbei.\n--b\nContent-Type: application/pdf\n"
        "Content-Disposition: attachment; filename*=utf-8''Brief%20%C3%A4.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0=\n"
        "--b\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\neJ8+IgE=\n--b--\n"
    )
    assert [(part.name, part.media_type, part.content[:4]) for part in message.attachments] == [
        ("Brief ä.pdf", "application/pdf", b"%PDF"),
        ("winmail.dat", "application/ms-tnef", b'x\x9f>"'),
    ]
    assert message.text == "Anbei."


def test_a_mail_forwarded_as_attachment_is_quoted_text() -> None:
    message = parsed(
        "From: a@b.example\nSubject: WG\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nZur Info.\n--b\nContent-Type: message/rfc822\n\n"
        "From: Kunde <k@c.example>\nSubject: Auskunft\n\nWelche Daten haben Sie?\n--b--\n"
    )
    assert message.text == "Zur Info."
    assert "Welche Daten haben Sie?" in message.quoted
    assert "Kunde <k@c.example>" in message.quoted


@pytest.mark.parametrize(
    "mark",
    [
        "Am 1. März 2026 um 10:00 schrieb Ada <a@b.example>:\n> alt",
        "On Mon, 2 Mar 2026, Ada wrote:\n> alt",
        "-----Ursprüngliche Nachricht-----\nalt",
        "-----Original Message-----\nalt",
        "---------- Forwarded message ---------\nalt",
        "> alt",
        "Von: Ada <a@b.example>\nGesendet: Montag, 2. März 2026 10:00\nAn: info@kesselhaus.example\nBetreff: alt\n\nalt",
    ],
)
def test_quoted_text_is_split_off(mark: str) -> None:
    own, quoted = split_quoted("Neu.\n\n" + mark)
    assert own == "Neu."
    assert quoted.endswith("alt")


def test_an_answer_below_the_quotation_is_the_senders_own() -> None:
    assert split_quoted("> Frage?\n\nAntwort.") == ("Antwort.", "Frage?")


def test_the_fields_of_a_web_form_are_not_a_quotation() -> None:
    form = "Von: Ada Ost\nE-Mail: ada@post.example\nBetreff: Daten\nNachricht: Hallo"
    assert split_quoted(form) == (form, "")


def test_deep_and_broad_mails_are_cut() -> None:
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(MAX_DEPTH + 5)) + "\nText"
    assert "too_deep" in parsed("From: a@b.example\n" + deep).defects
    broad = "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n" * 400
    assert "too_many_parts" in parsed("From: a@b.example\n" + broad).defects


def test_thousands_of_levels_do_not_break_the_parser() -> None:
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3_000))
    assert parsed("From: a@b.example\n" + deep).sender.email in ("a@b.example", "")


def test_text_is_cut_not_the_mail() -> None:
    message = parsed("From: a@b.example\n\n" + "wort " * 300_000)
    assert len(message.text) <= 200_000
    assert "text_cut" in message.defects


@pytest.mark.parametrize(
    "written",
    [
        '"<lena@mail.example>"@evil.example',
        '"lena@mail.example"@evil.example',
        '"mailto:lena@mail.example?x"@evil.example',
        "lena@mail.example@evil.example",
        'Lena <lena@mail.example>"@evil.example',
    ],
)
def test_nothing_vouches_for_an_address_inside_another_one(written: str) -> None:
    passed = replace(PASSED, dmarc_domain="mail.example")
    message = parsed(f"From: {written}\nSubject: x\n\nHallo\n", passed)
    assert "many_from" in message.defects
    assert not message.vouched


@pytest.mark.parametrize(("domain", "vouched"), [("post.example", True), ("", False), ("evil.example", False)])
def test_a_verdict_about_another_domain_or_none_vouches_for_nobody(domain: str, vouched: bool) -> None:
    passed = replace(PASSED, dmarc_domain=domain)
    assert parsed("From: a@post.example\n\nText", passed).vouched is vouched
