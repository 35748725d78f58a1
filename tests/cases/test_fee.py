"""A further copy may cost something only where it is the same copy once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cases.fee import Asked, why_free

FIRST = Asked("2024", ("CRM", "Newsletter"), date(2025, 6, 3))
AGAIN = Asked(" 2024 ", ("newsletter", "crm"))


def test_the_same_copy_once_more_may_cost_something() -> None:
    assert why_free(FIRST, AGAIN) == ""


@pytest.mark.parametrize(
    ("earlier", "again", "why"),
    [
        (None, AGAIN, "first_copy"),
        (replace(FIRST, answered_on=None), AGAIN, "reminder"),
        (FIRST, replace(AGAIN, period="2025"), "other_period"),
        (FIRST, replace(AGAIN, period=""), "other_period"),
        (FIRST, replace(AGAIN, systems=("CRM",)), "other_data"),
    ],
)
def test_everything_else_is_free(earlier: Asked | None, again: Asked, why: str) -> None:
    assert why_free(earlier, again) == why
