"""Reads the distinct trainings of an offers index, and the numbers of offers for suggestions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from engine.blocking import LONG
from indexer.installation.indices import Indices

PAGE: Final = 1_000  # trainings of one answer
MANY: Final = 100_000  # values of one aggregation: more than France has providers with offers
CODES_KEPT: Final = 50  # ROME codes of one training
SOURCE_FIELDS: Final = ["title", "rome_main", "formacode", "certifications"]


@dataclass(frozen=True, slots=True)
class Training:
    """What all offers of a training share; ``rome`` has every code of any of them."""

    title: str
    rome: tuple[str, ...]
    formacode: tuple[str, ...]
    certifications: tuple[Mapping[str, str], ...]  # as mappings.offer.Certification
    offers: int
    rome_main: str | None = None


@dataclass(frozen=True)
class Catalogue:
    """The distinct trainings of an index, and its offers by code and by SIREN."""

    trainings: tuple[Training, ...] = ()
    rome: Mapping[str, int] = field(default_factory=dict)
    domain: Mapping[str, int] = field(default_factory=dict)
    provider: Mapping[str, int] = field(default_factory=dict)


def fetch_catalogue(indices: Indices, index: str) -> Catalogue:
    """Read the data of a lexicon, as of the last refresh; raises EngineError."""
    lists = {"rome": "rome", "domain": "domain", "provider": "provider.siren"}
    aggs = {name: {"terms": {"field": path, "size": MANY}} for name, path in lists.items()}
    counts = _search(indices, index, {"size": 0, "aggs": aggs})
    rows = {name: {row["key"]: int(row["doc_count"]) for row in counts[name]["buckets"]} for name in lists}
    return Catalogue(tuple(_trainings(indices, index)), rows["rome"], rows["domain"], rows["provider"])


def _trainings(indices: Indices, index: str) -> Iterator[Training]:
    composite: dict[str, Any] = {"size": PAGE, "sources": [{"training": {"terms": {"field": "training_key"}}}]}
    of_each = {
        "one": {"top_hits": {"size": 1, "_source": SOURCE_FIELDS, "sort": [{"key": "asc"}]}},
        "rome": {"terms": {"field": "rome", "size": CODES_KEPT}},
    }
    body = {"size": 0, "aggs": {"trainings": {"composite": composite, "aggs": of_each}}}
    while True:
        found = _search(indices, index, body)["trainings"]
        for bucket in found["buckets"]:
            offer = bucket["one"]["hits"]["hits"][0]["_source"]
            yield Training(
                title=offer["title"],
                rome=tuple(row["key"] for row in bucket["rome"]["buckets"]),
                formacode=tuple(offer.get("formacode", ())),
                certifications=tuple(offer.get("certifications", ())),
                offers=int(bucket["doc_count"]),
                rome_main=offer.get("rome_main"),
            )
        if "after_key" not in found:
            return
        composite["after"] = found["after_key"]


def _search(indices: Indices, index: str, body: Mapping[str, Any]) -> dict[str, Any]:
    answer = indices.engine.call("POST", f"/{index}/_search", body, timeout=LONG)
    found: dict[str, Any] = answer["aggregations"]
    return found
