"""One way to trust a mail server: TLS 1.2 or newer, certificate and server name verified. There is no way around it."""

from __future__ import annotations

import ssl


def client_context(ca_file: str = "") -> ssl.SSLContext:
    """A verifying client context; `ca_file` (PEM) adds authorities to those of the system.

    Raises `ssl.SSLError` where `ca_file` cannot be read.
    """
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        _add_trust(context, ca_file)
    return context


def _add_trust(context: ssl.SSLContext, ca_file: str) -> None:
    try:
        context.load_verify_locations(cafile=ca_file)
    except ssl.SSLError:
        raise
    except OSError as error:
        raise ssl.SSLError("the file of certificate authorities cannot be read") from error
