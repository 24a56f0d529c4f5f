"""``search_offers``: the search, as a list that is read."""

from collections.abc import Sequence
from typing import Any

from search_app.assistants.offer_lines import SHORT, USUAL, Lengths, offer_lines, offer_values
from search_app.assistants.quotation import visible
from search_app.assistants.tools.answer import MOST_OF_DEFAULT, QUOTED, Answer, Arguments, Asked
from search_app.assistants.tools.arguments import read_arguments
from search_app.assistants.tools.search_arguments import (
    ARGUMENTS,
    DEFAULT_SIZE,
    address_of,
    read_search,
    site_lines,
)
from search_app.assistants.understood_lines import head_lines, instead_lines
from search_app.pages.search.instead.nothing_found import find_instead
from search_app.search.params.search_params import DEFAULT_SIZE as OF_PAGES
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import SearchResults


async def search_offers(asked: Asked, arguments: Arguments) -> Answer:
    """Return the exact total, what was understood, a page of offers, or why there is none and what finds something."""
    pairs, faults = read_arguments(arguments, ARGUMENTS)
    search = read_search(asked, pairs, ARGUMENTS, faults)
    results = await asked.services.search(search)
    instead: Sequence[str] = ()
    if not results.total:
        of_pages = search.with_params(size=OF_PAGES)  # addresses of pages have no size
        instead = instead_lines(await find_instead(asked.services, of_pages, results), asked.site)
    answer = _answer(asked, search, results, instead, USUAL)
    if len(results.results) <= DEFAULT_SIZE and answer.length > MOST_OF_DEFAULT:
        return _answer(asked, search, results, instead, SHORT)
    return answer


def _answer(
    asked: Asked, search: ResolvedSearch, results: SearchResults, instead: Sequence[str], lengths: Lengths
) -> Answer:
    lines = [*head_lines(search, results, lengths), *instead]
    params, today = search.params, results.today
    if results.results:
        lines.append(f"Page {results.page} sur {results.pages}. {QUOTED}")
    elif results.total:
        lines.append(f"Cette page est vide : il y en a {results.pages}.")
    for card in results.results:
        lines += offer_lines(card, params, today, asked.site, lengths)
    url = address_of(asked, search, lengths.address)
    offers = [offer_values(card, params, today, asked.site, lengths) for card in results.results]
    return Answer([*map(visible, lines), *site_lines(url)], _values(results, url, offers))


def _values(results: SearchResults, url: str | None, offers: list[Any]) -> dict[str, Any]:
    return {"total": results.total, "page": results.page, "pages": results.pages, "url": url, "results": offers}
