"""docs/legal.md speaks of every requirement and names tests that exist; what is taken out to see them fail is there."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.legal_mutations import EVIDENCE, MUTATIONS, ROOT, Mutation, table

DOCS = ROOT / "docs"
ID = re.compile(r"\b(?:ANS|FRM|SEC|ACC|ROP|ID|SCP|TIM|FEE|CHN)-\d\d\b")
TESTED = ("ANS", "FRM", "SEC", "ACC", "ROP")
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
MOST_EXCEPTIONS = 5


def cells(text: str) -> list[list[str]]:
    """The rows of all tables of a page whose first cell holds ids of requirements and nothing else."""
    rows = [[cell.strip() for cell in line.strip("|\n ").split(" | ")] for line in text.splitlines() if line[:1] == "|"]
    return [row for row in rows if ID.match(row[0]) and not re.sub(r"[\s,]", "", ID.sub("", row[0]))]


def levels() -> dict[str, str]:
    """Every requirement with its level; those of the register (ROP) have none of their own and count as M."""
    rows = cells((DOCS / "legal-requirements.md").read_text())
    return {row[0]: row[1] if row[1] in ("M", "S", "P") else "M" for row in rows}


def sections() -> tuple[str, str]:
    """The page before its list of rows without a test, and that list."""
    before, after = (DOCS / "legal.md").read_text().split("## Rows without a test\n")
    return before, after.partition("\n## ")[0]


@cache
def functions(path: str) -> frozenset[str]:
    """The test functions of a file, without importing it."""
    tree = ast.parse((ROOT / "tests" / path).read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


def test_every_requirement_stands_in_exactly_one_row() -> None:
    listed = sorted(one for row in cells(sections()[0]) for one in ID.findall(row[0]))
    assert listed == sorted(levels())
    assert len(listed) > 70


def test_every_row_names_tests_that_exist() -> None:
    page, excepted = sections()
    without = {one for row in cells(excepted) for one in ID.findall(row[0])}
    for row in cells(page):
        named = NAMED.findall(row[-1])
        owed = any(one.startswith(TESTED) or levels()[one] == "M" for one in ID.findall(row[0]))
        assert named or not owed or set(ID.findall(row[0])) <= without, f"{row[0]} names no test"
    for path, name in NAMED.findall(page):
        assert name in functions(path), f"{path}::{name} does not exist"
    assert not re.findall(r"`(?:tests/)?[\w/]*::?test_\w+`|`test_\w+`", NAMED.sub("", page))


def test_exceptions_are_few_and_have_reasons() -> None:
    rows = cells(sections()[1])
    assert len(rows) <= MOST_EXCEPTIONS
    assert all(len(row) == 2 and len(row[1]) > 20 for row in rows)


def test_each_must_of_the_answer_is_taken_out() -> None:
    """And the test that notices is one of those which its row names."""
    owed = {one for one, level in levels().items() if level == "M" and one.startswith(TESTED)}
    assert owed <= {one.requirement for one in MUTATIONS}
    rows = {one: row for row in cells(sections()[0]) for one in ID.findall(row[0])}
    unnamed = [f"{one.requirement}: {one.test}" for one in MUTATIONS if one.test not in rows[one.requirement][-1]]
    assert unnamed == []


@pytest.mark.parametrize("one", MUTATIONS, ids=lambda one: f"{one.requirement} {one.without}")
def test_what_is_taken_out_stands_in_the_code(one: Mutation) -> None:
    assert (ROOT / one.file).read_text().count(one.old) == 1
    path, _, name = one.test.partition("::")
    assert name in functions(path)


def test_the_evidence_is_that_of_the_list() -> None:
    """After a change: python -m tests.legal_mutations --table"""
    assert (DOCS / EVIDENCE).read_text() == table()


def test_a_row_is_read_with_its_ids() -> None:
    page = (
        "| id | state |\n|---|---|\n| ANS-01, ANS-02 | yes | `a.py::test_x` |\n| CEF-1 | yes |\n| see ANS-03 | no |\n"
    )
    assert cells(page) == [["ANS-01, ANS-02", "yes", "`a.py::test_x`"]]
