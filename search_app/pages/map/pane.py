"""The map on the page of results: its parameter, the data of its script, and counts by département."""

from dataclasses import dataclass
from typing import Final

from search_app.pages.shared.layout import CountedLink
from search_app.search.links import Pairs, address, replaced, without, without_value
from search_app.search.map import PATH
from search_app.search.results import PlaceFound, SearchResults

VIEW: Final = "view"  # a parameter of the page, not of the API
MAP: Final = "map"
MAP_LIBRARIES: Final = ("leaflet.js",)
MAP_SCRIPTS: Final = ("map.js",)
MAP_SHEETS: Final = ("leaflet.css", "map.css")  # the library's style sheet, which no other page needs, and ours
# Parameters that the circle of a group on the map replaces; groups contain no remote offers.
_OF_PLACE: Final = ("place", "lat", "lon", "radius", "remote")
_NOT_FOR_COUNTS: Final = ("group", "size", "sort")


@dataclass(frozen=True, slots=True)
class Tiles:
    """Address and attribution of map tiles; empty without any."""

    url: str = ""
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A link to one view of the results."""

    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class MapPane:
    """Data of the map's script, and its content without script: départements with their offers."""

    counts: str
    list_href: str
    circle: PlaceFound | None
    tiles: Tiles
    departments: tuple[CountedLink, ...]


def wants_map(pairs: Pairs) -> bool:
    """Tell whether an address asks for the map; any other view is the list."""
    return (VIEW, MAP) in pairs


def with_map(pairs: Pairs) -> Pairs:
    """Return the pairs of a search with the map."""
    return replaced(pairs, VIEW, MAP)


def without_view(pairs: Pairs) -> Pairs:
    """Return the pairs of a search without the view."""
    return without(pairs, VIEW)


def build_views(pairs: Pairs, total: int) -> tuple[ViewLink, ...]:
    """Return the links to the views; empty without results."""
    if not total:
        return ()
    shown = wants_map(pairs)
    return (
        ViewLink("Liste", address(without_view(pairs)), not shown),
        ViewLink("Carte", address(with_map(pairs)), shown),
    )


def build_map_pane(tiles: Tiles, results: SearchResults, pairs: Pairs, picked: Pairs = ()) -> MapPane | None:
    """Return the map of an answer, None without results; ``pairs`` are the search, ``picked`` the selection."""
    if not results.total:
        return None
    place = results.place
    listed = replaced(without_value(without(pairs, *_OF_PLACE), "sort", "distance"), "remote", "exclude")
    return MapPane(
        counts=address(without(pairs, *_NOT_FOR_COUNTS), PATH),
        list_href=address((*listed, *picked)),
        circle=place if place and place.radius is not None else None,
        tiles=tiles,
        departments=_departments(results, (*pairs, *picked)),
    )


def _departments(results: SearchResults, pairs: Pairs) -> tuple[CountedLink, ...]:
    """Return the départements of the results; only the selected ones if there are any."""
    rows = [row for row in results.facets.get("department", ()) if row.count]
    chosen = [row for row in rows if row.selected]
    return tuple(
        CountedLink(row.label, row.count, address(replaced(pairs, "department", row.value))) for row in chosen or rows
    )
