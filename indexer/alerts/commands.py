"""The operator's commands for alerts: arguments, output and exit status."""

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING, Any, Final

import orjson

from alerts.address import BadAddress, parse_address
from indexer.alerts.forget import forget_address
from indexer.alerts.status import read_status, status_lines
from indexer.installation.indices import Indices
from indexer.installation.locks import ALERTS, LockedError, hold_lock
from indexer.settings import IndexerSettings
from mappings.settings import SettingsError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

DONE, PARTLY, UNUSABLE = 0, 1, 2
NOT_OFFERED: Final = (
    "alerts are not offered here: BOUSSOLE_SMTP_URL is empty (docs/alerts.md); "
    "in a demonstration, set BOUSSOLE_DEMONSTRATION=true"
)


def add_alerts_command(commands: "Commands") -> None:
    """Add ``alerts send``, ``alerts status`` and ``alerts forget`` to the commands of the indexer."""
    alerts = commands.add_parser("alerts", help="alerts by mail: send what came, count them, forget an address")
    actions = alerts.add_subparsers(required=True, metavar="ACTION")
    sending = actions.add_parser("send", help="mail what came to everybody whose alert is due")
    sending.set_defaults(command=_send)
    status = actions.add_parser("status", help="how many alerts there are, without anything about a person")
    status.add_argument("--json", action="store_true", help="print it as JSON")
    status.set_defaults(command=_status)
    forgetting = actions.add_parser("forget", help="remove everything that is stored of a mail address")
    forgetting.add_argument("address", metavar="ADDRESS", help="the mail address; it is not printed")
    forgetting.set_defaults(command=_forget)


def _send(options: argparse.Namespace, _: IndexerSettings, indices: Indices) -> int:
    # Here, so that other commands do not load the whole app.
    from indexer.alerts.send import send_alerts
    from search_app.alerts.post_office import PostOffice
    from search_app.base.settings import Settings

    settings = Settings.from_environment()
    office = PostOffice.of(settings)
    if office is None:
        print(f"indexer: {NOT_OFFERED}", file=sys.stderr)
        return UNUSABLE
    indices.ensure("alerts")
    try:
        with hold_lock(indices, ALERTS) as lock:
            report = asyncio.run(send_alerts(settings, office, lock.check))
    except LockedError as error:  # another sender does, or will do, what this one would
        print(f"alerts: {error}: nothing done")
        return DONE
    print("\n".join(report.lines()))
    return report.exit_status


def _status(options: argparse.Namespace, _: IndexerSettings, indices: Indices) -> int:
    status = read_status(indices)
    if options.json:
        _print_json(status)
    else:
        print("\n".join(status_lines(status)))
    return DONE


def _forget(options: argparse.Namespace, _: IndexerSettings, indices: Indices) -> int:
    from search_app.alerts.post_office import keys_of
    from search_app.base.settings import Settings

    keys = keys_of(Settings.from_environment())
    if keys is None:
        raise SettingsError("BOUSSOLE_ALERTS_KEY is empty: without it no address can be found")
    try:
        marks = keys.marks(parse_address(options.address))
    except BadAddress:
        print("indexer: this is no mail address", file=sys.stderr)
        return UNUSABLE
    print(f"alerts: {forget_address(indices, marks)} records of this address removed")
    return DONE


def _print_json(data: Any) -> None:
    print(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())
