"""Asks the engine for alternatives to an empty result, or to one without on-site offers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from search_app.pages.search.instead.elsewhere import (
    MOST_TOWNS,
    Instead,
    build_towns,
    later_search,
    nearby_search,
    nearest_towns,
    tell_when,
)
from search_app.pages.search.instead.loosen import build_loosening, build_suggestions, search_of
from search_app.pages.search.instead.sheets import find_sheets
from search_app.pages.shared.layout import CountedLink, Link
from search_app.search.funding.situation import Situation
from search_app.search.links import Pairs, address, replaced, to_pairs, without
from search_app.search.params.search_params import SearchParams
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import SearchResults
from search_app.search.service import Services

MOST_DOMAINS: Final = 3
MOST_SPELLINGS: Final = 3
SHORTEST_BEGINNING: Final = 4  # letters in common with what was typed; shorter ones are in any word
AROUND: Final = ("place", "lat", "lon", "radius", "remote", "upcoming")  # what domains are counted under
Resolve = Callable[[SearchParams], ResolvedSearch]


async def find_instead(
    services: Services, search: ResolvedSearch, results: SearchResults, situation: Situation | None = None
) -> Instead:
    """Return what is shown beside an answer: alternatives to one without results, the nearest towns that hold
    something where all results are remote; nothing otherwise. They are for the same ``situation``. Raises EngineError.
    """
    loose = results.understood is not None and results.understood.loose

    def resolved(params: SearchParams) -> ResolvedSearch:
        """Resolve a suggestion as its address will be; if this search was answered loosely, it is too."""
        other = services.resolve(params, like=search, situation=situation)
        return other.loosely() if loose else other

    if not results.total:
        return await _find_alternatives(services, search, results, resolved)
    if results.page == 1 and results.presence is not None and not results.presence.onsite:
        return Instead(nearby=await _find_nearby(services, search, results, resolved))
    return Instead()


async def _find_nearby(
    services: Services, search: ResolvedSearch, results: SearchResults, resolved: Resolve
) -> tuple[CountedLink, ...]:
    """Return the nearest towns with on-site offers, and how many; none for an area."""
    nearby = nearby_search(search.params, results.place)
    if nearby is None:
        return ()
    ((_, cards),) = await services.first_of([resolved(nearby)])
    around = build_towns(search.params, nearest_towns(cards, search.snapshot.places))
    counts = await services.count([resolved(replace(search_of(link), remote="exclude")) for link in around])
    return _with_offers(around, counts)


def _with_offers(towns: Sequence[Link], counts: Sequence[int]) -> tuple[CountedLink, ...]:
    """Return the first towns that have offers, with their numbers."""
    found = (CountedLink(link.text, count, link.href) for link, count in zip(towns, counts, strict=True) if count)
    return tuple(found)[:MOST_TOWNS]


async def _find_alternatives(
    services: Services, search: ResolvedSearch, results: SearchResults, resolved: Resolve
) -> Instead:
    """Return all that may help a reader who found nothing."""
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
    near = _with_offers(around, counts[: len(around)])
    sheets = find_sheets(params.q, search.snapshot.funding.book)
    if results.understood is None or not results.understood.loose:
        return Instead(loosening, near, sheets=sheets)
    # No offer at all has the words: they may be misspelt, or of no use.
    return Instead(loosening, near, _build_spellings(search), await _find_domains(services, search), sheets)


async def _find_domains(services: Services, search: ResolvedSearch) -> tuple[CountedLink, ...]:
    """Return the largest domains at the place of a search whose words find nothing."""
    if not search.params.q:
        return ()
    kept: Pairs = tuple(pair for pair in to_pairs(search.params) if pair[0] in AROUND)
    around = SearchParams(**{name: getattr(search.params, name) for name in AROUND})
    results = await services.search(services.resolve(replace(around, size=1), like=search))
    rows = results.facets["domain"][:MOST_DOMAINS]
    return tuple(CountedLink(row.label, row.count, address(replaced(kept, "domain", row.value))) for row in rows)


def _build_spellings(search: ResolvedSearch) -> tuple[Link, ...]:
    """Return titles and jobs that begin as the words do, with as many letters in common as there are any."""
    typed = search.params.q
    pairs = without(to_pairs(search.params), "q")
    for length in range(len(typed), SHORTEST_BEGINNING - 1, -1):
        found = search.snapshot.suggester.suggest(typed[:length], MOST_SPELLINGS)
        proposed = (*found.titles, *found.jobs)[:MOST_SPELLINGS]
        if proposed:
            return tuple(Link(each.label, address(replaced(pairs, each.parameter, each.value))) for each in proposed)
    return ()
