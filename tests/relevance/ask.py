"""Asks the judged queries of the app over the fixtures."""

import json
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from tests.engine.loaded import LoadedApp
from tests.relevance.judged import Judged
from tests.relevance.mark import ASKED_FOR, Mark, mark
from tests.relevance.offers import Offer, to_offer


def ask_all(app: LoadedApp, queries: Iterable[Judged]) -> list[Mark]:
    """Return the marks of all queries, in their order; raises AssertionError if one of them is not answered."""
    passing: dict[tuple[tuple[str, str], ...], list[Offer]] = {}
    marks = []
    for judged in queries:
        filters = tuple(sorted(judged.filters.items()))
        if filters not in passing:
            passing[filters] = offers_that_pass(app, judged.filters)
        answer = app.search({"q": [judged.q], "size": [str(ASKED_FOR)]})
        assert answer.status == 200, f"« {judged.q} »: {answer.text[:300]}"
        marks.append(mark(judged, answer.json(), passing[filters]))
    return marks


def offers_that_pass(app: LoadedApp, filters: Mapping[str, str]) -> list[Offer]:
    """Return all offers that pass filters, without any words."""
    answer = app.get(f"/api/v1/offers.ndjson?{urlencode(filters)}")
    assert answer.status == 200, answer.text[:300]
    return [to_offer(json.loads(line)) for line in answer.content.splitlines()]
