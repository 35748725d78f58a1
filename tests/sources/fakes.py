"""What tests of connectors share: a reader of documents that needs no process, and a WebDAV server in a thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from cheroot import wsgi
from wsgidav.wsgidav_app import WsgiDAVApp

from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.text import TextUnreadable


class PlainText:
    """A `TextExtractor` for plain text; the first word of a file can ask for a failure: `!encrypted`."""

    def text(self, name: str, media_type: str, stream: BinaryIO) -> str:
        text = stream.read().decode("utf-8")
        if text.startswith("!"):
            raise TextUnreadable(text[1:].split()[0])
        return text


@dataclass
class Dav:
    """A running WebDAV server. `methods` are those it was asked with."""

    url: str
    methods: list[str] = field(default_factory=list)


USER, PASSWORD = "auskunft", "pw-of-the-reader"


@contextmanager
def dav_server(root: Path) -> Iterator[Dav]:
    """WsgiDAV over `root` on a free port, with HTTP Basic for `USER` and `PASSWORD`."""
    logging.getLogger("wsgidav").setLevel(logging.ERROR)  # pytest would keep every line it logs
    users = {"*": {USER: {"password": PASSWORD}}}
    app = WsgiDAVApp(
        {
            "provider_mapping": {"/": str(root)},
            "simple_dc": {"user_mapping": users},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "verbose": 1,
            "property_manager": False,
            "lock_storage": False,
        }
    )
    dav = Dav("")
    server = wsgi.Server(("127.0.0.1", 0), _recorded(app, dav.methods), numthreads=4)
    server.prepare()
    dav.url = f"http://127.0.0.1:{server.bind_addr[1]}"
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield dav
    finally:
        server.stop()
        thread.join(timeout=10)


def _recorded(app: Callable[..., Any], methods: list[str]) -> Callable[..., Any]:
    def recording(environ: dict[str, Any], start: Any) -> Any:
        methods.append(environ["REQUEST_METHOD"])
        return app(environ, start)

    return recording


def verified(case: str, *stated: tuple[Kind, str] | tuple[Kind, str, str]) -> Subject:
    """A subject with verified identifiers: kind, value and where needed scope."""
    return Subject(case, tuple(Identifier(one[0], one[1], Origin.VERIFIED, *one[2:]) for one in stated))
