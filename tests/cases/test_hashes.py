import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.identifiers import Identifier, Kind, digest_spellings, digests_of, normalise


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("kind", "value", "hashed"),
    [
        (Kind.EMAIL, " Lena@Mail.example ", "lena@mail.example"),
        (Kind.EMAIL, "Lena.Krueger+shop@gmail.com", "lena.krueger+shop@gmail.com"),
        (Kind.EMAIL, "Lena.Krueger+shop@gmail.com", "lenakrueger@gmail.com"),
        (Kind.EMAIL, "Lena.Krueger+shop@gmail.com", "lenakrueger@googlemail.com"),
        (Kind.EMAIL, "lena@müller.example", "lena@müller.example"),
        (Kind.EMAIL, "lena@müller.example", "lena@xn--mller-kva.example"),
        (Kind.PHONE, "0171/39200 01", "491713920001"),
        (Kind.PHONE, "0171/39200 01", "+491713920001"),
    ],
)
def test_every_form_that_a_platform_hashes_is_known(kind: Kind, value: str, hashed: str) -> None:
    assert sha256(hashed) in {digest for _, digest in digests_of(Identifier(kind, value))}


def test_dots_count_at_a_provider_that_delivers_by_them() -> None:
    known = {digest for _, digest in digests_of(Identifier(Kind.EMAIL, "lena.k+shop@mail.example"))}
    assert not known & {sha256("lenak@mail.example"), sha256("lena.k@mail.example")}


def test_a_phone_is_never_hashed_as_an_address() -> None:
    kinds = {kind for kind, _ in digests_of(Identifier(Kind.PHONE, "0171 3920001"))}
    assert kinds == {Kind.PHONE_HASH}
    assert digests_of(Identifier(Kind.EMAIL, "nonsense")) == digests_of(Identifier(Kind.NAME, "Lena Krüger")) == ()


@given(st.binary(min_size=32, max_size=32))
def test_every_spelling_of_a_digest_is_the_digest(raw: bytes) -> None:
    digest = raw.hex()
    spelled = {*digest_spellings(digest), digest.upper(), base64.b64encode(raw).decode()}
    assert {normalise(Kind.EMAIL_HASH, one) for one in spelled} == {digest}
    assert base64.urlsafe_b64encode(raw).decode().rstrip("=") in spelled
