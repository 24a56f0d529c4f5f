"""The first load of a source and 1,000 alerts: ``python -m bench.alerts``.

Takes the installation that BOUSSOLE_OPENSEARCH_URL and BOUSSOLE_INDEX_PREFIX name, which must have offers and no
alerts, stores alerts whose news begin before its first load, receives the mails on a port of its own, and removes the
alerts. Exit status 1 if the run takes longer than MOST_SECONDS, a mail is missing, lists offers, or has another number
than the search.
"""

import argparse
import asyncio
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import Any, Final

from aiosmtpd.smtp import SMTP

from alerts.address import parse_address
from alerts.keys import AlertKeys
from alerts.model import CONSENT, Record
from alerts.store import create, ensure_index, remove_where
from bench.tables import table
from engine.blocking import Engine
from indexer.alerts.services import open_services
from mappings.names import IndexNames
from search_app.alerts.searched import read_searched
from search_app.base.settings import Settings

ALERTS: Final = 1_000
MOST_SECONDS: Final = 60.0
KEY: Final = "the-key-of-a-measurement-of-alerts"
SITE: Final = "https://boussole.example"
BEFORE: Final = "2000-01-01T00:00:00.000+00:00"
WORDS: Final = (
    "soudeur", "cuisine", "anglais", "aide soignant", "coiffure", "comptable", "développeur", "permis cariste", "vente",
    "petite enfance", "électricien", "secrétaire", "mécanicien", "bureautique", "maçon", "logistique", "infirmier",
)  # fmt: skip
PLACES: Final = (
    "",
    "place=Toulouse",
    "place=Albi&radius=60",
    "place=31",
    "place=Occitanie",
    "department=81",
    "funder=2",
)
NUMBER: Final = re.compile(r"([\d\u202f]+)\u00a0offres? répond")


class Mailbox:
    """Takes every message at once."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802 - as aiosmtpd calls it
        """Keep a message."""
        self.mails.append((envelope.rcpt_tos[0], envelope.original_content))
        return "250 OK"


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alerts", type=int, default=ALERTS)
    count = parser.parse_args().alerts
    with receiving() as (mailbox, port):
        more = {"SMTP_URL": f"smtp://127.0.0.1:{port}", "ALERTS_KEY": KEY, "PUBLIC_URL": SITE}
        os.environ.update({f"BOUSSOLE_{name}": value for name, value in more.items()})
        settings = Settings.from_environment()
        queries = [queries_of(number) for number in range(count)]
        with stored(settings, queries):
            began = time.perf_counter()
            command = [sys.executable, "-m", "indexer", "alerts", "send"]
            status = subprocess.run(command, check=False).returncode
            seconds = time.perf_counter() - began
    totals = asyncio.run(totals_of(settings, sorted(set(queries))))
    listed, wrong = check(mailbox, queries, totals)
    expected = sum(totals[query] > 0 for query in queries)
    row = (count, len(mailbox.mails), expected, f"{seconds:.1f}", listed, wrong)
    print(table(("alerts", "mails", "expected", "seconds", "lists", "other numbers than the search"), [row]))
    failed = status or listed or wrong or len(mailbox.mails) != expected or seconds > MOST_SECONDS
    return 1 if failed else 0


def queries_of(number: int) -> str:
    """Return the query string of an alert: words, with and without a place, a département or a funder."""
    words, place = WORDS[number % len(WORDS)], PLACES[number % len(PLACES)]
    return "&".join(filter(None, (f"q={words.replace(' ', '+')}", place)))


@contextmanager
def receiving() -> Iterator[tuple[Mailbox, int]]:
    """Yield a mail server in a thread."""
    mailbox, loop = Mailbox(), asyncio.new_event_loop()
    make = lambda: SMTP(mailbox, loop=loop)  # noqa: E731 - a factory, as the loop takes it
    server = loop.run_until_complete(loop.create_server(make, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield mailbox, server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


@contextmanager
def stored(settings: Settings, queries: Sequence[str]) -> Iterator[None]:
    """Store an alert for each query, and remove them afterwards."""
    keys, names = AlertKeys.parse(KEY), IndexNames(settings.index_prefix)
    engine = Engine.connect(settings.connection)
    try:
        engine.run(ensure_index(names, settings.replicas))
        for number, query in enumerate(queries):
            address = parse_address(f"p{number}@exemple.fr")
            record = Record(
                kind="active", mark=keys.marks(address)[0], address=keys.encrypt(address), query=query, consent=CONSENT,
                frequency="daily", told_until=BEFORE, confirmed_at=settings.current_moment().isoformat(),
            )  # fmt: skip
            engine.run(create(names, f"bench-{number}", record))
        yield
    finally:
        engine.run(remove_where(names, {"term": {"consent": CONSENT}}))
        engine.close()


async def totals_of(settings: Settings, queries: Sequence[str]) -> dict[str, int]:
    """Return the total of each query, as the search gives it."""
    totals = {}
    async with open_services(settings) as services:
        for query in queries:
            totals[query] = (await services.search(read_searched(services, query).search)).total
    return totals


def check(mailbox: Mailbox, queries: Sequence[str], totals: dict[str, int]) -> tuple[int, int]:
    """Return how many mails list offers, and how many have another number than the search."""
    listed = wrong = 0
    for recipient, raw in mailbox.mails:
        body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
        text = str(body.get_content()) if body else ""
        query = queries[int(recipient.partition("@")[0][1:])]
        told = [int(number.replace("\u202f", "")) for number in NUMBER.findall(text)]
        listed += f"{SITE}/offres/" in text
        wrong += told != [totals[query]] or f"{SITE}/offres?{query}" not in text
    return listed, wrong


if __name__ == "__main__":
    sys.exit(main())
