"""Addresses of searches: from parameters to pairs, with pairs added, replaced or removed."""

from typing import Final
from urllib.parse import urlencode

from search_app.search.params import PARAMETERS, SearchParams
from search_app.text.dates import iso_day

SEARCH: Final = "/offres"
Pair = tuple[str, str]
Pairs = tuple[Pair, ...]

# Not part of the search: the page, and parameters for developers.
_LEFT_OUT = frozenset(("page", "facet_size", "explain"))
_OF_SEARCH: Final = tuple(name for name in PARAMETERS if name not in _LEFT_OUT)


def to_pairs(params: SearchParams) -> Pairs:
    """Return the given parameters in the order of the vocabulary, without the page."""
    pairs: list[Pair] = []
    given = params.given
    for name in _OF_SEARCH:
        if name not in given:
            continue
        value = getattr(params, name)
        if isinstance(value, tuple):
            pairs += [(name, text) for text in value]
        else:
            pairs.append((name, _text(value)))
    return tuple(pairs)


def _text(value: object) -> str:
    if value is True:
        return "true"
    return f"{value:g}" if isinstance(value, float) and value % 1 == 0 and abs(value) < 1e6 else str(value)


def address(pairs: Pairs, path: str = SEARCH) -> str:
    """Return the address of a search.

    >>> address((("q", "aide soignant"), ("funder", "2")))
    '/offres?q=aide+soignant&funder=2'
    """
    return f"{path}?{urlencode(pairs)}" if pairs else path


def extended(href: str, pairs: Pairs) -> str:
    """Return an address with additional parameters.

    >>> extended("/offres", (("view", "map"),)), extended("/offres?q=x#a", (("view", "map"),)), extended("/offres", ())
    ('/offres?view=map', '/offres?q=x&view=map#a', '/offres')
    """
    if not pairs:
        return href
    path, mark, place = href.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{urlencode(pairs)}{mark}{place}"


def without(pairs: Pairs, *names: str) -> Pairs:
    """Return the pairs of all other parameters."""
    return tuple(pair for pair in pairs if pair[0] not in names)


def without_value(pairs: Pairs, name: str, value: str) -> Pairs:
    """Return the pairs without this one."""
    return tuple(pair for pair in pairs if pair != (name, value))


def without_place(pairs: Pairs) -> Pairs:
    """Return the pairs without the place and parameters that need one: radius, order by distance."""
    return without_value(without(pairs, "place", "lat", "lon", "radius"), "sort", "distance")


def replaced(pairs: Pairs, name: str, value: str) -> Pairs:
    """Return the pairs with a single value for this parameter."""
    return (*without(pairs, name), (name, value))


# The form sends these two names for parameters that give way to what a reader types: a point gives way to a town, and
# the order by distance to an empty place.
POINT_FIELD: Final = "point"
ORDER_FIELD: Final = "ordre"
DAYS: Final = ("start_from", "start_to")


def from_form(pairs: Pairs) -> Pairs:
    """Return pairs in which the form's own two fields are replaced by their parameters.

    French dates become ISO dates.

    >>> from_form((("place", ""), ("point", "43.9,2.1"), ("ordre", "distance")))
    (('place', ''), ('lat', '43.9'), ('lon', '2.1'), ('sort', 'distance'))
    >>> from_form((("place", "Albi"), ("point", "43.9,2.1")))
    (('place', 'Albi'),)
    >>> from_form((("start_from", "31/3/2027"),))
    (('start_from', '2027-03-31'),)
    """
    given = {name for name, value in pairs if value.strip()}
    read: list[Pair] = []
    for name, value in pairs:
        if name == POINT_FIELD:
            lat, _, lon = value.partition(",")
            if not given & {"place", "lat", "lon"}:
                read += [("lat", lat), ("lon", lon)]
        elif name == ORDER_FIELD:
            if "sort" not in given and given & {"place", "lat", POINT_FIELD}:
                read.append(("sort", value))
        else:
            read.append((name, iso_day(value) if name in DAYS else value))
    return tuple(read)
