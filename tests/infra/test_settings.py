import os
import tomllib
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from infra.scaffold import settings_text
from infra.settings import Settings, SettingsError, load_settings, unfilled
from infra.settings_sections import NO_COPIES, OauthSection

VALID = """
[controller]
name = "Hafenkaffee GmbH"
street = "Am Strande 1"
postcode = "18055"
city = "Rostock"
land = "MV"
email = "info@hafenkaffee.example"
[dpo]
name = "Dana Ohm"
email = "dsb@hafenkaffee.example"
[[people]]
name = "Dana Ohm"
roles = ["reviewer"]
[[people]]
name = "Rolf Reuter"
roles = ["releaser"]
[keys]
master = "env:MASTER"
[mailbox]
host = "imap.hafenkaffee.example"
user = "info"
password = "env:MAIL"
[post]
host = "smtp.hafenkaffee.example"
from_address = "info@hafenkaffee.example"
from_name = "Hafenkaffee"
[prefect]
auth = "env:AUTH"
[retention]
reason = "Nachweis der Auskunft, solange Ansprüche bestehen"
"""
SECRET = "hunter2"


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AUSKUNFT_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "auskunft.toml"
    path.write_text(VALID)
    return path


def with_changed(path: Path, old: str, new: str) -> Path:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    return path


def fault_of(path: Path) -> str:
    """The message of the only fault."""
    with pytest.raises(SettingsError) as refused:
        load_settings(path)
    assert len(refused.value.faults) == 1, str(refused.value)
    return str(refused.value)


def test_a_minimal_file_is_read_with_safe_defaults(file: Path) -> None:
    settings = load_settings(file)
    assert settings.mailbox.security == "tls"
    assert settings.controller.timezone == "Europe/Berlin"
    assert settings.report.at == time(7, 30)
    assert settings.retention.material_days == 30
    assert not settings.release.one_person_may_do_both
    assert settings.people_with("releaser") == ("Rolf Reuter",)
    assert settings.report_recipients == ("dsb@hafenkaffee.example",)
    assert settings.record_source == ""


def test_relative_paths_start_at_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_changed(file, "[post]", 'ca_file = "ca.pem"\n[post]')
    monkeypatch.chdir("/")
    settings, folder = load_settings(file), file.parent
    assert settings.folder == folder
    assert settings.store.vault == folder / "data/vault"
    assert settings.store.keys == folder / "keys"
    assert settings.prefect.home == folder / "data/prefect"
    assert settings.store.database == f"sqlite:///{folder}/data/auskunft.db"
    assert settings.mailbox.ca_file == str(folder / "ca.pem")
    assert settings.post.ca_file == ""
    assert folder / "data" in settings.data_folders


def test_the_controller_becomes_the_letterhead(file: Path) -> None:
    value = load_settings(file).controller_value()
    assert (value.name, value.land, value.dpo_email) == ("Hafenkaffee GmbH", "MV", "dsb@hafenkaffee.example")


def test_settings_are_frozen(file: Path) -> None:
    settings = load_settings(file)
    with pytest.raises(ValidationError):
        settings.mailbox.port = 1
    with pytest.raises(ValidationError):
        settings.clock = settings.clock


def test_the_environment_overrides_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUSKUNFT_MAILBOX__HOST", "other.example")
    monkeypatch.setenv("AUSKUNFT_MAILBOX__JUNK", '["Spam"]')
    monkeypatch.setenv("AUSKUNFT_CLOCK__INTERNAL_TARGET_DAYS", "7")
    monkeypatch.setenv("AUSKUNFT_MASTER_KEY", "a secret handed over, not a setting")
    settings = load_settings(file)
    assert (settings.mailbox.host, settings.mailbox.junk, settings.mailbox.user) == ("other.example", ("Spam",), "info")
    assert settings.clock.internal_target_days == 7


def test_a_fault_of_the_environment_names_its_variable(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUSKUNFT_MAILBOX__PORT", "viele")
    message = fault_of(file)
    assert "AUSKUNFT_MAILBOX__PORT" in message
    assert '"viele"' in message


def test_an_unknown_section_of_the_environment_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUSKUNFT_MAILBX__PASSWORD", SECRET)
    message = fault_of(file)
    assert 'AUSKUNFT_MAILBX__PASSWORD (environment) names no section; did you mean "mailbox"?' in message
    assert SECRET not in message


def test_a_section_of_the_environment_that_is_no_json_is_refused_without_its_value(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUSKUNFT_MAILBOX", SECRET)
    with pytest.raises(SettingsError, match="AUSKUNFT_MAILBOX is not JSON") as refused:
        load_settings(file)
    assert SECRET not in str(refused.value)
    assert refused.value.__context__ is None


BAD = [
    ('land = "MV"', 'land = "XX"', "controller.land", '"XX"', "BB, BE, BW"),
    ('postcode = "18055"', "postcode = 18055", "controller.postcode", "18055", "five digits"),
    ('land = "MV"', 'land = "MV"\nregion = "catholic"', "controller.region", '"catholic"', "allowed with land = MV"),
    ('land = "MV"', 'land = "MV"\nregion = "lutheran"', "controller.region", '"lutheran"', '"augsburg"'),
    ('land = "MV"', 'land = "MV"\ntimezone = "Berlin"', "controller.timezone", '"Berlin"', "Europe/Berlin"),
    ('land = "MV"', 'land = "MV"\ntimezone = "../etc/x"', "controller.timezone", '"../etc/x"', "Europe/Berlin"),
    ('land = "MV"', 'land = "MV"\nlanguage = "fr"', "controller.language", '"fr"', '"de" or "en"'),
    ('user = "info"', 'user = "info"\nport = 99999', "mailbox.port", "99999", "1 to 65535"),
    ('user = "info"', 'user = "info"\nsecurity = "none"', "mailbox.security", '"none"', '"starttls"'),
    ('user = "info"', 'user = "info"\npoll_seconds = 1', "mailbox.poll_seconds", "1", "2 to 3600"),
    ('user = "info"', 'user = "info"\ndone = "INBOX"', "mailbox.done", '"INBOX"', "other than inbox"),
    ('host = "imap.hafenkaffee.example"', 'host = "imap://x"', "mailbox.host", '"imap://x"', "name or address"),
    ('from_name = "Hafenkaffee"', 'from_name = "A\\nBcc: x"', "post.from_name", '"A\\nBcc: x"', "one line"),
    ('from_address = "info@hafenkaffee.example"', 'from_address = "info"', "post.from_address", '"info"', "e-mail"),
    ("[retention]", "[retention]\nrecord_years = 30", "retention.record_years", "30", "1 to 10"),
    ("[retention]", "[clock]\ninternal_target_days = 31\n[retention]", "clock.internal_target_days", "31", "1 to 28"),
    ("[retention]", '[report]\nat = "02:30"\n[retention]', "report.at", '"02:30"', "daylight saving"),
    ("[retention]", '[report]\nat = "7"\n[retention]', "report.at", '"7"', "such as"),
    ('roles = ["releaser"]', 'roles = ["boss"]', "people[2].roles[1]", '"boss"', '"reviewer", "releaser"'),
    (
        "[retention]",
        "[release]\none_person_may_do_both = 7\n[retention]",
        "release.one_person_may_do_both",
        "7",
        "true or",
    ),
    ("[retention]", '[sources.crm]\nkind = "O doo"\n[retention]', "sources.crm.kind", '"O doo"', "name of a connector"),
]


@pytest.mark.parametrize(("old", "new", "key", "value", "allowed"), BAD)
def test_a_bad_setting_gives_one_message_with_key_value_and_what_is_allowed(
    file: Path, old: str, new: str, key: str, value: str, allowed: str
) -> None:
    message = fault_of(with_changed(file, old, new))
    assert message.startswith(f"auskunft.toml: {key} = {value} ")
    assert "allowed" in message
    assert allowed in message


SECRETS = [
    ('password = "env:MAIL"', f'password = "{SECRET}"', "mailbox.password", "keyring:SERVICE/USER"),
    ('password = "env:MAIL"', f'password = ["{SECRET}"]', "mailbox.password", "keyring:SERVICE/USER"),
    ('password = "env:MAIL"', f'password = "file:{SECRET}"', "mailbox.password", "file:/absolute/path"),
    ('master = "env:MASTER"', f'master = "{SECRET}"', "keys.master", "credential:NAME"),
    ('auth = "env:AUTH"', f'auth = "admin:{SECRET}"', "prefect.auth", "env:NAME"),
    ('auth = "env:AUTH"', f'auth = "env:A"\napi_url = "https://u:{SECRET}@x.example/api"', "prefect.api_url", "https"),
    ("[retention]", f'[store]\ndatabase = "postgresql://u:{SECRET}@x/y"\n[retention]', "store.database", "SQLAlchemy"),
    ("[retention]", f'[store]\ndatabase_password = "{SECRET}"\n[retention]', "store.database_password", "env:NAME"),
]


@pytest.mark.parametrize(("old", "new", "key", "allowed"), SECRETS)
def test_a_secret_in_the_file_is_refused_and_never_shown(
    file: Path, old: str, new: str, key: str, allowed: str
) -> None:
    message = fault_of(with_changed(file, old, new))
    assert message.startswith(f"auskunft.toml: {key} ")
    assert allowed in message
    assert SECRET not in message


def test_no_chained_exception_carries_a_value(file: Path) -> None:
    with_changed(file, 'password = "env:MAIL"', f'password = "{SECRET}"')
    with pytest.raises(SettingsError) as refused:
        load_settings(file)
    assert refused.value.__context__ is None
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "[retention]",
            f'[retention]\nrecord_yers = "{SECRET}"',
            'retention.record_yers is not known; did you mean "record_years"?',
        ),
        ("[retention]", f'[mailbx]\npasword = "{SECRET}"\n[retention]', 'mailbx is not known; did you mean "mailbox"?'),
        ("[retention]", f'[post.zzz]\nx = "{SECRET}"\n[retention]', "post.zzz is not known; known here: "),
        ("[controller]", f'_env_file = "{SECRET}"\n[controller]', "_env_file is not known; known here: alarms, "),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_one_and_without_its_value(
    file: Path, old: str, new: str, expected: str
) -> None:
    message = fault_of(with_changed(file, old, new))
    assert expected in message
    assert SECRET not in message


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('land = "MV"\n', "", "controller.land is missing; allowed: one of BB"),
        ('reason = "Nachweis der Auskunft, solange Ansprüche bestehen"\n', "", "retention.reason is missing"),
        ('[prefect]\nauth = "env:AUTH"\n', "", "prefect is missing; allowed: a section [prefect]"),
        (
            "[controller]",
            'clock = "hunter2"\n[controller]',
            "clock = (not shown) is not allowed; allowed: a section [clock]",
        ),
        ('from_name = "Hafenkaffee"', 'from_name = "H"\nuser = "x"', "post.user and post.password do not go together"),
        ("[retention]", "[sources.crm]\nrecord = true\n[retention]", "sources.crm.kind is missing"),
        ("[retention]", '[sources.CRM]\nkind = "odoo"\n[retention]', "sources.CRM is no name for a source"),
        ("[retention]", '[store]\nkeys = "data/keys"\n[retention]', "lies with the data in"),
        ("[retention]", '[store]\nkeys = "data"\n[retention]', "store.keys"),
        ("[retention]", '[store]\ndatabase = "sqlite:///:memory:"\n[retention]', "store.database"),
        ("[retention]", '[store]\ndatabase = "mysql://x/y"\n[retention]', "store.database"),
        (
            'roles = ["releaser"]',
            'roles = ["reviewer"]',
            'people.roles are not complete; allowed: at least one person with "releaser"',
        ),
        (
            'roles = ["releaser"]',
            'roles = ["releaser", "reviewer"]',
            "give one person both roles; allowed: two persons, or",
        ),
        ('auth = "env:AUTH"', 'auth = "env:A"\napi_url = "http://prefect.firma.example/api"', "prefect.api_url"),
    ],
)
def test_what_is_missing_or_does_not_go_together_is_one_message(file: Path, old: str, new: str, expected: str) -> None:
    assert expected in fault_of(with_changed(file, old, new))


def test_that_no_copies_of_sent_mail_are_kept_can_be_said(file: Path) -> None:
    assert load_settings(file).mailbox.sent == ()
    none = load_settings(with_changed(file, "[mailbox]\n", '[mailbox]\nsent = "none"\n'))
    assert none.mailbox.sent == NO_COPIES
    other = with_changed(file, 'sent = "none"', 'sent = "Gesendet"')
    assert "mailbox.sent = (not shown) is not allowed" in fault_of(other)


def test_one_person_is_listed_once(file: Path) -> None:
    with_changed(file, 'name = "Rolf Reuter"', 'name = "Dana Ohm"')
    with_changed(file, "[keys]", "[release]\none_person_may_do_both = true\n[keys]")
    assert 'people.name = "Dana Ohm" is there twice; allowed: each person once' in fault_of(file)


def test_two_systems_of_record_are_one_too_many(file: Path) -> None:
    file.write_text(
        VALID + '[sources.crm]\nkind = "odoo"\nrecord = true\n[sources.shop]\nkind = "sql"\nrecord = true\n'
    )
    assert "sources.shop.record = true is set a second time" in fault_of(file)


def test_a_source_keeps_the_connectors_own_keys(file: Path) -> None:
    file.write_text(
        VALID + '[sources.crm]\nkind = "odoo"\nrecord = true\nurl = "https://x.example"\npassword = "env:A"\n'
    )
    settings = load_settings(file)
    assert settings.record_source == "crm"
    assert settings.sources["crm"].options == {"url": "https://x.example", "password": "env:A"}


def test_a_source_takes_the_connectors_own_keys_from_the_environment(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(VALID + '[sources.crm]\nkind = "odoo"\nurl = "https://x.example"\n')
    monkeypatch.setenv("AUSKUNFT_SOURCES__CRM__URL", "https://y.example")
    monkeypatch.setenv("AUSKUNFT_SOURCES__SHOP__KIND", "sql")
    sources = load_settings(file).sources
    assert {name: source.kind for name, source in sources.items()} == {"crm": "odoo", "shop": "sql"}
    assert sources["crm"].options == {"url": "https://y.example"}


def test_every_fault_is_said_at_once(file: Path) -> None:
    with_changed(file, 'land = "MV"', 'land = "XX"')
    with_changed(file, 'user = "info"', "port = 0")
    with pytest.raises(SettingsError) as refused:
        load_settings(file)
    assert {fault.key for fault in refused.value.faults} == {"controller.land", "mailbox.port", "mailbox.user"}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (f'[mailbox]\npassword = "{SECRET}'.encode(), "is not TOML"),
        (f"a = {SECRET}".encode(), "is not TOML (line 1, column 5)"),
        (b"a = '\xff'", "is not TOML (not UTF-8)"),
        (b"#" * 1024 * 1024 + b"##", "is too large; allowed: at most 1 MiB"),
    ],
)
def test_a_file_that_is_no_toml_is_refused_without_quoting_it(file: Path, content: bytes, expected: str) -> None:
    file.write_bytes(content)
    message = fault_of(file)
    assert expected in message
    assert SECRET not in message


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "auskunft init" in fault_of(tmp_path / "auskunft.toml")


def test_the_database_url_takes_the_password_at_the_last_moment(file: Path) -> None:
    url = "postgresql+psycopg://auskunft@db.example/auskunft"
    with_changed(file, "[retention]", f'[store]\ndatabase = "{url}"\ndatabase_password = "env:DB"\n[retention]')
    settings = load_settings(file)
    assert settings.database_url("p@ss") == "postgresql+psycopg://auskunft:p%40ss@db.example/auskunft"
    assert settings.database_url() == url


def test_prefect_is_our_own_server_unless_another_is_named(file: Path) -> None:
    assert load_settings(file).prefect_api == "http://127.0.0.1:4200/api"
    with_changed(file, 'auth = "env:AUTH"', 'auth = "env:A"\napi_url = "http://prefect:4200/api/"')
    assert load_settings(file).prefect_api == "http://prefect:4200/api"


def test_what_init_leaves_open_is_found(file: Path) -> None:
    with_changed(file, '"18055"', '"00000"')
    with_changed(file, '"Rolf Reuter"', '"AUSFUELLEN"')
    with_changed(file, 'info@hafenkaffee.example"\nfrom_name', 'ausfuellen@firma.example"\nfrom_name')
    assert unfilled(load_settings(file)) == ("controller.postcode", "people[2].name", "post.from_address")


def models(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        yield name, field
        for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from models(part)


def test_every_setting_says_what_is_allowed() -> None:
    listed = list(models(Settings))
    assert len(listed) > 60
    assert [name for name, field in listed if not field.description] == []


def test_the_file_of_init_explains_every_key() -> None:
    tables = tomllib.loads(settings_text("keyring", "env:A"))
    for section, field in Settings.model_fields.items():
        if section in ("people", "sources", "mailboxes", "oauth"):
            continue
        assert isinstance(field.annotation, type)
        assert set(tables[section]) == set(field.annotation.model_fields), section


def test_what_the_file_of_init_shows_as_comments_is_right(tmp_path: Path) -> None:
    lines = settings_text("keyring", "env:A").splitlines()
    starts = [number for number, line in enumerate(lines) if line in ("# [[mailboxes]]", "# [oauth.microsoft]")]
    shown = [line.removeprefix("# ") for start in starts for line in lines[start : lines.index("", start)]]
    path = tmp_path / "auskunft.toml"
    path.write_text(VALID + "\n".join(shown))
    settings = load_settings(path)
    assert [*settings.accounts] == ["main", "info"]
    assert set(tomllib.loads("\n".join(shown))["oauth"]["microsoft"]) == set(OauthSection.model_fields)


TWO = """
[[mailboxes]]
name = "info"
host = "imap.hafenkaffee.example"
user = "info@hafenkaffee.example"
password = "env:INFO"
filing = "keyword"
[oauth.google]
token_url = "https://oauth2.googleapis.com/token"
client_id = "1"
client_secret = "env:OAUTH"
refresh_token = "env:REFRESH"
"""


def test_further_mailboxes_have_a_name_and_settings_of_their_own(file: Path) -> None:
    file.write_text(VALID + TWO + 'ca_file = "google.pem"\n')
    settings = load_settings(file)
    assert [*settings.accounts] == ["main", "info"]
    assert (settings.accounts["info"].filing, settings.accounts["main"].filing) == ("keyword", "move")
    assert settings.accounts["info"].keyword == "Auskunft"
    assert settings.oauth["google"].ca_file == str(file.parent / "google.pem")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('name = "info"', 'name = "main"', "mailboxes.name"),
        ('name = "info"', 'name = "In fo"', "mailboxes[1].name"),
        ('filing = "keyword"', 'filing = "keyword"\nkeyword = "a b"', "mailboxes[1].keyword"),
        ('filing = "keyword"', 'junk = ["INBOX"]', "mailboxes[1].junk"),
        ('filing = "keyword"', 'done = "INBOX"', "mailboxes[1].done"),
        ('password = "env:INFO"', "", "mailboxes[1].password"),
        ('password = "env:INFO"', 'auth = "oauth2"', "mailboxes[1].oauth"),
        ('password = "env:INFO"', 'auth = "oauth2"\noauth = "gogle"', "mailboxes[1].oauth"),
        ('refresh_token = "env:REFRESH"', "", "oauth.google.refresh_token"),
        ('client_id = "1"', 'client_id = "1"\ngrant = "password"', "oauth.google.grant"),
        ('client_secret = "env:OAUTH"', 'client_secret = "hunter2"', "oauth.google.client_secret"),
        ("https://oauth2.", "http://oauth2.", "oauth.google.token_url"),
        ("https://oauth2.", "https://me:hunter2@oauth2.", "oauth.google.token_url"),
        ("[oauth.google]", "[oauth.Goo]", "oauth.Goo"),
    ],
)
def test_what_cannot_be_right_with_several_mailboxes_is_refused(file: Path, old: str, new: str, key: str) -> None:
    file.write_text(VALID + TWO)
    message = fault_of(with_changed(file, old, new))
    assert f"{key} " in message
    assert SECRET not in message


def test_a_token_server_of_this_machine_may_speak_http(file: Path) -> None:
    file.write_text(VALID + TWO.replace("https://oauth2.googleapis.com", "http://127.0.0.1:8080"))
    assert load_settings(file).oauth["google"].token_url.startswith("http://127.0.0.1")
