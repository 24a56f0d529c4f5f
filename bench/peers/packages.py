"""The optional packages of this measurement: the group ``peers`` of pyproject.toml, and PostgreSQL with PostGIS."""

import importlib
from pathlib import Path
from typing import Any, Final

INSTALL: Final = "pip install -r requirements/peers.txt"
DEBIAN: Final = "apt-get install postgresql-15-postgis-3"
PLACES: Final = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "usr/local/bin", "usr/bin")  # below the root


def load_package(name: str) -> Any:
    """Return a Python package of the group; ends the process with one line if it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise SystemExit(f"bench.peers: {name.partition('.')[0]} is missing ({error}): {INSTALL}") from None


def find_programs() -> Path:
    """Return the folder of PostgreSQL's server programs; ends the process with one line if there is none."""
    for pattern in PLACES:
        for folder in sorted(Path("/").glob(pattern), key=_version, reverse=True):
            if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
                return folder
    raise SystemExit(f"bench.peers: PostgreSQL is missing (no initdb): on Debian, {DEBIAN}")


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.as_posix().split("/") if part.isdigit())
