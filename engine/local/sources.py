"""The invented sources of documents, served while the demonstration harvests them."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.local.children import child_process
from engine.local.errors import EngineError
from engine.local.host import is_free
from engine.local.loading import harvest_commands
from engine.local.settings import LOOPBACK

SECONDS = 20
POLL_SECONDS = 0.1


@contextlib.contextmanager
def document_sources(
    port: int, manifest: Mapping[str, Any], environment: Mapping[str, str], log: Path | None
) -> Iterator[list[list[str]]]:
    """Serve the sources of a manifest while the block runs; yields the command lines that harvest them.

    None if the port is taken: records are known by their addresses, and another port would make them others.
    Raises EngineError if the server does not start.
    """
    if not is_free(port):
        print(f"Documents: not harvested, port {port} is taken by another program.", flush=True)
        yield []
        return
    arguments = ["fixtures", "documents", str(port), "--today", str(manifest["today"])]
    with child_process(arguments, environment, log) as child:
        deadline = time.monotonic() + SECONDS
        while not _answers(port):
            if child.poll() is not None or time.monotonic() > deadline:
                raise EngineError(f"The invented sources of documents do not answer on port {port}.")
            time.sleep(POLL_SECONDS)
        yield harvest_commands(manifest, f"http://{LOOPBACK}:{port}")


def _answers(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True
