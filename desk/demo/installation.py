"""An installation for the invented company: settings, register and secrets as files. The demo and the end-to-end tests
run the same one, on servers of their own."""

from __future__ import annotations

import json
import os
import secrets
import socket
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from desk.demo.company import Company
from infra.durable import create_private
from infra.master import create_master
from infra.scaffold import REGISTER_FILE, SETTINGS_FILE, private_folder


@dataclass(frozen=True, slots=True)
class MailPlace:
    """Where the company's mail is. `authserv_ids`: the name its server signs its verdicts with, where it does."""

    imap_port: int
    smtp_port: int
    user: str
    password: str = field(repr=False)
    ca_file: Path
    imap_security: str = "tls"
    authserv_ids: tuple[str, ...] = ()
    junk: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CloudPlace:
    """Where the company's files are."""

    url: str
    user: str
    password: str = field(repr=False)
    ca_file: Path


@dataclass(frozen=True, slots=True)
class Habits:
    """How the installation behaves."""

    poll_seconds: int = 20
    notices_per_hour: int = 3


def write_installation(
    folder: Path,
    operator: Path,
    company: Company,
    mail: MailPlace,
    cloud: CloudPlace,
    habits: Habits = Habits(),
) -> Path:
    """Writes settings and register into `folder` and every secret into `operator`, which stands for the keyring or
    the credentials of the operating system; returns the settings' path."""
    private_folder(folder)
    private_folder(operator)
    master = f"file:{operator / 'master.key'}"
    create_master(master, os.environ)
    values: dict[str, object] = {
        "MASTER": master,
        "AUTH": _secret(operator, "prefect-auth", f"dpo:{secrets.token_urlsafe(24)}"),
        "MAIL_PASSWORD": _secret(operator, "mail", mail.password),
        "CLOUD_PASSWORD": _secret(operator, "cloud", cloud.password),
        "PREFECT_PORT": free_port(),
        "IMAP_PORT": mail.imap_port,
        "IMAP_SECURITY": mail.imap_security,
        "SMTP_PORT": mail.smtp_port,
        "MAIL_USER": mail.user,
        "CA_FILE": str(mail.ca_file),
        "AUTHSERV_IDS": list(mail.authserv_ids),
        "JUNK": list(mail.junk),
        "POLL_SECONDS": habits.poll_seconds,
        "NOTICES_PER_HOUR": habits.notices_per_hour,
        "CRM_URL": f"sqlite:///{company.crm}",
        "INSTAGRAM": str(company.instagram),
        "CLOUD_URL": cloud.url,
        "CLOUD_USER": cloud.user,
        "CLOUD_CA_FILE": str(cloud.ca_file),
    }
    settings = folder / SETTINGS_FILE
    create_private(settings, _filled(_template(SETTINGS_FILE), values).encode())
    create_private(folder / REGISTER_FILE, _template(REGISTER_FILE).encode())
    return settings


def free_port() -> int:
    """A port of the loopback address that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _secret(operator: Path, name: str, value: str) -> str:
    create_private(operator / name, value.encode())
    return f"file:{operator / name}"


def _filled(template: str, values: dict[str, object]) -> str:
    """JSON's strings, numbers and lists of strings are TOML's too."""
    for key, value in values.items():
        template = template.replace(f"@{key}@", json.dumps(value, ensure_ascii=False))
    return template


def _template(name: str) -> str:
    return (files("desk.demo") / name).read_text(encoding="utf-8")
