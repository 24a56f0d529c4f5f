"""The state of an installation as metrics in the Prometheus format, for a collector that reads files."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest

Row = tuple[str, str, float]  # metric, label value or "", number
# Name, what it is, and the name of its label, if it has one.
METRICS: Final[tuple[tuple[str, str, str], ...]] = (
    ("boussole_status_timestamp_seconds", "When these figures were read.", ""),
    ("boussole_offers", "Offers that are live.", ""),
    ("boussole_sessions", "Sessions of the live offers.", ""),
    ("boussole_index_bytes", "Size of the live offers index on disk, all copies.", ""),
    ("boussole_index_deleted_documents", "Rewritten documents of the live index, not merged away yet.", ""),
    ("boussole_index_copies_missing", "Copies of shards of the live index that no node holds.", ""),
    ("boussole_source_offers", "Live offers of a source.", "source"),
    ("boussole_source_loaded_timestamp_seconds", "When a source was last loaded; 0 if never to its end.", "source"),
    ("boussole_source_is_current", "0 if the live offers are not those of the last load.", "source"),
    ("boussole_seat_statements", "Seat statements in the ledger, the last of each session and funder.", ""),
    ("boussole_seats_differ", "Statements that the offers do not show as the ledger has them.", ""),
    ("boussole_seats_lag_seconds", "Age of the oldest of those; 0 if there are none.", ""),
    ("boussole_seats_waiting", "Statements about sessions that no feed has told of.", ""),
    ("boussole_derived_data_is_old", "1 for data made from offers that are older than the offers.", "data"),
    ("boussole_documents", "Documents beside the offers.", ""),
    ("boussole_harvest_complete_timestamp_seconds", "When a source’s documents were last read to the end.", "source"),
    ("boussole_funding_rules_due_timestamp_seconds", "By when the next funding rule must be verified.", ""),
)  # fmt: skip


def to_metrics(status: Mapping[str, Any], now: datetime) -> str:
    """Return the metrics of a state as ``lifecycle.status.read_status`` tells it; what it does not tell is left out."""
    registry, rows = CollectorRegistry(), [*_rows(status, now)]
    told = {name for name, _, _ in rows}
    gauges = {
        name: Gauge(name, what, [label] if label else [], registry=registry)
        for name, what, label in METRICS
        if name in told
    }
    for name, value, number in rows:
        gauge = gauges[name]
        (gauge.labels(value) if value else gauge).set(number)
    return generate_latest(registry).decode()


def _rows(status: Mapping[str, Any], now: datetime) -> Iterable[Row]:
    yield "boussole_status_timestamp_seconds", "", now.timestamp()
    for name in ("offers", "sessions"):
        yield f"boussole_{name}", "", status[name]
    for name, number in status["index"].items():
        yield f"boussole_index_{name}", "", number
    for source in status["sources"]:
        yield "boussole_source_offers", source["name"], source["offers"]
        yield "boussole_source_loaded_timestamp_seconds", source["name"], _seconds(source["loaded_at"])
        yield "boussole_source_is_current", source["name"], float(source["is_current"])
    seats = status["seats"]
    yield "boussole_seat_statements", "", seats["statements"]
    for name in ("differ", "lag_seconds", "waiting"):
        yield f"boussole_seats_{name}", "", seats[name]
    yield from (("boussole_derived_data_is_old", row["name"], 1.0) for row in status["older_than_offers"])
    yield "boussole_documents", "", status["documents"]["documents"]
    for harvested in status["documents"]["sources"]:
        yield "boussole_harvest_complete_timestamp_seconds", harvested["name"], _seconds(harvested["complete_at"])
    due = [row["by"] for row in (status["funding"] or {}).get("due", ())]
    if due:
        yield "boussole_funding_rules_due_timestamp_seconds", "", _seconds(min(due))


def _seconds(told: str | None) -> float:
    """Return a moment or a day in seconds since 1970, 0 if there is none.

    >>> _seconds("1970-01-02"), _seconds("1970-01-01T00:00:01Z"), _seconds(None)
    (86400.0, 1.0, 0.0)
    """
    if told is None:
        return 0.0
    moment = datetime.fromisoformat(told)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
