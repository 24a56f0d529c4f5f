"""Asks the engine what there is instead, where a search finds nothing."""

from search_app.pages.search.elsewhere import (
    MOST_TOWNS,
    Instead,
    build_towns,
    later_search,
    nearby_search,
    nearest_towns,
    tell_when,
)
from search_app.pages.search.loosen import build_loosening, build_suggestions, search_of
from search_app.pages.shared.layout import CountedLink
from search_app.search.params.search_params import SearchParams
from search_app.search.results import SearchResults
from search_app.search.service import Services


async def find_instead(services: Services, params: SearchParams, results: SearchResults) -> Instead:
    """Return what there is instead; where something was found, nothing. Raises EngineError."""
    if results.total:
        return Instead()
    loose = results.understood is not None and results.understood.loose
    nearby, later = nearby_search(params, results.place), later_search(params)
    asked = [search for search in (nearby, later) if search]
    found = dict(zip(asked, await services.first_of(asked, loose=loose), strict=True)) if asked else {}
    towns = nearest_towns(found[nearby][1], services.reference.current().places) if nearby else []
    around, suggestions = build_towns(params, towns), build_suggestions(params, results)
    counts = await services.count([search_of(link) for link in (*around, *suggestions)], loose=loose)
    loosening = build_loosening(suggestions, counts[len(around) :])
    if later and params.start_to:
        loosening = tell_when(loosening, found[later][1], params.start_to)
    near = (CountedLink(link.text, count, link.href) for link, count in zip(around, counts, strict=False) if count)
    return Instead(loosening, tuple(near)[:MOST_TOWNS])
