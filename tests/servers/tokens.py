"""A small token server (RFC 6749) on 127.0.0.1, and the tokeninfo that Dovecot's oauth2 passdb asks."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

CLIENT, SECRET, REFRESH = "client-1", "geheimes-Wort", "refresh-1"
PASSDB = """auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {file}
}}
"""


@dataclass
class TokenServer:
    """Gives tokens for `user` and says whose a token is. `failing`: status and body instead of any answer."""

    user: str
    server: ThreadingHTTPServer
    lifetime: object = 3600
    rotates: bool = False
    failing: tuple[int, bytes] | None = None
    refresh: str = REFRESH
    asked: list[dict[str, str]] = field(default_factory=list)
    valid: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/token"

    def withdraw(self) -> None:
        """No token that was given so far is good any more."""
        self.valid.clear()

    def passdb(self, folder: Path) -> str:
        """Configuration for a Dovecot that believes this server's tokens."""
        file = folder / "dovecot-oauth2.conf.ext"
        base = self.url.removesuffix("/token")
        file.write_text(f"tokeninfo_url = {base}/info?access_token=\nusername_attribute = email\n")
        file.chmod(0o644)
        return PASSDB.format(file=file)

    def token(self, form: Mapping[str, str]) -> tuple[int, object]:
        self.asked.append(dict(form))
        if form.get("client_id") != CLIENT or form.get("client_secret") != SECRET:
            return 401, {"error": "invalid_client", "error_description": f"{self.user} is not known"}
        if form["grant_type"] == "refresh_token" and form.get("refresh_token") != self.refresh:
            return 400, {"error": "invalid_grant"}
        given = secrets.token_urlsafe(24)
        self.valid[given] = self.user
        answer: dict[str, object] = {"access_token": given, "token_type": "Bearer", "expires_in": self.lifetime}
        if self.rotates:
            self.refresh = answer["refresh_token"] = secrets.token_urlsafe(8)
        return 200, answer

    def info(self, token: str) -> tuple[int, object]:
        if token not in self.valid:
            return 400, {"error": "invalid_token"}
        return 200, {"email": self.valid[token], "expires_in": 3600}

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def start_token_server(user: str) -> TokenServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    tokens = server.tokens = TokenServer(user, server)  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return tokens


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._answer(self._tokens.token(form))

    def do_GET(self) -> None:
        self._answer(self._tokens.info(parse_qs(urlsplit(self.path).query).get("access_token", [""])[0]))

    @property
    def _tokens(self) -> TokenServer:
        found: TokenServer = self.server.tokens  # type: ignore[attr-defined]
        return found

    def _answer(self, answer: tuple[int, object]) -> None:
        status, value = answer
        content = json.dumps(value).encode()
        if self._tokens.failing is not None:
            status, content = self._tokens.failing
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if status in (301, 302, 307):
            self.send_header("Location", "http://127.0.0.1:9/token")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None: ...
