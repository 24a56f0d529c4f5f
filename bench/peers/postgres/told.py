"""What only the app tells of its offers: page texts, by its export, and texts and keys, by a scan of its index."""

import json
import urllib.request
from collections.abc import Iterator, Sequence
from typing import Any, Final

import orjson

from bench.peers.postgres.codes import Codes

STEP: Final = 1000  # documents of one request to the engine
TEXTS: Final = ("goal", "content", "outcome", "place_text")
FIELDS: Final = ("id", "key", "nsf", "rhythm", "title", "subjects", "provider.name", *TEXTS)
PATIENCE: Final = 600
Columns = tuple[Any, ...]


def fetch_cards(app_url: str) -> Iterator[tuple[str, str]]:
    """Yield the key and the JSON text of each offer, as results of a search have it."""
    with urllib.request.urlopen(f"{app_url}/api/v1/offers.ndjson", timeout=PATIENCE) as lines:
        for line in lines:
            yield orjson.loads(line)["key"], line.decode().rstrip("\n")


def fetch_texts(engine_url: str, alias: str, codes: Codes) -> Iterator[Columns]:
    """Yield the rows of table ``told``, by a scan of the index in the order of keys."""
    after: Sequence[Any] = ()
    while hits := _fetch_step(engine_url, alias, after):
        yield from (_columns(hit["_source"], codes) for hit in hits)
        after = hits[-1]["sort"]


def fetch_labels(app_url: str) -> dict[tuple[str, str], str]:
    """Return the labels of the values that the app lists, by facet and value."""
    address = f"{app_url}/api/v1/offers?size=1&facet_size=1000"
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        facets = json.load(answer)["facets"]
    return {(name, row["value"]): row["label"] for name, rows in facets.items() for row in rows}


def _fetch_step(engine_url: str, alias: str, after: Sequence[Any]) -> list[dict[str, Any]]:
    body: dict[str, Any] = {"size": STEP, "sort": [{"key": "asc"}], "_source": list(FIELDS), "track_total_hits": False}
    if after:
        body["search_after"] = list(after)
    request = urllib.request.Request(
        f"{engine_url}/{alias}/_search", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        hits: list[dict[str, Any]] = orjson.loads(answer.read())["hits"]["hits"]
    return hits


def _columns(source: dict[str, Any], codes: Codes) -> Columns:
    return (
        source["id"],
        source["key"],
        codes.numbers("nsf", set(source.get("nsf", ()))),
        codes.numbers("rhythm", source.get("rhythm", ())),
        source["title"],
        " ; ".join(source.get("subjects", ())),
        source.get("provider", {}).get("name") or "",
        " ".join(source[name] for name in TEXTS if source.get(name)),
    )
