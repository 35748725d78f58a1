"""`auskunft search` put together: the sources named, or the configured ones."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

from desk.console import fail
from desk.search import BadRequest, Search, prepare, read_subject
from infra.extract import IsolatedExtractor
from infra.faults import ConfigurationError
from infra.secrets_ref import SecretError
from infra.settings import load_settings
from sources.building import BadOptions, Tools
from sources.catalogue import UnknownKind


def run_search(subject_file: Path, sources: Sequence[str], settings_file: Path) -> int:
    """Prints JSON lines; returns the exit status: 0 asked everything, 3 something could not be asked, 2 usage."""
    with IsolatedExtractor() as extractor:
        try:
            search = _prepared(subject_file, sources, settings_file, extractor)
        except (BadRequest, BadOptions, UnknownKind, ConfigurationError, SecretError) as error:
            fail(str(error))
        for line in search.lines():
            print(json.dumps(line, ensure_ascii=False), flush=True)
        return search.status


def _prepared(subject_file: Path, sources: Sequence[str], settings_file: Path, extractor: IsolatedExtractor) -> Search:
    if sources or not settings_file.exists():
        return prepare(subject_file, sources, Tools(extractor), time.monotonic)
    from flows.wiring import make_sources

    settings = load_settings(settings_file)
    configured, formats = make_sources(settings, extractor), settings.identity.customer_numbers
    return Search(read_subject(subject_file), tuple(configured.values()), time.monotonic, formats)
