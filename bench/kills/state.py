"""All data that a load leaves, without timestamps, so that two installations can be compared."""

import json
import sqlite3
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from mappings.names import IndexNames
from mappings.reference import unpack_table

MOMENTS: Final = ("written_at", "first_seen", "news_at", "session_seen")
PAGE: Final = 5_000
State = dict[str, dict[str, Any]]  # part -> its rows by key


def read_state(engine: str, prefix: str, work_dir: Path) -> State:
    """Return the offers, the data derived from them, and the loader's state."""
    names = IndexNames(prefix)
    live = next(iter(_ask(engine, f"_alias/{names.offers}")))
    lexicon = _ask(engine, f"{names.lexicon}/_doc/{live}")["_source"]
    return {
        "offers": {row["_id"]: _without_moments(row["_source"]) for row in _documents(engine, live)},
        "gone": {row["_id"]: row["_source"]["offer"] for row in _documents(engine, names.gone)},
        "sources": {row["_id"]: _counts(row["_source"]) for row in _documents(engine, names.sources)},
        "reference": {row["_id"]: unpack_table(row["_source"]) for row in _documents(engine, names.reference)},
        "lexicon": unpack_table(lexicon),
        "known": dict(_memory(work_dir)),
        "left behind": {str(path.name): 1 for path in (work_dir / "spool").iterdir()},
        "locks": {row["_id"]: row["_source"]["name"] for row in _documents(engine, names.locks)},
    }


def differences(one: State, other: State, but: tuple[str, ...] = ()) -> list[str]:
    """Return a line for each part that differs: missing, additional or different rows."""
    found = []
    for part in one:
        lost, more = one[part].keys() - other[part].keys(), other[part].keys() - one[part].keys()
        wrong = [key for key in one[part].keys() & other[part].keys() if one[part][key] != other[part][key]]
        if part not in but and (lost or more or wrong):
            names = sorted([*lost, *more, *wrong])[:3]
            found.append(f"{part}: {len(lost)} lost, {len(more)} too many, {len(wrong)} differ ({', '.join(names)})")
    return found


def delete_indices(engine: str, prefix: str) -> None:
    """Delete all indices of a prefix."""
    request = urllib.request.Request(f"{engine}/{prefix}*?expand_wildcards=all", method="DELETE")
    urllib.request.urlopen(request, timeout=60).close()


def _without_moments(offer: Mapping[str, Any]) -> dict[str, Any]:
    sessions = [{k: v for k, v in each.items() if k not in MOMENTS} for each in offer.get("sessions", ())]
    return {k: v for k, v in offer.items() if k not in MOMENTS} | {"sessions": sessions}


def _counts(source: Mapping[str, Any]) -> tuple[int, int]:
    return source["offers"], source["sessions"]


def _memory(work_dir: Path) -> Iterator[tuple[str, Any]]:
    for path in (work_dir / "known").iterdir():
        with closing(sqlite3.connect(path)) as db:
            for digest, offers in db.execute("SELECT digest, offers FROM record"):
                yield digest.hex(), json.loads(offers)


def _documents(engine: str, index: str) -> Iterator[dict[str, Any]]:
    """Yield all documents of an index after a refresh."""
    _ask(engine, f"{index}/_refresh", {})
    answer = _ask(engine, f"{index}/_search?scroll=1m", {"size": PAGE, "sort": ["_doc"]})
    while hits := answer["hits"]["hits"]:
        yield from hits
        answer = _ask(engine, "_search/scroll", {"scroll": "1m", "scroll_id": answer["_scroll_id"]})
    request = urllib.request.Request(
        f"{engine}/_search/scroll",
        json.dumps({"scroll_id": answer["_scroll_id"]}).encode(),
        {"content-type": "application/json"},
        method="DELETE",
    )
    urllib.request.urlopen(request, timeout=60).close()


def _ask(engine: str, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{engine}/{path}", data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)
