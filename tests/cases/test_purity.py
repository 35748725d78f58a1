"""`cases` imports the standard library without input and output, and of other packages only pure ones."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import cases

STANDARD = {
    *("__future__", "base64", "bisect", "calendar", "collections", "contextlib", "dataclasses", "datetime", "enum"),
    *(
        "fnmatch",
        "functools",
        "hashlib",
        "hmac",
        "html",
        "itertools",
        "json",
        "math",
        "operator",
        "re",
        "string",
        "types",
    ),
    *("typing", "unicodedata", "zoneinfo"),
}
ALLOWED = STANDARD | {"cases", "holidays", "idna", "phonenumbers", "rapidfuzz"}
MODULES = sorted(Path(cases.__file__).parent.glob("*.py"))


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in plain | named}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_module_of_cases_imports_only_what_is_pure(module: Path) -> None:
    assert imported(module) <= ALLOWED


def test_the_clock_is_passed_in() -> None:
    assert [
        path.name for path in MODULES if "datetime.now(" in path.read_text() or "date.today(" in path.read_text()
    ] == []
