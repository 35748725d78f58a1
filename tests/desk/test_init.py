import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked, NoKeyringError

from desk.init import InitRefused, init
from infra.keystore import KeyStore
from infra.master import load_master
from infra.ropa import load_register
from infra.secrets_ref import resolve
from infra.settings import load_settings, unfilled

MASTER = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="


class FakeKeyring:
    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service_name: str, username: str) -> str | None:
        return self.entries.get((service_name, username))

    def set_password(self, service_name: str, username: str, password: str) -> None:
        self.entries[service_name, username] = password


class NoKeyring:
    """What the keyring package is where there is no desktop."""

    def get_password(self, service_name: str, username: str) -> str | None:
        raise NoKeyringError

    def set_password(self, service_name: str, username: str, password: str) -> None:
        raise NoKeyringError


class FullKeyring(FakeKeyring):
    """Takes the master key and nothing more."""

    def set_password(self, service_name: str, username: str, password: str) -> None:
        if self.entries:
            raise KeyringLocked
        super().set_password(service_name, username, password)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": str(tmp_path / "config")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Firma Öl"


def modes(folder: Path) -> Iterator[tuple[Path, int]]:
    yield folder, stat.S_IMODE(folder.stat().st_mode)
    for path in folder.rglob("*"):
        yield path, stat.S_IMODE(path.stat().st_mode)


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_init_writes_can_be_loaded(folder: Path, environ: dict[str, str]) -> None:
    init(folder, None, None, environ)
    settings = load_settings(folder / "auskunft.toml")
    register = load_register(folder / "ropa.toml")
    assert register.missing_sources(settings.sources) == ()
    assert "controller.name" in unfilled(settings)
    assert settings.store.keys == folder / "keys"


def test_without_a_keyring_the_secrets_lie_in_private_files_outside(folder: Path, environ: dict[str, str]) -> None:
    lines = init(folder, None, None, environ)
    settings = load_settings(folder / "auskunft.toml")
    master = load_master(settings.keys.master, {})
    auth = resolve(settings.prefect.auth, {}, None)
    assert settings.keys.master.startswith(f"file:{environ['XDG_CONFIG_HOME']}/auskunft/firma-l-")
    user, _, password = auth.partition(":")
    assert (user, len(password)) == ("auskunft", 43)
    assert password not in "\n".join(lines)
    assert KeyStore(settings.store.keys, master).get_or_create("probe")
    assert all(password.encode() not in content for content in contents(folder).values())


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_folders_are_0700_and_files_0600(folder: Path, environ: dict[str, str], umask: int) -> None:
    before = os.umask(umask)
    try:
        init(folder, None, None, environ)
    finally:
        os.umask(before)
    found = [*modes(folder), *modes(Path(environ["XDG_CONFIG_HOME"]))]
    assert len(found) > 10
    assert [path for path, mode in found if mode != (0o700 if path.is_dir() else 0o600)] == []


def test_with_a_keyring_both_secrets_lie_in_it(folder: Path, environ: dict[str, str]) -> None:
    keyring = FakeKeyring()
    init(folder, None, keyring, environ)
    settings = load_settings(folder / "auskunft.toml")
    assert settings.keys.master.startswith("keyring:auskunft-firma-l-")
    assert load_master(settings.keys.master, {}, keyring)
    assert resolve(settings.prefect.auth, {}, keyring).startswith("auskunft:")
    assert not Path(environ["XDG_CONFIG_HOME"]).exists()


def test_a_keyring_that_does_not_work_gives_way_to_files(folder: Path, environ: dict[str, str]) -> None:
    init(folder, None, NoKeyring(), environ)
    settings = load_settings(folder / "auskunft.toml")
    assert settings.keys.master.startswith("file:")
    assert settings.prefect.auth.startswith("file:")


def test_a_keyring_that_fails_half_way_leaves_no_login_behind(folder: Path, environ: dict[str, str]) -> None:
    keyring = FullKeyring()
    init(folder, None, keyring, environ)
    settings = load_settings(folder / "auskunft.toml")
    assert settings.keys.master.startswith("keyring:")
    assert resolve(settings.prefect.auth, {}, keyring).startswith("auskunft:")


def test_two_installations_share_no_key(tmp_path: Path, environ: dict[str, str]) -> None:
    keyring = FakeKeyring()
    for name in ("a/firma", "b/firma"):
        init(tmp_path / name, None, keyring, environ)
    masters = {value for (_, user), value in keyring.entries.items() if user == "master"}
    assert len(masters) == 2


def test_init_twice_refuses_and_changes_nothing(folder: Path, environ: dict[str, str], tmp_path: Path) -> None:
    init(folder, None, None, environ)
    before = contents(tmp_path)
    with pytest.raises(InitRefused, match=r"auskunft\.toml exists already"):
        init(folder, None, None, environ)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["auskunft.toml", "ropa.toml", "keys", "data"])
def test_whatever_exists_is_left_alone(folder: Path, environ: dict[str, str], name: str) -> None:
    folder.mkdir()
    (folder / name).write_text("mine")
    with pytest.raises(InitRefused, match="exists already and is left alone"):
        init(folder, None, None, environ)
    assert contents(folder) == {folder / name: b"mine"}
    assert not Path(environ["XDG_CONFIG_HOME"]).exists()


def test_a_gitignore_that_is_there_stays_and_is_mentioned(folder: Path, environ: dict[str, str]) -> None:
    folder.mkdir()
    (folder / ".gitignore").write_text("mine")
    assert any(".gitignore; see that it names data/" in line for line in init(folder, None, None, environ))
    assert (folder / ".gitignore").read_text() == "mine"


def test_a_file_where_the_folder_should_be_is_refused(folder: Path, environ: dict[str, str]) -> None:
    folder.write_text("mine")
    with pytest.raises(InitRefused, match="is not a folder"):
        init(folder, None, None, environ)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InitRefused, match="cannot be written"):
        init(tmp_path / "file" / "firma", None, None, environ)


def test_a_master_key_beside_the_data_is_refused(folder: Path, environ: dict[str, str]) -> None:
    with pytest.raises(InitRefused, match="would lie beside the data"):
        init(folder, f"file:{folder}/secrets/master.key", None, environ)
    with pytest.raises(InitRefused, match="would lie beside the data"):
        init(folder, f"file:{folder.parent}/master.key", None, environ)
    with pytest.raises(InitRefused, match="would lie beside the data"):
        init(folder, None, None, {"XDG_CONFIG_HOME": str(folder)})
    assert not folder.exists()


def test_a_master_key_of_ones_own_place_is_made_there(folder: Path, environ: dict[str, str], tmp_path: Path) -> None:
    ref = f"file:{tmp_path}/safe/master.key"
    init(folder, ref, None, environ)
    assert load_settings(folder / "auskunft.toml").keys.master == ref
    assert load_master(ref, {})


def test_a_master_key_that_is_there_already_is_used(folder: Path, environ: dict[str, str]) -> None:
    environ["MASTER"] = MASTER
    lines = init(folder, "env:MASTER", None, environ)
    assert any("lies at env:MASTER already" in line for line in lines)
    KeyStore(folder / "keys", load_master("env:MASTER", environ))
    assert MASTER not in "\n".join(lines)


def test_a_master_key_that_only_the_operator_can_make_is_asked_for(folder: Path, environ: dict[str, str]) -> None:
    lines = init(folder, "env:MASTER", None, environ)
    assert any("still to be made by you" in line and "openssl rand -base64 32" in line for line in lines)
    assert load_settings(folder / "auskunft.toml").keys.master == "env:MASTER"


@pytest.mark.parametrize("ref", ["hunter2", "file:relative", "keyring"])
def test_a_master_key_that_cannot_be_is_refused_before_anything_is_begun(
    folder: Path, environ: dict[str, str], ref: str
) -> None:
    with pytest.raises(InitRefused) as refused:
        init(folder, ref, NoKeyring(), environ)
    assert "hunter2" not in str(refused.value)
    assert contents(folder) == {}
    init(folder, None, None, environ)


def test_a_bad_key_in_the_environment_is_refused_without_showing_it(folder: Path, environ: dict[str, str]) -> None:
    environ["MASTER"] = "hunter2"
    with pytest.raises(InitRefused, match="not base64") as refused:
        init(folder, "env:MASTER", None, environ)
    assert "hunter2" not in str(refused.value)


def test_the_home_of_the_account_is_the_default(folder: Path, tmp_path: Path) -> None:
    init(folder, None, None, {"HOME": str(tmp_path / "home"), "XDG_CONFIG_HOME": "relative"})
    assert list((tmp_path / "home" / ".config" / "auskunft").iterdir())
