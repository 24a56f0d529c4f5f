"""The count lists, read back from the aggregations that ``query.counts`` named."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from search_app.directory import Snapshot, unknown_label
from search_app.params.search_params import SearchParams
from search_app.query.counts import EXACT, OTHERS, SELECTED
from search_app.query.facets import FACETS, Facet, seats_counted, seats_label
from search_app.results import FacetRow

Answer = Mapping[str, Any]
Count = tuple[str, int]  # a value and its offers
NOTHING: Final[Answer] = {"buckets": ()}


def to_facets(aggregations: Answer, params: SearchParams, snapshot: Snapshot) -> dict[str, list[FacetRow]]:
    """Return every count list by its parameter: most frequent first (seats in their order), no chosen value missing."""
    return {facet.param: _rows(facet, aggregations, params, snapshot) for facet in FACETS}


def _rows(facet: Facet, aggregations: Answer, params: SearchParams, snapshot: Snapshot) -> list[FacetRow]:
    chosen = params.chosen(facet.param)
    answers = _where(facet, aggregations)
    counts = _counts(answers[facet.param])
    if chosen:
        counts = _with_chosen(counts, facet, answers, chosen)
    if facet.param == "seats":
        found = dict(counts)
        rows = [value for row in seats_counted(params.seats) if (value := str(row)) in found]
        return [
            {"value": value, "label": seats_label(value), "count": found[value], "selected": value in chosen}
            for value in rows
        ]
    kind, known = facet.labels, snapshot.labels[facet.labels].get  # once: a list has a hundred rows
    return [
        {
            "value": value,
            "label": known(value) or unknown_label(kind, value),
            "count": count,
            "selected": value in chosen,
        }
        for value, count in counts
    ]


def _with_chosen(counts: list[Count], facet: Facet, answers: Answer, chosen: Sequence[str]) -> list[Count]:
    """Return a list with those of its chosen values that it was cut before, or that no offer has."""
    found = dict(counts)
    more = [row for suffix in (SELECTED, EXACT) for row in _counts(answers.get(facet.param + suffix, NOTHING))]
    for value, count in (*more, *((value, 0) for value in chosen)):
        found.setdefault(value, count)
    return list(found.items())


def _where(facet: Facet, aggregations: Answer) -> Answer:
    for name in (f"own:{facet.param}", OTHERS):
        if facet.param in aggregations.get(name, {}):
            found: Answer = aggregations[name]
            return found
    return aggregations


def _counts(answer: Answer) -> list[Count]:
    """Return (value, offers) of a terms list, or of a list counted in sessions and brought back to offers."""
    if "matching" in answer:
        buckets = answer["matching"]["rows"]["buckets"]
        pairs = buckets.items() if isinstance(buckets, dict) else ((row["key"], row) for row in buckets)
        counted = [(value, _offers(value, row["offers"])) for value, row in pairs if row["doc_count"]]
        return sorted(((value, count) for value, count in counted if count), key=lambda row: (-row[1], row[0]))
    buckets = answer["buckets"]
    name = "key_as_string" if buckets and "key_as_string" in buckets[0] else "key"  # booleans are counted as 0 and 1
    return [(row[name], row["doc_count"]) for row in buckets]


def _offers(value: str, offers: Answer) -> int:
    """Return how many offers a row counts; of those counted under all funders, the ones that this funder pays."""
    if "paid" not in offers:
        return int(offers["doc_count"])
    return sum(row["doc_count"] for row in offers["paid"]["buckets"] if row["key"] == value)
