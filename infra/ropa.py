"""The register of processing activities, read from `ropa.toml` into the frozen values of `cases.register`.

Strict: what a letter would have to leave open (Art. 15(1)(a) to (h), (2)) is refused here, not found out when the
letter is due. Texts stand in German and English.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cases.register import Activity, Coverage, Register, System
from infra.faults import ConfigurationError, Fault, faults_of, near_miss, read_toml
from infra.ropa_checks import contradictions
from infra.ropa_tables import RegisterTable

OWN_SOURCE = "auskunft"  # evidence `auskunft/request`: everybody who asks is concerned by the handling of requests
UNFILLED = "AUSFUELLEN"
_CERTIFICATION_AGE = timedelta(days=366)


class RegisterError(ConfigurationError):
    """`ropa.toml` is wrong; one line for each fault."""


def load_register(path: Path) -> Register:
    """The register of `path`, its version the SHA-256 (hex) of the file; raises `RegisterError` with every fault."""
    try:
        content, tables = read_toml(path)
    except ConfigurationError as error:
        raise RegisterError(path, error.faults) from None
    table, faults = _validated(tables)
    if table is not None:
        faults += contradictions(table)
    if table is None or faults:
        raise RegisterError(path, faults)
    return table.value(hashlib.sha256(content).hexdigest())


def check_register(register: Register, configured_sources: Collection[str], today: date | None = None) -> list[str]:
    """What does not fit between the register and the configured sources, and what is still to be filled in.

    One message each; empty where all is well. With `today` also certifications (DPF) looked up more than a year ago.
    """
    checks = [
        *_unconfigured(register, configured_sources),
        *_unlisted(register, configured_sources),
        *_blind_evidence(register, configured_sources),
        *_unfilled(register),
        *(_stale(register, today) if today else ()),
    ]
    return [f"ropa.toml: {message}" for message in checks]


def _validated(tables: dict[str, Any]) -> tuple[RegisterTable | None, list[Fault]]:
    try:
        return RegisterTable.model_validate(tables), []
    except ValidationError as error:
        return None, faults_of(error, RegisterTable)


def _unconfigured(register: Register, configured: Collection[str]) -> Iterator[str]:
    for key in register.missing_sources(configured):
        system = next(item for item in register.systems if item.key == key)
        hint = near_miss(system.source, configured) if configured else "no source is configured"
        yield f'system "{key}": source = "{system.source}" is not configured in auskunft.toml; {hint}'


def _unlisted(register: Register, configured: Collection[str]) -> Iterator[str]:
    for name in sorted(configured):
        if register.system_of(name) is None:
            yield f'the source "{name}" of auskunft.toml belongs to no system; add a [[system]] with source = "{name}"'


def _blind_evidence(register: Register, configured: Collection[str]) -> Iterator[str]:
    """By hand, a system's own key stands for the source of what was uploaded."""
    by_hand = {system.key for system in register.systems if system.coverage is Coverage.BY_HAND}
    known = {*configured, *by_hand, OWN_SOURCE}
    for activity in register.activities:
        for pattern in activity.evidence:
            source = pattern.partition("/")[0]
            if not set(source) & set("*?[") and source not in known:
                yield f'activity "{activity.key}": evidence = "{pattern}" names no source; {near_miss(source, known)}'


def _unfilled(register: Register) -> Iterator[str]:
    entries: list[tuple[str, Activity | System]] = [
        *((f'activity "{item.key}"', item) for item in register.activities),
        *((f'system "{item.key}"', item) for item in register.systems),
    ]
    for name, entry in entries:
        if UNFILLED in _texts(entry):
            yield f"{name} still holds {UNFILLED}; write what holds for you"


def _texts(entry: Activity | System) -> str:
    """Everything written in an entry: the reprs of the values hide personal ones, so those are added."""
    return repr(entry) + (entry.responsible if isinstance(entry, System) else "")


def _stale(register: Register, today: date) -> Iterator[str]:
    for activity in register.activities:
        for recipient in activity.recipients:
            verified = recipient.transfer.verified_on if recipient.transfer else None
            if verified and not today - _CERTIFICATION_AGE <= verified <= today:
                name = recipient.name or "a recipient"
                yield f'activity "{activity.key}": verified_on of {name} is not within the last year; look again'
