"""Independent programs that open what we seal. Where one is missing the test is skipped; in CI (`CI` set) it fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping

import pytest


def tool(*names: str) -> str:
    """The path of the first of these programs that is installed."""
    for name in names:
        if found := shutil.which(name):
            return found
    reason = f"{names[0]} is not installed: apt-get install gnupg openssl 7zip"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def run(*command: str, content: bytes = b"", env: Mapping[str, str] | None = None) -> tuple[int, bytes, str]:
    """Status, standard output and standard error."""
    done = subprocess.run(command, input=content, capture_output=True, env=env, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")
