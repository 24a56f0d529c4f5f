"""The command that writes the catalogue in the European Learning Model."""

import argparse
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from indexer.elm.write import Report, write_export
from indexer.installation.indices import Indices
from indexer.lifecycle.rebuild import NothingToDo
from indexer.settings import IndexerSettings
from mappings.settings import SettingsError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

DONE: Final = 0
PARIS: Final = ZoneInfo("Europe/Paris")
_SITE: Final = re.compile(r"https?://[^\s/?#<>\"]+(?:/[^\s?#<>\"]*)?")


def add_elm_command(commands: "Commands") -> None:
    """Add ``elm`` to the commands of the indexer."""
    elm = commands.add_parser("elm", help="the catalogue in the European Learning Model, as JSON-LD")
    elm.add_argument("file", type=Path, metavar="FILE", help="to write; compressed if its name ends in .gz")
    elm.set_defaults(command=_export)


def _export(options: argparse.Namespace, settings: IndexerSettings, indices: Indices) -> int:
    site = settings.public_url.rstrip("/")
    if not _SITE.fullmatch(site):
        raise SettingsError("BOUSSOLE_PUBLIC_URL: the address of the site is needed, for identifiers and home pages")
    index = indices.live_index()
    if index is None:
        raise NothingToDo("no offers index is live: load a catalogue first")
    indices.check_shape(index)
    today = settings.today or datetime.now(PARIS).date()
    print(told(write_export(indices, index, options.file, site, today), options.file))
    return DONE


def told(report: Report, path: Path) -> str:
    """Return what was written, and how many offers were left out for which reason.

    >>> from collections import Counter
    >>> told(Report(2, 1, Counter({"no goal and no outcome": 1})), Path("elm.jsonld"))
    'elm.jsonld: 2 offers of 1 providers; left out: 1 (no goal and no outcome: 1)'
    """
    reasons = ", ".join(f"{reason}: {count}" for reason, count in sorted(report.left_out.items()))
    left_out = f"{report.left_out.total()} ({reasons})" if reasons else "0"
    return f"{path}: {report.offers} offers of {report.bodies} providers; left out: {left_out}"
