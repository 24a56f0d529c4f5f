"""Documents that share codes with an offer or a page, worked out at each reading: nothing of it is stored.

The most specific shared code decides the order: a certification before a domain. A document about another territory is
never shown; one without any is of all territories, and the only kind for a remote offer. Who pays is a reason only for
documents that are about nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from search_app.base.errors import EngineError, EngineRefused
from search_app.documents.answer import DocumentView
from search_app.documents.asking import THERE, Clause, Stored, ask_documents, stored_of
from search_app.documents.body import BY_DATE, is_valid
from search_app.documents.present import to_document
from search_app.search.service import Services

MOST: Final = 4
# Each is worth more than all that follow: a document with the certification precedes one with job, domain and funder.
WORTH: Final[Mapping[str, float]] = {"rncp": 32, "formacode": 16, "rome": 8, "domain": 4, "funder": 2}
NEARER: Final[Mapping[str, float]] = {"department": 1.0, "region": 0.5}  # of equally specific ones
OF_SUBJECTS: Final = ("rncp", "formacode", "rome", "domain")
OF_CARDS: Final = ["key", "kind", "title", "description", "publisher", "published", "year", "valid_from", "valid_until"]
MOST_CODES: Final = 50  # of one kind: more does no offer have


@dataclass(frozen=True, slots=True)
class SharedCodes:
    """The codes of an offer or a page. ``of_territory``: documents of the same territory are wanted, whatever they are
    about. Without region and department documents of every territory are, or with ``of_none`` those without one.
    """

    rncp: tuple[str, ...] = ()
    formacode: tuple[str, ...] = ()
    rome: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    funder: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    of_territory: bool = False
    of_none: bool = False
    but_source: str = ""

    def codes(self, name: str) -> list[str]:
        """Return the codes of a kind."""
        found: tuple[str, ...] = getattr(self, name)
        return list(found[:MOST_CODES])


def codes_of_offer(stored: Stored) -> SharedCodes:
    """Return the codes of a stored offer; one without a place, a remote one, is of no territory."""
    given: dict[str, Any] = {name: tuple(stored.get(name) or ()) for name in (*OF_SUBJECTS, "funder", *NEARER)}
    return SharedCodes(**given, of_none=not given["region"])


async def related_documents(services: Services, codes: SharedCodes) -> Sequence[DocumentView]:
    """Return the best documents with one request, none if the engine fails: they are beside what the page is for."""
    today = services.settings.current_day()
    body = build_related_body(codes, today, services.settings.engine_timeout)
    if body is None:
        return ()
    try:
        answer = await ask_documents(services, body)
    except (EngineError, EngineRefused):  # logged and counted where it was raised
        return ()
    return [to_document(stored, today) for stored in stored_of(answer)]


def build_related_body(codes: SharedCodes, today: date, timeout: float) -> dict[str, Any] | None:
    """Return the body that finds documents with these codes, None without a code that could be a reason."""
    reasons = _reasons(codes)
    if not reasons:
        return None
    rejected = [{"term": {"provenances.source": codes.but_source}}] if codes.but_source else []
    query: dict[str, Any] = {
        "filter": [THERE, is_valid(today), *_territory(codes)],
        "must": [{"bool": {"should": reasons}}],
        "must_not": rejected,
        "should": [] if codes.of_territory else _nearer(codes),
    }
    return {
        "query": {"bool": query},
        "sort": [{"_score": "desc"}, *BY_DATE],
        "size": MOST,
        "track_total_hits": False,
        "timeout": f"{int(timeout * 1000)}ms",
        "_source": OF_CARDS,
    }


def _reasons(codes: SharedCodes) -> list[Clause]:
    """Return a clause with its worth for each kind of shared code."""
    reasons = [_worth(_terms(name, codes), WORTH[name]) for name in OF_SUBJECTS if codes.codes(name)]
    if codes.funder:
        about_others = [{"exists": {"field": name}} for name in ("rncp", "rome", "domain")]
        payers: Clause = {"bool": {"filter": [_terms("funder", codes)], "must_not": about_others}}
        reasons.append(_worth(payers, WORTH["funder"]))
    if codes.of_territory:
        reasons += _nearer(codes)
    return reasons


def _territory(codes: SharedCodes) -> list[Clause]:
    """Return the clauses that leave out documents about other regions and départements."""
    if codes.of_none:
        return [{"bool": {"must_not": [{"exists": {"field": name}} for name in NEARER]}}]
    return [
        {"bool": {"should": [_terms(name, codes), {"bool": {"must_not": {"exists": {"field": name}}}}]}}
        for name in NEARER
        if codes.codes(name)
    ]


def _nearer(codes: SharedCodes) -> list[Clause]:
    return [_worth(_terms(name, codes), worth) for name, worth in NEARER.items() if codes.codes(name)]


def _terms(name: str, codes: SharedCodes) -> Clause:
    return {"terms": {name: codes.codes(name)}}


def _worth(clause: Clause, worth: float) -> Clause:
    return {"constant_score": {"filter": clause, "boost": worth}}
