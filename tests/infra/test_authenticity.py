# ruff: noqa: E501 - header lines as they stand in mails
"""Authenticity: only what the trusted server wrote above the handover counts, and only signatures that cover enough."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

import dkim
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.message import AuthResults, aligned
from infra import authenticity
from infra.authenticity import authentication_results, verify_dkim

TRUSTED = ("mx.kesselhaus.example",)
HANDOVER = "Received: from mail.post.example (mail.post.example [192.0.2.7]) by mx.kesselhaus.example with ESMTPS; Mon, 2 Mar 2026 09:00:00 +0100\n"
INTERNAL = "Received: from mx.kesselhaus.example by imap.kesselhaus.example with LMTP; Mon, 2 Mar 2026 09:00:01 +0100\n"
PASS = "Authentication-Results: mx.kesselhaus.example; dmarc=pass (p=reject) header.from=post.example;\n dkim=pass header.d=post.example header.s=s1; spf=pass smtp.mailfrom=post.example\n"
BODY = "From: Ada Ost <ada@post.example>\nSubject: x\n\nText\n"


def results(text: str) -> AuthResults:
    return authentication_results(text.replace("\n", "\r\n").encode(), TRUSTED)


def test_what_the_trusted_server_wrote_on_top_is_believed() -> None:
    found = results(INTERNAL + PASS + HANDOVER + BODY)
    assert (found.dmarc, found.dkim, found.spf) == ("pass", "pass", "pass")
    assert found.dkim_domains == ("post.example",)
    assert found.authserv_id == "mx.kesselhaus.example"
    assert found.vouches_for("ada@post.example")
    assert not found.vouches_for("ada@other.example")


@pytest.mark.parametrize("helo", ["localhost", "[127.0.0.1]", "mx.kesselhaus.example", "www.kesselhaus.example", "_x"])
def test_the_name_by_which_a_client_calls_itself_makes_it_no_part_of_our_side(helo: str) -> None:
    handover = (
        f"Received: from {helo} (unknown [192.0.2.66]) by mx.kesselhaus.example with ESMTP; Mon, 2 Mar 2026 09:00\n"
    )
    assert results(handover + PASS + BODY) == AuthResults()


def test_a_hop_from_the_server_itself_hides_nothing() -> None:
    local = (
        "Received: from x (localhost [127.0.0.1]) by mx.kesselhaus.example with ESMTP; Mon, 2 Mar 2026 09:00:02 +0100\n"
    )
    assert results(local + PASS + HANDOVER + BODY).dmarc == "pass"


def test_a_header_that_came_with_the_mail_is_not_believed() -> None:
    assert results(INTERNAL + HANDOVER + PASS + BODY) == AuthResults()


def test_only_the_topmost_block_counts() -> None:
    failed = "Authentication-Results: mx.kesselhaus.example; dmarc=fail header.from=post.example\n"
    found = results(failed + HANDOVER + PASS + BODY)
    assert found.dmarc == "fail"
    assert not found.vouches_for("ada@post.example")


def test_headers_of_other_servers_say_nothing() -> None:
    assert results(PASS.replace("mx.kesselhaus", "mx.elsewhere") + HANDOVER + BODY) == AuthResults()
    assert authentication_results((PASS + BODY).encode(), ()) == AuthResults()


def test_a_handover_by_a_stranger_ends_the_search() -> None:
    foreign = "Received: from a.example by relay.elsewhere.example; Mon, 2 Mar 2026 09:00:00 +0100\n"
    assert results(foreign + PASS + BODY) == AuthResults()


def test_contradicting_results_are_a_failure() -> None:
    assert (
        results(PASS.replace("dmarc=pass", "dmarc=fail header.from=post.example; dmarc=pass") + HANDOVER + BODY).dmarc
        == "fail"
    )


def test_results_hidden_in_comments_and_quotes_do_not_count() -> None:
    tricky = 'Authentication-Results: mx.kesselhaus.example; spf=fail (x; dmarc=pass header.from=post.example (y)) reason="; dmarc=pass header.from=post.example"\n'
    found = results(tricky + HANDOVER + BODY)
    assert (found.spf, found.dmarc) == ("fail", "none")


def test_spf_alone_vouches_for_nobody() -> None:
    assert not AuthResults(spf="pass", authserv_id="mx.kesselhaus.example").vouches_for("ada@post.example")


@pytest.mark.parametrize(
    ("signer", "sender", "expected"),
    [
        ("post.example", "post.example", True),
        ("post.example", "mail.post.example", True),
        ("POST.example.", "post.example", True),
        ("mail.post.example", "post.example", False),
        ("co.uk", "bank.co.uk", False),
        ("example", "post.example", False),
        ("st.example", "post.example", False),
        ("", "post.example", False),
        ("evil.example", "post.example", False),
    ],
)
def test_alignment(signer: str, sender: str, expected: bool) -> None:
    assert aligned(signer, sender) is expected


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_judged_without_an_error(raw: bytes) -> None:
    assert authentication_results(b"Authentication-Results: mx.other.example; " + raw, TRUSTED) == AuthResults()
    assert verify_dkim(b"DKIM-Signature: " + raw + b"\r\nFrom: a@b.example\r\n\r\nx", lambda _: None)[0] in (
        "fail",
        "none",
    )


@cache
def key(bits: int) -> tuple[bytes, bytes]:
    """(private key in PEM, TXT record with the public key)."""
    private = rsa.generate_private_key(65537, bits)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


MAIL = b"From: Ada Ost <ada@post.example>\r\nTo: info@kesselhaus.example\r\nSubject: Auskunft\r\n\r\nWelche Daten?\r\n"


def signed(raw: bytes = MAIL, bits: int = 2048, length: bool = False) -> bytes:
    header: bytes = dkim.sign(
        raw, b"s1", b"post.example", key(bits)[0], include_headers=[b"from", b"subject", b"to"], length=length
    )
    return header + raw


def resolver(record: bytes) -> dict[str, bytes]:
    return {"s1._domainkey.post.example": record}


def test_a_good_signature_passes_and_names_its_domain() -> None:
    assert verify_dkim(signed(), resolver(key(2048)[1]).get) == ("pass", ("post.example",))


def test_a_mail_without_signature() -> None:
    assert verify_dkim(MAIL, resolver(key(2048)[1]).get) == ("none", ())


def test_a_changed_body_fails() -> None:
    assert verify_dkim(signed().replace(b"Welche", b"Andere"), resolver(key(2048)[1]).get) == ("fail", ())


def test_a_signature_over_part_of_the_body_does_not_count() -> None:
    assert verify_dkim(signed(length=True), resolver(key(2048)[1]).get) == ("fail", ())


def test_a_key_in_testing_or_missing_does_not_count() -> None:
    assert verify_dkim(signed(), resolver(key(2048)[1] + b"; t=y:s").get) == ("fail", ())
    assert verify_dkim(signed(), lambda _: None) == ("fail", ())


def test_a_second_from_header_spoils_every_signature() -> None:
    assert verify_dkim(b"From: chef@bank.example\r\n" + signed(), resolver(key(2048)[1]).get) == ("fail", ())


def signed_by_hand(covered: dict[bytes, bytes]) -> bytes:
    """A relaxed/relaxed rsa-sha256 signature over just these headers: dkimpy itself refuses to leave out From."""
    body_hash = base64.b64encode(hashlib.sha256(b"Welche Daten?\r\n").digest())
    value = (
        b"v=1; a=rsa-sha256; c=relaxed/relaxed; d=post.example; s=s1; h="
        + b":".join(covered)
        + b"; bh="
        + body_hash
        + b"; b="
    )
    text = b"".join(name + b":" + content + b"\r\n" for name, content in covered.items()) + b"dkim-signature:" + value
    private = serialization.load_pem_private_key(key(2048)[0], None)
    assert isinstance(private, rsa.RSAPrivateKey)
    signature = private.sign(text, padding.PKCS1v15(), hashes.SHA256())
    return b"DKIM-Signature: " + value + base64.b64encode(signature) + b"\r\n" + MAIL


def test_a_signature_that_leaves_out_from_does_not_count() -> None:
    subject = {b"subject": b"Auskunft"}
    find = resolver(key(2048)[1]).get
    assert verify_dkim(signed_by_hand({b"from": b"Ada Ost <ada@post.example>", **subject}), find) == (
        "pass",
        ("post.example",),
    )
    assert verify_dkim(signed_by_hand(subject), find) == ("fail", ())


def test_a_key_below_the_smallest_length_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    assert authenticity.MIN_RSA_BITS == 1024
    monkeypatch.setattr(authenticity, "MIN_RSA_BITS", 4096)  # no library here still makes keys below 1024 bits
    assert verify_dkim(signed(), resolver(key(2048)[1]).get) == ("fail", ())


def test_an_unreachable_dns_is_not_a_forged_mail() -> None:
    def down(_: str) -> bytes | None:
        raise TimeoutError("dns")

    with pytest.raises(TimeoutError):
        verify_dkim(signed(), down)


def test_our_own_check_vouches_in_alignment_only() -> None:
    state, domains = verify_dkim(signed(), resolver(key(2048)[1]).get)
    found = AuthResults(own_dkim=state, own_dkim_domains=domains)
    assert found.vouches_for("ada@post.example")
    assert not found.vouches_for("ada@bank.example")
