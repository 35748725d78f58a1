"""A report as one HTML file: works offline, loads nothing, runs no script, prints on A4 and fits a phone."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from outputs.report_drawing import svg
from outputs.report_text import Told


def html_report(report: Told) -> bytes:
    """The page as UTF-8. Everything is escaped; its policy allows nothing but its own style sheet, by digest."""
    style = _resource("report.css")
    page = (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            svg=svg,
            style=Markup(style),  # noqa: S704 - our own file, holds no data
            policy=policy(style),
        )
    )
    return page.encode("utf-8", "replace")


def policy(style: str) -> str:
    """The Content-Security-Policy (CSP level 3) of the page."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _environment() -> Environment:
    loader = FunctionLoader(_resource)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _resource(name: str) -> str:
    return resources.files("outputs").joinpath("templates", name).read_text("utf-8")
