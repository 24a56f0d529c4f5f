"""What all processes of one run of the tests share: made once, by whichever needs it first."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

FOLDER = "BOUSSOLE_TEST_SHARED"  # names the folder to the workers, which inherit the environment
MEMORY = Path("/dev/shm")  # Linux: files in memory; containers often have 64 MB of it
MEMORY_BYTES = 4 * 2**30  # for an engine's data: far more than the tests ever write


def make_folder() -> None:
    """Make the folder, in memory where there is room.

    Tests make thousands of indices, and each waits for the disk many times. Engines that tests kill have folders of
    their own, on the disk.
    """
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= MEMORY_BYTES
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="boussole-test-", dir=MEMORY if roomy else None)


def folder() -> Path:
    """The folder of this run."""
    return Path(os.environ[FOLDER])


def remove_folder() -> None:
    """Remove it with all that is in it."""
    shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)


def once(name: str, make: Callable[[], str]) -> str:
    """What ``make`` returned in the process that called this first; the others wait for it."""
    told = folder() / name
    with (folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_text(make())
        return told.read_text()


def made(name: str) -> str | None:
    """What was made under this name; None if nothing needed it."""
    told = folder() / name
    return told.read_text() if told.exists() else None
