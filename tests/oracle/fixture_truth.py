"""Rows from the fixtures' truth file: a JSON line per live action, with numbers where the feed has them."""

import gzip
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.oracle.dates import parse_period
from tests.oracle.lines import Line
from tests.oracle.places import communes_of, load_zones, zone_of
from tests.oracle.rows import STATED, Place, Row, Session, make_row

FIXTURES: Final = Path(__file__).parents[2] / "fixtures"
DATA: Final = FIXTURES / "data"
COMMUNES: Final = FIXTURES / "reference" / "communes.csv"
ZONES: Final = FIXTURES / "reference" / "employment-zones.json"
FORMER_COMMUNES: Final = FIXTURES / "reference" / "former-communes.csv"

Truth = dict[str, Any]


def read_fixture_truth(path: Path) -> list[Truth]:
    """Return the lines of ``truth.jsonl.gz``; ``action`` and ``session`` are None where a feed gives no number."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def identify(truths: Iterable[Truth], results: Iterable[Mapping[str, Any]]) -> list[Truth]:
    """Fill in missing numbers from search results of the same source, title, postal code and provider.

    Raises ValueError if there is no such result, or several, or a session of the same period is missing.
    """
    by_match: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for result in results:
        by_match.setdefault(_match_of(result), []).append(result)
    return [truth if truth["action"] else _identified(truth, by_match) for truth in truths]


def _identified(truth: Truth, by_match: Mapping[tuple[Any, ...], list[Mapping[str, Any]]]) -> Truth:
    match = truth["match"]
    found = by_match.get((truth["source"], match["title"], match["postal_code"], match["provider"]), [])
    if len(found) != 1:
        raise ValueError(f"{len(found)} results for {match}")
    by_period = {(told["start"], told["end"]): told["id"] for told in found[0]["sessions"]}
    sessions = [{**session, "session": by_period.get(_period(session))} for session in truth["sessions"]]
    missing = [session["raw"] for session in sessions if session["session"] is None]
    if missing:
        raise ValueError(f"{found[0]['id']} has no session of {missing}, but {sorted(by_period, key=str)}")
    return {**truth, "action": found[0]["id"], "sessions": sessions}


def _match_of(result: Mapping[str, Any]) -> tuple[Any, ...]:
    return result["source"], result["title"], (result["place"] or {}).get("postal_code"), result["provider"]["name"]


def _period(session: Truth) -> tuple[str | None, str | None]:
    start, end = parse_period(*session["raw"])
    return start.first.isoformat() if start else None, end.last.isoformat() if end else None


def fixture_row(truth: Truth) -> Row:
    """Return an identified line as a row."""

    entries = {True: "permanent", False: "fixed"}
    zones = _zones()
    stated = {
        **truth,
        "trainer": truth["trainers"],
        "entry": entries.get(truth["permanent"]),
        "provider": truth["provider_siren"],
    }
    return make_row(
        truth["action"],
        truth["title"],
        codes={
            **{name: _texts(_told(stated, name)) for name in STATED},
            **{name: truth[name] for name in ("formacode", "rncp", "rs", "certifinfo")},
        },
        lines=tuple(Line(*line[:3]) for line in truth["lines"]),
        places=tuple(
            Place(p["region"], p["department"], p["lat"], p["lon"], communes_of(p["insee"]), zone_of(p["insee"], zones))
            for p in truth["places"]
        ),
        sessions=tuple(_session(session) for session in truth["sessions"]),
        entry_level=truth["entry_level_required"],
        hours=truth["hours"],
        price=truth["price"],
    )


@cache
def _zones() -> dict[str, str]:
    return load_zones(ZONES)


def _told(truth: Truth, name: str) -> Any:
    if name not in truth:
        raise KeyError(f"fixtures/truth.py writes no {name!r} (docs/adding-a-facet.md)")
    return truth[name]


def _texts(value: Any) -> list[str]:
    """Return what a truth file states as the values of a facet: a list, one value, a flag, or nothing."""
    if isinstance(value, list):
        return value
    return [] if value is None else [str(value).lower() if isinstance(value, bool) else str(value)]


def _session(session: Truth) -> Session:
    start, end = parse_period(*session["raw"])
    known = {funder: figure[1] for funder, figure in session["seats"].items() if figure[1] is not None}
    return Session(session["session"], start, end, session["recruiting"], known)
