"""Arguments of the commands with many options."""

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from indexer.gates import gates_of
from indexer.load.gates import GATE_NAMES, GateLimits
from indexer.reference.files import READERS

SOURCE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
REFERENCE_HELP: Final = {
    "rome": "job titles and labels of ROME codes",
    "rome_sheets": "more of them, as sheets",
    "formacode": "labels of Formacode domains",
    "audiences": "labels of audience codes",
    "nsf": "labels of specialities",
    "communes": "towns with postal codes and centres",
    "former_communes": "codes of towns that were merged",
    "cedex": "postal codes of large recipients",
    "employment_zones": "zone of each town",
}


def add_load_arguments(load: argparse.ArgumentParser, command: Callable[..., int]) -> None:
    """Add the arguments of ``load``."""
    limits = GateLimits()
    named = "whose catalogue it is, always the same name: letters, digits, dots, dashes, underscores"
    load.add_argument("--source", required=True, type=source_name, metavar="NAME", help=named)
    feed = "LHEO 1.3, 2.2, 2.3 or index form, plain, .gz or .zip; all files together are the whole catalogue"
    load.add_argument("files", nargs="+", type=Path, metavar="FILE", help=feed)
    gates = f"gates to let through, comma-separated: {', '.join(GATE_NAMES)}"
    load.add_argument("--force", type=gates_of(GATE_NAMES), default=frozenset(), metavar="GATES", help=gates)
    load.add_argument("--min-offers", type=int, default=limits.min_offers, help="gate too-few")
    load.add_argument("--max-fewer", type=float, default=limits.max_fewer, help="gate too-many-fewer, a share")
    load.add_argument("--max-bad", type=float, default=limits.max_bad, help="gate too-many-bad, a share")
    load.add_argument("--rejects-dir", type=Path, metavar="DIR", help="for rejects.ndjson and repairs.ndjson")
    load.add_argument("--workers", type=int, metavar="N", help="processes that convert (default: one for each core)")
    load.add_argument("--json", action="store_true", help="print the report as JSON")
    load.set_defaults(command=command)


def add_reference_arguments(reference: argparse.ArgumentParser, command: Callable[..., int]) -> None:
    """Add the arguments of ``reference``: an option for each kind of file."""
    for kind in READERS:
        flag, what = "--" + kind.replace("_", "-"), REFERENCE_HELP[kind]
        reference.add_argument(flag, type=Path, nargs="+", action="extend", metavar="FILE", default=[], help=what)
    reference.epilog = "FILE is CSV, JSON or JSON lines, plain or .gz, known by its columns (docs/loading.md)."
    reference.set_defaults(command=command)


def source_name(text: str) -> str:
    """Return the given name of a source; raises ArgumentTypeError if it is invalid."""
    if not SOURCE_NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r}: letters, digits, dots, dashes and underscores, at most 64")
    return text
