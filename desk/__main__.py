"""`python -m desk` is `auskunft`."""

from desk.main import run

run()
