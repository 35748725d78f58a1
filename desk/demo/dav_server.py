"""The demo's cloud: a folder served read-only over WebDAV (TLS, basic authentication) by a process of its own.

`DavServer` starts and stops it. The process is `python -m desk.demo.dav_server --folder F --ports-file P`; it reads
`F/dav.json` and, with TLS, the certificates in F.
"""

from __future__ import annotations

import json
import secrets
import signal
import threading
from pathlib import Path
from typing import Any

from desk.demo.certificates import certificates_in, write_private
from desk.demo.process import ServerProcess, call_when_orphaned, server_arguments, write_ports

SETTINGS_FILE = "dav.json"
USER = "auskunft"


class DavServer(ServerProcess):
    """Serves `root` to USER with a password made for the occasion; a context manager.

    Given the mail server's folder, it shares the mail server's certificate authority.
    """

    def __init__(self, folder: Path, root: Path, tls: bool = True) -> None:
        super().__init__("desk.demo.dav_server", "dav_server", folder)
        self.user = USER
        self.password = secrets.token_urlsafe(18)
        self._root = root
        self._tls = tls

    def prepare(self) -> None:
        super().prepare()
        if self._tls:
            certificates_in(self._folder)
        settings = {"root": str(self._root.resolve()), "user": self.user, "password": self.password, "tls": self._tls}
        write_private(self._folder / SETTINGS_FILE, json.dumps(settings).encode())

    @property
    def ca_file(self) -> Path:
        """What a client must trust."""
        return self._folder / "ca.pem"

    @property
    def url(self) -> str:
        """Address of the served folder, with a slash at its end."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port('dav')}/"


def serve(folder: Path, ports_file: Path) -> None:
    """Serve until SIGTERM or the end of the parent."""
    # Only the server's process needs these.
    from cheroot.ssl.builtin import BuiltinSSLAdapter
    from cheroot.wsgi import Server
    from wsgidav.wsgidav_app import WsgiDAVApp

    settings = json.loads((folder / SETTINGS_FILE).read_text())
    server = Server(("127.0.0.1", 0), WsgiDAVApp(_dav_config(settings)), numthreads=4)
    if settings["tls"]:
        certificates = certificates_in(folder)
        server.ssl_adapter = BuiltinSSLAdapter(str(certificates.cert_file), str(certificates.key_file))
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: ended.set())
    call_when_orphaned(ended.set)
    server.prepare()
    threading.Thread(target=server.serve, name="dav", daemon=True).start()
    write_ports(ports_file, {"dav": server.bind_addr[1]})
    ended.wait()
    server.stop()


def _dav_config(settings: dict[str, Any]) -> dict[str, Any]:
    return {
        "provider_mapping": {"/": {"root": settings["root"], "readonly": True}},
        "simple_dc": {"user_mapping": {"*": {settings["user"]: {"password": settings["password"]}}}},
        "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
        "lock_storage": None,
        "property_manager": None,
        "verbose": 1,
    }


def main() -> None:
    arguments = server_arguments("The demo's WebDAV server.")
    serve(arguments.folder, arguments.ports_file)


if __name__ == "__main__":
    main()
