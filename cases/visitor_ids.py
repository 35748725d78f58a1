"""Cookie and visitor ids: the part that names a browser, without what stands around it in a cookie.

Google Analytics keeps `GA1.2.X.Y` in `_ga` and `X.Y` as client id everywhere else (Google, "Analytics cookie usage");
Matomo keeps `id.time.visits…` in `_pk_id` and the sixteen hex digits as visitor id (Matomo, "What are the first party
cookies"). A UUID is written with capitals, brackets or `urn:uuid:` or without (RFC 9562). Everything else is kept as it
is: case may count in it.
"""

from __future__ import annotations

import re

_COOKIE = re.compile(r"^(?:_ga|_pk_id[\w.]*|uuid|_fbp|client_?id|visitor_?id)\s*[:=]\s*", re.I)
_ANALYTICS = re.compile(r"GA\d\.\d(?:-\d)?\.(\d{1,12}\.\d{6,12})", re.A)
_MATOMO = re.compile(r"([0-9a-f]{16})(?:\.[\d.]*)?", re.A | re.I)
_UUID = re.compile(
    r"(?:urn:uuid:)?\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?", re.A | re.I
)


def normal_visitor_id(value: str) -> str:
    """The id in the form in which two are compared."""
    text = _COOKIE.sub("", value.strip())
    if found := _ANALYTICS.fullmatch(text):
        return found[1]
    if found := _MATOMO.fullmatch(text):
        return found[1].lower()
    if found := _UUID.fullmatch(text):
        return "-".join(found.groups()).lower()
    return text
