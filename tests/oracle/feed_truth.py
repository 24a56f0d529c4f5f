"""Rows from the truth file of a generated catalogue: one JSON line per action, flat, one place each."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.oracle.dates import parse_period
from tests.oracle.lines import Line, told
from tests.oracle.places import Gazetteer, communes_of, zone_of
from tests.oracle.rows import Place, Row, Session, make_row

# Facets of which the file says nothing; and it tells no entry levels.
UNTOLD: tuple[str, ...] = ("nsf", "rhythm")
MODES = {"0": "onsite", "1": "blended", "2": "remote"}
STATES = {"1": "open", "2": "closed", "3": "suspended"}


def read_feed_truth(path: Path, gazetteer: Gazetteer, zones: Mapping[str, str] | None = None) -> Iterator[Row]:
    """Yield the rows of ``truth.jsonl``; entry levels are not in it. ``zones`` are those of communes."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield _row(json.loads(line), gazetteer, zones or {})


def _row(truth: dict[str, Any], gazetteer: Gazetteer, zones: Mapping[str, str]) -> Row:
    trainer = (truth.get("trainer") or "")[:9]
    return make_row(
        truth["action"],
        truth["title"],
        codes={
            "formacode": truth["formacode"],
            "rome": truth["rome"],
            "rncp": [truth["rncp"]] if truth["rncp"] else [],
            "level": [truth["level"]] if truth["level"] else [],
            "audience": truth["audience"],
            "provider": [truth["provider"][:9]],
            "trainer": [trainer] if trainer.strip("0") else [],
            "mode": [MODES[truth["modality"]]],
            "entry": ["permanent" if truth["permanent"] else "fixed"],
            "state_funded": ["true" if truth["state_funded"] else "false"],
        },
        lines=tuple(_line(*line) for line in truth.get("bought") or map(_bare, truth["funders"])),
        places=(locate(truth, gazetteer, zones),),
        sessions=tuple(read_session(session) for session in truth["sessions"]),
        hours=truth["hours"],
        price=truth["price"],
    )


def _line(funder: str, _: int | None, programme: str | None, market: str | None) -> Line:
    return Line(funder, told(programme), told(market))


def _bare(funder: str) -> tuple[str, None, None, None]:
    return funder, None, None, None


def locate(truth: dict[str, Any], gazetteer: Gazetteer, zones: Mapping[str, str] = MappingProxyType({})) -> Place:
    """Return where a place lies: by its commune, a former one's successor, else the first digits of its code."""
    insee = gazetteer.former.get(truth["insee"], truth["insee"])
    town = gazetteer.towns.get(insee)
    department = town.department if town else insee[: 3 if insee.startswith(("97", "98")) else 2]
    region = gazetteer.region_by_department.get(department)
    lat, lon = truth["lat"], truth["lon"]
    if town and (lat is None or lon is None or (float(lat).is_integer() and float(lon).is_integer())):
        lat, lon = town.lat, town.lon
    return Place(region, department, lat, lon, communes_of(insee), zone_of(insee, zones))


def read_session(session: dict[str, Any]) -> Session:
    """Return a session; its figures are those after all statements."""
    start, end = parse_period(*session["raw"])
    return Session(
        session["session"],
        start,
        end,
        STATES.get(session["state"], "unknown"),
        available={funder: left for funder, (_, left) in session["seats"].items() if left is not None},
    )
