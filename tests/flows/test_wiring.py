"""What is put together from the settings: evidence of S/MIME signatures."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from cases.message import AuthResults
from flows.wiring import make_evidence, name_sources, system_of_record
from infra.settings import SettingsError
from infra.settings_sections import SourceSection
from tests.flows.house import World
from tests.infra.mail_bases import detached, part, signer

NOT_VOUCHED = AuthResults()


def evidence(world: World, file: str) -> AuthResults:
    settings = world.house.settings
    mailbox = settings.mailbox.model_copy(update={"smime_ca_file": file, "check_dkim": False})
    made = make_evidence(settings.model_copy(update={"mailbox": mailbox}), world.clock)
    return made.checked(detached(part("text/plain", b"Guten Tag")), NOT_VOUCHED)


def test_a_signature_vouches_where_the_settings_name_its_authority(world: World, tmp_path: Path) -> None:
    authorities = tmp_path / "smime.pem"
    authorities.write_bytes(signer().authority.public_bytes(Encoding.PEM))
    assert evidence(world, str(authorities)).smime_trusted
    without = evidence(world, "")
    assert (without.smime, without.smime_trusted) == ("pass", False)


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_a_file_that_holds_no_certificates_is_one_clear_fault(
    world: World, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "smime.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match=r"mailbox\.smime_ca_file.*certificates"):
        evidence(world, str(file))


def test_a_command_that_asks_no_source_needs_no_secret_of_one(world: World) -> None:
    settings = world.house.settings
    without = settings.model_copy(
        update={"sources": {"crm": SourceSection(kind="sql", options={"password": "env:NOT_SET_ANYWHERE"})}}
    )
    sources = name_sources(without, world.house.extractor)
    assert set(sources) == {"crm"}
    assert system_of_record(without, sources) is None
