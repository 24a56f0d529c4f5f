"""The first hits of a search for nearly everything, in the order by start: found among those that start soon.

That order is a script, and it would run for every offer of the country to show twenty of them. Offers with a matching
session that can start in the next days come before all others; if there are enough of them, only they need be ordered.
"""

from typing import Any, Final

from mappings.session_index import day_number
from search_app.search.query.request import SearchRequest
from search_app.search.query.session_scripts import NEXT_START
from search_app.search.stored import SearchAnswer

SOON: Final = 14  # days
MOST_HITS: Final = 200  # until the end of the page; offers of some days in a whole country are thousands


def is_for_all(request: SearchRequest) -> bool:
    """Tell whether a search has no condition that leaves few offers, and shows its first ones by start."""
    params = request.params
    in_order = params.effective_sort == "start" and params.page * params.size <= MOST_HITS
    return request.is_broad and in_order and not params.explain  # an explanation shows one body


def in_two(body: dict[str, Any], request: SearchRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the bodies that count everything, and that find the first hits among those that start soon."""
    counts = {name: part for name, part in body.items() if name not in ("sort", "from", "_source")} | {"size": 0}
    hits = {name: part for name, part in body.items() if name != "aggs"}
    query = body["query"]["bool"]
    today = day_number(request.today.isoformat())
    soon = {"range": {"starts": {"gte": today, "lte": today + SOON}}}
    return counts, hits | {"query": {"bool": query | {"filter": [*query["filter"], soon]}}}


def are_the_first(found: SearchAnswer, total: int, request: SearchRequest) -> bool:
    """Tell whether the hits found among the offers that start soon are those of the whole search, of so many offers.

    An offer may start soon by a session that does not match, and stand later by one that does. So the last hit must
    start soon: every other offer then comes after it.
    """
    if found.hits.total.value == total:
        return True
    wanted = request.params.size
    if len(found.hits.hits) < wanted:
        return False
    order = found.hits.hits[-1].sort[0]
    assert isinstance(order, float)
    return order // NEXT_START <= day_number(request.today.isoformat()) + SOON
