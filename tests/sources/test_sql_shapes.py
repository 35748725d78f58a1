"""A database says beforehand what its records look like: `auskunft ropa check` holds the register against that."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from cases.finding import Shape
from cases.source import Describing
from cases.text import TextUnreadable
from sources.building import Tools
from sources.sql import build


class NoText:
    def text(self, name: str, media_type: str, stream: object) -> str:
        raise TextUnreadable("unsupported")


def test_each_table_is_a_shape_with_its_columns_files_aside(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "crm.sqlite3")
    database.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, photo BLOB)")
    database.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, total TEXT)")
    database.commit()
    options = {
        "url": f"sqlite:///{tmp_path / 'crm.sqlite3'}",
        "tables": [
            {"name": "customers", "kind": "customer", "identifying": {"email": "email"}},
            {
                "name": "orders",
                "kind": "order",
                "belongs_to": [{"column": "customer_id", "table": "customers", "key": "id"}],
            },
        ],
    }
    source = build("crm", options, lambda reference: reference, Tools(NoText(), tmp_path))  # type: ignore[arg-type]
    assert isinstance(source, Describing)
    assert source.shapes() == (Shape("customer", ("id", "email")), Shape("order", ("id", "customer_id", "total")))
