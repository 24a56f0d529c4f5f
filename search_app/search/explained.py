"""The explanation of an answer: what was asked, how long that took, and why each result is where it is."""

from dataclasses import replace
from typing import Any

from search_app.search.present.why import to_whys
from search_app.search.query import build_search_body
from search_app.search.resolved import ResolvedSearch
from search_app.search.stored import SearchAnswer


def to_explanation(search: ResolvedSearch, answer: SearchAnswer) -> dict[str, Any]:
    """Return the body that was sent, the engine's time, and the explanation of each result's rank."""
    plain = replace(search.request, params=replace(search.params, explain=False))
    return {
        "request": build_search_body(plain),
        "engine_ms": answer.took,
        "results": to_whys(answer.hits.hits, search.meant, search.snapshot),
    }
