"""The way from an offer back to the results that one came from: the browser says which, and nothing is stored."""

from collections.abc import Container
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from search_app.pages.selection.shortlist import PICKING
from search_app.pages.shared.layout import Link
from search_app.search.links import SEARCH, Pairs, address, extended, without

LONGEST: Final = 2_000  # characters of an address that is worth going back to
EVERYTHING: Final = Link("Toutes les formations", address((("upcoming", "true"),)))


def build_back_link(referer: str, hosts: Container[str | None], key: str, picked: Pairs = ()) -> Link:
    """Return the link to the results that ``referer`` names, at the offer with this key; without any, to all offers.

    ``hosts`` are names of this site: another one's results are none of ours. The selection is the one that this page
    carries, ``picked``.

    >>> build_back_link("https://a.example/offres?q=x&page=2&selection=k", ("a.example",), "abc").href
    '/offres?q=x&page=2#offre-abc'
    >>> build_back_link("https://b.example/offres?q=x", ("a.example",), "abc").text
    'Toutes les formations'
    """
    try:
        came_from = urlsplit(referer)
        pairs = tuple(parse_qsl(came_from.query, keep_blank_values=True))
    except ValueError:  # no address at all, or more fields than anybody sends
        return _everything(picked)
    if came_from.netloc not in hosts or came_from.path != SEARCH or len(referer) > LONGEST:
        return _everything(picked)
    return Link("Retour aux résultats", f"{address((*without(pairs, PICKING), *picked))}#offre-{key}")


def _everything(picked: Pairs) -> Link:
    return Link(EVERYTHING.text, extended(EVERYTHING.href, picked))
