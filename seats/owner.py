"""Which process is at work, so that others can tell when it is gone."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Owner:
    """A process that holds a lock; on its own machine its death is seen at once, elsewhere by the missing heartbeat."""

    host: str
    pid: int
    started: str

    @classmethod
    def of_this_process(cls) -> "Owner":
        """Describe the process that runs this."""
        return cls(socket.gethostname(), os.getpid(), _start_of(os.getpid()))

    @classmethod
    def parse(cls, text: str) -> "Owner":
        """Read what ``str`` gave."""
        host, pid, started = text.rsplit(" ", 2)
        return cls(host, int(pid), started)

    def __str__(self) -> str:
        return f"{self.host} {self.pid} {self.started}"

    def is_dead(self) -> bool:
        """Tell whether the process is known to have ended; only its own machine can know."""
        return self.host == socket.gethostname() and _start_of(self.pid) != self.started


def _start_of(pid: int) -> str:
    """Return when a process began, in ticks since boot, so that a number used again is not taken for it; '' if gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "" if _is_gone(pid) else "unknown"
    return stat.rpartition(")")[2].split()[19]


def _is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def is_over(document: Mapping[str, Any]) -> bool:
    """Tell whether a lock's owner is gone."""
    return Owner.parse(document["owner"]).is_dead() or datetime.fromisoformat(document["until"]) < datetime.now(UTC)
