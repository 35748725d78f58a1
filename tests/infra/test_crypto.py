import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.crypto import Tampered, derive_key, new_key, open_bytes, seal_bytes

KEY = bytes(range(32))


@given(st.binary(max_size=2000), st.binary(max_size=50))
def test_what_was_sealed_opens_at_its_place(clear: bytes, aad: bytes) -> None:
    assert open_bytes(KEY, aad, seal_bytes(KEY, aad, clear)) == clear


@given(st.binary(max_size=64), st.data())
def test_any_changed_bit_is_noticed(clear: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal_bytes(KEY, b"place", clear))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Tampered):
        open_bytes(KEY, b"place", bytes(sealed))


@given(st.binary(max_size=64), st.integers(1, 60))
def test_a_cut_off_value_is_noticed(clear: bytes, cut: int) -> None:
    sealed = seal_bytes(KEY, b"place", clear)
    with pytest.raises(Tampered):
        open_bytes(KEY, b"place", sealed[:-cut])


def test_another_place_or_key_does_not_open() -> None:
    sealed = seal_bytes(KEY, b"case 1", b"text")
    with pytest.raises(Tampered):
        open_bytes(KEY, b"case 2", sealed)
    with pytest.raises(Tampered):
        open_bytes(new_key(), b"case 1", sealed)


def test_equal_values_do_not_look_equal() -> None:
    assert seal_bytes(KEY, b"", b"text") != seal_bytes(KEY, b"", b"text")


def test_short_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seal_bytes(b"short", b"", b"text")


def test_errors_do_not_tell_what_was_sealed() -> None:
    with pytest.raises(Tampered) as caught:
        open_bytes(KEY, b"elsewhere", seal_bytes(KEY, b"place", b"Erika Beispiel"))
    assert "Erika" not in str(caught.value)


def test_keys_for_different_purposes_differ() -> None:
    assert derive_key(KEY, b"a") == derive_key(KEY, b"a")
    assert len({derive_key(KEY, b"a"), derive_key(KEY, b"b"), derive_key(KEY, b"a", b"salt")}) == 3


def test_derivation_is_hkdf_sha256_as_rfc_5869_has_it() -> None:
    key = bytes([0x0B] * 22)  # RFC 5869, test case 1; its first 32 of 42 bytes
    derived = derive_key(key, bytes(range(0xF0, 0xFA)), bytes(range(13)))
    assert derived.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
