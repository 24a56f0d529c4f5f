"""The page of white areas: `/pilotage/zones-blanches`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from mappings.codes import department_labels, region_labels
from mappings.reference import Commune
from search_app.analytics.white_areas import WhiteArea, WhiteAreas
from search_app.base.errors import Fault
from search_app.pages.analytics.asked.adjusted import Notice
from search_app.pages.analytics.asked.questions import WHITE_AREAS
from search_app.pages.analytics.figures import Figure, State, Total
from search_app.pages.analytics.findings.filtered import Filtered, Subject, fault_parts, filters_of, shared_parts
from search_app.pages.analytics.maps.point_map import LARGE, Place, PointMap, build_point_map
from search_app.pages.analytics.paging import build_pages
from search_app.pages.shared.layout import Freshness, Link
from search_app.search.facets import UNTOLD
from search_app.search.links import Pairs, address, replaced, without
from search_app.search.reference_data import Snapshot
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import SearchResults
from search_app.text.wording import NBSP, counted, curved, number, the_offers, typeset

PAGE_SIZE: Final = 20  # communes of a page
OF_PLACE: Final = ("place", "lat", "lon", "radius", "remote")
SUBJECT: Final = Subject(
    WHITE_AREAS,
    "/api/v1/analytics/white-areas",
    "Où n’y a-t-il rien près de chez soi ?",
    "Les communes sans aucune formation sur place dans un rayon choisi, avec leurs habitants.",
)
_AT_BORDERS: Final = (
    " : près de ses limites, une commune peut sembler sans offre alors qu’il y en a une de l’autre côté."
)
BY_FILTER: Final = {
    "region": f"Le filtre « Région » ne garde que les offres de la région{_AT_BORDERS}",
    "department": f"Le filtre « Département » ne garde que les offres du département{_AT_BORDERS}",
}
OF_TERRITORY: Final = "ici, choisissez un département ou une région : la question porte sur chacune de ses communes."
MEANING: Final = (
    "Une commune est blanche si aucune offre en présence, qui remplit les critères, n’a lieu à moins de la distance"
    " choisie de son centre, à vol d’oiseau. Les offres à distance sont comptées à part : elles n’ont pas de lieu."
)


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One commune of the table."""

    label: str
    population: str
    remote: str
    remote_href: str | None
    around: str


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """The white communes of one département."""

    label: str
    communes: str
    population: str


@dataclass(frozen=True, slots=True)
class AreasPage(Filtered):
    """The page context; ``nothing`` says that no offer matches at all, so that nothing can be said of communes."""

    totals: tuple[Total, ...] = ()
    nothing: str = ""
    lines: tuple[AreaLine, ...] = ()
    departments: tuple[DepartmentLine, ...] = ()
    map: PointMap | None = None
    large: str = ""
    meaning: str = typeset(MEANING)
    offers: Link | None = None


def build_areas_page(
    search: ResolvedSearch, found: WhiteAreas, results: SearchResults, site: str, within: Sequence[Commune] = ()
) -> AreasPage:
    """Return one page of the white areas of a search, the most inhabitants first, and the map of all.

    ``within`` are the communes of the territory asked for.
    """
    pairs, radius, page = filters_of(search), number(found.radius), search.params.page
    parts: dict[str, Any] = _hinted(shared_parts(SUBJECT, search, results, site))
    shown = found.areas[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    parts["heading"] = typeset(f"Où n’y a-t-il rien à moins de {radius}{NBSP}km ?")
    if not results.total and found.total == found.communes:
        return AreasPage(**parts, nothing=_nothing(search))
    parts["layout"] = replace(parts["layout"], skip_to_table=bool(shown))
    return AreasPage(
        **parts,
        notices=_notices(search, pairs),
        totals=_totals(found, radius),
        paging=build_pages(page, -(-found.total // PAGE_SIZE), (*pairs, ("page", str(page))), WHITE_AREAS),
        lines=tuple(_line(area, pairs) for area in shown),
        departments=_departments(found.areas),
        map=_map(found.areas, radius, within) if found.areas else None,
        large=counted(LARGE, "habitant", "habitants"),
        offers=Link(f"Voir {the_offers(results.total)}", address(without(pairs, "radius"))) if results.total else None,
    )


def build_areas_fault_page(
    given: Pairs, faults: Sequence[Fault], snapshot: Snapshot, freshness: Freshness | None
) -> AreasPage:
    """Return the page that says what is wrong with the address."""
    plain = tuple(replace(fault, plain=OF_TERRITORY) if _is_of_place(fault) else fault for fault in faults)
    parts: dict[str, Any] = _hinted(fault_parts(SUBJECT, given, plain, snapshot, freshness))
    return AreasPage(**parts)


def _hinted(parts: dict[str, Any]) -> dict[str, Any]:
    """Return the parts with the form that says which places it takes."""
    form = parts["form"]
    where = replace(form.where, hint="Un département ou une région", locates=False)
    remote = form.remote if form.remote.error else replace(form.remote, choices=())
    return parts | {"form": replace(form, where=where, remote=remote)}


def _nothing(search: ResolvedSearch) -> str:
    if search.params.q:
        return typeset(f"Aucune offre ne répond à « {search.params.q} » avec ces critères")
    return "Aucune offre ne remplit tous ces critères"


def _notices(search: ResolvedSearch, pairs: Pairs) -> tuple[Notice, ...]:
    """Return what a filter on territories does at their borders, and the way to count offers beyond them."""
    chosen = [(name, value) for name in BY_FILTER for value in search.params.chosen(name) if value != UNTOLD]
    if not chosen:
        return ()
    link = None
    if len(chosen) == 1 and search.params.place is None:
        name, value = chosen[0]
        place = f"{region_labels()[value]} (région)" if name == "region" else value
        href = address(replaced(without(pairs, "page", name), "place", place), WHITE_AREAS)
        link = Link("Compter aussi les offres voisines", href)
    return (Notice(typeset(BY_FILTER[chosen[0][0]]), link),)


def _totals(found: WhiteAreas, radius: str) -> tuple[Total, ...]:
    of_all = f", sur {number(found.communes)}" if found.communes else ""
    label = f"{'communes' if found.total > 1 else 'commune'} sans offre sur place à moins de {radius}{NBSP}km{of_all}"
    people = "habitants de ces communes" if found.population > 1 else "habitant de ces communes"
    return tuple(
        Total(text, Figure(State.SOME if value else State.ZERO, value, number(value)))
        for text, value in ((label, found.total), (people, found.population))
    )


def _is_of_place(fault: Fault) -> bool:
    """Tell whether a place is wrong only here, because it is not a territory whose communes could be looked at."""
    return fault.parameter in ("place", "lat", "lon", "remote") and not fault.nearest and not fault.plain


def _line(area: WhiteArea, pairs: Pairs) -> AreaLine:
    remote = replaced(without(pairs, *OF_PLACE), "remote", "only")
    around = (("lat", f"{area.lat:.4f}"), ("lon", f"{area.lon:.4f}"), ("radius", "100"))
    return AreaLine(
        label=curved(area.label),
        population=number(area.population),
        remote=number(area.remote),
        remote_href=address(remote) if area.remote else None,
        around=address((*without(pairs, *OF_PLACE), *around, ("sort", "distance"))),
    )


def _departments(areas: Sequence[WhiteArea]) -> tuple[DepartmentLine, ...]:
    """Return the départements with white communes, the most inhabitants first."""
    communes: dict[str, int] = defaultdict(int)
    people: dict[str, int] = defaultdict(int)
    for area in areas:
        code = area.insee[:3] if area.insee.startswith(("97", "98")) else area.insee[:2]
        communes[code] += 1
        people[code] += area.population
    labels = department_labels()
    return tuple(
        DepartmentLine(curved(f"{labels.get(code, code)} ({code})"), number(communes[code]), number(people[code]))
        for code in sorted(people, key=lambda code: (-people[code], code))
    )


def _map(areas: Sequence[WhiteArea], radius: str, within: Sequence[Commune]) -> PointMap:
    places = (Place(area.lat, area.lon, area.population) for area in areas)
    shown = [(each.lat or 0.0, each.lon or 0.0) for each in within]
    return build_point_map(f"Communes sans offre sur place à moins de {radius}{NBSP}km", places, shown)
