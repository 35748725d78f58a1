"""Fixtures shared by all tests come in as plugins; add yours to the tuple."""

pytest_plugins = ("tests.servers.plugin", "tests.servers.database_plugin", "tests.flows.plugin")
