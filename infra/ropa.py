"""The register of processing activities, read from `ropa.toml` into the frozen values of `cases.register`.

Strict: what a letter would have to leave open (Art. 15(1)(a) to (h), (2)) is found here, not when the letter is due.
Texts stand in German and English.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cases.finding import Shape
from cases.register import Register
from infra.faults import ConfigurationError, Fault, faults_of, read_toml
from infra.ropa_audit import OWN_SOURCE as OWN_SOURCE
from infra.ropa_audit import against_law, against_settings, against_shapes
from infra.ropa_checks import contradictions, owed
from infra.ropa_tables import RegisterTable


class RegisterError(ConfigurationError):
    """`ropa.toml` is wrong; one line for each fault."""


def load_register(path: Path, *, serving: bool = False) -> Register:
    """The register of `path`, its version the SHA-256 (hex) of the file; raises `RegisterError` with every fault.

    `serving`: a register that leaves something open is read all the same, and remembers what it owes. Mails come in and
    days run whatever it says; what it owes stops the drafts that would have to say it."""
    try:
        content, tables = read_toml(path)
    except ConfigurationError as error:
        raise RegisterError(path, error.faults) from None
    table, faults = _validated(tables)
    left_open = owed(table) if table is not None else []
    if table is not None:
        faults += [*contradictions(table), *(() if serving else (fault for _, fault in left_open))]
    if table is None or faults:
        raise RegisterError(path, faults)
    register = table.value(hashlib.sha256(content).hexdigest())
    return replace(register, owed=tuple(dict.fromkeys(key for key, _ in left_open)))


def check_register(
    register: Register,
    configured_sources: Collection[str],
    today: date | None = None,
    shapes: Mapping[str, tuple[Shape, ...]] | None = None,
) -> list[str]:
    """What would make an answer fail: what does not fit the configured sources, what is still to be filled in, and
    transfers and machine decisions that need a look. One message each; empty where all is well.

    With `today` also looks at decisions and lists that are more than a year old. With `shapes` every kind of record
    and every field that the sources can yield is held against activities and labels.
    """
    checks = [
        *against_settings(register, configured_sources),
        *against_law(register, today),
        *(against_shapes(register, shapes) if shapes is not None else ()),
    ]
    return [f"ropa.toml: {message}" for message in checks]


def _validated(tables: dict[str, Any]) -> tuple[RegisterTable | None, list[Fault]]:
    try:
        return RegisterTable.model_validate(tables), []
    except ValidationError as error:
        return None, faults_of(error, RegisterTable)
