import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from sources import catalogue
from sources.building import BadOptions, Tools
from sources.catalogue import CATALOGUE, UnknownKind, build, build_from_location
from tests.sources.fakes import PlainText

TOOLS = Tools(PlainText())


def test_every_kind_can_be_built_from_a_location(tmp_path: Path) -> None:
    places = {"sql": "sqlite:///x.db", "webdav": "https://cloud.firma.example/dav"}
    for kind in CATALOGUE:
        source = build_from_location(kind, places.get(kind, str(tmp_path)), TOOLS)
        assert source.name == kind


def test_every_kind_refuses_unknown_settings() -> None:
    for kind in CATALOGUE:
        with pytest.raises(BadOptions) as raised:
            build(kind, "mine", {"colour": "red"}, str, TOOLS)
        assert "colour is no setting of this kind" in str(raised.value)
        assert raised.value.source == "mine"


def test_an_unknown_kind_is_told_with_what_there_is() -> None:
    with pytest.raises(UnknownKind) as raised:
        build_from_location("fax", "x", TOOLS)
    assert "'fax' is no kind of source; allowed: sql, instagram" in str(raised.value)


def test_a_location_is_needed() -> None:
    with pytest.raises(BadOptions):
        build_from_location("folder", "", TOOLS)


def test_installed_packages_add_kinds_and_replace_none(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        EntryPoint("fax", "tests.sources.third_party:FAX", catalogue.GROUP),
        EntryPoint("folder", "tests.sources.third_party:FAX", catalogue.GROUP),
    ]
    monkeypatch.setattr(catalogue, "entry_points", lambda group: points if group == catalogue.GROUP else [])
    assert build_from_location("fax", "tray", TOOLS).name == "fax at tray"
    assert catalogue.kinds()["folder"] is CATALOGUE["folder"]


def test_no_connector_is_imported_before_it_is_needed() -> None:
    told = "import sys, sources.catalogue; print({'sqlalchemy', 'httpx', 'ijson'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
