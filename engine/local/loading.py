"""The indexer's command lines that load everything that a manifest of the fixtures names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def loading_commands(manifest: Mapping[str, Any], folder: Path) -> list[list[str]]:
    """Return the indexer's command lines that load all of a fixtures manifest, and the funding rules."""
    reference = ["reference"]
    for table, name in manifest["reference"].items():
        reference += [f"--{table.replace('_', '-')}", str(folder / name)]
    sources = [
        ["load", "--source", source["name"], *(str(folder / name) for name in source["files"])]
        for source in manifest["sources"]
    ]
    editions = [_edition(edition, folder) for edition in manifest["register"]["editions"]]
    return [reference, *sources, *editions, ["funding"], ["seats", str(folder / manifest["seats"])]]


def _edition(edition: Mapping[str, str], folder: Path) -> list[str]:
    """Return the command line that loads an edition of the register; the manifest's keys are its options."""
    files = [(f"--{key.replace('_', '-')}", str(folder / name)) for key, name in edition.items() if key != "date"]
    return ["providers", "--edition", edition["date"], *(part for pair in files for part in pair)]


def harvest_commands(manifest: Mapping[str, Any], address: str) -> list[list[str]]:
    """Return the indexer's command lines that harvest the sources of a manifest from a server."""
    return [
        ["harvest", "--source", row["name"], "--kind", row["kind"], "--url", f"{address}{row['path']}"]
        for row in manifest["documents"]
    ]
