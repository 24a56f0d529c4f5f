"""``search_offers``: the search, as a list that is read."""

from typing import Any

from search_app.assistants.offer_lines import offer_lines, offer_values
from search_app.assistants.quotation import visible
from search_app.assistants.tools.answer import QUOTED, Answer, Arguments, Asked
from search_app.assistants.tools.arguments import read_arguments
from search_app.assistants.tools.search_arguments import ARGUMENTS, address_of, read_search
from search_app.assistants.understood_lines import head_lines, instead_lines
from search_app.pages.search.instead.nothing_found import find_instead
from search_app.search.params.search_params import DEFAULT_SIZE
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import SearchResults


async def search_offers(asked: Asked, arguments: Arguments) -> Answer:
    """Return the exact total, what was understood, a page of offers, or why there is none and what finds something."""
    pairs, faults = read_arguments(arguments, ARGUMENTS)
    search = read_search(asked, pairs, ARGUMENTS, faults)
    results = await asked.services.search(search)
    lines = head_lines(search, results)
    if results.results:
        lines += _offers(asked, search, results)
    elif results.total:
        lines.append(f"Cette page est vide : il y en a {results.pages}.")
    else:
        of_pages = search.with_params(size=DEFAULT_SIZE)  # addresses of pages have no size
        lines += instead_lines(await find_instead(asked.services, of_pages, results), asked.site)
    url = address_of(asked, search)
    lines.append(f"Sur le site : {url}")
    return Answer(list(map(visible, lines)), _values(asked, search, results, url))


def _offers(asked: Asked, search: ResolvedSearch, results: SearchResults) -> list[str]:
    pages = f"Page {results.page} sur {results.pages}. {QUOTED}"
    params, today = search.params, results.today
    return [pages, *(line for card in results.results for line in offer_lines(card, params, today, asked.site))]


def _values(asked: Asked, search: ResolvedSearch, results: SearchResults, url: str) -> dict[str, Any]:
    offers = [offer_values(card, search.params, results.today, asked.site) for card in results.results]
    return {"total": results.total, "page": results.page, "pages": results.pages, "url": url, "results": offers}
