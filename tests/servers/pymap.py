"""A private pymap: a second, poorer IMAP server (STARTTLS only, one user, in memory)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.servers.certificates import Certificates, make_certificates
from tests.servers.process import ServerMissing, answers, free_ports, new_folder


@dataclass(slots=True)
class Pymap:
    """A running pymap with one user."""

    folder: Path
    certificates: Certificates
    port: int
    process: subprocess.Popen[bytes]
    host: str = "localhost"

    @property
    def ca_file(self) -> str:
        """The authority to trust, as a path for an account's `ca_file`."""
        return str(self.certificates.ca)

    def stop(self) -> None:
        """Stops the server and deletes its folder."""
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder)


def start_pymap(user: str, password: str) -> Pymap:
    """Starts a pymap that knows one user. Raises `ServerMissing` where it is not installed or does not start."""
    binary = Path(sys.executable).with_name("pymap")
    if not binary.exists():
        raise ServerMissing("pymap is not installed: install the project with its extra [demo]")
    folder = new_folder("pymap-")
    certificates = make_certificates(folder)
    (port,) = free_ports(1)
    place = ["--host", "127.0.0.1", "--port", str(port)]
    tls = ["--cert", str(certificates.certificate), "--key", str(certificates.key)]
    command = [str(binary), *place, *tls, "--no-service", "admin", "dict"]
    who = ["--demo-user", user, "--demo-password", password]
    process = subprocess.Popen([*command, *who], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = Pymap(folder, certificates, port, process)
    if not answers(port):
        server.stop()
        raise ServerMissing("pymap does not start")
    return server
