"""Asks the engine for alternatives to an empty result."""

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
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import SearchResults
from search_app.search.service import Services


async def find_instead(services: Services, search: ResolvedSearch, results: SearchResults) -> Instead:
    """Return alternatives to a search without results; raises EngineError.

    Suggestions are resolved as their addresses will be; if this search was answered loosely, they are too.
    """
    loose = results.understood is not None and results.understood.loose

    def resolved(params: SearchParams) -> ResolvedSearch:
        other = services.resolve(params, like=search)
        return other.loosely() if loose else other

    params = search.params
    nearby, later = nearby_search(params, results.place), later_search(params)
    asked = [each for each in (nearby, later) if each]
    found = dict(zip(asked, await services.first_of(list(map(resolved, asked))), strict=True)) if asked else {}
    towns = nearest_towns(found[nearby][1], search.snapshot.places) if nearby else []
    around, suggestions = build_towns(params, towns), build_suggestions(params, results)
    counts = await services.count([resolved(search_of(link)) for link in (*around, *suggestions)])
    loosening = build_loosening(suggestions, counts[len(around) :])
    if later and params.start_to:
        loosening = tell_when(loosening, found[later][1], params.start_to)
    near = (CountedLink(link.text, count, link.href) for link, count in zip(around, counts, strict=False) if count)
    return Instead(loosening, tuple(near)[:MOST_TOWNS])
