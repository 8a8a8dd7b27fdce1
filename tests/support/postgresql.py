"""A PostgreSQL server of a test's own, behind a socket in a folder of its own. Must not know what is in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.support.wanted import found

# The server refuses to be root.
_OWN_USER: Final[dict[str, Any]] = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
_OWNER: Final = "owner"


@dataclass(frozen=True)
class PostgresServer:
    """A server that runs."""

    folder: Path

    @property
    def address(self) -> str:
        """As `streakctl import` takes it."""
        return f"postgresql:///postgres?host={self.folder}&user={_OWNER}"

    def run(self, *statements: str) -> None:
        """Runs SQL."""
        words = [word for one in statements for word in ("--command", one)]
        _run("psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", *words, self.address)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A new one, without data, which nobody on a network reaches."""
    # The path of a socket is short.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if _OWN_USER:
            shutil.chown(folder, **_OWN_USER)
        data = str(folder / "data")
        _run("initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", f"--username={_OWNER}", f"--pgdata={data}")
        options = f"-F -k {folder} -c listen_addresses="
        _run("pg_ctl", "--wait", f"--pgdata={data}", f"--log={folder}/log", f"--options={options}", "start")
        try:
            yield PostgresServer(folder)
        finally:
            _run("pg_ctl", "--mode=immediate", f"--pgdata={data}", "stop")
    finally:
        shutil.rmtree(folder)


def _run(name: str, *words: str) -> None:
    """A server that goes on must not hold a pipe of ours."""
    command = [found(name) or name, *words]
    done = subprocess.run(
        command, **_OWN_USER, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/", check=False
    )
    assert done.returncode == 0, command
