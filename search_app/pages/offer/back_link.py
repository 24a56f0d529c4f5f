"""The link from an offer back to the preceding results, from the Referer header; nothing is stored."""

from collections.abc import Container
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from search_app.pages.selection.shortlist import PICKING
from search_app.pages.shared.layout import Link
from search_app.search.links import SEARCH, Pairs, address, extended, without

LONGEST: Final = 2_000  # characters of an address
EVERYTHING: Final = Link("Toutes les formations", address((("upcoming", "true"),)))


def build_back_link(referer: str, hosts: Container[str | None], key: str, picked: Pairs = ()) -> Link:
    """Return the link to the results in ``referer``, at the offer with this key; otherwise to all offers.

    ``hosts`` are names of this site: results of other sites are ignored. ``picked`` is the selection of this page.

    >>> build_back_link("https://a.example/offres?q=x&page=2&selection=k", ("a.example",), "abc").href
    '/offres?q=x&page=2#offre-abc'
    >>> build_back_link("https://b.example/offres?q=x", ("a.example",), "abc").text
    'Toutes les formations'
    """
    try:
        came_from = urlsplit(referer)
        pairs = tuple(parse_qsl(came_from.query, keep_blank_values=True))
    except ValueError:  # not an address, or too many fields
        return _everything(picked)
    if came_from.netloc not in hosts or came_from.path != SEARCH or len(referer) > LONGEST:
        return _everything(picked)
    return Link("Retour aux résultats", f"{address((*without(pairs, PICKING), *picked))}#offre-{key}")


def _everything(picked: Pairs) -> Link:
    return Link(EVERYTHING.text, extended(EVERYTHING.href, picked))
