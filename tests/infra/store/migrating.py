"""A database at any revision of the schema."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine


def to(engine: Engine, revision: str, *, down: bool = False) -> None:
    """Brings the schema up to a revision, or down to it."""
    config = Config()
    config.set_main_option("script_location", str(files("infra") / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)
