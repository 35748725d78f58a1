"""What the private servers have in common: who they run as, a folder they may enter, free ports, waiting for a port."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ServerMissing(Exception):
    """The server cannot be started on this machine; the text says what to install or change."""


def program(name: str, *packages: str) -> str:
    """Path of an installed server program, also where /usr/sbin is not on the PATH; else `ServerMissing`."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/lib/dovecot")
    if found is None:
        raise ServerMissing(f"{name} is not installed: apt-get install --no-install-recommends {' '.join(packages)}")
    return found


def unprivileged_user() -> pwd.struct_passwd:
    """Who the servers run as: root hands over to nobody, anybody else stays who they are."""
    return pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def new_folder(prefix: str) -> Path:
    """A short folder (UNIX sockets below it have at most 107 characters of path) that other users may enter."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o755)
    return folder


def give_to(user: pwd.struct_passwd, folder: Path) -> None:
    """Makes `user` the owner of everything below `folder`; only root can, and only root needs to."""
    if os.getuid() != 0:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid)


def free_ports(count: int) -> list[int]:
    """Different ports of 127.0.0.1 on which nobody listens at this moment."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def answers(port: int, within: float = 10.0) -> bool:
    """True as soon as something accepts connections on the port; False after `within` seconds."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


@contextmanager
def open_to_other_users() -> Iterator[None]:
    """Servers change to users of their own, who must be able to enter what is made for them; the program under test
    keeps its files to itself (umask 077), in this very process too."""
    before = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(before)
