"""The command that replaces the funding rules."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from funding import OWN_FUNDING, PROJECT, check_folder
from indexer.funding.store import store_funding
from indexer.installation.indices import Indices
from indexer.settings import IndexerSettings

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

DONE: Final = 0


def add_funding_command(commands: "Commands") -> None:
    """Add ``funding`` to the commands of the indexer."""
    funding = commands.add_parser("funding", help="funding rules: checked with their scenarios, then live")
    folder = "folder of rules/, scenarios/ and the rest (docs/funding.md); the project's own if none is named"
    funding.add_argument("folder", type=Path, nargs="?", default=OWN_FUNDING, metavar="DIR", help=folder)
    funding.set_defaults(command=_store)


def _store(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    checked = check_folder(options.folder)
    is_own = options.folder.resolve() == OWN_FUNDING.resolve()
    version = store_funding(indices, checked, PROJECT if is_own else str(options.folder))
    schemes, scenarios = len(checked.reading.book.schemes), len(checked.reading.scenarios)
    print(f"funding rules {version}: {schemes} schemes, {scenarios} scenarios")
    return DONE
