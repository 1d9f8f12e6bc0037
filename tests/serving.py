"""The real server with its workers in processes of their own, as `matchmaker serve` starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from matchmaker.operations.cli import web_command
from matchmaker.settings import ROOT, Settings

_PATIENCE = 60


@contextmanager
def served(settings: Settings, *, workers: int = 2) -> Iterator[str]:
    """Serve an installation on a port of its own until the block is left; gives its address."""
    port = _free_port()
    log = settings.data_dir / "server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        server = subprocess.Popen(
            web_command("127.0.0.1", port, workers), env=_environment(settings), stdout=output, stderr=output
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _await(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(_PATIENCE)


def _environment(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": str(ROOT),
        "MATCHMAKER_DEMO": "1",
        "MATCHMAKER_SECRET_KEY": settings.secret,
        "MATCHMAKER_DATABASE_URL": settings.database_url,
        "MATCHMAKER_DATA_DIR": str(settings.data_dir),
        "MATCHMAKER_LOG_LEVEL": "ERROR",
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _await(address: str, server: subprocess.Popen[bytes]) -> None:
    """Ask until the server says it can work; polling is all another process leaves us."""
    for _attempt in range(_PATIENCE * 10):
        if server.poll() is not None:
            raise RuntimeError("the server ended before it answered")
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=_PATIENCE):
                return
        except OSError:  # nobody listens yet, or nobody answers in time
            time.sleep(0.1)
    raise RuntimeError("the server never became ready")
