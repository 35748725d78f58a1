import base64
import os
import stat
from pathlib import Path

import pytest
from keyring.errors import NoKeyringError

from infra.master import (
    MasterKey,
    MasterKeyExists,
    MasterKeyMissing,
    MasterKeyNotCreatable,
    MasterKeyUnsafe,
    create_master,
    lies_beside,
    load_master,
)

SECRET = bytes(range(32))
TEXT = base64.b64encode(SECRET).decode()


class FakeKeyring:
    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service_name: str, username: str) -> str | None:
        return self.held.get((service_name, username))

    def set_password(self, service_name: str, username: str, password: str) -> None:
        self.held[service_name, username] = password


class NoKeyring(FakeKeyring):
    def get_password(self, service_name: str, username: str) -> str | None:
        raise NoKeyringError


class ForgetfulKeyring(FakeKeyring):
    def set_password(self, service_name: str, username: str, password: str) -> None:
        """Keeps nothing, as the null backend does."""


def key_file(path: Path, mode: int = 0o600, text: str = TEXT) -> str:
    path.write_text(text)
    path.chmod(mode)
    return f"file:{path}"


def test_the_key_is_not_shown() -> None:
    assert repr(SECRET)[2:-1] not in repr(MasterKey(SECRET))
    assert "secret" not in repr(MasterKey(SECRET))


def test_a_key_has_32_bytes() -> None:
    with pytest.raises(MasterKeyUnsafe, match="32 bytes"):
        MasterKey(b"short")


@pytest.mark.parametrize("ref", ["", "vault", "file:relative", "env:", "env:A B", "credential:../x", "credential:"])
def test_places_that_are_none(ref: str) -> None:
    with pytest.raises(MasterKeyMissing, match="keyring:SERVICE"):
        load_master(ref, {})


def test_environment() -> None:
    assert load_master("env:MASTER", {"MASTER": TEXT}).secret == SECRET
    with pytest.raises(MasterKeyMissing, match="not set"):
        load_master("env:MASTER", {})
    with pytest.raises(MasterKeyUnsafe, match="base64"):
        load_master("env:MASTER", {"MASTER": "no key!"})
    with pytest.raises(MasterKeyUnsafe, match="32 bytes"):
        load_master("env:MASTER", {"MASTER": "YWJj"})


def test_a_wrong_key_is_not_repeated_in_the_error() -> None:
    with pytest.raises(MasterKeyUnsafe) as caught:
        load_master("env:MASTER", {"MASTER": "geheimnis!"})
    assert "geheimnis" not in str(caught.value)


def test_an_environment_cannot_be_created_for_others() -> None:
    with pytest.raises(MasterKeyNotCreatable, match="openssl rand"):
        create_master("env:MASTER", {})
    with pytest.raises(MasterKeyExists):
        create_master("env:MASTER", {"MASTER": TEXT})


def test_file(tmp_path: Path) -> None:
    assert load_master(key_file(tmp_path / "key", text=TEXT + "\n"), {}).secret == SECRET
    with pytest.raises(MasterKeyMissing, match="auskunft init"):
        load_master(f"file:{tmp_path / 'none'}", {})


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(MasterKeyUnsafe, match="chmod 600"):
        load_master(key_file(tmp_path / "key", mode), {})


def test_a_file_of_another_account_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = key_file(tmp_path / "key")
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    with pytest.raises(MasterKeyUnsafe, match="another account"):
        load_master(ref, {})


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MasterKeyUnsafe, match="regular file"):
        load_master(f"file:{tmp_path}", {})
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(MasterKeyUnsafe, match="regular file"):
        load_master(f"file:{tmp_path / 'pipe'}", {})


def test_a_created_file_is_private_and_never_overwritten(tmp_path: Path) -> None:
    ref = f"file:{tmp_path / 'key'}"
    made = create_master(ref, {})
    assert load_master(ref, {}) == made
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    with pytest.raises(MasterKeyExists):
        create_master(ref, {})
    assert load_master(ref, {}) == made


def test_created_keys_differ(tmp_path: Path) -> None:
    assert create_master(f"file:{tmp_path / 'a'}", {}) != create_master(f"file:{tmp_path / 'b'}", {})


def test_a_file_without_a_folder_cannot_be_created(tmp_path: Path) -> None:
    with pytest.raises(MasterKeyNotCreatable, match="folder"):
        create_master(f"file:{tmp_path / 'no' / 'key'}", {})


def test_credential(tmp_path: Path) -> None:
    key_file(tmp_path / "master", 0o440)  # systemd's own files: owned by root, readable to the service by group or ACL
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert load_master("credential:master", environ).secret == SECRET
    with pytest.raises(MasterKeyMissing, match="LoadCredential"):
        load_master("credential:master", {})
    with pytest.raises(MasterKeyMissing):
        load_master("credential:other", environ)
    key_file(tmp_path / "open", 0o444)
    with pytest.raises(MasterKeyUnsafe):
        load_master("credential:open", environ)
    with pytest.raises(MasterKeyNotCreatable, match="systemd-creds"):
        create_master("credential:master", environ)


def test_keyring() -> None:
    ring = FakeKeyring()
    with pytest.raises(MasterKeyMissing, match="auskunft init"):
        load_master("keyring", {}, ring)
    made = create_master("keyring", {}, ring)
    assert load_master("keyring:auskunft", {}, ring) == made
    with pytest.raises(MasterKeyExists):
        create_master("keyring", {}, ring)
    assert create_master("keyring:other", {}, ring) != made


def test_a_keyring_that_does_not_answer_or_keep() -> None:
    with pytest.raises(MasterKeyMissing, match="unlock"):
        load_master("keyring", {}, NoKeyring())
    with pytest.raises(MasterKeyNotCreatable, match="give back"):
        create_master("keyring", {}, ForgetfulKeyring())


def test_lies_beside(tmp_path: Path) -> None:
    data = tmp_path / "srv" / "data"
    keys = tmp_path / "keys"
    data.mkdir(parents=True)
    keys.mkdir()
    assert lies_beside(f"file:{data}/key", data)
    assert lies_beside(f"file:{data}/deep/er/key", data)
    assert lies_beside(f"file:{data.parent}/key", data)
    assert not lies_beside(f"file:{keys}/key", data)
    assert not lies_beside("keyring", data)
    assert not lies_beside("env:MASTER", data)


def test_lies_beside_sees_through_links(tmp_path: Path) -> None:
    data, outside = tmp_path / "data", tmp_path / "out" / "side"
    data.mkdir()
    outside.mkdir(parents=True)
    (outside / "inward").symlink_to(data)
    assert lies_beside(f"file:{outside}/inward/key", data)
    (data / "key").write_text(TEXT)
    (outside / "key").symlink_to(data / "key")
    assert lies_beside(f"file:{outside}/key", data)
