"""Identification of a process, so that others can tell whether it has ended."""

import os
import socket
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Owner:
    """A process that holds a lock; where it runs its death is seen at once, elsewhere by the missing heartbeat.

    ``host`` names the machine, its boot and the process namespace: the same number elsewhere is another process.
    """

    host: str
    pid: int
    started: str

    @classmethod
    def of_this_process(cls) -> "Owner":
        """Describe the process that runs this."""
        return cls(_here(), os.getpid(), _start_of(os.getpid()))

    @classmethod
    def parse(cls, text: str) -> "Owner":
        """Read what ``str`` gave."""
        host, pid, started = text.rsplit(" ", 2)
        return cls(host, int(pid), started)

    def __str__(self) -> str:
        return f"{self.host} {self.pid} {self.started}"

    def is_dead(self) -> bool:
        """Tell whether the process is known to have ended; only its own machine, in its own namespace, can know."""
        return self.host in (_here(), socket.gethostname()) and _start_of(self.pid) != self.started

    @property
    def machine(self) -> str:
        """The name of the machine, for people."""
        return self.host.partition("@")[0]


@cache
def _here() -> str:
    """Return what processes share that see each other: machine, boot, and namespace of process numbers if there is one.

    What was written before namespaces were looked at, or where there are none, is the machine's name alone.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        space = Path("/proc/self/ns/pid").readlink()
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()}@{boot}/{space}"


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
