"""A connector as another package would bring it."""

from pathlib import Path

from sources.building import Tools
from sources.catalogue import SourceKind
from sources.documents import DocumentSearch
from sources.folder import FolderSource


def locate(name: str, location: str, tools: Tools) -> FolderSource:
    return FolderSource(f"{name} at {location}", Path(location), DocumentSearch(name, tools.extractor))


FAX = SourceKind("tests.sources.third_party", "name of a tray")
