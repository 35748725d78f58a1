from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.errors import KeyringLocked

from infra.secrets_ref import ALLOWED, SecretError, SecretRef, parse, resolve


class FakeKeyring:
    def __init__(self, entries: dict[tuple[str, str], str]) -> None:
        self._entries = entries

    def get_password(self, service_name: str, username: str) -> str | None:
        return self._entries.get((service_name, username))


class LockedKeyring:
    def get_password(self, service_name: str, username: str) -> str | None:
        raise KeyringLocked("locked")


def private(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


def code_of(ref: str, environ: dict[str, str] | None = None, keyring: FakeKeyring | LockedKeyring | None = None) -> str:
    with pytest.raises(SecretError) as refused:
        resolve(ref, environ or {}, keyring)
    return refused.value.code


def test_the_environment_gives_a_secret_as_it_is() -> None:
    assert resolve("env:MAIL_PW", {"MAIL_PW": " pass word "}, None) == " pass word "


def test_a_file_gives_its_content_without_the_last_line_break(tmp_path: Path) -> None:
    path = private(tmp_path / "pw", b"geheim\r\n")
    assert resolve(f"file:{path}", {}, None) == "geheim"


def test_a_keyring_gives_the_entry_of_service_and_user() -> None:
    assert resolve("keyring:mail/anna/imap", {}, FakeKeyring({("mail", "anna/imap"): "geheim"})) == "geheim"


def test_a_credential_lies_in_the_folder_of_systemd(tmp_path: Path) -> None:
    private(tmp_path / "mail", b"geheim", 0o440)
    assert resolve("credential:mail", {"CREDENTIALS_DIRECTORY": str(tmp_path)}, None) == "geheim"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644])
def test_a_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = private(tmp_path / "pw", b"geheim", mode)
    with pytest.raises(SecretError, match="chmod 600") as refused:
        resolve(f"file:{path}", {}, None)
    assert refused.value.code == "unsafe"
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("mode", [0o444, 0o420])
def test_a_credential_open_to_the_world_or_writable_is_refused(tmp_path: Path, mode: int) -> None:
    private(tmp_path / "mail", b"geheim", mode)
    assert code_of("credential:mail", {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == "unsafe"


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    assert code_of("env:NONE") == "missing"
    assert code_of(f"file:{tmp_path}/none") == "missing"
    assert code_of("credential:none") == "missing"
    assert code_of("keyring:a/b", keyring=FakeKeyring({})) == "missing"


def test_a_keyring_that_is_not_there_or_locked_is_said() -> None:
    assert code_of("keyring:a/b") == "keyring"
    assert code_of("keyring:a/b", keyring=LockedKeyring()) == "keyring"


def test_an_empty_secret_is_none(tmp_path: Path) -> None:
    assert code_of("env:EMPTY", {"EMPTY": ""}) == "empty"
    assert code_of(f"file:{private(tmp_path / 'pw', bytes([10]))}") == "empty"


def test_what_is_no_text_or_no_file_or_too_large_is_refused(tmp_path: Path) -> None:
    assert code_of(f"file:{private(tmp_path / 'binary', bytes([255, 254]))}") == "unreadable"
    assert code_of(f"file:{private(tmp_path / 'nul', b'a' + bytes(1))}") == "unreadable"
    assert code_of(f"file:{private(tmp_path / 'large', b'a' * 70_000)}") == "unreadable"
    assert code_of(f"file:{tmp_path}") == "unsafe"


@pytest.mark.parametrize(
    "ref",
    [
        "hunter2",
        "",
        "env:",
        "env:a b",
        "file:relative/hunter2",
        "keyring:hunter2",
        "credential:../hunter2",
        "credential:..",
        "vault:hunter2",
        "ENV:HUNTER2",
        "file:/a\x00b",
    ],
)
def test_a_plain_value_is_refused_and_never_repeated(ref: str) -> None:
    with pytest.raises(SecretError) as refused:
        resolve(ref, {}, None)
    assert refused.value.code == "not_a_reference"
    assert "hunter2" not in str(refused.value).lower()
    assert ALLOWED in str(refused.value)
    assert refused.value.__context__ is None


@given(st.from_regex(r"(env|file|keyring|credential):?[a-z/.\x00-]{0,8}", fullmatch=True) | st.text(max_size=40))
def test_anything_is_a_reference_that_reads_back_or_is_refused(text: str) -> None:
    try:
        parsed = parse(text)
    except SecretError as error:
        code = error.code
    else:
        code = "not_a_reference" if str(parsed) != text else ""
    assert code in ("", "not_a_reference")
    assert code or text.partition(":")[0] in ("env", "file", "keyring", "credential")


def test_a_reference_names_scheme_and_place() -> None:
    assert parse("keyring:mail/anna") == SecretRef("keyring", "mail/anna")
