"""Writes seat figures into the offers; safe to repeat and to be overtaken by newer figures."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from engine.bulk import Outcome, write_groups
from engine.requests import Request, Steps, ask_together
from mappings.codes import SEATS_AT_LEAST, SEATS_ROWS
from mappings.session_index import TIERS
from seats.ledger.settling import settle
from seats.ledger.store import PAGE, Figure, fetch_page_after, may_count, to_figure
from seats.projection.scripts import REMOVE_SCRIPT, UPDATE_SCRIPT

_RULES: Final = {"rows": SEATS_ROWS, "least": SEATS_AT_LEAST, "tiers": TIERS}  # parameters of INDEX_RULE
SESSIONS_AT_ONCE: Final = 500  # finding the offers of 500 sessions takes about 40 ms
OFFERS_AT_ONCE: Final = 250
# Every offer has it since shape 5; those of an index of an earlier shape can be neither read nor changed: missing.
OF_THIS_SHAPE: Final = {"exists": {"field": "purchases"}}
OVERTAKEN: Final = (Outcome.BUSY, Outcome.CONFLICT)  # outcomes of an update that is retried

# Returns the moment before which observed figures do not count, as "2026-11-23T18:25:00Z"; "" if there is none.
Cutoff = Callable[[], str]


def figures_to_left(figures: Iterable[Mapping[str, Any]], funders: Iterable[str], cutoff: str) -> dict[str, int]:
    """Return seats left by funder of the action, and the largest of all under ``any``.

    Withdrawn figures are absent, and those observed before the cutoff, unless that is "".

    >>> figures = [{"funder": "2", "available": 3, "observed_at": "2026-11-20T08:00:00Z"},
    ...            {"funder": "4", "available": 5, "observed_at": "2026-11-02T08:00:00Z"}]
    >>> figures_to_left(figures, ["2"], "")
    {'2': 3, 'any': 5}
    >>> figures_to_left(figures, ["2"], "2026-11-16T12:00:00Z")
    {'2': 3, 'any': 3}
    """
    own = set(funders)
    left: dict[str, int] = {}
    for figure in figures:
        if figure["available"] is None or figure["observed_at"] < cutoff:
            continue
        if figure["funder"] in own:
            left[figure["funder"]] = figure["available"]
        left["any"] = max(figure["available"], left.get("any", 0))
    return left


def figures_to_capacity(figures: Iterable[Mapping[str, Any]], funders: Iterable[str], cutoff: str) -> dict[str, int]:
    """Return the known capacities by funder of the action, of the figures that the cutoff lets count.

    >>> figures_to_capacity([{"funder": "2", "capacity": 12, "available": None, "observed_at": "x"}], ["2"], "")
    {'2': 12}
    """
    own = set(funders)
    return {
        figure["funder"]: figure["capacity"]
        for figure in figures
        if figure["funder"] in own and figure.get("capacity") is not None and figure["observed_at"] >= cutoff
    }


def seats_rows(sessions: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the rows of the seats facet that count an offer with these sessions, in order.

    >>> seats_rows([{"left": {"any": 7}}, {"left": {}}]), seats_rows([{"left": {"any": 0}}]), seats_rows([])
    (['1', '5', 'unknown'], ['full'], [])
    """
    rows: set[str] = set()
    for session in sessions:
        left = session.get("left", {}).get("any")
        if left:
            rows.update(str(least) for least in SEATS_AT_LEAST if left >= least)
        else:
            rows.add("unknown" if left is None else "full")
    return [row for row in SEATS_ROWS if row in rows]


def merge_figures(present: Iterable[Figure], fresh: Iterable[Figure]) -> list[Figure]:
    """Return one figure per funder, ordered by funder: that of the higher sequence, the present one if equal."""
    merged = {figure["funder"]: figure for figure in present}
    for figure in fresh:
        old = merged.get(figure["funder"])
        if old is None or old["sequence"] < figure["sequence"]:
            merged[figure["funder"]] = figure
    return [merged[funder] for funder in sorted(merged)]


@dataclass(frozen=True, slots=True)
class FoundOffer:
    """An offer with some of the requested sessions: its source, and the keys of those sessions."""

    source: str
    session_keys: tuple[str, ...]


def find_offers(offers: str, session_keys: Iterable[str]) -> Steps[dict[str, FoundOffer]]:
    """Return the offers of an index or alias with any of these sessions, by id, as of its last refresh."""
    found: dict[str, FoundOffer] = {}
    keys = list(session_keys)
    wanted = set(keys)
    chunks = [keys[start : start + SESSIONS_AT_ONCE] for start in range(0, len(keys), SESSIONS_AT_ONCE)]
    for answer in (yield from ask_together([_finding(offers, chunk) for chunk in chunks])):
        for hit in answer["hits"]["hits"]:
            told = hit["fields"]
            sessions = tuple(key for key in told["session_keys"] if key in wanted)
            found[hit["_id"]] = FoundOffer(told["source"][0], sessions)
    return found


def _finding(offers: str, session_keys: Sequence[str]) -> Request:
    """Return the search for the offers with these sessions: their columns, for the engine would parse each document."""
    query = {"bool": {"filter": [{"terms": {"session_keys": session_keys}}, OF_THIS_SHAPE]}}
    body = {"size": 10_000, "_source": False, "docvalue_fields": ["source", "session_keys"], "query": query}
    return Request("POST", f"/{offers}/_search", body, {"ignore_unavailable": "true"})


def project(
    offers: str, found: Mapping[str, FoundOffer], figures: Mapping[str, Sequence[Figure]], cutoff: str
) -> Steps[None]:
    """Write figures, by session key, into offers found in an index or alias.

    Seats left in these sessions exclude figures observed before the cutoff, new or old.
    """
    yield from _change(offers, UPDATE_SCRIPT, found, figures, cutoff)


def remove_figures(offers: str, figures: Mapping[str, Sequence[Figure]], cutoff: str) -> Steps[None]:
    """Remove figures, by session key, from the offers, where they still have these sequences."""
    found = yield from find_offers(offers, figures)
    yield from _change(offers, REMOVE_SCRIPT, found, figures, cutoff)


def project_documents(offers: str, documents: Sequence[Mapping[str, Any]], cutoff: str) -> Steps[dict[str, str]]:
    """Write ledger documents into the offers with their sessions, if their producers had the right.

    Returns the source of each session that an offer has, by session key.
    """
    found = yield from find_offers(offers, {document["session_key"] for document in documents})
    source_of = sources_of(found)
    yield from project(offers, found, to_figures(documents, source_of), cutoff)
    return source_of


def sources_of(found: Mapping[str, FoundOffer]) -> dict[str, str]:
    """Return the source of each session of these offers, by session key."""
    return {key: offer.source for offer in found.values() for key in offer.session_keys}


def to_figures(documents: Iterable[Mapping[str, Any]], source_of: Mapping[str, str]) -> dict[str, list[Figure]]:
    """Return the newest figures that may count for their session's source, by session key."""
    figures: dict[str, list[Figure]] = {}
    for document in documents:
        key = document["session_key"]
        if may_count(document, source_of.get(key)):
            figures[key] = merge_figures(figures.get(key, ()), [to_figure(document)])
    return figures


def _change(
    offers: str,
    script: str,
    found: Mapping[str, FoundOffer],
    figures: Mapping[str, Sequence[Figure]],
    cutoff: str,
) -> Steps[None]:
    scripts = {}
    for offer, each in found.items():
        of_offer = {key: figures[key] for key in each.session_keys if key in figures}
        if of_offer:
            params = {"figures": of_offer, "cutoff": cutoff, **_RULES}
            scripts[offer] = {"lang": "painless", "source": script, "params": params}
    yield from _update(offers, scripts)


def _update(offers: str, scripts: Mapping[str, Mapping[str, Any]]) -> Steps[None]:
    """Run scripts on offers; an offer removed meanwhile needs no figure."""
    groups = [_update_lines(offer, script) for offer, script in scripts.items()]
    yield from write_groups(f"/{offers}/_bulk", groups, again=OVERTAKEN, at_once=OFFERS_AT_ONCE)


def _update_lines(offer: str, script: Mapping[str, Any]) -> bytes:
    action = {"update": {"_id": offer, "retry_on_conflict": 3}}
    return orjson.dumps(action) + b"\n" + orjson.dumps({"script": script}) + b"\n"


def replay(ledger: str, offers: str, checkpoint: int, cutoff: Cutoff) -> Steps[int]:
    """Project all statements after a checkpoint of the ledger's log; return the new checkpoint.

    Waiting statements for sessions known by now are settled.
    """
    yield Request("POST", f"/{ledger}/_refresh")
    while True:
        documents, checkpoint = yield from fetch_page_after(ledger, checkpoint)
        source_of = yield from project_documents(offers, documents, cutoff())
        yield from settle(ledger, documents, source_of)
        if len(documents) < PAGE:  # otherwise it might not end while statements arrive as fast as they are projected
            return checkpoint
