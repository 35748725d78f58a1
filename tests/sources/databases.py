"""What tests of databases share."""

from collections.abc import Callable
from pathlib import Path

from cases.finding import Finding
from cases.identifiers import Kind, Subject
from cases.subjects import SubjectIndex
from sources.sql import SqlSource
from sources.sql_connect import parsed, read_only_engine
from sources.sql_tables import SqlTable
from tests.sources.fakes import verified

Script = Callable[[str], Path]
LENA = verified("A", (Kind.EMAIL, "lena@mail.example"), (Kind.NAME, "Lena Krüger"))


def source(path: Path, *tables: SqlTable, ignore: frozenset[str] = frozenset()) -> SqlSource:
    url = parsed("crm", f"sqlite:///{path}")
    return SqlSource("crm", lambda: read_only_engine("crm", url), tables, ignore)


def findings(asked: SqlSource, *subjects: Subject) -> dict[tuple[str, str], Finding]:
    items = asked.search(SubjectIndex(subjects))
    return {(item.subject, item.locator): item for item in items if isinstance(item, Finding)}


def strengths(asked: SqlSource, *subjects: Subject) -> dict[str, str]:
    return {place[1]: item.strength.value for place, item in findings(asked, *subjects).items()}
